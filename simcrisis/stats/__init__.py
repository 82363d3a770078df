"""Rows to counts that add up, counts to estimates with intervals."""

from simcrisis.stats.curves import curves
from simcrisis.stats.differences import compare, differences
from simcrisis.stats.luck import luck_share
from simcrisis.stats.risk import risk
from simcrisis.stats.tally import Question, Tally, contrasts_among, nothing, tally

__all__ = [
    "Question",
    "Tally",
    "compare",
    "contrasts_among",
    "curves",
    "differences",
    "luck_share",
    "nothing",
    "risk",
    "tally",
]
