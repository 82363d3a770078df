"""The laws of the model: each file registers its own, `LAWS` holds them all."""

from tests.laws import (
    bayes,
    choice,
    common_luck,
    compensator,
    lines,
    nulls,
    queues,
    scale,
    signal_detection,
    spiral,
)
from tests.laws.law import LAWS

__all__ = [
    "LAWS",
    "bayes",
    "choice",
    "common_luck",
    "compensator",
    "lines",
    "nulls",
    "queues",
    "scale",
    "signal_detection",
    "spiral",
]
