"""One run as swim lanes: who learned, asked, answered, kept silent and decided what, and how high it climbed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.transforms import ScaledTranslation

from simcrisis.events import FIREBREAK
from simcrisis.plots.lanes import Arrow, Lane, Lanes, Level, Mark, lanes_of
from simcrisis.plots.records import Step, free_rows, highest_rungs, hours_axis, one_run, points_wide, said_of, shown
from simcrisis.plots.strokes import STROKES, STRUCK
from simcrisis.plots.style import FAINT, INK, axes, quiet

MOST_STATES, MOST_DRAWN = 6, 250
_DISC, _BELIEF = 12.0, 34.0
"""Room for a decision, and for one with its belief beside it (points)."""
_BAND, _BETWEEN = 2.2, 0.75
"""Height of the band of rungs, and of what separates States, in lanes."""
_NAME_ROWS, _ROW = 3, 0.72
_NAME = 7.5
"""Size of the names of incidents (points)."""
_LABELS = 46.0
"""Room for what is written beneath the Axes (points)."""
_LETTER = 0.58
"""Width of a letter, as a share of its size."""
_LEVELS = {Level.LEADERS: "leaders", Level.DESK: "desk", Level.CERT: "CERT"}


@quiet
def timeline(
    events: pl.DataFrame,
    decisions: pl.DataFrame | None = None,
    ax: Axes | None = None,
    *,
    hours: tuple[float, float] | None = None,
    states: int = MOST_STATES,
    most: int = MOST_DRAWN,
) -> Axes:
    """Draw one run as swim lanes: three a State, messages as arrows between them, the highest rung beneath.

    `events` and `decisions` are `run.events` and `run.decisions`; without the latter, decisions show no belief. `hours`
    is the part of the run to look at; `states`: so many of the busiest are drawn; beyond about `most` arrows and
    decisions, findings are left out first, then technical answers and requests, replies and inquiries. The note says
    how many records are not drawn. The log tells the truth: who was behind an incident stands with it.

    Raises ValueError where the tables hold several runs, or none.
    """
    rows = one_run(events)
    first, last = hours or (0.0, rows[-1]["hour"] * 1.01)
    within = [row for row in rows if first <= row["hour"] <= last]
    beliefs = dict(decisions.select("seq", "belief").rows()) if decisions is not None else {}
    drawn = lanes_of(within, beliefs, states, most)
    ax = axes(ax, 11.0, 6.0)
    heights = _heights(drawn.states)
    _lanes(ax, drawn.states, heights)
    _band(ax, list(highest_rungs(rows)), first, last)
    unnamed = _strikes(ax, drawn, heights, (first, last))
    for arrow in drawn.arrows:
        _arrow(ax, arrow, heights)
    _marks(ax, drawn, heights, last - first)
    _legend(ax, drawn)
    hours_axis(ax, first, last, f"{said_of(events)}. {_left_out(drawn, unnamed)}")
    ax.set_title("One run, State by State", parse_math=False)
    return ax


def _heights(states: Sequence[str]) -> dict[Lane, float]:
    """Return where each lane runs: the first State on top, the rungs beneath 0."""
    apart = len(Level) + _BETWEEN
    return {
        Lane(state, level): (len(states) - n) * apart - _BETWEEN - level
        for n, state in enumerate(states)
        for level in Level
    }


def _lanes(ax: Axes, states: Sequence[str], heights: Mapping[Lane, float]) -> None:
    ax.grid(visible=False)
    ax.spines["left"].set_visible(False)
    where: dict[str, Any] = {"transform": ax.get_yaxis_transform(), "va": "center", "ha": "right", "parse_math": False}
    for state in states:
        low, high = heights[Lane(state, Level.CERT)], heights[Lane(state, Level.LEADERS)]
        ax.axhspan(low - 0.5, high + 0.5, color="#f4f4f4", linewidth=0, zorder=0)
        ax.text(-0.062, (low + high) / 2, shown(state, 18), weight="bold", **where)
    for lane, height in heights.items():
        ax.axhline(height, color=FAINT, linewidth=0.7, zorder=0.5)
        ax.text(-0.006, height, _LEVELS[lane.level], size=7.5, **where)
    ax.set_yticks([])


def _band(ax: Axes, steps: Sequence[Step], first: float, last: float) -> None:
    """Draw the highest rung of any dyad as a stepped band from 0 down to the bottom of the Axes."""
    floor = -_BAND - 0.4
    scale = _BAND / 10.0
    x = [step.hour for step in steps] + [last]
    y = [floor + scale * step.height for step in steps]
    ax.fill_between(x, floor, [*y, y[-1]], step="post", color="#bdbdbd", linewidth=0)
    ax.step(x, [*y, y[-1]], where="post", color=INK, linewidth=1.2)
    ax.axhline(floor + scale * FIREBREAK, color="#d55e00", linewidth=0.8, linestyle=(0, (1, 2)))
    aside: dict[str, Any] = {"transform": ax.get_yaxis_transform(), "ha": "right", "size": 7.5}
    ax.text(-0.006, floor + scale * FIREBREAK, f"{FIREBREAK}", va="center", **aside)
    ax.text(last, floor + scale * (FIREBREAK + 0.2), "firebreak ", ha="right", va="bottom", size=7.5, color="#b34700")
    ax.text(-0.006, floor, "0", va="bottom", **aside)
    ax.text(-0.062, floor + _BAND / 2, "Highest rung\nof any dyad", **(aside | {"size": None, "va": "center"}))
    for step in (step for step in steps[1:] if first < step.hour < last):
        ax.annotate(
            f"{step.height:.0f}",
            (step.hour, floor + scale * step.height),
            xytext=(2, 1),
            textcoords="offset points",
            size=7.5,
            va="bottom",
        )
    ax.set_ylim(floor, None)


def _strikes(ax: Axes, drawn: Lanes, heights: Mapping[Lane, float], span: tuple[float, float]) -> int:
    """Draw incidents through the lanes of their victims, their names above all; return for how many is no room."""
    top = max(heights.values(), default=0.0) + 0.6
    names = [_strike_name(row["incident"], row["actor"]) for row in drawn.strikes]
    letter = _NAME * _LETTER * (span[1] - span[0]) / points_wide(ax)
    widths = [letter * (len(name) + 2) for name in names]
    lefts = [min(row["hour"], span[1] - width) for row, width in zip(drawn.strikes, widths, strict=True)]
    rows = free_rows(lefts, widths, _NAME_ROWS)
    for strike, name, left, row in zip(drawn.strikes, names, lefts, rows, strict=True):
        hour, victim = strike["hour"], strike["counterpart"]
        cert, leaders = (heights[Lane(victim, level)] for level in (Level.CERT, Level.LEADERS))
        ax.plot([hour, hour], [cert - 0.5, leaders + 0.5], color=STRUCK, linewidth=1.6, zorder=1)
        ax.plot([hour], [cert], marker="*", color=STRUCK, markersize=10, zorder=4)
        if row is not None:
            ax.plot([hour, hour], [top - 0.1, top + _ROW * row], color=STRUCK, linewidth=0.7)
            name_at = ax.text(left, top + _ROW * row, name, size=_NAME, color=STRUCK, va="bottom", parse_math=False)
            name_at.set_path_effects([withStroke(linewidth=3, foreground="white")])
    ax.set_ylim(top=top + 0.1 + _ROW * (1 + max((row for row in rows if row is not None), default=0)))
    return rows.count(None)


def _left_out(drawn: Lanes, unnamed: int) -> str:
    parts = []
    if drawn.drawn < drawn.records:
        parts.append(f"{drawn.drawn:,} of {drawn.records:,} records drawn")
    if unnamed:
        parts.append(f"{unnamed:,} incidents without room for their names")
    return f"{'; '.join(parts)}." if parts else ""


def _strike_name(incident: str | None, author: str | None) -> str:
    return f"{shown(incident or 'incident')} (truth: {'by ' + shown(author, 14) if author else 'no State'})"


def _arrow(ax: Axes, arrow: Arrow, heights: Mapping[Lane, float]) -> None:
    stroke = STROKES[arrow.sort]
    ax.annotate(
        "",
        (arrow.arrived, heights[arrow.receiver]),
        (arrow.left, heights[arrow.sender]),
        arrowprops={
            "arrowstyle": stroke.head,
            "color": stroke.colour,
            "linewidth": stroke.width,
            "linestyle": stroke.dash,
            "shrinkA": 0,
            "shrinkB": 0,
            "mutation_scale": 9,
        },
        zorder=2,
        annotation_clip=True,
    )


def _marks(ax: Axes, drawn: Lanes, heights: Mapping[Lane, float], width: float) -> None:
    """Draw decisions with their rung inside and their belief beside, where there is room for it."""
    for mark in drawn.marks:
        if mark.sort == "detection":
            ax.plot([mark.hour], [heights[mark.lane]], marker="o", color="white", mec=STRUCK, ms=5, zorder=5)
    point = width / points_wide(ax)
    for state in drawn.states:
        decisions = [mark for mark in drawn.marks if mark.sort == "decision" and mark.lane.state == state]
        places = [mark.hour for mark in decisions]
        lower = free_rows(places, [_DISC * point] * len(places), 2)
        for n, (mark, row) in enumerate(zip(decisions, lower, strict=True)):
            roomy = n + 1 == len(places) or places[n + 1] - mark.hour > _BELIEF * point
            _decision(ax, mark, heights[mark.lane] - 0.45 * (row or 0), told=roomy)


def _decision(ax: Axes, mark: Mark, height: float, *, told: bool) -> None:
    ink, paper = (INK, "white") if mark.private else ("white", INK)
    ax.plot([mark.hour], [height], marker="o", color=paper, mec=INK, ms=_DISC - 1, zorder=5)
    ax.text(mark.hour, height, f"{mark.rung}", color=ink, ha="center", va="center_baseline", size=7.5, zorder=6)
    if told and mark.belief is not None:
        ax.annotate(
            f"{100 * mark.belief:.0f} %",
            (mark.hour, height),
            xytext=(7, 3),
            textcoords="offset points",
            size=7,
            zorder=6,
            path_effects=[withStroke(linewidth=2, foreground="#f4f4f4")],
        )


def _legend(ax: Axes, drawn: Lanes) -> None:
    there = {arrow.sort for arrow in drawn.arrows}
    handles = [
        Line2D([], [], color=stroke.colour, linewidth=stroke.width, linestyle=stroke.dash, label=stroke.label)
        for sort, stroke in STROKES.items()
        if sort in there
    ]
    handles += [
        Line2D([], [], marker="*", color=STRUCK, linestyle="", markersize=9, label="incident"),
        Line2D([], [], marker="o", color="white", mec=STRUCK, linestyle="", ms=5, label="detected"),
        Line2D([], [], marker="o", color=INK, linestyle="", ms=9, label="decision (rung; belief)"),
        Line2D([], [], marker="o", color="white", mec=INK, linestyle="", ms=9, label="decision kept private"),
    ]
    beneath = ax.transAxes + ScaledTranslation(0.0, -_LABELS / 72.0, ax.figure.dpi_scale_trans)
    where: dict[str, Any] = {"loc": "upper center", "bbox_to_anchor": (0.45, 0.0), "bbox_transform": beneath}
    ax.legend(handles=handles, ncol=6, fontsize=8, **where)
