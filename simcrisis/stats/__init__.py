"""Rows to counts that add up, counts to estimates with intervals; columns of runs to means and control variates."""

from simcrisis.stats.columns import Columns
from simcrisis.stats.compensated import compensated
from simcrisis.stats.curves import curves
from simcrisis.stats.differences import compare, differences
from simcrisis.stats.luck import luck_share
from simcrisis.stats.means import means
from simcrisis.stats.methods import Correction
from simcrisis.stats.risk import risk
from simcrisis.stats.stopping import Rule, stopping
from simcrisis.stats.tally import Question, Tally, contrasts_among, nothing, tally

__all__ = [
    "Columns",
    "Correction",
    "Question",
    "Rule",
    "Tally",
    "compare",
    "compensated",
    "contrasts_among",
    "curves",
    "differences",
    "luck_share",
    "means",
    "nothing",
    "risk",
    "stopping",
    "tally",
]
