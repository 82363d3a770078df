"""Rows to estimates with intervals."""

from simcrisis.stats.curves import curves
from simcrisis.stats.differences import differences
from simcrisis.stats.risk import risk

__all__ = ["curves", "differences", "risk"]
