"""The figures of a study as a file: pages are made from it, and tests see whether the code still makes it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from simcrisis import __version__, load
from tests.studies.published.measuring import FOLDER, Found, Measured, measure, scenario_path
from tests.studies.published.study import Study

SMALL = 10
"""Replications of the small version of a study."""
PROSE = ("title", "question", "summary", "sources")
"""Of a scenario: may be reworded without another run."""


def kept_path(study: Study) -> Path:
    """Return the file in which its figures are kept."""
    return FOLDER / "measured" / f"{study.name}.json"


def digest(study: Study) -> str:
    """Return what tells a study's scenario and questions from others: figures that are kept are of these."""
    asked = [study.runs, study.worlds, [(each.name, each.weights) for each in study.statistics]]
    contrasts = [(each.statistic, each.arms) for each in study.contrasts]
    scenario = {key: value for key, value in load(scenario_path(study)).data.items() if key not in PROSE}
    text = json.dumps([scenario, *asked, contrasts], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class Kept(NamedTuple):
    """The figures of a study, by rule, as its file holds them."""

    version: str
    """Of simcrisis, that made them."""
    measured: Mapping[str, Measured]
    small: Mapping[str, Measured]
    """Of the first few replications: soon made again, to see whether the code still makes these figures."""


def keep(study: Study) -> None:
    """Measure a study and write its figures to its file."""
    made = {"measured": measure(study), "small": measure(study, SMALL)}
    figures = {name: {rule: each._asdict() for rule, each in by_rule.items()} for name, by_rule in made.items()}
    text = json.dumps({"of": digest(study), "simcrisis": __version__, **figures}, indent=1)
    kept_path(study).write_text(text + "\n", encoding="utf-8")


def kept(study: Study) -> Kept:
    """Return the figures of a study from its file; raises ValueError if they are of another scenario or question."""
    data: dict[str, Any] = json.loads(kept_path(study).read_text(encoding="utf-8"))
    if data["of"] != digest(study):
        raise ValueError(f"the figures of {study.name} are of another study: python -m {__package__} {study.name}")
    measured, small = ({rule: _read(each) for rule, each in data[name].items()} for name in ("measured", "small"))
    return Kept(data["simcrisis"], measured, small)


def _read(data: Mapping[str, Any]) -> Measured:
    levels = {name: {arm: _one(found) for arm, found in arms.items()} for name, arms in data["levels"].items()}
    return Measured(levels, [_one(found) for found in data["contrasts"]])


def _one(found: Sequence[float] | None) -> Found | None:
    if found is None:
        return None
    value, low, high, n, apart = found
    return Found(value, low, high, int(n), int(apart))
