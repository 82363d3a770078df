"""What of a run a data set would hold: public incidents only, with what was said and done about them in public.

The filter reads of a run what a coder of open sources could read, and never its truth: an incident counts when it was
public from the start, or became so by a report, or because its victim spoke of it (rung 3 or above). Its initiator is
the State that it first resembled, whoever did it. Counter-operations (rung 7) are covert: they count only once their
victim has made them public.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from simcrisis.events import NOBODY, EventLog, Kind, Record

PUBLIC_CONCERN, NAMING, COUNTER_OPERATION = 3, 4, 7
FORCE = 8

OF_DCID: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 5, 5, 5, 5, 5)
"""Severity here (0-5) of each step of DCID's scale (0-10). Standing: assumed; DCID 2.0 has next to nothing above 5."""

LEVEL_OF_RUNG: tuple[int, ...] = (0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 4)
"""Level of each rung on ICB's four: 1 words and diplomacy, 2 economic and other non-military, 3 military without
violence, 4 violence. Standing: assumed."""

LEVEL_OF_SEVERITY: tuple[int, ...] = (1, 1, 1, 1, 2, 2)
"""Level of an incident of each severity (0-5) as a trigger. Standing: assumed."""


class Seen(NamedTuple):
    """An incident as a data set would hold it. Times are ms from the start of the run."""

    at: int
    initiator: int
    """The State that it first resembled."""
    victim: int
    severity: int
    """0 to 5."""
    response: int | None
    """When the victim first spoke or acted in public about it (rung 3 or above, no counter-operation); None: never."""
    attribution: int | None
    """When the victim first named a State in public; None: never."""


class Answer(NamedTuple):
    """A public act that names a State, beside what it answers: an incident, or an act."""

    trigger: int
    """When what it answers happened, or an incident was noticed (ms)."""
    at: int
    trigger_level: int
    level: int
    """On ICB's four levels."""


def dcid_severity(step: int) -> int:
    """Return the severity here of a step of DCID's scale; raises IndexError beyond 10."""
    return OF_DCID[step]


def seen(log: EventLog, public: Collection[int]) -> list[Seen]:
    """Return the incidents of a run that a data set would hold, by time; `public` are those public from the start.

    Incidents are numbers; of the log only public records count, and whom the victim's case first took for the author.
    """
    records = log.records
    first = {case.incident: case for case in cases_of_victims(records)}
    spoken: dict[int, Record] = {}
    named: dict[int, Record] = {}
    told = set(public)
    numbers = {case.case for case in first.values()}
    for record in records:
        if record.kind is Kind.REPORT:
            told.add(record.incident)
        elif record.kind is Kind.ACT and record.case in numbers and record.value != COUNTER_OPERATION:
            told.add(record.incident)
            spoken.setdefault(record.incident, record)
            if (record.value or 0.0) >= NAMING:
                named.setdefault(record.incident, record)
    strikes = [record for record in records if record.kind is Kind.STRIKE and record.incident in told]
    return [
        Seen(
            at=strike.at,
            initiator=first[strike.incident].counterpart,
            victim=strike.counterpart,
            severity=min(5, round(strike.value or 0.0)),
            response=spoken[strike.incident].at if strike.incident in spoken else None,
            attribution=named[strike.incident].at if strike.incident in named else None,
        )
        for strike in sorted(strikes)
        if strike.incident in first and first[strike.incident].counterpart != NOBODY
    ]


def cases_of_victims(records: Sequence[Record]) -> Iterator[Record]:
    """Yield the opening records of cases about incidents, by the States that these struck."""
    for record in records:
        if record.kind is Kind.CASE_OPENED and records[record.cause_seq].kind is Kind.DETECTION:
            struck = records[records[record.cause_seq].cause_seq]
            if struck.kind is Kind.STRIKE:
                yield record


def answers(log: EventLog) -> Iterator[Answer]:
    """Yield the public acts of a run that name a State, the first of each case, beside what they answer."""
    records = log.records
    opened = {record.case: record for record in records if record.kind is Kind.CASE_OPENED}
    severity = {record.incident: min(5, round(record.value or 0.0)) for record in records if record.kind is Kind.STRIKE}
    answered: set[int] = set()
    for record in records:
        rung = int(record.value or 0)
        if record.kind is not Kind.ACT or rung < NAMING or rung == COUNTER_OPERATION or record.case in answered:
            continue
        answered.add(record.case)
        cause = records[opened[record.case].cause_seq]
        act = cause.kind in (Kind.ACT, Kind.TAKES_UP)
        level = LEVEL_OF_RUNG[int(cause.value or 0)] if act else LEVEL_OF_SEVERITY[severity[record.incident]]
        yield Answer(trigger=cause.at, at=record.at, trigger_level=level, level=LEVEL_OF_RUNG[rung])
