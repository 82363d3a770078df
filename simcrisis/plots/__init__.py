"""Plots: each takes a table and optional Axes, and returns Axes; it saves nothing, shows nothing, estimates nothing.

The only importer of matplotlib.
"""

from simcrisis.plots.beliefs import beliefs
from simcrisis.plots.capitals import capitals_map
from simcrisis.plots.curves import escalation_curves, mean_rung
from simcrisis.plots.mirrored import mirrored
from simcrisis.plots.network import network
from simcrisis.plots.queues import queue_load
from simcrisis.plots.style import style
from simcrisis.plots.timeline import timeline

__all__ = [
    "beliefs",
    "capitals_map",
    "escalation_curves",
    "mean_rung",
    "mirrored",
    "network",
    "queue_load",
    "style",
    "timeline",
]
