"""Which line matters: each line of an arm cut, each absent one added, every subset of its CBMs, under the same luck."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from simcrisis import stats
from simcrisis.batch.batch import Batch
from simcrisis.batch.cbm_subsets import (
    THOUSAND,
    Subsets,
    best_portfolios,
    cbm_values,
    check_budget,
    chosen_cbms,
    subset_arms,
)
from simcrisis.batch.line_arms import LineArm, line_arms, named_arms, regime_of
from simcrisis.batch.plan import Plan, plan
from simcrisis.batch.running import Progress, run_plan
from simcrisis.errors import BatchError
from simcrisis.events import EXCEEDED, FIREBREAK
from simcrisis.scenario import Scenario, load
from simcrisis.shown import ASSUMED, card

ESTIMATE = ("difference", "low", "high")
COMPENSATED = ("compensated", "compensated_low", "compensated_high")
"""The columns of `batch.differences` that say what a line is worth, and the same with less noise."""
SCHEMA = {
    "line": pl.String,
    "kind": pl.String,
    "a": pl.String,
    "b": pl.String,
    "change": pl.String,
    "averted_per_1000": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "compensated_per_1000": pl.Float64,
    "compensated_low": pl.Float64,
    "compensated_high": pl.Float64,
    "p_value": pl.Float64,
    "p_holm": pl.Float64,
    "only_without": pl.Int64,
    "only_with": pl.Int64,
    "runs": pl.Int64,
    "rung": pl.Int64,
    "arm": pl.String,
}


_SAID = ("kind", "a", "b", "arm", "runs", "rung")
"""Columns that say in a notebook what the names of lines, or the heading, say too."""


@dataclass(frozen=True)
class LineDesign:
    """The arms of a study of lines: one batch under common luck, the base arm its reference."""

    scenario: Scenario = field(repr=False)
    """With the arms of the study, and as it stands in the base arm."""
    base: str
    lines: tuple[tuple[str, LineArm], ...] = field(repr=False)
    """Name of the arm, and what it changes."""
    left_out: int
    """Lines beyond the most that are taken."""
    subsets: Subsets | None
    """Of CBMs."""

    def plan(self, replications: int, seed: int, command: str | None = None) -> Plan:
        """Return the plan of its batch; raises BatchError where the numbers make no sense."""
        return plan(self.scenario, replications, seed, command=command)


@dataclass(frozen=True, eq=False)
class LineStudy:
    """What single lines and CBMs are worth; columns in docs/tables.md."""

    design: LineDesign
    batch: Batch = field(repr=False)
    rung: int
    lines: pl.DataFrame = field(repr=False)
    """A row a line, the one that averts most first."""
    cbms: pl.DataFrame | None = field(repr=False)
    """A row a CBM, with its Shapley value; None where no subsets were run."""
    portfolios: pl.DataFrame | None = field(repr=False)
    """A row for each subset of CBMs that the budget pays for, the best first; None without a budget."""

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """What was found, by name."""
        found = {"lines": self.lines, "cbms": self.cbms, "portfolios": self.portfolios}
        return {name: table for name, table in found.items() if table is not None}

    def __repr__(self) -> str:
        of = f"{len(self.lines)} lines of arm {self.design.base!r}, rung {self.rung}"
        return f"<LineStudy of {of}: {self.batch.replications} replications, seed {self.batch.seed}>"

    def _repr_html_(self) -> str:
        fact = f"{ASSUMED}: escalations to rung {self.rung} averted per 1,000 runs, with 95 % intervals."
        told = {name: table.select(pl.exclude(_SAID)) for name, table in self.tables.items()}
        return card(repr(self)[1:-1], [fact], told)


def line_design(
    scenario: Scenario,
    arm: str | None = None,
    *,
    kinds: Iterable[str] | None = None,
    lines: Iterable[str] | None = None,
    cbms: Iterable[int] | None = None,
) -> LineDesign:
    """Return the arms that tell what the lines and CBMs of an arm (default: the last) are worth.

    `kinds` of lines: default all but diplomatic ones. `lines`: only those named. `cbms`: those of which every subset is
    run; default those of the arm if at most six, an empty list for none. The scenario stands as in the arm (its `set`
    applied), and what its `experiment` varies is left as it is.

    Raises ScenarioError for an unknown arm, BatchError for an unknown kind, line or CBM, or too many CBMs.
    """
    base = list(scenario.arms)[-1] if arm is None else arm
    stands = scenario.under(base)
    regime = regime_of(stands, base)
    found, left_out = line_arms(stands, base, kinds, None if lines is None else set(lines))
    chosen = chosen_cbms(regime, cbms)
    wanted = [(f"{'without' if each.change == 'cut' else 'with'} {each.line}", each.regime) for each in found]
    joined = subset_arms(regime, chosen) if chosen else []
    arms, names = named_arms(base, regime, [*wanted, *joined])
    data = {key: value for key, value in stands.data.items() if key != "experiment"}
    made = load({**data, "arms": arms}, trust_code=scenario.trusted, name=scenario.file, changes=scenario.changes)
    of_lines = tuple(zip(names, found, strict=False))
    return LineDesign(made, base, of_lines, left_out, Subsets(chosen, tuple(names[len(found) :])) if chosen else None)


def lines_that_matter(
    scenario: Scenario,
    arm: str | None = None,
    *,
    rung: int = FIREBREAK,
    replications: int = 1000,
    seed: int = 1,
    kinds: Iterable[str] | None = None,
    lines: Iterable[str] | None = None,
    cbms: Iterable[int] | None = None,
    budget: float | None = None,
    costs: Mapping[int, float] | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> LineStudy:
    """Return what the lines and CBMs of an arm are worth: escalations to a rung averted per 1,000 runs.

    See `line_design` for what is compared, `run_batch` for workers, out and progress. With a `budget`, the best subset
    of the CBMs that it pays for (`costs` by CBM, default 1 each). Raises as those do, and BatchError for a rung that is
    not public or a budget that makes no sense.
    """
    design = line_design(scenario, arm, kinds=kinds, lines=lines, cbms=cbms)
    check(design, rung, budget, costs or {})
    batch = run_plan(design.plan(replications, seed), workers=workers, out=out, progress=progress)
    return study(design, batch, rung, budget, costs or {})


def check(design: LineDesign, rung: int, budget: float | None, costs: Mapping[int, float]) -> None:
    """Raise BatchError for what could not be told after the batch has run."""
    if rung not in EXCEEDED:
        raise BatchError(f"rung: {rung} should be from {EXCEEDED[0]} to {EXCEEDED[-1]}, the public ones")
    check_budget(design.subsets.cbms if design.subsets else (), budget, costs)


def study(design: LineDesign, batch: Batch, rung: int, budget: float | None, costs: Mapping[int, float]) -> LineStudy:
    """Return what a batch of a design says about a rung."""
    subsets = design.subsets
    return LineStudy(
        design,
        batch,
        rung,
        lines=line_values(design, batch, rung),
        cbms=cbm_values(batch, subsets, rung) if subsets else None,
        portfolios=best_portfolios(batch, subsets, rung, budget, costs) if subsets and budget is not None else None,
    )


def line_values(design: LineDesign, batch: Batch, rung: int) -> pl.DataFrame:
    """Return a row a line, the one that averts most first: escalations to a rung averted per 1,000 runs.

    Positive where the line averts, whether it was cut or added; 95 % intervals of single comparisons. `compensated_...`
    is the same with less noise, from 30 hits in both arms; where all lines have it, they stand in its order. `p_holm`
    is the p-value adjusted for the number of lines; `only_without` and `only_with` are discordant pairs.
    """
    changes = batch.differences.filter(pl.col("rung") == rung)
    of_arm = {row["arm"]: row for row in changes.iter_rows(named=True)}
    told = [(name, each, of_arm[name]) for name, each in design.lines if name in of_arm]
    adjusted = stats.holm([row["p_value"] for _, _, row in told])
    rows = []
    for (name, each, row), p_holm in zip(told, adjusted, strict=True):
        up, down = row["discordant_up"], row["discordant_down"]
        if each.change == "added":  # the arm is the one with the line
            up, down = down, up
        estimates = (*_averted(each, row, ESTIMATE), *_averted(each, row, COMPENSATED))
        words = (each.line, str(each.kind), each.a, each.b, each.change)
        rows.append((*words, *estimates, row["p_value"], p_holm, up, down, row["n"], rung, name))
    table = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    by = "averted_per_1000" if table["compensated_per_1000"].null_count() else "compensated_per_1000"
    return table.sort(by, "p_value", descending=[True, False], maintain_order=True)


def _averted(line: LineArm, row: Mapping[str, Any], columns: Sequence[str]) -> tuple[float | None, ...]:
    """Return what a line averts per 1,000 runs, with its bounds, from the columns of a difference."""
    if row[columns[0]] is None:
        return None, None, None
    more, low, high = (THOUSAND * row[column] for column in columns)
    return (more, low, high) if line.change == "cut" else (0.0 - more, 0.0 - high, 0.0 - low)
