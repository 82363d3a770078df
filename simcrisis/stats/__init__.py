"""Rows to counts that add up, counts to estimates with intervals."""

from simcrisis.stats.curves import curves
from simcrisis.stats.differences import compare, differences
from simcrisis.stats.multiplicity import holm
from simcrisis.stats.portfolio import Portfolio, portfolios
from simcrisis.stats.risk import risk
from simcrisis.stats.shapley import averted, shapley
from simcrisis.stats.tally import Question, Tally, contrasts_among, nothing, tally

__all__ = [
    "Portfolio",
    "Question",
    "Tally",
    "averted",
    "compare",
    "contrasts_among",
    "curves",
    "differences",
    "holm",
    "nothing",
    "portfolios",
    "risk",
    "shapley",
    "tally",
]
