"""A played run, described once: what stands where, and what is seen from which second of the film to which.

Everything that is seen carries the records (their `seq`) that it stands for. The film of `played` and the player of a
page are both drawn from it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isinf
from typing import Literal, NamedTuple

import polars as pl

from simcrisis.plots.clock import Clock, clock_of
from simcrisis.plots.globe import Point
from simcrisis.plots.lanes import Arrow, Message, arrows_of, fewer
from simcrisis.plots.records import Row, Step, highest_rungs, one_run, shown
from simcrisis.plots.stage import (
    Chord,
    Layout,
    Outage,
    bend_of,
    broken,
    by_kind,
    chord,
    meshes,
    outages,
    places_of,
    towards,
)
from simcrisis.plots.telling import told_of

MOST_MESSAGES = 400
_KEEP_RIGHT: Mapping[Message, float] = {"act": -0.05, "inquiry": -0.1, "request": -0.13, "reply": -0.17, "answer": -0.2}
_OUTMOST = -0.24
"""How far messages pass on the right of the straight way: both directions and all sorts are told apart."""
_SHORTEST: Mapping[Message, float] = {"act": 1.8, "silence": 1.8}
_SHORT, _STAR = 0.9, 2.0
"""Seconds for which what happens at once is seen."""


class Span(NamedTuple):
    """From a second of the film to another."""

    start: float
    end: float

    def holds(self, second: float) -> bool:
        """Return whether it is seen at a second."""
        return self.start <= second < self.end


@dataclass(frozen=True, slots=True)
class Wire:
    """A line or a membership, the hour since when it is there, and when what it rides on is out."""

    kind: str
    ends: tuple[str, str]
    path: Chord
    whole: bool
    """Whether both sides practise it in full."""
    seen: Span
    broken: tuple[Span, ...]
    seqs: tuple[int, ...]
    """The records of the outages that break it."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A message between two States, on its way while it is seen."""

    arrow: Arrow
    path: Chord
    seen: Span

    @property
    def seqs(self) -> tuple[int, ...]:
        """Return the records that it stands for."""
        return self.arrow.seqs


@dataclass(frozen=True, slots=True)
class Sign:
    """What is seen at a State, or between the two of a dyad.

    decision: the rung of the latest decision of a State (`faint`: private), until its next. dyad: the rung on which two
    States stand. incident: it strikes. outage: a sector is out.
    """

    sort: Literal["decision", "dyad", "incident", "outage"]
    states: tuple[str, ...]
    rung: int
    text: str
    faint: bool
    seen: Span
    seqs: tuple[int, ...]


class Caption(NamedTuple):
    """What is told at a second, and the record that it tells."""

    second: float
    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class Play:
    """A played run."""

    nodes: tuple[Row, ...]
    places: Mapping[str, Point]
    wires: tuple[Wire, ...]
    messages: tuple[Carried, ...]
    signs: tuple[Sign, ...]
    told: tuple[Caption, ...]
    rungs: tuple[Step, ...]
    """The highest rung of any dyad, by hours of the run."""
    acts: tuple[Step, ...]
    """The gravest act so far, by seconds of the film."""
    clock: Clock
    left_out: str
    """What is not drawn, in words."""

    @property
    def still(self) -> float:
        """Return the second that says most about the run: at its gravest act, else at its first thing told."""
        if len(self.acts) > 1:
            return self.acts[-1].hour
        return self.told[0].second if self.told else 0.0


def play_of(
    nodes: pl.DataFrame,
    lines: pl.DataFrame,
    events: pl.DataFrame,
    captions: Mapping[int, str] | None = None,
    by: Layout = "circle",
) -> Play:
    """Return what is to be seen of a run, when; arguments as of `played`, errors too."""
    rows = one_run(events)
    places = places_of(nodes, by)
    strangers = {row["actor"] for row in rows if row["actor"] is not None} - places.keys()
    if strangers:
        raise ValueError(f"the run has States that the network has not: {', '.join(map(shown, sorted(strangers)))}")
    told = told_of(rows)
    clock = clock_of(rows, told.keys())
    words = told if captions is None else {seq: captions.get(seq, text) for seq, text in told.items()}
    out = outages(rows)
    wires, undrawn = _wires(nodes, lines, places, out, clock)
    between = [arrow for arrow in arrows_of(rows) if arrow.sender.state != arrow.receiver.state]
    carried = sorted(fewer(between, MOST_MESSAGES), key=lambda arrow: arrow.seqs)
    missing = Counter(arrow.sort for arrow in between) - Counter(arrow.sort for arrow in carried)
    undrawn += [f"{count:,} {_SORTS[sort]}" for sort, count in sorted(missing.items())]
    return Play(
        nodes=tuple(nodes.to_dicts()),
        places=places,
        wires=tuple(wires),
        messages=tuple(_carried(arrow, places, clock) for arrow in carried),
        signs=(*_decisions(rows, clock), *_dyads(rows, clock), *_incidents(rows, clock), *_out(out, clock)),
        told=tuple(Caption(clock.at[seq], seq, words[seq]) for seq in sorted(told)),
        rungs=tuple(highest_rungs(rows)),
        acts=tuple(_gravest(rows, clock)),
        clock=clock,
        left_out=f"Not drawn: {', '.join(undrawn)}." if undrawn else "",
    )


_SORTS: Mapping[Message, str] = {
    "answer": "technical answers",
    "request": "requests between CERTs",
    "reply": "replies",
    "inquiry": "inquiries",
}


def _wires(
    nodes: pl.DataFrame, lines: pl.DataFrame, places: Mapping[str, Point], out: Sequence[Outage], clock: Clock
) -> tuple[list[Wire], list[str]]:
    """Return the lines that come into use within the run, and how many are not drawn, in words."""
    here = [row for row in lines.to_dicts() if row["since"] <= clock.hours[-1]]
    counts = Counter(row["kind"] for row in here)
    left_out = meshes(counts, nodes)
    dress = by_kind([row for row in here if row["kind"] not in left_out])
    wires = [
        _wire(row, chord(places[row["a"]], places[row["b"]], bend_of(kind, dress)), out, clock)
        for kind, rows in dress.items()
        for row in rows
    ]
    return wires, [f"{counts[kind]:,} {kind.replace('_', ' ')} lines" for kind in sorted(left_out) if counts[kind]]


def _wire(row: Row, path: Chord, out: Sequence[Outage], clock: Clock) -> Wire:
    breaks = [each for each in out if broken(row, {(each.state, each.sector)})]
    return Wire(
        kind=row["kind"],
        ends=(row["a"], row["b"]),
        path=path,
        whole=min(row["practice_a"], row["practice_b"]) >= 1.0,
        seen=Span(_second_of(row["since"], clock), inf),
        broken=tuple(_span(each.seqs, clock, lasting=isinf(each.up)) for each in breaks),
        seqs=tuple(seq for each in breaks for seq in each.seqs),
    )


def _second_of(hour: float, clock: Clock) -> float:
    """Return the first second at which it is so late."""
    if hour <= 0.0:
        return 0.0
    n = next(n for n, each in enumerate(clock.hours) if each >= hour)
    before, after = clock.hours[n - 1], clock.hours[n]
    return clock.seconds[n - 1] + (clock.seconds[n] - clock.seconds[n - 1]) * (hour - before) / (after - before)


def _span(seqs: Sequence[int], clock: Clock, *, shortest: float = 0.0, lasting: bool = False) -> Span:
    """Return from the first record to the last, or to the end; seen for no less than so many seconds."""
    start = clock.at[seqs[0]]
    return Span(start, inf if lasting else max(clock.at[seqs[-1]], start + shortest))


def _carried(arrow: Arrow, places: Mapping[str, Point], clock: Clock) -> Carried:
    """Return a message as it is seen: a silence when patience ends, all else while it is under way."""
    path = towards(places[arrow.sender.state], places[arrow.receiver.state], _KEEP_RIGHT.get(arrow.sort, _OUTMOST))
    seqs = arrow.seqs[-1:] if arrow.sort == "silence" else arrow.seqs
    return Carried(arrow, path, _span(seqs, clock, shortest=_SHORTEST.get(arrow.sort, _SHORT)))


def _decisions(rows: Sequence[Row], clock: Clock) -> Iterator[Sign]:
    mine: dict[str, list[Row]] = {}
    for row in rows:
        if row["kind"] == "decision":
            mine.setdefault(row["actor"], []).append(row)
    for state, taken in mine.items():
        for row, after in zip(taken, [*taken[1:], None], strict=True):
            seen = Span(clock.at[row["seq"]], clock.at[after["seq"]] if after else inf)
            rung = round(row["value"] or 0.0)
            yield Sign("decision", (state,), rung, f"{rung}", row["detail"] == "private", seen, (row["seq"],))


def _dyads(rows: Sequence[Row], clock: Clock) -> Iterator[Sign]:
    changes: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        if row["kind"] == "rung":
            changes.setdefault(tuple(sorted((row["actor"], row["counterpart"]))), []).append(row)
    for dyad, steps in changes.items():
        for row, after in zip(steps, [*steps[1:], None], strict=True):
            rung = round(row["value"])
            if rung:
                seen = Span(clock.at[row["seq"]], clock.at[after["seq"]] if after else inf)
                yield Sign("dyad", dyad, rung, f"{rung}", False, seen, (row["seq"],))


def _incidents(rows: Sequence[Row], clock: Clock) -> Iterator[Sign]:
    for row in rows:
        if row["kind"] == "strike" and row["counterpart"] is not None:
            seen, name = _span((row["seq"],), clock, shortest=_STAR), shown(row["incident"] or "incident")
            yield Sign("incident", (row["counterpart"],), 0, name, False, seen, (row["seq"],))


def _out(out: Sequence[Outage], clock: Clock) -> Iterator[Sign]:
    for each in out:
        seen = _span(each.seqs, clock, lasting=isinf(each.up))
        yield Sign("outage", (each.state,), 0, shown(each.sector), False, seen, each.seqs)


def _gravest(rows: Sequence[Row], clock: Clock) -> Iterator[Step]:
    """Yield from which second the gravest act so far stands on which rung; from second 0, on none."""
    peak = 0.0
    yield Step(0.0, peak)
    for row in rows:
        if row["kind"] == "act" and row["value"] > peak:
            peak = row["value"]
            yield Step(clock.at[row["seq"]], peak)
