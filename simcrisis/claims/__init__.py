"""MAYBE: a figure as a card that anybody can recompute, with what it stands on and what would reverse it."""
