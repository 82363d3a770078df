"""What a batch is: everything that its tables depend on, and the manifest that says it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from simcrisis.batch.design import POINT, Point, factors, points
from simcrisis.batch.manifest import FORMAT
from simcrisis.batch.work import ON_REQUEST, Recipe, Task, versions
from simcrisis.engine.compiler import Rules
from simcrisis.engine.rule_names import names_of, rules_of
from simcrisis.errors import BatchError
from simcrisis.events import EXCEEDED, LOG_FORMAT
from simcrisis.scenario import Scenario, load
from simcrisis.stats import Question, contrasts_among
from simcrisis.units import to_hours

MOST_REPLICATIONS = 100_000_000
CURVE_HOURS = range(13, 242)
"""Least and most hours of a curve."""
MOST_CURVE_ROWS = 2_000_000
"""Rows of the table of curves from which its hours are thinned."""


@dataclass(frozen=True, eq=False)
class Plan:
    """A batch before it is run: arms x design points x replications of a scenario, under a seed."""

    scenario: Scenario
    arms: tuple[str, ...]
    seed: int
    replications: int
    points: tuple[Point, ...]
    horizons: tuple[float, ...]
    """The horizon at each design point, in hours."""
    rules: Rules | None = None
    keep: tuple[str, ...] = ()
    command: str | None = None

    @cached_property
    def factors(self) -> pl.DataFrame:
        """Column `point` and a column a factor, a row a design point; no columns where nothing varies."""
        return factors(self.points)

    @property
    def runs(self) -> int:
        """How many runs it has."""
        return len(self.arms) * len(self.points) * self.replications

    @cached_property
    def question(self) -> Question:
        """What is counted at each design point."""
        plain = {arm: dict(self.scenario.arms[arm].cbms) for arm in self.arms if not self.scenario.arms[arm].set}
        hours = MOST_CURVE_ROWS // (len(self.points) * len(self.arms) * len(EXCEEDED))
        return Question(self.arms, contrasts_among(self.arms, plain), min(max(hours, CURVE_HOURS[0]), CURVE_HOURS[-1]))

    @cached_property
    def recipe(self) -> Recipe:
        """What every worker must know."""
        data = json.dumps(dict(self.scenario.data))
        token, trusted = uuid.uuid4().hex, self.scenario.trusted
        return Recipe(token, data, trusted, self.arms, self.seed, self.rules, self.keep, self.question)

    def task(self, point: int, start: int, stop: int) -> Task:
        """Return the task of some replications at a design point."""
        row = self.factors[point] if self.factors.width else self.factors
        return Task(point, self.points[point].changes, row, start, stop)

    def manifest(self) -> dict[str, Any]:
        """Return all that regenerates the batch, and what it was made with, as JSON data."""
        return {
            "batch": FORMAT,
            "log": LOG_FORMAT,
            "version": versions()["simcrisis"],
            "scenario": dict(self.scenario.data),
            "scenario_file": self.scenario.file,
            "scenario_sha256": self.scenario.digest,
            "changed": dict(self.scenario.changes),
            "notice": self.scenario.notice,
            "seed": self.seed,
            "arms": list(self.arms),
            "rules": names_of(self.rules),
            "replications": self.replications,
            "factors": [name for name in self.factors.columns if name != POINT],
            "points": [dict(point.changes) for point in self.points],
            "keep": list(self.keep),
            "command": self.command or f"run_batch(scenario, {self.replications}, {self.seed}, arms={list(self.arms)})",
            "made_with": dict(versions()),
        }


def plan(
    scenario: Scenario,
    replications: int,
    seed: int,
    *,
    arms: Iterable[str] | None = None,
    rules: Rules | None = None,
    keep: Iterable[str] = (),
    command: str | None = None,
) -> Plan:
    """Return a plan that can be run.

    Raises BatchError where numbers make no sense, ScenarioError for an unknown arm, or for values of a design point
    that do not fit together.
    """
    if not 1 <= replications <= MOST_REPLICATIONS:
        raise BatchError(f"replications: {replications} should be from 1 to {MOST_REPLICATIONS:,}")
    if not 0 <= seed < 2**63:
        raise BatchError(f"seed: {seed} should be a whole number from 0, below 2^63")
    kept = tuple(name for name in ON_REQUEST if name in set(keep))
    unknown = sorted(set(keep) - set(ON_REQUEST))
    if unknown:
        raise BatchError(f"keep: no table '{unknown[0][:40]}' to keep; there are {', '.join(ON_REQUEST)}")
    if kept and scenario.aggregates_only:
        raise BatchError(f"{scenario.file}: shows what is common to many runs and keeps the log of no single one")
    chosen, design = _chosen(scenario, arms), points(scenario.experiment)
    horizons = tuple(to_hours(scenario.at(point.changes).horizon) for point in design)
    return Plan(scenario, chosen, seed, replications, design, horizons, rules, kept, command)


def plan_of(manifest: Mapping[str, Any], *, trust_code: bool = False) -> Plan:
    """Return the plan that a manifest says; raises BatchError or ScenarioError where it says none.

    Decision rules that it names as `module:function` are imported only with `trust_code`.
    """
    wanted = {"scenario": dict, "replications": int, "seed": int, "arms": list, "points": list, "version": str}
    wrong = [name for name, kind in wanted.items() if not isinstance(manifest.get(name), kind)]
    if manifest.get("batch") != FORMAT:
        raise BatchError(f"manifest: of format {manifest.get('batch')}; this simcrisis reads format {FORMAT}")
    if wrong:
        raise BatchError(f"manifest: '{wrong[0]}' is missing or damaged")
    named = manifest.get("rules")
    if named is not None and not trust_code:
        raise BatchError(f"manifest: the decision rule {named} is code; it is imported with --trust-code only")
    try:
        rules = rules_of(named)
    except ImportError as error:
        raise BatchError(f"manifest: rules: {error}") from None
    scenario = load(manifest["scenario"], trust_code=trust_code)
    found = plan(
        scenario,
        manifest["replications"],
        manifest["seed"],
        arms=manifest["arms"],
        rules=rules,
        keep=manifest.get("keep", ()),
        command=manifest.get("command"),
    )
    if [dict(point.changes) for point in found.points] != manifest["points"]:
        raise BatchError("manifest: this SciPy samples other design points; install the version that it names")
    return found


def _chosen(scenario: Scenario, arms: Iterable[str] | None) -> tuple[str, ...]:
    """Return the arms in the order of the scenario, so that the first is the reference."""
    if arms is None:
        return tuple(scenario.arms)
    wanted = set(arms)
    for arm in sorted(wanted):
        scenario.under(arm)
    if not wanted:
        raise BatchError("arms: name at least one")
    return tuple(arm for arm in scenario.arms if arm in wanted)
