"""Calibration: targets in published data, runs through an observation filter, a fit, and an ensemble."""
