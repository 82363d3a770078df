"""Plots: each takes a table and optional Axes, and returns Axes; it saves nothing, shows nothing, estimates nothing.

The only importer of matplotlib.
"""

from simcrisis.plots.curves import escalation_curves, mean_rung
from simcrisis.plots.style import style

__all__ = ["escalation_curves", "mean_rung", "style"]
