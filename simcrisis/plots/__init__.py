"""Plots: each takes a table and optional Axes, and returns Axes; it saves nothing, shows nothing, estimates nothing.

The only importer of matplotlib.
"""

from simcrisis.plots.curves import escalation_curves, mean_rung
from simcrisis.plots.dose import dose_response
from simcrisis.plots.exceedance import exceedance
from simcrisis.plots.forest import forest
from simcrisis.plots.heat import heat_map
from simcrisis.plots.lines import line_ranking
from simcrisis.plots.style import style
from simcrisis.plots.survival import survival
from simcrisis.plots.tornado import tornado

__all__ = [
    "dose_response",
    "escalation_curves",
    "exceedance",
    "forest",
    "heat_map",
    "line_ranking",
    "mean_rung",
    "style",
    "survival",
    "tornado",
]
