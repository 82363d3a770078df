"""Language files: every text of an exercise, by key, to be translated or replaced by an organiser."""
