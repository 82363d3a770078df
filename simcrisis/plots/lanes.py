"""What a timeline draws of a run: marks on the lanes of States and their levels, and arrows between lanes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, NamedTuple

from simcrisis.plots.records import Row, back_to


class Level(IntEnum):
    """The levels of a State, from the top."""

    LEADERS = 0
    DESK = 1
    CERT = 2


class Lane(NamedTuple):
    """Where something happens."""

    state: str
    level: Level


Message = Literal["act", "inquiry", "reply", "request", "answer", "briefing", "silence"]


@dataclass(frozen=True, slots=True)
class Arrow:
    """A message on its way, by hours and lanes; a silence is what did not come. Its seqs: the records it stands for."""

    sort: Message
    left: float
    sender: Lane
    arrived: float
    receiver: Lane
    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A decision (its rung, its belief if known), or a detection."""

    sort: Literal["decision", "detection"]
    hour: float
    lane: Lane
    seq: int
    rung: int = 0
    private: bool = False
    belief: float | None = None


@dataclass(frozen=True, slots=True)
class Lanes:
    """What is drawn of a run, and how much is not."""

    states: tuple[str, ...]
    arrows: tuple[Arrow, ...]
    marks: tuple[Mark, ...]
    strikes: tuple[Row, ...]
    drawn: int
    """Records that something drawn stands for."""
    records: int


class _Way(NamedTuple):
    """How a record that ends a message is drawn."""

    sort: Message
    starts: str
    sender: Level
    receiver: Level
    by_receiver: bool = True
    """Whether the actor of the record is the one who receives."""
    inside: bool = False
    """Whether it stays within the State of the actor."""


_ENDS: Mapping[str, _Way] = {
    "inquiry_read": _Way("inquiry", "inquiry", Level.DESK, Level.DESK),
    "assurance": _Way("reply", "reply_sent", Level.DESK, Level.DESK, by_receiver=False),
    "formulaic": _Way("reply", "reply_sent", Level.DESK, Level.DESK, by_receiver=False),
    "technical_briefing": _Way("answer", "technical_answer", Level.CERT, Level.DESK),
    "briefing": _Way("briefing", "finding", Level.CERT, Level.DESK, inside=True),
    "silence": _Way("silence", "inquiry", Level.DESK, Level.DESK),
    "technical_silence": _Way("silence", "technical_request", Level.CERT, Level.CERT),
}
"""What ends a message: by it and by the record that started it, both its ends are known."""
_AT_ONCE: Mapping[str, tuple[Message, Level]] = {
    "inquiry": ("inquiry", Level.DESK),
    "technical_request": ("request", Level.CERT),
    "act": ("act", Level.LEADERS),
}
"""What is drawn upright where nothing says when it arrived."""
_FIRST_LEFT_OUT: tuple[Message, ...] = ("briefing", "answer", "request", "reply", "inquiry")
"""What is left out, in this order, where there is too much to draw."""


def lanes_of(rows: Sequence[Row], beliefs: Mapping[int, float], most_states: int, most: int) -> Lanes:
    """Return what is drawn of the records of a run: of the busiest States, and not more than about `most` of them.

    `beliefs` are those at decisions, by the seq of their record.
    """
    strikes = tuple(row for row in rows if row["kind"] == "strike")
    arrows, marks = arrows_of(rows), list(_marks(rows, beliefs))
    states = _busiest(arrows, marks, strikes, most_states)
    arrows = [arrow for arrow in arrows if arrow.sender.state in states and arrow.receiver.state in states]
    marks = [mark for mark in marks if mark.lane.state in states]
    arrows = fewer(arrows, most - len(marks))
    told = {seq for arrow in arrows for seq in arrow.seqs} | {mark.seq for mark in marks}
    shown = tuple(row for row in strikes if row["counterpart"] in states)
    told |= {row["seq"] for row in (*shown, *(row for row in rows if row["kind"] == "rung"))}
    return Lanes(states, tuple(arrows), tuple(marks), shown, len(told), len(rows))


def arrows_of(rows: Sequence[Row]) -> list[Arrow]:
    """Return every message of a run."""
    return [*_ended(rows), *_upright(rows)]


def fewer(arrows: Sequence[Arrow], most: int) -> list[Arrow]:
    """Return messages without the sorts that are left out first where there are more than so many."""
    kept = list(arrows)
    for sort in _FIRST_LEFT_OUT:
        if len(kept) > most:
            kept = [arrow for arrow in kept if arrow.sort != sort]
    return kept


def _busiest(arrows: Sequence[Arrow], marks: Sequence[Mark], strikes: Sequence[Row], most: int) -> tuple[str, ...]:
    """Return the State of which most is told, and those that have most to do with it, in the order of their names."""
    told = Counter(mark.lane.state for mark in marks)
    told.update(row["counterpart"] for row in strikes)
    between: Counter[tuple[str, str]] = Counter()
    for arrow in arrows:
        here, there = arrow.sender.state, arrow.receiver.state
        told.update((here, there))
        between.update({(here, there): 1, (there, here): 1})
    chosen: set[str] = set()
    while len(chosen) < min(most, len(told)):
        others = sorted(told.keys() - chosen)
        chosen.add(max(others, key=lambda state: (sum(between[state, one] for one in chosen), told[state])))
    return tuple(sorted(chosen))


def _ended(rows: Sequence[Row]) -> Iterator[Arrow]:
    """Yield the messages of which a record tells the end: arrived, or awaited in vain."""
    by_seq = {row["seq"]: row for row in rows}
    for row in rows:
        way = _ENDS.get(row["kind"])
        start = back_to(by_seq, row, {way.starts}) if way else None
        if way is None or start is None:
            continue
        other = row["actor"] if way.inside else row["counterpart"]
        sender, receiver = (other, row["actor"]) if way.by_receiver else (row["actor"], other)
        here, there = Lane(sender, way.sender), Lane(receiver, way.receiver)
        yield Arrow(way.sort, start["hour"], here, row["hour"], there, (start["seq"], row["seq"]))


def _upright(rows: Sequence[Row]) -> Iterator[Arrow]:
    """Yield acts, requests, and the inquiries that nobody has read."""
    by_seq = {row["seq"]: row for row in rows}
    reads = (back_to(by_seq, row, {"inquiry"}) for row in rows if row["kind"] == "inquiry_read")
    read = {row["seq"] for row in reads if row is not None}
    for row in rows:
        upright = _AT_ONCE.get(row["kind"])
        if upright and row["counterpart"] is not None and row["seq"] not in read:
            sort, level = upright
            here, there = Lane(row["actor"], level), Lane(row["counterpart"], level)
            yield Arrow(sort, row["hour"], here, row["hour"], there, (row["seq"],))


def _marks(rows: Sequence[Row], beliefs: Mapping[int, float]) -> Iterator[Mark]:
    for row in rows:
        if row["kind"] == "detection":
            yield Mark("detection", row["hour"], Lane(row["actor"], Level.CERT), row["seq"])
        elif row["kind"] == "decision":
            yield Mark(
                "decision",
                row["hour"],
                Lane(row["actor"], Level.LEADERS),
                row["seq"],
                rung=round(row["value"] or 0.0),
                private=row["detail"] == "private",
                belief=beliefs.get(row["seq"]),
            )
