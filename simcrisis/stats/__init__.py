"""Rows to counts that add up, counts to estimates with intervals; columns of runs to means and control variates."""

from simcrisis.stats.columns import Columns
from simcrisis.stats.compensated import compensated
from simcrisis.stats.curves import curves
from simcrisis.stats.differences import compare, differences
from simcrisis.stats.luck import luck_share
from simcrisis.stats.means import TO_FIREBREAK, means, means_of
from simcrisis.stats.methods import Correction
from simcrisis.stats.multiplicity import holm
from simcrisis.stats.portfolio import Portfolio, portfolios
from simcrisis.stats.risk import risk
from simcrisis.stats.shapley import averted, shapley
from simcrisis.stats.stopping import Rule, stopping
from simcrisis.stats.tally import Question, Tally, contrasts_among, nothing, tally

__all__ = [
    "TO_FIREBREAK",
    "Columns",
    "Correction",
    "Portfolio",
    "Question",
    "Rule",
    "Tally",
    "averted",
    "compare",
    "compensated",
    "contrasts_among",
    "curves",
    "differences",
    "holm",
    "luck_share",
    "means",
    "means_of",
    "nothing",
    "portfolios",
    "risk",
    "shapley",
    "stopping",
    "tally",
]
