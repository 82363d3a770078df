"""What would have prevented it: the same run again with one message changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simcrisis.batch.run import Run
from simcrisis.draws import ChangedLuck, Luck, Occasion
from simcrisis.engine.occasions import Message, messages
from simcrisis.engine.run import simulate_with
from simcrisis.events import PRIVATE, EventLog, Kind
from simcrisis.units import to_hours

FARTHEST = 4.0
"""Scores beyond +-4 are not tried: one chance in 30,000."""
HALVINGS = 7
"""How often the change is halved towards the least that still works."""


@dataclass(frozen=True, slots=True)
class Change:
    """One message changed by the least that keeps the run below a rung."""

    message: Message
    score: float
    """What the message's draw would have had to be."""
    distance: float
    """How far that is from what it was, in standard scores."""
    hours: float | None
    """How much later (earlier: negative) that makes it; None where it would be sent or answered at all."""
    peak: int
    """The peak of the run with the change."""


def chain(run: Run) -> list[int]:
    """Return the records that led to the peak, by cause, from the strike (first) to the gravest decision (last)."""
    decided = [
        (record.value or 0.0, -seq)
        for seq, record in enumerate(run.log.records)
        if record.kind is Kind.DECISION and record.detail != PRIVATE
    ]
    if not decided:
        return []
    seq = -max(decided)[1]
    links: list[int] = []
    while seq >= 0:
        links.append(seq)
        seq = run.log.records[seq].cause_seq
    return links[::-1]


def peak_of(log: EventLog) -> int:
    """Return the gravest act decided, 0 if none."""
    return max((int(r.value or 0) for r in log.records if r.kind is Kind.DECISION and r.detail != PRIVATE), default=0)


def nearest_change(run: Run, below: int) -> Change | None:
    """Return the change of a single message nearest to what happened that keeps the run below a rung.

    A message can come earlier or later, be sent although it was not, or be answered although it was not. Nearest means
    the least change of the draw that it hung on, in standard scores. None if no single message would have done.
    """
    last = chain(run)[-1:]
    found = [
        change
        for message in messages(run.world, run.log, Luck(run.seed, run.replication))
        if last and message.seq < last[0]
        for change in _changes(run, message, below)
    ]
    return min(found, key=lambda change: (change.distance, change.message.seq), default=None)


def rerun(run: Run, occasion: Occasion, score: float) -> EventLog:
    """Return the log of the same run with one draw replaced."""
    return simulate_with(run.world, ChangedLuck(run.seed, run.replication, {occasion: score}))


def _changes(run: Run, message: Message, below: int) -> Iterator[Change]:
    """Yield the least change of a message each way that keeps the run below a rung."""
    was = Luck(run.seed, run.replication).normal(*message.occasion)
    ways = (-FARTHEST,) if message.delay is None else (-FARTHEST, FARTHEST)
    for far in ways:
        if (far - was) * far <= 0 or peak_of(rerun(run, message.occasion, far)) >= below:
            continue
        works, fails = far, was
        for _ in range(HALVINGS):
            middle = (works + fails) / 2
            if peak_of(rerun(run, message.occasion, middle)) < below:
                works = middle
            else:
                fails = middle
        peak = peak_of(rerun(run, message.occasion, works))
        hours = None
        if message.delay is not None:
            hours = to_hours(message.delay.at(works) - message.delay.at(was))
        yield Change(message, works, abs(works - was), hours, peak)
