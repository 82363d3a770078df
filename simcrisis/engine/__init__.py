"""WHEN: the discrete-event engine, the only importer of simpy."""
