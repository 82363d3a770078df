"""Which run is played: one that fits a wish, in which every table has something to do and war is not inevitable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from simcrisis.batch.batch import Batch
from simcrisis.batch.run import Run
from simcrisis.batch.running import run_batch
from simcrisis.batch.typical import by_typicality
from simcrisis.errors import ExerciseError
from simcrisis.events import Decision, Kind
from simcrisis.exercise.injects import Inject, injects, sorts
from simcrisis.exercise.knowledge import received
from simcrisis.exercise.phrases import display_names
from simcrisis.rules.situation import WAR
from simcrisis.scenario import Scenario
from simcrisis.scenario.exercise import Exercise

CANDIDATES = 5
"""Runs among which an organiser may choose."""
MOST_TABLES = 4
"""States that are played unless the scenario names them."""
INEVITABLE = 0.5
"""Probability of war, stated by the run's own decisions, from which a run is not played."""
_UNLOST = (pl.col("peak_rung") < WAR) & (pl.col(f"chance_{WAR}") < INEVITABLE)
_EMPTY = 0.25
"""Share of all moves of all tables in which a table may be left without anything new."""


class Wish(StrEnum):
    """What kind of run is played."""

    MEDIAN = "median"
    """The most typical run of its arm."""
    P90 = "p90"
    """The run that goes further than nine in ten."""
    LINE_DOWN = "line-down"
    """A typical run in which a line is down when it is wanted."""
    UNANSWERED = "unanswered"
    """A run in which an unanswered inquiry changes a decision, compared with the reference arm."""


@dataclass(frozen=True)
class Candidate:
    """A run that could be played."""

    run: Run
    injects: Sequence[Inject]

    @property
    def replication(self) -> int:
        """The replication."""
        return self.run.replication

    def counts(self) -> Mapping[str, int]:
        """Return what a sentence tells of it."""
        kinds = Counter(record.kind for record in self.run.log.records)
        return {
            "replication": self.replication,
            "peak": int(self.run.outcome["peak_rung"][0]),
            "steps": kinds[Kind.ACT],
            "decisions": sum(inject.is_decision for inject in self.injects),
            "inquiries": kinds[Kind.INQUIRY],
            "silences": kinds[Kind.SILENCE],
            "down": kinds[Kind.LINE_DOWN],
            "injects": len(self.injects),
        }


def candidates(
    scenario: Scenario, of: Exercise, wish: Wish, *, arm: str | None = None, seed: int = 1, replications: int = 400
) -> list[Candidate]:
    """Return runs that could be played, the one that fits the wish best first.

    Raises ExerciseError where none of them can be played, ScenarioError where there is no such arm.
    """
    arm = list(scenario.arms)[-1] if arm is None else arm
    batch = run_batch(scenario, replications, seed, arms=list(dict.fromkeys((scenario.reference, arm))), workers=1)
    found: list[Candidate] = []
    refused: list[str] = []
    for run, heart in _wished(batch, arm, wish):
        try:
            candidate = Candidate(run, playable(run, of))
        except ExerciseError as error:
            refused.append(str(error))
            continue
        if heart and not heart & {known.seq for inject in candidate.injects for known in inject.known}:
            refused.append("no table would hear of what was wished for")
            continue
        found.append(candidate)
        if len(found) == CANDIDATES:
            break
    if not found:
        reason = f"{len(refused)} fit, and cannot be played ({refused[0]})" if refused else "none fits it"
        others = ", ".join(name for name in scenario.arms if name != arm)
        reason += f"; try another arm: {others}" if others else ""
        raise ExerciseError(f"wish: '{wish}': of {replications} runs of arm '{arm}', {reason}")
    return found


def playable(run: Run, of: Exercise) -> list[Inject]:
    """Return the injects of a run.

    Raises ExerciseError where its scenario shows no single run, where war is inevitable, a table would sit idle, or
    nobody decides.
    """
    if run.scenario.aggregates_only:
        file = run.scenario.file
        raise ExerciseError(f"{file}: it shows what is common to many runs only, and no single run is played")
    if run.outcome.filter(_UNLOST).is_empty():
        raise ExerciseError(f"replication {run.replication}: it ends in war, or all but does")
    tables = tables_of(run, of)
    found = injects(run, tables, of)
    busy = {(inject.state, inject.move) for inject in found}
    if len(busy) < (1.0 - _EMPTY) * len(tables) * of.moves:
        raise ExerciseError("too many tables would have nothing new in too many moves")
    if not any(inject.is_decision for inject in found):
        raise ExerciseError("no State has to decide anything")
    return found


def tables_of(run: Run, of: Exercise) -> list[str]:
    """Return the States that are played, by name: those the scenario names, or those to which most happens."""
    if of.tables:
        names = display_names(run)
        return [names[word] for word in of.tables]
    told = {state: sum(sorts()[k.sort].loud > 1 for k in known) for state, known in received(run).items()}
    return sorted(
        sorted((state for state in told if told[state]), key=lambda state: (-told[state], state))[:MOST_TABLES]
    )


def _wished(batch: Batch, arm: str, wish: Wish) -> Iterator[tuple[Run, set[int]]]:
    """Yield the runs that fit a wish, best first, with the records one of which has to be told for its sake."""
    runs = batch.runs.filter(pl.col("arm") == arm, ~pl.col("failed"), _UNLOST)
    if not len(runs):
        return
    order = by_typicality(runs)
    if wish is Wish.P90:
        heat = runs.sort("peak_rung", "rung_hours", "replication").with_row_index("rank")
        away = (pl.col("rank") - 0.9 * (len(runs) - 1)).abs()
        order = heat.sort(away, "replication")["replication"].to_list()
    for replication in order:
        run = batch.replay(replication, arm)
        heart: set[int] = set()
        if wish is Wish.LINE_DOWN:
            heart = {seq for seq, record in enumerate(run.log.records) if record.kind is Kind.LINE_DOWN}
        elif wish is Wish.UNANSWERED:
            heart = _turned_by_silence(run, batch.replay(replication, batch.arms[0]))
        if heart or wish in {Wish.MEDIAN, Wish.P90}:
            yield run, heart


def _turned_by_silence(run: Run, other: Run) -> set[int]:
    """Return the first decision that differs between two arms, if it was taken upon an unanswered inquiry."""
    same = set(map(_what, _numbered(other)))
    first = next((each for each in _numbered(run) if _what(each) not in same), None)
    if first is None or first[0].silence <= 0.0:
        return set()
    decision, kinds = first[0], {Kind.INQUIRY: 0, Kind.ASSURANCE: 0, Kind.FORMULAIC: 0}
    for record in run.log.records[: decision.seq]:
        if record.case == decision.case and record.kind in kinds:
            kinds[record.kind] += 1
    asked, answered = kinds.pop(Kind.INQUIRY), sum(kinds.values())
    return {decision.seq} if asked > answered else set()


def _numbered(run: Run) -> list[tuple[Decision, int, int]]:
    """Return the decisions of a run, each with its incident, and how often its State had decided about that before."""
    before: Counter[tuple[int, int, int]] = Counter()
    found = []
    for decision in run.log.decisions:
        incident = run.log.records[decision.seq].incident
        about = decision.actor, incident, decision.of_incident
        found.append((decision, incident, before[about]))
        before[about] += 1
    return found


def _what(numbered: tuple[Decision, int, int]) -> tuple[int, int, bool, int, int]:
    decision, incident, before = numbered
    return decision.actor, incident, decision.of_incident, before, decision.act
