"""The figure of a study: each arm's level of what is judged, a row of panels a rule."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simcrisis.plots import style
from simcrisis.plots.style import GREY, INK
from simcrisis.plots.words import WITHIN_MODEL
from tests.studies.published.measuring import FOLDER, Found, Measured
from tests.studies.published.study import Study

_PANEL = (3.7, 2.3)
"""Inches."""
_LETTERS = 44
"""Of a title, for which a panel has room."""


def draw(study: Study, measured: Mapping[str, Measured]) -> None:
    """Draw the shown statistics of every arm with their 95 % intervals, and write them beside the page."""
    with style(), rc_context({"svg.hashsalt": study.name}):
        size = (_PANEL[0] * len(study.shown) + 0.6, _PANEL[1] * len(measured) + 0.4)
        figure = Figure(figsize=size, layout="constrained")
        panels = figure.subplots(len(measured), len(study.shown), squeeze=False)
        forms = {each.name: each.form for each in study.statistics}
        for row, (rule, found) in zip(panels, measured.items(), strict=True):
            for axes, name in zip(row, study.shown, strict=True):
                factor = 100.0 if forms[name] == "share" else 1.0
                _panel(axes, found.levels[name], factor)
                axes.set_title(fill(f"{rule}: {name}{', %' if factor > 1 else ''}", _LETTERS), fontsize=9.0)
        figure.supxlabel(f"{WITHIN_MODEL} Bars: 95 %; the contrasts of arms, under common luck, stand in the table.",
                         fontsize=7.5, color=GREY, x=0.01, ha="left")  # fmt: skip
        figure.savefig(FOLDER / "figures" / f"{study.name}.svg", metadata={"Date": None})


def _panel(axes: Axes, levels: Mapping[str, Found | None], factor: float) -> None:
    known = [(n, found) for n, found in enumerate(levels.values()) if found]
    values = [factor * found.value for _, found in known]
    errors = [[factor * (f.value - f.low) for _, f in known], [factor * (f.high - f.value) for _, f in known]]
    axes.errorbar([n for n, _ in known], values, errors, fmt="o", color=INK, capsize=3, clip_on=False)
    axes.set_xticks(range(len(levels)), [arm.replace(" ", "\n", 1) for arm in levels], fontsize=8.0)
    axes.set_xlim(-0.5, len(levels) - 0.5)
    if not known or min(f.low for _, f in known) >= 0:
        axes.set_ylim(bottom=0)
    else:
        axes.axhline(0.0, color=GREY, linewidth=1.0)
    axes.grid(visible=False, axis="x")
