"""Plots: each takes a table and optional Axes, and returns Axes; it saves nothing, shows nothing, estimates nothing.

`played` alone returns an animation, of a figure of its own.

The only importer of matplotlib.
"""

from simcrisis.plots.beliefs import beliefs
from simcrisis.plots.capitals import capitals_map
from simcrisis.plots.curves import escalation_curves, mean_rung
from simcrisis.plots.dose import dose_response
from simcrisis.plots.ensemble import ensemble_ranges
from simcrisis.plots.exceedance import exceedance
from simcrisis.plots.forest import forest
from simcrisis.plots.heat import heat_map
from simcrisis.plots.lines import line_ranking
from simcrisis.plots.mirrored import mirrored
from simcrisis.plots.network import network
from simcrisis.plots.played import played
from simcrisis.plots.queues import queue_load
from simcrisis.plots.scatter import scatter
from simcrisis.plots.style import style
from simcrisis.plots.survival import survival
from simcrisis.plots.timeline import timeline
from simcrisis.plots.tornado import tornado

__all__ = [
    "beliefs",
    "capitals_map",
    "dose_response",
    "ensemble_ranges",
    "escalation_curves",
    "exceedance",
    "forest",
    "heat_map",
    "line_ranking",
    "mean_rung",
    "mirrored",
    "network",
    "played",
    "queue_load",
    "scatter",
    "style",
    "survival",
    "timeline",
    "tornado",
]
