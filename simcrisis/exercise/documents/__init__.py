"""The documents of an exercise, one a file: each a function from what its readers may know to a document."""
