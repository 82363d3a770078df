"""Golden logs: whole runs, kept to the last digit. Renewed on purpose with `make golden`, never to please a test."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from simcrisis import load, run
from tests.cbms import CBMS, Pair, pair_of

FOLDER = Path(__file__).parent


class Golden(NamedTuple):
    """A run that is kept."""

    scenario: str
    arm: str
    seed: int
    replication: int
    changes: Mapping[str, Any] = {}

    @property
    def name(self) -> str:
        return f"{self.scenario}-{self.arm}-{self.seed}-{self.replication}.jsonl"


RUNS = [
    Golden("belgrade_2015", "none", 1, 0),
    Golden("belgrade_2015", "cbm2", 1, 1),
    Golden("belgrade_2015", "cbm8", 1, 2),
    Golden("belgrade_2015", "both", 7, 3),
    Golden("belgrade_2015", "untested", 1, 4),
    Golden("communications_network", "network_and_procedures", 1, 1),
    Golden("hotline_down", "hotlines", 1, 0),
    Golden("upward_spiral", "procedures", 1, 0),
]


def pair(number: int) -> tuple[Golden, Golden]:
    """Return the golden pair of a CBM: a run without it, and the same run with it, away from its null."""
    arms: Pair = pair_of(number)
    changes = {"effects.cbm4.rumour": 0.2} if number == 4 else {}
    return Golden("sixteen_measures", arms.without, 1, 3), Golden("sixteen_measures", arms.with_it, 1, 3, changes)


RUNS += sorted({golden.name: golden for number in CBMS for golden in pair(number)}.values(), key=lambda g: g.name)


def rows_of(golden: Golden) -> list[dict[str, Any]]:
    scenario = load(golden.scenario)
    told = run(scenario.with_(golden.changes) if golden.changes else scenario, *golden[1:4])
    return [*told.events.to_dicts(), *told.decisions.to_dicts()]


def kept(golden: Golden) -> list[dict[str, Any]]:
    """Return the rows that are kept of a run."""
    return [json.loads(line) for line in (FOLDER / golden.name).read_text(encoding="utf-8").splitlines()]


def renew() -> None:
    for each in RUNS:
        text = "".join(json.dumps(row) + "\n" for row in rows_of(each))
        (FOLDER / each.name).write_text(text, encoding="utf-8")
