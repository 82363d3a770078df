"""Two arms of one replication mirrored at a line: what common luck lets them share, and where they part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from simcrisis.events import FIREBREAK
from simcrisis.plots.records import Row, highest_rungs, hours_axis, one_run, shown
from simcrisis.plots.style import FAINT, INK, axes, looks, quiet

_CONTENT = ("hour", "kind", "actor", "counterpart", "line", "incident", "case", "value", "detail")
"""What makes two records the same in two arms: causes have other numbers there."""
_NEVER = float("inf")
_ABOVE_LEGEND = 22.0
"""Points from the Axes to the title, so that it clears the legend between."""


class _Strip(NamedTuple):
    label: str
    height: float
    kinds: frozenset[str]


_STRIPS = (
    _Strip("incidents", 11.3, frozenset({"strike"})),
    _Strip("asked", 12.5, frozenset({"inquiry", "technical_request"})),
    _Strip("answered", 13.7, frozenset({"assurance", "formulaic", "technical_briefing"})),
    _Strip("silence", 14.9, frozenset({"silence", "technical_silence"})),
)
_TOP = 15.8
_RUNGS = (3, FIREBREAK, 10)


@quiet
def mirrored(
    left_events: pl.DataFrame, right_events: pl.DataFrame, ax: Axes | None = None, *, parting: float | None = None
) -> Axes:
    """Draw two runs of one replication, the left above the line and the right below, and mark where they part.

    Each side has the highest rung of any dyad, its decisions (filled: known to others; hollow: private) by their rung,
    and strokes for incidents, questions, answers and silences. `parting` is the hour of the first difference; without
    it, the hour of the first record that differs. What both hold before it is drawn in grey.

    Raises ValueError where a table holds several runs or none, or where the two are of different replications.
    """
    sides = [one_run(left_events), one_run(right_events)]
    replications = {row.get("replication") for side in sides for row in side[:1]}
    if len(replications) > 1:
        raise ValueError(f"the tables are of different replications: {', '.join(map(str, replications))}")
    arms = [side[0].get("arm") or which for side, which in zip(sides, ("left", "right"), strict=True)]
    parts_at = _first_difference(*sides) if parting is None else parting
    last = 1.01 * max(side[-1]["hour"] for side in sides)
    ax = axes(ax, 10.0, 5.6)
    for side, arm, sign, look in zip(sides, arms, (1, -1), looks(("reference", "other")).values(), strict=True):
        _side(ax, side, sign, look.colour, parts_at, last)
        ax.text(1.008, 0.75 if sign > 0 else 0.25, shown(arm), color=look.colour, weight="bold", rotation=-90,
                va="center", transform=ax.transAxes, parse_math=False)  # fmt: skip
    _frame(ax, parts_at, last)
    told = "the two never differ" if parts_at == _NEVER else f"they part {parts_at:,.1f} h after the start"
    hours_axis(ax, 0.0, last, f"Replication {replications.pop()}: {told}; grey: the same in both.")
    ax.set_title(f"Arm {shown(arms[0])} above, arm {shown(arms[1])} below", pad=_ABOVE_LEGEND, parse_math=False)
    return ax


def _first_difference(left: Sequence[Row], right: Sequence[Row]) -> float:
    """Return the hour of the first record that differs; infinity where the runs are the same to the end."""
    for n in range(max(len(left), len(right))):
        here, there = (side[n] if n < len(side) else None for side in (left, right))
        if here is None or there is None or any(here[name] != there[name] for name in _CONTENT):
            return min(float(row["hour"]) for row in (here, there) if row is not None)
    return _NEVER


def _side(ax: Axes, rows: Sequence[Row], sign: int, colour: str, parts_at: float, last: float) -> None:
    steps = list(highest_rungs(rows))
    x, y = [step.hour for step in steps] + [last], [sign * step.height for step in steps]
    ax.fill_between(x, 0.0, [*y, y[-1]], step="post", color=colour, alpha=0.16, linewidth=0)
    ax.step(x, [*y, y[-1]], where="post", color=colour, linewidth=1.3)
    for strip in _STRIPS:
        hours = [row["hour"] for row in rows if row["kind"] in strip.kinds]
        for group, ink in ((_before(hours, parts_at), "#8a8a8a"), (_after(hours, parts_at), colour)):
            ax.vlines(group, sign * (strip.height - 0.45), sign * (strip.height + 0.45), color=ink, linewidth=1.4)
    for row in rows:
        if row["kind"] == "decision":
            _decision(ax, row, sign, colour if row["hour"] >= parts_at else "#8a8a8a")


def _before(hours: Sequence[float], parts_at: float) -> list[float]:
    return [hour for hour in hours if hour < parts_at]


def _after(hours: Sequence[float], parts_at: float) -> list[float]:
    return [hour for hour in hours if hour >= parts_at]


def _decision(ax: Axes, row: Row, sign: int, colour: str) -> None:
    rung = row["value"] or 0.0
    paper = "white" if row["detail"] == "private" else colour
    ax.plot([row["hour"]], [sign * max(rung, 0.5)], marker="o", ms=6, color=paper, mec=colour, zorder=4)


def _frame(ax: Axes, parts_at: float, last: float) -> None:
    ax.set_ylim(-_TOP, _TOP)
    ax.axhline(0.0, color=INK, linewidth=1.0)
    for sign in (1, -1):
        ax.axhline(sign * FIREBREAK, color="#d55e00", linewidth=0.8, linestyle=(0, (1, 2)))
    marks = {0.0: "0", **{sign * rung: f"{rung}" for rung in _RUNGS for sign in (1.0, -1.0)}}
    marks |= {sign * strip.height: strip.label for strip in _STRIPS for sign in (1, -1)}
    ax.set_yticks(list(marks), list(marks.values()), parse_math=False)
    ax.tick_params(axis="y", length=0, labelsize=8)
    ax.grid(visible=False, axis="y")
    for rung in _RUNGS:
        ax.axhline(rung, color=FAINT, linewidth=0.6, zorder=0)
        ax.axhline(-rung, color=FAINT, linewidth=0.6, zorder=0)
    ax.set_ylabel("Highest rung of any dyad (firebreak: 8)")
    if parts_at <= last:
        ax.axvline(parts_at, color=INK, linewidth=1.1, linestyle=(0, (4, 2)))
        late = parts_at > 0.75 * last
        ax.annotate("first difference", (parts_at, -_TOP), xytext=(-4 if late else 4, 2), textcoords="offset points",
                    ha="right" if late else "left", va="bottom", size=8)  # fmt: skip
    handles = [
        Line2D([], [], color=INK, marker="o", ms=6, linestyle="", label="decision others learn of"),
        Line2D([], [], color="white", mec=INK, marker="o", ms=6, linestyle="", label="private decision"),
    ]
    ax.legend(handles=handles, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncol=2, fontsize=8)
