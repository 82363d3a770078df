"""A run as a dated timeline that a diplomat can read: who learned, asked, answered and decided what, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from simcrisis.batch.run import Run
from simcrisis.events import Kind, Record
from simcrisis.report.record_templates import from_template
from simcrisis.report.record_words import TELLING
from simcrisis.report.teller import Teller
from simcrisis.units import to_hours

LEGEND = (
    "Rungs run from 0 (routine co-operation) to 10 (war); 8 is the first that threatens force.",
    "Percentages: how likely a State holds its suspect guilty (of an incident) or hostile (an act, its forces).",
    "Numbers in brackets: weight of evidence in log-odds; +0.7 doubles the odds of guilt, -0.7 halves them.",
    "Tension: 0 is none; each act adds to it, and it halves in two weeks.",
)
"""What a reader must know of the numbers."""
_GRAVE = {Kind.ACT, Kind.RUNG, Kind.STRIKE}
_WORTH_TELLING = 0.05
"""Hours in a queue below which nobody needs to hear of them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline."""

    seq: int
    when: str
    """Local date and time of the State that acts or learns."""
    who: str
    text: str
    grave: bool
    """Whether it is a strike, a public act or a change of the dyad's rung."""
    minor: bool
    """Whether a timeline leaves it out."""


def timeline(run: Run) -> Iterator[Entry]:
    """Yield the entries of a run, in order; the hidden truth is marked as such."""
    for seq in range(len(run.log.records)):
        entry = entry_of(run, seq)
        if not entry.minor:
            yield entry


def entry_of(run: Run, seq: int) -> Entry:
    """Return the entry of one record."""
    teller, record = _teller(run), run.log.records[seq]
    seat = teller.state(teller.seat(record))
    minor = record.kind is Kind.INVESTIGATION and teller.number(record) < _WORTH_TELLING
    return Entry(seq, teller.when(record), seat, _tell(teller, record, seq), record.kind in _GRAVE, minor)


@lru_cache(maxsize=4)
def _teller(run: Run) -> Teller:
    return Teller(run)


def _tell(teller: Teller, record: Record, seq: int) -> str:
    telling = TELLING.get(record.kind)
    return telling(teller, record, seq) if telling else from_template(teller, record)


def hours_into(run: Run, seq: int) -> float:
    """Return the hour of a record."""
    return to_hours(run.log.records[seq].at)


def captions(run: Run) -> dict[int, str]:
    """Return the entries of a run by the seq of their record, for a film: when, who, what."""
    return {entry.seq: f"{entry.when}, {entry.who}: {entry.text}" for entry in timeline(run)}
