"""The way back: from what tables typed to a report, and to data."""
