"""How far the luck of two arms stays in step: what common random numbers have in common, and what they save."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import polars as pl

from simcrisis.batch.interrupts import insistent_interrupts
from simcrisis.batch.parting import FirstDifference, first_difference
from simcrisis.draws import Occasion, Purpose, RecordedLuck
from simcrisis.engine.compiler import Rules, compile_world
from simcrisis.engine.run import simulate_with
from simcrisis.engine.world import World
from simcrisis.errors import BatchError
from simcrisis.events import EventLog
from simcrisis.frames import Sheet
from simcrisis.measures import Tables, outcomes
from simcrisis.scenario import Scenario
from simcrisis.shown import ASSUMED, card
from simcrisis.stats import Question, Tally, differences, nothing, tally
from simcrisis.stats.tally import CHANGES
from simcrisis.units import to_hours

AT_ONCE = 100
"""Replications whose logs are held at one time."""
Progress = Callable[[int], object]
"""Is told how many replications are done."""


@dataclass(frozen=True, eq=False)
class Audit:
    """How far the luck of two arms, `left` and `right`, stays in step, over many replications."""

    scenario: Scenario
    arms: tuple[str, str]
    """Left and right."""
    seed: int
    replications: int
    rules: Rules | None = field(repr=False)
    occasions: pl.DataFrame = field(repr=False)
    """A row a purpose that is drawn for: `purpose`; `left`, `right`, `both`, `either`: occasions drawn in the arms,
    summed over replications; `common`: both / either."""
    parting: pl.DataFrame = field(repr=False)
    """One row: `n` replications, `never`: those that never part; `hour_low`, `hour_median`, `hour_high`: quartiles of
    the hour of the first record that differs, over those that part (null where none does)."""
    causes: pl.DataFrame = field(repr=False)
    """A row for each first record that differs, the most frequent first: its kind in the arm `left` and in `right`
    (null: that arm has nothing there that the other has not), `differs` (in what, where the kinds are one), `n`,
    `share` (of replications that part), `hour_median`."""
    saved: pl.DataFrame = field(repr=False)
    """The table `differences` (docs/tables.md) of `right` against `left`, of these very runs; `variance_ratio` is what
    common luck saved."""

    def __repr__(self) -> str:
        of = f"{self.arms[0]!r} and {self.arms[1]!r} in {self.scenario.title!r}"
        told = "nothing drawn" if self.common is None else f"{100 * self.common:.0f} % of occasions in common"
        return f"<Audit of {of}: {told}; {self.replications} replications, seed {self.seed}>"

    def _repr_html_(self) -> str:
        tables = {name: getattr(self, name) for name in ("occasions", "parting", "causes", "saved")}
        return card(repr(self)[1:-1], [f"{ASSUMED}."], tables)

    @property
    def common(self) -> float | None:
        """The share of occasions common to both arms, of all that either draws; None where nothing is drawn."""
        either = int(self.occasions["either"].sum())
        return int(self.occasions["both"].sum()) / either if either else None


@insistent_interrupts()
def audit(
    scenario: Scenario,
    arms: Sequence[str] | None = None,
    replications: int = 200,
    seed: int = 1,
    *,
    rules: Rules | None = None,
    progress: Progress | None = None,
) -> Audit:
    """Run two arms under the same luck and return how far it stays in step; the first and the last arm unless named.

    Raises BatchError where the arms are not two or numbers make no sense, ScenarioError for an unknown arm.
    """
    pair = _two(scenario, arms)
    if replications < 1 or not 0 <= seed < 2**63:
        raise BatchError("replications should be a whole number from 1, seed one from 0, below 2^63")
    worlds = (compile_world(scenario, pair[0], rules), compile_world(scenario, pair[1], rules))
    question = Question(pair, points=1)
    drawn, parted, counted = _Drawn(), list[FirstDifference | None](), nothing(question)
    for start in range(0, replications, AT_ONCE):
        sheet = Sheet({world.arm: world.names for world in worlds})
        for replication in range(start, min(start + AT_ONCE, replications)):
            logs = _run(worlds, seed, replication, drawn)
            parted.append(first_difference(worlds, logs))
            for arm, log in dict(zip(pair, logs, strict=True)).items():
                sheet.add(arm, replication, log)
            if progress:
                progress(replication + 1)
        counted += _counted(sheet, range(start, len(parted)), question, worlds[0].horizon)
    saved = differences(question, counted)
    return Audit(scenario, pair, seed, replications, rules, drawn.table(), _parting(parted), _causes(parted), saved)


def _two(scenario: Scenario, arms: Sequence[str] | None) -> tuple[str, str]:
    if arms is None:
        return scenario.reference, list(scenario.arms)[-1]
    if isinstance(arms, str) or len(arms) != 2:
        raise BatchError("arms: name two, or none for the first and the last of the scenario")
    return arms[0], arms[1]


class _Drawn:
    """Counts by purpose of the occasions that the one, the other and both of two arms draw."""

    def __init__(self) -> None:
        self._left, self._right, self._both = Counter[Purpose](), Counter[Purpose](), Counter[Purpose]()

    def add(self, left: set[Occasion], right: set[Occasion]) -> None:
        """Take in the occasions of a replication."""
        for counts, occasions in ((self._left, left), (self._right, right), (self._both, left & right)):
            counts.update(purpose for purpose, _, _ in occasions)

    def table(self) -> pl.DataFrame:
        """Return the table `occasions`, purposes in the order of their numbers."""
        seen = [purpose for purpose in Purpose if self._left[purpose] or self._right[purpose]]
        columns = {"left": self._left, "right": self._right, "both": self._both}
        counts = {name: pl.Series([each[p] for p in seen], dtype=pl.Int64) for name, each in columns.items()}
        names = pl.Series([purpose.name.lower() for purpose in seen], dtype=pl.String)
        either = pl.col("left") + pl.col("right") - pl.col("both")
        table = pl.DataFrame({"purpose": names, **counts}).with_columns(either.alias("either"))
        return table.with_columns((pl.col("both") / pl.col("either")).alias("common"))


def _run(worlds: tuple[World, World], seed: int, replication: int, drawn: _Drawn) -> tuple[EventLog, EventLog]:
    """Return the logs of a replication in both arms, and take in what they have drawn."""
    left, right = RecordedLuck(seed, replication), RecordedLuck(seed, replication)
    logs = simulate_with(worlds[0], left), simulate_with(worlds[1], right)
    drawn.add(left.drawn, right.drawn)
    return logs


def _counted(sheet: Sheet, replications: range, question: Question, horizon: int) -> Tally:
    """Return the counts of the runs of a sheet, the same replications of every arm."""
    arms = pl.DataFrame({"arm": [*dict.fromkeys(question.arms)]}, schema={"arm": pl.String})
    these = arms.join(pl.DataFrame({"replication": replications}, schema={"replication": pl.Int64}), how="cross")
    measured = outcomes(Tables(sheet.events(), sheet.decisions(), these, to_hours(horizon)))
    done = measured.with_columns(pl.lit(value=False).alias("failed"))
    return tally(done, pl.DataFrame(schema=CHANGES), question, to_hours(horizon))


def _parting(parted: Sequence[FirstDifference | None]) -> pl.DataFrame:
    hours = pl.Series([to_hours(each.at) for each in parted if each], dtype=pl.Float64)
    quartiles = {f"hour_{name}": hours.quantile(q, "linear") for name, q in _QUARTILES.items()}
    whole = {"n": len(parted), "never": len(parted) - len(hours)}
    return pl.DataFrame([whole | quartiles], schema_overrides=dict.fromkeys(quartiles, pl.Float64))


_QUARTILES = {"low": 0.25, "median": 0.5, "high": 0.75}


def _causes(parted: Sequence[FirstDifference | None]) -> pl.DataFrame:
    rows = [
        (each.left and each.left.label, each.right and each.right.label, ", ".join(each.fields), to_hours(each.at))
        for each in parted
        if each
    ]
    schema = {"left": pl.String, "right": pl.String, "differs": pl.String, "hour": pl.Float64}
    return (
        pl.DataFrame(rows, schema=schema, orient="row")
        .group_by("left", "right", "differs")
        .agg(pl.len().cast(pl.Int64).alias("n"), pl.col("hour").median().alias("hour_median"))
        .select("left", "right", "differs", "n", (pl.col("n") / len(rows)).alias("share"), "hour_median")
        .sort("n", "left", "right", "differs", descending=[True, False, False, False], nulls_last=True)
    )
