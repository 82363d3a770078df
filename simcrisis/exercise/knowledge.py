"""What each State could know, and from when: the information barrier between the tables of an exercise.

Everything that a table is ever given is made from what `received` returns for its State, and from the public part of
the scenario. Which record of the log tells whom what stands in `telling`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from simcrisis.batch.run import Run
from simcrisis.catalogue import ladder
from simcrisis.events import NOBODY, Kind, Record
from simcrisis.exercise.telling import PUBLIC, TOLD, By
from simcrisis.rules.situation import LOWEST_NAMING
from simcrisis.units import HOUR


@dataclass(frozen=True, slots=True)
class Matter:
    """What a case is about, as far as everybody concerned may know it: never its name, which the author chose."""

    state: str
    """The State that was struck, that acted, or whose forces are seen."""
    sector: str | None = None
    """The sector that was struck."""
    rung: int | None = None
    """Of the act."""
    forces: bool = False
    """Whether it is about forces that are seen."""
    nth: int = 1
    """Which incident in this sector it is, among those that the State had noticed by then."""


Fact = str | int | float | Matter | None
"""A name, a number, what a case is about, or nobody."""


@dataclass(frozen=True, slots=True)
class Known:
    """One thing that a State comes to know: from which record of the log, when (ms), and of it only what it may see."""

    state: str
    seq: int
    at: int
    sort: str
    """What it is, as the words of an exercise name it."""
    case: int
    """The State's own case to which it belongs; -1: none."""
    facts: Mapping[str, Fact]


_DETECTED = ("matter", "name", "severity", "hours")
_SIDES = {
    (True, False): ("own", ("other",)),
    (False, True): ("against", ("sender",)),
    (False, False): ("others", ("sender", "other")),
}
"""How a State is concerned by what is public, whether it did it or is its target, and whom it then hears of."""
_ALL = "all"


def received(run: Run) -> dict[str, list[Known]]:
    """Return for each State what it came to know in a run, in the order in which it did."""
    reader = _Reader(run)
    found: dict[str, list[Known]] = {name: [] for name in run.world.names.states}
    for seq, record in enumerate(run.log.records):
        for known in (*reader.told(seq, record), *reader.public(seq, record)):
            found[known.state].append(known)
    for told in found.values():
        told.sort(key=lambda known: (known.at, known.seq))
    return found


class _Reader:
    """Reads single facts off the records of a run."""

    def __init__(self, run: Run) -> None:
        self.names = run.world.names
        self.records = run.log.records
        self.incidents = run.world.incidents
        self.kinds = [world.kind for world in run.world.lines]
        self.strikes = {record.incident: record for record in self.records if record.kind is Kind.STRIKE}
        opened = [record for record in self.records if record.kind is Kind.CASE_OPENED]
        self.cases = {record.case: record for record in opened}
        self.decisions = {decision.seq: decision for decision in run.log.decisions}
        self.first_decision: dict[int, int] = {}
        self.severities = {row.case: row.severity for row in run.log.decisions}
        """How grave States read what their cases are about, which they do as they open them."""
        self.own_cases = {(case.actor, case.incident): case.case for case in opened if self._act(case) is None}
        """Cases on incidents, by State and incident."""
        self.learned = {record.cause_seq: record.at for record in reversed(opened)}
        """When the first State opened a case on an act, by the number of the act."""
        self.noticed = dict(self._noticed())
        self.acts = _acts(self.records)
        self._facts: Mapping[str, Callable[[Record], Fact]] = {
            "matter": self._matter,
            "name": self._name,
            "severity": self._severity,
            "hours": lambda r: r.value,
            "weight": lambda r: r.value,
            "rung": lambda r: round(r.value or 0.0),
            "met": lambda r: int(bool(r.value)),
            "heard": lambda r: int(bool(r.value)),
            "service": lambda r: r.detail,
            "report": lambda r: r.detail,
            "reply": lambda r: r.detail,
            "procedure": lambda r: r.detail.partition(" of ")[0],
            "line": lambda r: self.kinds[r.line] if r.line != NOBODY else None,
            "other": lambda r: self._state(r.counterpart),
            "sender": lambda r: self._state(r.actor),
            "suspect": lambda r: self._state(self.cases[r.case].counterpart),  # CERTs are asked as a case is opened
        }

    def told(self, seq: int, record: Record) -> Iterator[Known]:
        """Yield what a record tells its two sides."""
        if record.kind is Kind.CASE_OPENED and (self._act(record) is not None or self._is_activity(record.incident)):
            return  # what it is about says who it is about
        if record.kind is Kind.DETECTION:
            yield self._detection(seq, record)
        if record.kind is Kind.DECISION:
            yield self._decision(seq, record)
        for to, sort, facts in TOLD.get(record.kind, ()):
            seat = record.actor if to is By.ACTOR else record.counterpart
            if seat != NOBODY:
                passed = round((record.value or 0.0) * HOUR) if record.kind is Kind.CALLED_BACK else 0
                yield self._known(seat, seq, record.at + passed, sort, record, facts)

    def public(self, seq: int, record: Record) -> Iterator[Known]:
        """Yield what all States come to know: its author at once, others when the first of them learns of it."""
        sort = PUBLIC.get(record.kind)
        if sort is None or not _is_seen(record):
            return
        heard = self._heard(seq, record)
        for state in range(len(self.names.states)):
            own = state == record.actor
            at = record.at if own else heard
            if at is None:
                continue
            side, who = _SIDES[own, state == record.counterpart and _names_somebody(record)]
            facts = ("matter", *who, *(("rung",) if record.kind is not Kind.WITHDRAWN else ()))
            known = self._known(state, seq, at, f"{side}_{sort}", record, facts)
            yield known if own or _names_somebody(record) else replace(known, facts={**known.facts, "other": None})

    def _heard(self, seq: int, record: Record) -> int | None:
        """Return when others hear of what is public: not before its target has learnt of the act; None: not at all."""
        if not _names_somebody(record):
            return record.at
        learned = self.learned.get(self.acts[seq])
        return None if learned is None else max(record.at, learned)

    def _detection(self, seq: int, record: Record) -> Known:
        """Return what a State notices: what struck it, forces that move, or what another's incident did to it."""
        sort = "detection" if record.actor == self.strikes[record.incident].counterpart else "detection_spread"
        sort = "detection_forces" if self._is_activity(record.incident) else sort
        return self._known(record.actor, seq, record.at, sort, record, _DETECTED)

    def _decision(self, seq: int, record: Record) -> Known:
        """Return what a State knows as it decides: what it believes itself, and not what it chose in the run."""
        matter, decision = self._matter(record), self.decisions[seq]
        first = self.first_decision.setdefault(record.case, seq) == seq
        sort = "decision" if first else "decision_again"
        if matter.forces or matter.rung is not None:
            sort = "decision_forces" if matter.forces else "decision_act"
        known = self._known(record.actor, seq, record.at, sort, record, ("matter", "other"))
        return replace(known, facts={**known.facts, "belief": decision.belief})

    def _known(self, seat: int, seq: int, at: int, sort: str, record: Record, facts: tuple[str, ...]) -> Known:
        state = self.names.states[seat]
        case = self.cases.get(record.case)
        own = record.case if case is not None and case.actor == seat else NOBODY
        read = {name: self._facts[name](record) for name in facts}
        matter = read.get("matter")
        if isinstance(matter, Matter) and matter.state != state:
            read["matter"] = replace(matter, nth=1)  # how many a State has noticed is its own affair
        return Known(state, seq, at, sort, own, read)

    def _state(self, number: int) -> str | None:
        return self.names.of(self.names.states, number)

    def _act(self, opened: Record) -> Record | None:
        """Return the act that a case was opened on, None for a case on an incident."""
        record = self.records[opened.cause_seq]
        while record.kind is Kind.TAKES_UP:
            record = self.records[record.cause_seq]
        return record if record.kind is Kind.ACT else None

    def _matter(self, record: Record) -> Matter:
        case = self.cases.get(record.case)
        act = self._act(case) if case is not None else None
        if act is not None:
            return Matter(self.names.states[act.actor], rung=round(act.value or 0.0))
        if self._is_activity(record.incident):
            return Matter(self.names.states[self.incidents[record.incident].suspects[0]], forces=True)
        strike = self.strikes[record.incident]
        noticed, nth = self.noticed.get(record.incident, (record.at, 1))
        return Matter(
            self.names.states[strike.counterpart], self._sector(strike), nth=nth if noticed <= record.at else 1
        )

    def _noticed(self) -> Iterator[tuple[int, tuple[int, int]]]:
        """Yield when its victim noticed each incident (ms), and as which one in that sector."""
        counts = Counter[tuple[int, str | None]]()
        for record in self.records:
            if record.kind is Kind.DETECTION and self._is_victim(record.actor, record.incident):
                where = record.actor, self._sector(self.strikes[record.incident])
                counts[where] += 1
                yield record.incident, (record.at, counts[where])

    def _is_victim(self, state: int, incident: int) -> bool:
        return self.strikes[incident].counterpart == state

    def _severity(self, detection: Record) -> float | None:
        """Return how grave a State reads an incident to be, which need not be how grave it is; None: not known yet."""
        return self.severities.get(self.own_cases.get((detection.actor, detection.incident), NOBODY))

    def _name(self, record: Record) -> str | None:
        """Return the name of an incident that the scenario wrote, for the State that it struck."""
        struck = self._is_victim(record.actor, record.incident)
        return self.names.incidents[record.incident] if struck and self._is_written(record.incident) else None

    def _is_written(self, incident: int) -> bool:
        return incident < len(self.incidents)

    def _is_activity(self, incident: int) -> bool:
        return self._is_written(incident) and self.incidents[incident].activity

    def _sector(self, strike: Record) -> str | None:
        """Return the sector that was struck; a counter-operation strikes that of the incident it answers."""
        if self._is_written(strike.incident):
            return self.incidents[strike.incident].sector
        if strike.cause_seq == NOBODY:
            return None
        return self._sector(self.strikes[self.records[strike.cause_seq].incident])


def _names_somebody(record: Record) -> bool:
    """Return whether a public record names the State that it is about: concern without attribution does not."""
    return record.kind is not Kind.ACT or round(record.value or 0.0) >= LOWEST_NAMING


def _is_seen(record: Record) -> bool:
    """Return whether the ladder says that all see a public record."""
    return record.kind is Kind.WITHDRAWN or ladder()[round(record.value or 0.0)].seen_by == _ALL


def _acts(records: Sequence[Record]) -> Mapping[int, int]:
    """Return for each public record the act without which nobody can make sense of it: that joined, or withdrawn."""
    found: dict[int, int] = {}
    last: dict[int, int] = {}
    for seq, record in enumerate(records):
        if record.kind is Kind.ACT:
            found[seq] = seq
            if _names_somebody(record):
                last[record.case] = seq
        elif record.kind is Kind.JOINED:
            found[seq] = record.cause_seq
        elif record.kind is Kind.WITHDRAWN:
            found[seq] = last[record.case]
    return found
