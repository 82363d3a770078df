"""WHY: the rules of the model, pure functions on numbers. Equations: docs/model.md."""
