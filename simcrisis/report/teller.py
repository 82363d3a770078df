"""Words for what the records of a run hold as numbers: names, local times, decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from simcrisis.batch.run import Run
from simcrisis.errors import isolated
from simcrisis.events import NOBODY, Decision, Kind, Record, incident_names
from simcrisis.scenario.happenings import Incident, IncidentKind
from simcrisis.scenario.lines import by_key

ACTS = {Kind.ACT, Kind.TAKES_UP}
_TOLD_TO_OTHERS = {
    Kind.STRIKE,
    Kind.TECHNICAL_ANSWER,
    Kind.POLICE_RESULT,
    Kind.ASSURANCE,
    Kind.FORMULAIC,
    Kind.ANNOUNCED,
    Kind.UNANNOUNCED,
    Kind.VISIT_GRANTED,
    Kind.VISIT_REFUSED,
}
"""Records whose counterpart learns."""


class Teller:
    """Words for ids, local times, and the decisions by the number of their record.

    Names keep what stands beside them in its order, whichever way they are written.
    """

    def __init__(self, run: Run) -> None:
        self.names = run.world.names
        self.records = run.log.records
        self.incidents = incident_names(self.names)
        self.start = run.scenario.start
        stands = run.scenario.under(run.arm)
        self.zones = [ZoneInfo(stands.states[word].zone) for word in by_key(stands)]
        self.decisions: Mapping[int, Decision] = {decision.seq: decision for decision in run.log.decisions}
        self._specs = {spec.name: spec for spec in stands.incidents}
        self.on_acts = {
            record.case
            for record in self.records
            if record.kind is Kind.CASE_OPENED and self.records[record.cause_seq].kind in ACTS
        }
        """Cases about an act, and not about an incident."""

    def state(self, number: int) -> str:
        """Return the name of a State."""
        return isolated(self.names.states[number]) if number != NOBODY else "-"

    def suspect(self, number: int) -> str:
        """Return the name of a suspect, of whom there may be none."""
        return self.state(number) if number != NOBODY else "nobody in particular"

    def incident(self, record: Record) -> str:
        """Return the name of the incident that a record is about."""
        return isolated(self._incident(record))

    def _incident(self, record: Record) -> str:
        return self.incidents[min(record.incident, len(self.incidents) - 1)]

    def spec(self, record: Record) -> Incident | None:
        """Return what the scenario says of an incident; None of one that nobody wrote."""
        return self._specs.get(self._incident(record))

    def is_activity(self, record: Record) -> bool:
        """Return whether a record is about a military activity."""
        spec = self.spec(record)
        return spec is not None and spec.kind is IncidentKind.MILITARY_ACTIVITY

    def line(self, record: Record) -> str:
        """Return the name of the line that a record went over."""
        return isolated(self.names.lines[record.line])

    def seat(self, record: Record) -> int:
        """Return the State in whose capital the entry is dated: the one that acts or learns."""
        if record.kind in _TOLD_TO_OTHERS:
            return record.counterpart
        return record.actor

    def when(self, record: Record) -> str:
        """Return when it was, in the capital of its seat."""
        instant: datetime = self.start + timedelta(milliseconds=record.at)
        seat = self.seat(record)
        local = instant.astimezone(self.zones[seat]) if seat != NOBODY else instant
        return f"{local:%a %d %b %H:%M %Z}"

    def number(self, record: Record) -> float:
        """Return the value of a record, 0 where it has none."""
        return 0.0 if record.value is None else record.value

    def procedure(self, record: Record) -> str:
        """Return which procedure a record belongs to."""
        opened = record if record.kind is Kind.MEETING else self.records[record.cause_seq]
        name, of, hub = opened.detail.partition(" of ")
        return f"{name.replace('-', ' ')}{of}{isolated(hub)}"
