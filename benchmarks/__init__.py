"""What simcrisis costs: one command measures it, shows it, keeps it (README.md of this folder)."""
