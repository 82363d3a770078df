"""What tables decided beside what the story did, and what could have followed, in words that are handed in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes

from simcrisis.events import FIREBREAK, RUNGS
from simcrisis.plots.labels import as_text, broken, label
from simcrisis.plots.rows import Beside, Row, draw_rows, height
from simcrisis.plots.style import GREY, INK, PAPER, axes, quiet

_TABLE = "#0072b2"
_WIDE = 8.6


class Step(NamedTuple):
    """A decision on one card."""

    name: str
    """Whose it was, and on which card."""
    table: int | None
    """The rung that the table chose; None: none that counts."""
    story: int


class Called(NamedTuple):
    """What things are called in a drawing of steps."""

    table: str
    story: str
    firebreak: str
    """The line between rungs 7 and 8."""
    axis: str


@quiet
def steps(decisions: Sequence[Step], words: Called, ax: Axes | None = None) -> Axes:
    """Draw for each decision the step of the table and that of the story, from routine (0) to war (10)."""
    table, story, firebreak, axis = words
    drawn = axes(ax, _WIDE, height(len(decisions)))
    for y, step in enumerate(decisions):
        if step.table is not None:
            low, high = sorted((step.table, step.story))
            drawn.hlines(y, low, high, color=GREY, linewidth=1.2)
        drawn.plot(step.story, y, "D", color=INK, markerfacecolor=PAPER, markersize=8.5, zorder=3)
        if step.table is not None:
            drawn.plot(step.table, y, "o", color=_TABLE, markersize=5.5, zorder=4)
    drawn.axvline(FIREBREAK - 0.5, color=GREY, linestyle="--", linewidth=1.0)
    drawn.set_ylim(len(decisions) - 0.4, -0.9)
    as_text(drawn.annotate(firebreak, (FIREBREAK - 0.45, -0.85), va="top", color=GREY, fontsize=8))
    drawn.set_xlim(RUNGS[0] - 0.4, RUNGS[-1] + 0.4)
    drawn.set_xticks(list(RUNGS))
    drawn.set_yticks(range(len(decisions)), [broken(step.name, 30, 2) for step in decisions])
    as_text(*drawn.get_yticklabels())
    drawn.tick_params(axis="y", length=0)
    label(drawn.xaxis, axis)
    drawn.plot([], [], "o", color=_TABLE, label=table)
    drawn.plot([], [], "D", color=INK, markerfacecolor=PAPER, label=story)
    told = drawn.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14 - 0.5 / height(len(decisions))), ncol=2)
    as_text(*told.get_texts())
    return drawn


class Course(NamedTuple):
    """What followed from a step: a mean with its bounds, and what stands beside it."""

    name: str
    value: float
    low: float
    high: float
    beside: str
    own: bool
    """Whether it is the step that the table chose."""


@quiet
def alternative_courses(rows: Sequence[Course], axis: str, beside: str, ax: Axes | None = None) -> Axes:
    """Draw what followed from each of several steps, a row each; `axis` and `beside` say what is shown."""
    drawn = axes(ax, _WIDE, height(len(rows)))
    made = [
        Row(each.name, each.value, each.low, each.high, (each.beside,), colour=_TABLE if each.own else INK,
            hollow=not each.own)
        for each in rows
    ]  # fmt: skip
    draw_rows(drawn, made, (Beside(beside, 130),), 34)
    drawn.set_xlim(RUNGS[0] - 0.2, RUNGS[-1] + 0.2)
    drawn.set_xticks(list(RUNGS))
    label(drawn.xaxis, axis)
    return drawn
