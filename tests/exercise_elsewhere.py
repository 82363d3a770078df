"""Another world in which one State received the same: everything that it did not receive is otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from simcrisis.batch.run import Run
from simcrisis.events import NOBODY, Decision, EventLog, Kind, Record
from simcrisis.scenario import Scenario
from simcrisis.scenario.happenings import Incident, IncidentKind
from simcrisis.units import HOUR
from tests.exercise_hearing import hearing
from tests.exercise_runs import HIDDEN

READS_VALUE = frozenset({
    Kind.SECTOR_DOWN, Kind.DETECTION, Kind.BRIEFING, Kind.REPORT, Kind.INTELLIGENCE, Kind.TECHNICAL_BRIEFING,
    Kind.CALLED_BACK, Kind.DRILL, Kind.CALLED_OFF, Kind.CONFERS, Kind.MEETING, Kind.VISIT, Kind.ACT, Kind.JOINED,
})  # fmt: skip
"""Records whose number those read who hear of them. Of others (log-odds, credibilities, a choice that is not yet acted
on) it stays within the model."""
READS_DETAIL = frozenset({Kind.SECTOR_DOWN, Kind.SECTOR_UP, Kind.REPORT, Kind.REPLY_SENT, Kind.PROCEDURE, Kind.MEETING})
_STANDS = frozenset({Kind.STRIKE, Kind.CASE_OPENED, Kind.ACT, Kind.JOINED, Kind.WITHDRAWN, Kind.TAKES_UP})
"""Records to which others refer: they are changed, never taken out."""


class _Elsewhere:
    """Changes records so that one State hears of nothing else."""

    def __init__(self, run: Run, state: int, seed: int) -> None:
        self.run, self.state = run, state
        self.random = np.random.default_rng([seed, state])
        self.others = [other for other in range(len(run.world.names.states)) if other != state]

    def log(self) -> EventLog:
        records, decisions = self.run.log.records, {d.seq: d for d in self.run.log.decisions}
        heard = hearing(records, len(self.run.world.names.states))
        changed = [
            self._read(record) if self.state in hears else self._unread(records, record)
            for record, hears in zip(records, heard, strict=True)
        ]
        rows = [self._row(decisions[seq]) for seq, record in enumerate(changed) if record.kind is Kind.DECISION]
        return EventLog([*changed], rows)

    def _other(self) -> int:
        return int(self.random.choice(self.others))

    def _number(self) -> float:
        return float(self.random.integers(0, 11))

    def _moved(self, record: Record) -> int:
        return max(0, record.at + int(self.random.integers(-90, 90)) * HOUR)

    def _read(self, record: Record) -> Record:
        """Change of a record that the State hears of what it does not read."""
        value = record.value if record.kind in READS_VALUE else self._number()
        if record.kind is Kind.ACT:
            value = record.value
        return record._replace(
            value=value, detail=record.detail if record.kind in READS_DETAIL else _another(record.detail)
        )

    def _unread(self, records: Sequence[Record], record: Record) -> Record:
        """Change a record that the State does not hear of, or take it out: what is left then tells nobody anything."""
        kind = record.kind
        about_act = kind is Kind.CASE_OPENED and records[record.cause_seq].kind in {Kind.ACT, Kind.TAKES_UP}
        if kind is Kind.STRIKE:
            return record._replace(at=self._moved(record), actor=self._somebody(record.actor), value=self._number() / 2)
        if kind is Kind.CASE_OPENED:
            suspect = record.counterpart if about_act else self._somebody(record.counterpart)
            at = record.at if about_act else self._moved(record)
            return record._replace(at=at, counterpart=suspect, value=self._number())
        if kind in _STANDS:
            value = record.value if kind is Kind.ACT else self._number()
            return record._replace(value=value, detail=_another(record.detail))
        mine = kind is Kind.TECHNICAL_ANSWER and record.counterpart == self.state
        if not mine and self.random.random() < 0.5:
            return Record(record.at, Kind.RUNG, self._other(), self._other(), -1, -1, -1, -1, self._number(), "")
        if kind is Kind.DECISION:
            return record._replace(value=self._number(), detail=_another(record.detail))
        return record._replace(
            at=self._moved(record),
            actor=self._other(),
            counterpart=self._other() if record.counterpart != NOBODY else NOBODY,
            value=self._number(),
            detail=_another(record.detail),
        )

    def _somebody(self, was: int) -> int:
        """Return another State than before and than the one at the table; nobody now and then."""
        free = [other for other in (*self.others, NOBODY) if other != was]
        return int(self.random.choice(free))

    def _row(self, decision: Decision) -> Decision:
        mine = decision.actor == self.state
        return decision._replace(
            belief=decision.belief if mine else 1.0 - decision.belief,
            severity=decision.severity if mine else 5.0 - decision.severity,
            culpable=not decision.culpable,
            tension=decision.tension + 1.0,
            rung_before=10 - decision.rung_before,
            pending="reply",
            act=10 - decision.act,
            private=not decision.private,
            silence=decision.silence + 1.0,
            chances=tuple(1.0 - chance for chance in decision.chances),
        )


_PAIRS = (("assurance", "formulaic"), ("private", ""), ("claim", "vendor"), ("energy", "telecom"))


def _another(detail: str) -> str:
    pairs = {**dict(_PAIRS), **{b: a for a, b in _PAIRS}}
    return pairs.get(detail, detail)


def elsewhere(run: Run, state: int, seed: int = 1) -> Run:
    """Return a run that a State cannot tell from this one, and in which all that it did not receive is otherwise."""
    scenario = hidden(run.scenario)
    names = run.world.names
    incidents = tuple(_renamed(name) if name in _named(run.scenario) else name for name in names.incidents)
    truths = tuple(
        replace(each, author=NOBODY if each.author != NOBODY else each.victim, severity=5.0 - each.severity,
                covert=not each.covert, rumour=0.77, accident=not each.accident, criminal=not each.criminal)
        for each in run.world.incidents
    )  # fmt: skip
    world = replace(run.world, names=replace(names, incidents=incidents), incidents=truths)
    return replace(run, scenario=scenario, world=world, seed=run.seed + 1, log=_Elsewhere(run, state, seed).log())


@lru_cache(64)
def hidden(scenario: Scenario) -> Scenario:
    """Return a scenario in which participants see the same, and the truth is another."""
    assert scenario.exercise is not None
    part = scenario.exercise.model_dump(mode="json", exclude_defaults=True)
    changes: dict[str, Any] = {
        "exercise": part,
        "title": f"{HIDDEN} title",
        "question": f"{HIDDEN} question",
        "summary": f"{HIDDEN} summary",
        "sources": [f"{HIDDEN} source"],
        "states.*.capability": 0.9,
        "states.*.policy.answers": 0.11,
        "states.*.policy.honesty": 0.12,
        "states.*.policy.misdirected": 0.9,
        "states.*.cert.misread": 0.0,
        "model.kappa": 0.31,
        "model.spillover": 0.1,
    }
    by_name = {incident.name: incident for incident in scenario.incidents}
    incidents = [_with_another_truth(by_name[raw["name"]], raw) for raw in scenario.data["incidents"]]
    return scenario.with_({**changes, "incidents": incidents})


def _with_another_truth(incident: Incident, raw: Mapping[str, Any]) -> dict[str, Any]:
    suspect = next(iter(incident.appears_from), incident.victim)
    if incident.kind is IncidentKind.MILITARY_ACTIVITY:
        cause = {"kind": "state" if incident.cause.kind == "exercise" else "exercise", "by": suspect}
    else:
        cause = {"kind": "accident"} if incident.cause.by or incident.cause.of else {"kind": "state", "by": suspect}
    name = _renamed(incident.name)
    changed = {**raw, "name": name, "key": incident.key or incident.name, "cause": cause, "rumour": 0.77}
    changed["severity"] = 5 - incident.severity
    return changed


def _named(scenario: Scenario) -> set[str]:
    return {incident.name for incident in scenario.incidents}


def _renamed(name: str) -> str:
    return f"{HIDDEN} {name}"
