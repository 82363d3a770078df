"""What documents are made from: what everybody may know, what one table may know, and what controllers know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from simcrisis.batch.network import network_tables
from simcrisis.batch.run import Run
from simcrisis.exercise.blocks import Marks, Tlp
from simcrisis.exercise.injects import Inject
from simcrisis.exercise.language import Language
from simcrisis.exercise.phrases import Phrases, display_names, phrases_of
from simcrisis.exercise.programme import Slot, programme
from simcrisis.exercise.story import Candidate, Wish, tables_of
from simcrisis.scenario import Scenario
from simcrisis.scenario.exercise import Exercise
from simcrisis.scenario.parties import Relation, State

_UNKNOWN = 0.5
"""Mistrust that stands for nothing in particular."""


@dataclass(frozen=True)
class Public:
    """What everybody may know. It holds no run."""

    exercise: Exercise
    say: Phrases
    tables: Sequence[str]
    states: Mapping[str, State]
    """By name."""
    relations: Sequence[tuple[str, str, Relation]]
    nodes: pl.DataFrame
    lines: pl.DataFrame
    slots: Sequence[Slot]
    notice: str
    cbms: Sequence[int]
    """Adopted by any State in the arm that is played."""

    @property
    def words(self) -> Language:
        """The language."""
        return self.say.words

    def text(self, key: str, **facts: object) -> str:
        """Return a text of the language."""
        return self.words.text(key, 0, **facts)

    def items(self, key: str, **facts: object) -> list[str]:
        """Return the parts of a text that is a list."""
        return self.text(key, **facts).split("\n\n")

    def marks(self, tlp: Tlp) -> Marks:
        """Return what stands on every page."""
        return Marks(
            self.text("marks.exercise"),
            self.text(f"tlp.{tlp}"),
            self.notice,
            self.words.raw("marks.page"),
            self.text("code"),
        )


@dataclass(frozen=True)
class Table:
    """What one table may know: what everybody may, and its own injects."""

    public: Public
    state: str
    injects: Sequence[Inject]


@dataclass(frozen=True)
class Sealed:
    """What controllers know: everything."""

    public: Public
    run: Run
    wish: Wish | None
    """None: the run was named."""
    chosen: Candidate
    candidates: Sequence[Candidate]

    def tables(self) -> list[Table]:
        """Return what each table may know."""
        injects = self.chosen.injects
        return [Table(self.public, state, [i for i in injects if i.state == state]) for state in self.public.tables]


def sealed(chosen: Candidate, among: Sequence[Candidate], wish: Wish | None, of: Exercise, words: Language) -> Sealed:
    """Return the material of an exercise in which a candidate is played."""
    run = chosen.run
    stands, names = run.scenario.under(run.arm), display_names(run)
    nodes, lines = network_tables(run.scenario, run.arm)
    public = Public(
        of,
        phrases_of(run, words),
        tables_of(run, of),
        {names[word]: stands.states[word] for word in names},
        [(names[relation.between[0]], names[relation.between[1]], relation) for relation in stands.relations],
        nodes,
        lines.with_columns(practice_a=1.0, practice_b=1.0),  # as promised: who does not keep it, nobody sees beforehand
        programme(of),
        run.scenario.notice or words.text("marks.invented"),
        sorted(run.scenario.arms[run.arm].cbms),
    )
    return Sealed(public, run, wish, chosen, among)


def exercise_of(scenario: Scenario, words: Language) -> Exercise:
    """Return the exercise part of a scenario; where it has none, one that gives nothing away."""
    if scenario.exercise is not None:
        return scenario.exercise
    return Exercise(title=words.text("marks.untitled"), situation="")
