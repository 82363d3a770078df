"""The report after the day, section by section."""
