"""WHY: the rules of the model, pure functions on numbers; the equations stand in their docstrings."""
