"""Golden logs: whole runs, kept to the last digit. Renewed on purpose with `make golden`, never to please a test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from simcrisis import load, run

FOLDER = Path(__file__).parent
RUNS = [
    ("belgrade_2015", "none", 1, 0),
    ("belgrade_2015", "cbm2", 1, 1),
    ("belgrade_2015", "cbm8", 1, 2),
    ("belgrade_2015", "both", 7, 3),
    ("belgrade_2015", "untested", 1, 4),
]


def name_of(scenario: str, arm: str, seed: int, replication: int) -> str:
    return f"{scenario}-{arm}-{seed}-{replication}.jsonl"


def rows_of(scenario: str, arm: str, seed: int, replication: int) -> list[dict[str, Any]]:
    told = run(load(scenario), arm, seed, replication)
    return [*told.events.to_dicts(), *told.decisions.to_dicts()]


def renew() -> None:
    for each in RUNS:
        text = "".join(json.dumps(row) + "\n" for row in rows_of(*each))
        (FOLDER / name_of(*each)).write_text(text, encoding="utf-8")
