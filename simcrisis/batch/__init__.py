"""OFTEN: single runs, and batches of arms x replications."""
