"""A run as a dated timeline that a diplomat can read: who learned, asked, answered and decided what, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from simcrisis.batch.run import Run
from simcrisis.catalogue import ladder
from simcrisis.engine.network import by_key
from simcrisis.events import NOBODY, Decision, Kind, Record
from simcrisis.frames import incident_names
from simcrisis.units import to_hours


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline."""

    seq: int
    when: str
    """Local date and time of the State that acts or learns."""
    who: str
    text: str
    grave: bool
    """Whether it is a public act or a change of the dyad's rung."""


def timeline(run: Run) -> Iterator[Entry]:
    """Yield the entries of a run, in order; the hidden truth is marked as such."""
    teller = _Teller(run)
    for seq, record in enumerate(run.log.records):
        text = _TELLING[record.kind](teller, record, seq)
        if text:
            yield Entry(seq, teller.when(record), teller.state(teller.seat(record)), text, record.kind in _GRAVE)


_GRAVE = {Kind.ACT, Kind.RUNG, Kind.STRIKE}


class _Teller:
    """Words for ids, local times, and the decisions by the number of their record."""

    def __init__(self, run: Run) -> None:
        self.names = run.world.names
        self.incidents = incident_names(self.names)
        self.start = run.scenario.start
        self.zones = [ZoneInfo(run.scenario.states[word].zone) for word in by_key(run.scenario)]
        self.decisions: Mapping[int, Decision] = {decision.seq: decision for decision in run.log.decisions}
        self.specs = {spec.name: spec for spec in run.scenario.incidents}

    def state(self, number: int) -> str:
        return self.names.states[number] if number != NOBODY else "-"

    def suspect(self, number: int) -> str:
        return self.names.states[number] if number != NOBODY else "nobody in particular"

    def incident(self, record: Record) -> str:
        return self.incidents[min(record.incident, len(self.incidents) - 1)]

    def line(self, record: Record) -> str:
        return self.names.lines[record.line]

    def seat(self, record: Record) -> int:
        """Return the State in whose capital the entry is dated: the one that acts or learns."""
        if record.kind in {Kind.STRIKE, Kind.TECHNICAL_ANSWER, Kind.ASSURANCE, Kind.FORMULAIC}:
            return record.counterpart
        return record.actor

    def when(self, record: Record) -> str:
        instant: datetime = self.start + timedelta(milliseconds=record.at)
        seat = self.seat(record)
        local = instant.astimezone(self.zones[seat]) if seat != NOBODY else instant
        return f"{local:%a %d %b %H:%M}"

    def number(self, record: Record) -> float:
        return 0.0 if record.value is None else record.value


def act_in_words(rung: int) -> str:
    """Return what an act of a rung is."""
    return ladder()[rung].act


def _leaning(weight: float, suspect: str) -> str:
    if abs(weight) < 0.05:
        return f"that says next to nothing about {suspect}"
    strength = "strongly " if abs(weight) >= 1.0 else "" if abs(weight) >= 0.4 else "slightly "
    return f"that speaks {strength}{'against' if weight > 0 else 'for the innocence of'} {suspect} ({weight:+.2f})"


def _likely(belief: float) -> str:
    return f"{round(100 * belief)} % likely"


def _hours(hours: float) -> str:
    if hours < 1.0:
        return f"{round(60 * hours)} min"
    return f"{hours:.0f} h" if hours < 72 else f"{hours / 24:.0f} days"


def _strike(t: _Teller, r: Record, seq: int) -> str:
    spec = t.specs.get(t.incident(r))
    sector = f" in the {spec.sector} sector" if spec else ""
    if r.actor != NOBODY:
        truth = f"{t.state(r.actor)} is behind it"
    else:
        truth = f"behind it is no State ({spec.cause.kind})" if spec else "behind it is no State"
    return f"{t.incident(r)} strikes{sector}, severity {t.number(r):g} of 5 [hidden truth: {truth}]"


def _decision(t: _Teller, r: Record, seq: int) -> str:
    d = t.decisions[seq]
    question = "guilty" if d.of_incident else "hostile"
    if d.about == NOBODY:
        why = "no suspect"
    else:
        why = f"holds {t.state(d.about)} {_likely(d.belief)} {question}"
    parts = [why, f"severity {d.severity:.1f}", f"tension {d.tension:.2f}", f"rung so far {d.rung_before}"]
    if d.pending:
        parts.append(f"still waiting for: {d.pending}")
    private = " [kept private]" if d.private else ""
    return f"decides on {t.incident(r)}: rung {d.act}, {act_in_words(d.act)}{private} - {'; '.join(parts)}"


def _act(t: _Teller, r: Record, seq: int) -> str:
    rung = int(t.number(r))
    at = f" against {t.state(r.counterpart)}" if r.counterpart != NOBODY and rung > 3 else ""
    return f"ACT, rung {rung}{at}: {act_in_words(rung)}"


def _opened(t: _Teller, r: Record, seq: int) -> str:
    if r.value is None:
        return f"opens a case on {t.incident(r)}, without a suspect"
    return f"opens a case on {t.incident(r)}; first thoughts go to {t.state(r.counterpart)} (log-odds {r.value:+.2f})"


_TELLING: Mapping[Kind, Callable[[_Teller, Record, int], str]] = {
    Kind.STRIKE: _strike,
    Kind.SECTOR_DOWN: lambda t, r, _: f"{r.detail} goes out, for about {_hours(t.number(r))}",
    Kind.SECTOR_UP: lambda t, r, _: f"{r.detail} works again",
    Kind.DETECTION: lambda t, r, _: f"detects {t.incident(r)}, {_hours(t.number(r))} after it struck",
    Kind.CASE_OPENED: _opened,
    Kind.INVESTIGATION: lambda t, r, _: "" if t.number(r) < 0.05 else f"its CERT takes up the case after {_hours(t.number(r))} in the queue",
    Kind.FINDING: lambda t, r, _: f"its CERT finds something {_leaning(t.number(r), t.suspect(r.counterpart))}; the desk does not know yet",
    Kind.BRIEFING: lambda t, r, _: f"the policy desk is briefed on a finding {_leaning(t.number(r), t.suspect(r.counterpart))}",
    Kind.SUSPECT_CLEARED: lambda t, r, _: f"drops {t.state(r.counterpart)} as a suspect",
    Kind.SUSPECT_NAMED: lambda t, r, _: f"turns to {t.state(r.counterpart)} as the next suspect (log-odds {t.number(r):+.2f})",
    Kind.TECHNICAL_REQUEST: lambda t, r, _: f"its CERT asks the CERT of {t.state(r.counterpart)} ({t.line(r)})",
    Kind.TECHNICAL_ANSWER: lambda t, r, _: f"the CERT of {t.state(r.actor)} answers with a finding ({t.number(r):+.2f}); the desk does not know yet",
    Kind.TECHNICAL_BRIEFING: lambda t, r, _: f"the policy desk is briefed on the answer of {t.state(r.counterpart)}'s CERT ({t.number(r):+.2f})",
    Kind.TECHNICAL_SILENCE: lambda t, r, _: f"has heard nothing usable from {t.state(r.counterpart)}'s CERT and reads that as a sign ({t.number(r):+.2f})",
    Kind.LINE_DOWN: lambda t, r, _: f"wants to reach {t.state(r.counterpart)} and finds the line down: {t.line(r)}",
    Kind.NOT_ASKED: lambda t, r, _: f"does not ask {t.state(r.counterpart)}: {r.detail}",
    Kind.INQUIRY: lambda t, r, _: f"asks {t.state(r.counterpart)} what it knows ({t.line(r)})",
    Kind.INQUIRY_READ: lambda t, r, _: f"the desk reads {t.state(r.counterpart)}'s inquiry, {_hours(t.number(r))} after it was sent",
    Kind.REPLY_SENT: lambda t, r, _: f"replies to {t.state(r.counterpart)}: {'an assurance' if r.detail == Kind.ASSURANCE.label else 'a formula'}",
    Kind.ASSURANCE: lambda t, r, _: f"receives {t.state(r.actor)}'s assurance ({t.number(r):+.2f})",
    Kind.FORMULAIC: lambda t, r, _: f"receives a reply from {t.state(r.actor)} that says nothing",
    Kind.SILENCE: lambda t, r, _: f"has waited in vain for {t.state(r.counterpart)} and reads the silence as a sign ({t.number(r):+.2f})",
    Kind.DECISION: _decision,
    Kind.ACT: _act,
    Kind.RUNG: lambda t, r, _: f"{t.state(r.actor)} and {t.state(r.counterpart)} now stand on rung {t.number(r):.0f}",
    Kind.REOPENED: lambda t, r, _: f"reopens its case on {t.incident(r)}: holds {t.suspect(r.counterpart)} {_likely(t.number(r))} guilty by now",
    Kind.DRILL: lambda t, r, _: f"tests the line to {t.state(r.counterpart)}: {'answered' if r.value else 'no answer'}",
    Kind.ENTRY_RENEWED: lambda t, r, _: "its stale entry in the contact list is found and renewed",
}  # fmt: skip
"""How each kind of record is told; an empty text leaves it out."""


def hours_into(run: Run, seq: int) -> float:
    """Return the hour of a record."""
    return to_hours(run.log.records[seq].at)
