"""Crises in which all that is not under test stands still: nobody asks, delays are fixed, scripts decide."""

from __future__ import annotations

from typing import Any

from simcrisis import load, run
from simcrisis.batch.run import Run
from simcrisis.events import Decision, Kind, Record
from simcrisis.scenario import Scenario
from tests.laws.settings import ONE_DYAD

VICTIM, SUSPECT, THIRD = 0, 1, 2
"""Aldmark, Bexia and Corland: ids go by key."""
ACTIVITY: dict[str, Any] = {
    "name": "winter exercise",
    "kind": "military_activity",
    "at": "36 h",
    "victim": "Aldmark",
    "sector": "defence",
    "severity": 4,
    "appears_from": ["Bexia"],
    "cause": {"kind": "exercise", "by": "Bexia"},
}
"""Forces of Bexia at practice, which Aldmark watches."""
STILL: dict[str, Any] = {
    "states.*.policy.asks": 0.0,
    "states.*.cert.misread": 0.0,
    "states.*.doctrine.rule": "scripted",
    "states.*.doctrine.script": [{"rung": 0}],
    "model.clock_incident": "1 h",
    "model.clock_act": "1 h",
    "model.detection_public": "0 h",
    "model.findings": 0,
}


def staged(changes: dict[str, Any] | None = None) -> Scenario:
    """Return three States, one incident and no arm but the one named `arm`, changed."""
    data = {
        **ONE_DYAD,
        "states": {**ONE_DYAD["states"], "Corland": {"zone": "Europe/Zurich"}},
        "hubs": [{"name": "OSCE"}],
        "arms": {"arm": {"cbms": []}},
    }
    return load(data).with_({**STILL, **(changes or {})})


def script(*rungs: int) -> dict[str, Any]:
    """Return the changes that let Aldmark choose these rungs, one decision after the other, and then 0."""
    rows = [{"number": n, "rung": rung} for n, rung in enumerate(rungs, 1)]
    return {"states.Aldmark.doctrine.script": [*rows, {"rung": 0}]}


def runs(scenario: Scenario, n: int = 20, arm: str = "arm") -> list[Run]:
    return [run(scenario, arm, 1, replication) for replication in range(n)]


def of(told: Run, *kinds: Kind) -> list[Record]:
    return [record for record in told.log.records if record.kind in kinds]


def only(told: Run, kind: Kind) -> Record:
    """Return the one record of a kind."""
    (found,) = of(told, kind)
    return found


def decision_of(told: Run, actor: int) -> Decision:
    """Return the first decision of a State."""
    return next(decision for decision in told.log.decisions if decision.actor == actor)


def lines_used(told: Run, kind: Kind = Kind.INQUIRY) -> list[str]:
    """Return the names of the lines over which something went."""
    return [told.world.names.lines[record.line] for record in of(told, kind)]
