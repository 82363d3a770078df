"""What workshop organisers take home: a crisis that the model produced, as an exercise that people play."""
