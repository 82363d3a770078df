"""How much waits at each desk and each CERT while a run goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import polars as pl
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from simcrisis.plots.records import Row, Step, back_to, hours_axis, one_run, said_of, shown
from simcrisis.plots.style import INK, axes, quiet

MOST_STATES = 8
_HIGH = 0.44
"""Height of the longest queue, where States are 1 apart."""
_DESK, _CERT = "#0072b2", "#e69f00"
_ABOVE_LEGEND = 22.0
"""Points from the Axes to the title, so that it clears the legend between."""


class Wait(NamedTuple):
    """Something that waits at a State."""

    state: str
    at_desk: bool
    """Whether at its policy desk; else at its CERT."""
    since: float
    until: float


@quiet
def queue_load(events: pl.DataFrame, ax: Axes | None = None, *, most: int = MOST_STATES) -> Axes:
    """Draw how much waits at each State over time: at its policy desk above its line, at its CERT below.

    At a desk wait inquiries, from when they are sent until a reply is sent or the asker stops waiting; at a CERT
    requests of other CERTs likewise, and cases until an analyst takes them up. The `most` States with the longest waits
    (summed) are drawn. `events` is that of one run; raises ValueError where it holds several runs, or none.
    """
    rows = one_run(events)
    waits = list(_waits(rows))
    states, left_out = _busiest(waits, most)
    ax = axes(ax, 10.0, 1.6 + 0.75 * max(2, len(states)))
    queues = {
        (state, at_desk): list(_steps(wait for wait in waits if wait[:2] == (state, at_desk)))
        for state in states
        for at_desk in (True, False)
    }
    longest = max((step.height for steps in queues.values() for step in steps), default=0.0)
    last = rows[-1]["hour"] * 1.02
    for n, state in enumerate(states):
        ax.axhline(-n, color=INK, linewidth=0.8)
        for sign, at_desk, colour, hatch in ((1, True, _DESK, None), (-1, False, _CERT, "////")):
            _queue(ax, queues[state, at_desk], -n, sign * _HIGH / max(longest, 1.0), last, colour, hatch)
    ax.set_yticks([-n for n in range(len(states))], [shown(state, 20) for state in states], parse_math=False)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(-max(len(states), 1) + 0.4, 0.6)
    ax.grid(visible=False, axis="y")
    ax.spines["left"].set_visible(False)
    note = f" {left_out} States with shorter waits are not drawn." if left_out else ""
    hours_axis(ax, 0.0, last, f"{said_of(events)}. Numbers: the longest queue of each.{note}")
    ax.set_title("What waits at each State", pad=_ABOVE_LEGEND, parse_math=False)
    handles = [
        Patch(facecolor=_DESK, label="inquiries at the policy desk"),
        Patch(facecolor=_CERT, hatch="////", edgecolor=INK, label="requests and cases at the CERT"),
    ]
    ax.legend(handles=handles, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncol=2, fontsize=8)
    return ax


def _busiest(waits: Sequence[Wait], most: int) -> tuple[list[str], int]:
    """Return the States with most waiting, in the order of their names, and how many others there are."""
    summed: dict[str, float] = {}
    for wait in waits:
        summed[wait.state] = summed.get(wait.state, 0.0) + wait.until - wait.since
    ranked = sorted(summed, key=lambda state: (-summed[state], state))
    return sorted(ranked[:most]), len(ranked[most:])


def _waits(rows: Sequence[Row]) -> Iterator[Wait]:
    """Yield what waits where, and from when to when; what is still there at the end of the log waits until then."""
    by_seq: Mapping[int, Row] = {row["seq"]: row for row in rows}
    ends: dict[int, float] = {}
    for row in rows:
        for done, asked in (
            ({"reply_sent", "silence"}, "inquiry"),
            ({"technical_answer", "technical_silence"}, "technical_request"),
        ):
            start = back_to(by_seq, row, {asked}) if row["kind"] in done else None
            if start is not None:
                ends.setdefault(start["seq"], row["hour"])
    end = rows[-1]["hour"]
    for row in rows:
        if row["kind"] in {"inquiry", "technical_request"}:
            yield Wait(row["counterpart"], row["kind"] == "inquiry", row["hour"], ends.get(row["seq"], float(end)))
        elif row["kind"] == "investigation":
            yield Wait(row["actor"], False, row["hour"] - (row["value"] or 0.0), row["hour"])


def _steps(waits: Iterable[Wait]) -> Iterator[Step]:
    """Yield how many wait from which hour on."""
    changes: dict[float, int] = {}
    for wait in waits:
        if wait.until > wait.since:
            changes[wait.since] = changes.get(wait.since, 0) + 1
            changes[wait.until] = changes.get(wait.until, 0) - 1
    waiting = 0
    for hour in sorted(changes):
        waiting += changes[hour]
        yield Step(hour, float(waiting))


def _queue(
    ax: Axes, steps: Sequence[Step], floor: float, scale: float, last: float, colour: str, hatch: str | None
) -> None:
    if not steps:
        return
    x = [step.hour for step in steps] + [last]
    y = [floor + scale * step.height for step in steps]
    edge = INK if hatch else colour
    ax.fill_between(x, floor, [*y, y[-1]], step="post", facecolor=colour, edgecolor=edge, hatch=hatch, linewidth=0.5)
    peak = max(steps, key=lambda step: step.height)
    ax.annotate(
        f"{peak.height:.0f}",
        (peak.hour, floor + scale * peak.height),
        xytext=(-2, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        size=8,
    )
