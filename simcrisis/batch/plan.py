"""What a batch is: everything that its tables depend on, and the manifest that says it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from simcrisis.batch.design import POINT, Point, factors, points
from simcrisis.batch.manifest import FORMAT, Manifest
from simcrisis.batch.stopping import MOST_UNTIL, looks, parse_rule
from simcrisis.batch.work import ON_REQUEST, Recipe, Task, versions
from simcrisis.engine.compiler import Rules
from simcrisis.engine.rule_names import names_of, rules_of
from simcrisis.errors import BatchError, isolated
from simcrisis.events import EXCEEDED, LOG_FORMAT
from simcrisis.scenario import Scenario, digest_of, load
from simcrisis.stats import Question, Rule, contrasts_among
from simcrisis.units import parse_duration, to_hours

MOST_REPLICATIONS = 100_000_000
DEFAULT_REPLICATIONS = 1000
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
    until: Rule | None = None
    """What it is run for: it stops as soon as that is known, with at most so many replications."""

    @cached_property
    def factors(self) -> pl.DataFrame:
        """Column `point` and a column a factor, a row a design point; no columns where nothing varies."""
        return factors(self.points)

    @property
    def of_ensemble(self) -> bool:
        """Whether its design points are the default and the sets of an ensemble."""
        return self.scenario.experiment is not None and self.scenario.experiment.ensemble

    @property
    def runs(self) -> int:
        """How many runs it has."""
        return len(self.arms) * len(self.points) * self.replications

    @cached_property
    def question(self) -> Question:
        """What is counted at each design point; no contrasts where arms themselves are varied."""
        fixed = not any(path.startswith("arms.") for path in self.factors.columns)
        arms = {arm: self.scenario.arms[arm] for arm in self.arms}
        plain = {name: dict(arm.cbms) for name, arm in arms.items() if fixed and arm.only_cbms}
        hours = MOST_CURVE_ROWS // (len(self.points) * len(self.arms) * len(EXCEEDED))
        points = min(max(hours, CURVE_HOURS[0]), CURVE_HOURS[-1])
        return Question(self.arms, contrasts_among(self.arms, plain), points, anytime=self.until is not None)

    @property
    def looks(self) -> Iterable[int]:
        """After how many replications it may stop."""
        return (self.replications,) if self.until is None else looks(self.replications)

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

    @property
    def citation(self) -> str:
        """A sentence that says what the figures are of, for a paper or a slide."""
        design = f" at {len(self.points):,} design points" if len(self.points) > 1 else ""
        of = f"{self.replications:,} replications of the arms {', '.join(map(isolated, self.arms))}{design}"
        return (
            f"The simcrisis developers, simcrisis {versions()['simcrisis']} (software). Batch of the scenario "
            f"“{isolated(self.scenario.title)}” (SHA-256 {self.scenario.digest[:16]}): {of}, seed {self.seed}. "
            "A simulation under assumptions, not a forecast."
        )

    def manifest(self, counts: Mapping[str, int] | None = None) -> Manifest:
        """Return all that regenerates the batch, and what it was made with; `counts` of one that is done."""
        command = self.command or f"run_batch(scenario, {self.replications}, {self.seed}, arms={list(self.arms)})"
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
            "until": None if self.until is None else str(self.until),
            "factors": [name for name in self.factors.columns if name != POINT],
            "points": [dict(point.changes) for point in self.points],
            "keep": list(self.keep),
            "command": command,
            "made_with": dict(versions()),
            "citation": self.citation,
            "counts": None if counts is None else dict(counts),
        }


def plan(
    scenario: Scenario,
    replications: int | None,
    seed: int,
    *,
    until: str | None = None,
    arms: Iterable[str] | None = None,
    rules: Rules | None = None,
    keep: Iterable[str] = (),
    command: str | None = None,
) -> Plan:
    """Return a plan that can be run; without `replications`, of 1,000, or with `until` of at most 100,000.

    Raises BatchError where numbers make no sense, ScenarioError for an unknown arm, or for values of a design point
    that do not fit together.
    """
    if replications is None:
        replications = DEFAULT_REPLICATIONS if until is None else MOST_UNTIL
    if not (_is_whole(replications) and 1 <= replications <= MOST_REPLICATIONS):
        raise BatchError(f"replications: {replications} should be a whole number from 1 to {MOST_REPLICATIONS:,}")
    if not (_is_whole(seed) and 0 <= seed < 2**63):
        raise BatchError(f"seed: {seed} should be a whole number from 0, below 2^63")
    wanted = {keep} if isinstance(keep, str) else set(keep)
    kept = tuple(name for name in ON_REQUEST if name in wanted)
    unknown = sorted(wanted - set(ON_REQUEST))
    if unknown:
        raise BatchError(f"keep: no table '{unknown[0][:40]}' to keep; there are {', '.join(ON_REQUEST)}")
    if kept and scenario.aggregates_only:
        raise BatchError(f"{scenario.file}: shows what is common to many runs and keeps the log of no single one")
    chosen = _chosen(scenario, arms)
    rule = None if until is None else parse_rule(until, chosen)
    found = _plan(scenario, chosen, seed, replications, rules, kept, command, rule)
    for point in found.points:
        scenario.at(point.changes)
    return found


def plan_of(manifest: Manifest, *, trust_code: bool = False) -> Plan:
    """Return the plan that a manifest says; raises BatchError or ScenarioError where it says none.

    Decision rules that it names as `module:function` are imported only with `trust_code`.
    """
    if manifest["rules"] is not None and not trust_code:
        raise BatchError(
            f"manifest: the decision rule {manifest['rules']} is code; it is imported with --trust-code only"
        )
    if digest_of(manifest["scenario"]) != manifest["scenario_sha256"]:
        raise BatchError("manifest: the scenario in it is not the one that was run (scenario_sha256 differs)")
    try:
        rules = rules_of(manifest["rules"])
    except ImportError as error:
        raise BatchError(f"manifest: rules: {error}") from None
    known = load(
        manifest["scenario"], trust_code=trust_code, name=manifest["scenario_file"], changes=manifest["changed"]
    )
    arms, kept = _chosen(known, manifest["arms"]), tuple(manifest["keep"])
    asked = manifest.get("until")
    rule = None if asked is None else parse_rule(asked, arms)
    found = _plan(known, arms, manifest["seed"], manifest["replications"], rules, kept, manifest["command"], rule)
    if [dict(point.changes) for point in found.points] != manifest["points"]:
        raise BatchError(
            "manifest: its design points are not those of its scenario, or SciPy or SALib samples others now"
        )
    return found


def _plan(
    scenario: Scenario,
    arms: tuple[str, ...],
    seed: int,
    replications: int,
    rules: Rules | None,
    keep: tuple[str, ...],
    command: str | None,
    until: Rule | None,
) -> Plan:
    design = points(scenario.experiment)
    horizons = tuple(_horizon(scenario, point) for point in design)
    return Plan(scenario, arms, seed, replications, design, horizons, rules, keep, command, until)


def _horizon(scenario: Scenario, point: Point) -> float:
    changed = point.changes.get("horizon")
    return to_hours(scenario.horizon if changed is None else parse_duration(changed))


def _is_whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


def _chosen(scenario: Scenario, arms: Iterable[str] | None) -> tuple[str, ...]:
    """Return the arms in the order of the scenario, so that the first is the reference."""
    if arms is None:
        return tuple(scenario.arms)
    wanted = {arms} if isinstance(arms, str) else set(arms)
    for arm in sorted(wanted):
        scenario.under(arm)
    if not wanted:
        raise BatchError("arms: name at least one")
    return tuple(arm for arm in scenario.arms if arm in wanted)
