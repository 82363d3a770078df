"""Calibration: targets in published data, runs seen through an observation filter, a fit, and sets that pass filters."""
