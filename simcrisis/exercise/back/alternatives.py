"""Alternative courses: what could have followed from what a table decided, and from other steps that it could take."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from simcrisis.batch.continuation import courses
from simcrisis.errors import ExerciseError
from simcrisis.events import NOBODY, Decision
from simcrisis.exercise.back.answers import Answer, Answers
from simcrisis.exercise.material import Sealed
from simcrisis.rules.situation import HIGHEST_UNNAMED, LOWEST_PUBLIC, WAR

PRIVATE = LOWEST_PUBLIC - 1
"""Stands for all private steps: they are one course, for nobody sees them."""
REPLICATIONS = 1_000
Progress = Callable[[int, int], None]
"""Is told how many runs are done, and how many there are."""


@dataclass(frozen=True)
class Courses:
    """What followed from each of several steps at one decision of a table."""

    answer: Answer
    played: int
    """The table's step as the model plays it: the private ones are one, and what was not open is the highest open."""
    story: int
    """The step of the story, in the same way."""
    table: pl.DataFrame
    """A row a step, the table's own first; columns as in `batch.continuation`."""

    @property
    def closed(self) -> bool:
        """Whether the table's step was not open in the model."""
        assert self.answer.step is not None
        return self.played not in (self.answer.step, max(self.answer.step, PRIVATE))


def alternatives(
    material: Sealed, answers: Answers, tables: Sequence[str], replications: int = REPLICATIONS,
    progress: Progress | None = None,
) -> list[Courses]:  # fmt: skip
    """Return the alternative courses of the decisions of some tables that count, in the order of the day.

    Raises ExerciseError for a State without a table.
    """
    for table in tables:
        if table not in material.public.tables:
            there = ", ".join(material.public.tables)
            raise ExerciseError(f"table: there is no '{table[:80]}'; there are {there}")
    decided = {decision.seq: decision for decision in material.run.log.decisions}
    chosen = [answer for answer in answers.decisions if answer.counts and answer.table in tables]
    steps = {answer.number: steps_of(answer, decided[answer.seq]) for answer in chosen}
    total, done = replications * sum(map(len, steps.values())), 0

    def advance(more: int) -> None:
        nonlocal done
        done += more
        if progress is not None:
            progress(done, total)

    found = []
    for answer in chosen:
        decision, own = decided[answer.seq], steps[answer.number]
        story = _as_played(decision.act, decision)
        named = [decision.act if step == story else step for step in own]  # what the run chose is left to its rule
        followed = courses(material.run, decision, named, replications, advance)
        shown = followed.with_columns(
            pl.col("later_low", "later_high").clip(0.0, WAR),  # Student's t knows no ladder
            choice=pl.Series(own, dtype=pl.Int64),
        )
        found.append(Courses(answer, own[0], story, shown))
    return found


def steps_of(answer: Answer, decision: Decision) -> list[int]:
    """Return the steps that are compared: the table's first, then nothing in public, the story's, and the neighbours.

    War is compared only where a table or the story has chosen it.
    """
    assert answer.step is not None
    own, story = _as_played(answer.step, decision), _as_played(decision.act, decision)
    others = {PRIVATE, story, *(_as_played(step, decision) for step in _beside(own))} - {own}
    return [own, *sorted(others)]


def _beside(step: int) -> Iterator[int]:
    yield max(step - 1, PRIVATE)
    if step + 1 < WAR:
        yield step + 1


def _as_played(step: int, decision: Decision) -> int:
    """Return a step as the model plays it."""
    open_to = HIGHEST_UNNAMED if decision.about == NOBODY else WAR
    return min(max(step, PRIVATE), open_to)
