"""One run as people use it: tables made when asked for, with what regenerates them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from simcrisis.engine.compiler import Rules, compile_world
from simcrisis.engine.run import simulate
from simcrisis.engine.world import World
from simcrisis.events import EventLog
from simcrisis.scenario import Scenario
from simcrisis.shown import card, figure
from simcrisis.units import to_hours

if TYPE_CHECKING:
    import polars as pl

    from simcrisis.frames import Sheet


@dataclass(frozen=True, eq=False)
class Run:
    """A run: its log, and where it came from. The same scenario, arm, seed and replication give the same run."""

    scenario: Scenario
    arm: str
    seed: int
    replication: int
    world: World = field(repr=False)
    log: EventLog = field(repr=False)

    @cached_property
    def _sheet(self) -> Sheet:
        from simcrisis.frames import Sheet  # tables are slow to import, and a run is told without any

        sheet = Sheet({self.arm: self.world.names})
        sheet.add(self.arm, self.replication, self.log)
        return sheet

    @cached_property
    def events(self) -> pl.DataFrame:
        """The event log, a row a record; columns as in docs/tables.md."""
        return self._sheet.events()

    @cached_property
    def decisions(self) -> pl.DataFrame:
        """The decisions, a row each, with the situation in which they were taken."""
        return self._sheet.decisions()

    @cached_property
    def outcome(self) -> pl.DataFrame:
        """Every measure of this run, in one row."""
        import polars as pl

        from simcrisis.measures import Tables, outcomes

        this = pl.DataFrame({"arm": [self.arm], "replication": [self.replication]})
        hours = to_hours(self.scenario.horizon)
        return outcomes(Tables(self.events, self.decisions, this, hours))

    def __repr__(self) -> str:
        of = f"{self.scenario.title!r}, arm {self.arm!r}"
        return f"<Run of {of}, seed {self.seed}, replication {self.replication}: {len(self.log.rows)} records>"

    def _repr_html_(self) -> str:
        told = self.outcome.drop("arm", "replication").row(0, named=True)
        kept = {name: value for name, value in told.items() if not name.startswith(("first_hour_", "chance_"))}
        measures = ", ".join(f"{name} {figure(value)}" for name, value in kept.items())
        return card(repr(self)[1:-1], [f"{measures}."], {})


def run(
    scenario: Scenario, arm: str | None = None, seed: int = 1, replication: int = 0, *, rules: Rules | None = None
) -> Run:
    """Return one run of a scenario; the arm is the last one unless named.

    `rules` is a decision rule of your own for all States, or a mapping from States to rules (docs/rules.md).

    Raises ScenarioError when there is no such arm, ValueError when seed or replication is negative.
    """
    if seed < 0 or replication < 0:
        raise ValueError("seed and replication are whole numbers from 0")
    chosen = list(scenario.arms)[-1] if arm is None else arm
    world = compile_world(scenario, chosen, rules)
    return Run(scenario, chosen, seed, replication, world, simulate(world, seed, replication))
