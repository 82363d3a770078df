"""What a report is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from simcrisis.events import Decision
from simcrisis.exercise.back.alternatives import Courses
from simcrisis.exercise.back.answers import Answer, Answers
from simcrisis.exercise.back.notes import Notes
from simcrisis.exercise.back.questionnaire import Questionnaire
from simcrisis.exercise.back.talk import Talk
from simcrisis.exercise.injects import Inject
from simcrisis.exercise.knowledge import Matter
from simcrisis.exercise.material import Public, Sealed

KEY = "documents.debrief"


@dataclass(frozen=True)
class Debriefing:
    """A day as it went: the pack, what tables decided, and what came of it."""

    pack: str
    sealed: Sealed
    answers: Answers
    talk: Talk
    courses: Sequence[Courses] = ()
    """Of the decisions that count, of the tables that want them in the report."""
    notes: Notes = field(default_factory=Notes)
    questionnaire: Questionnaire | None = None
    wanted: Sequence[str] = ()
    """Tables that want their alternative courses in the report."""

    @property
    def public(self) -> Public:
        """What everybody knows."""
        return self.sealed.public

    @property
    def uncounted(self) -> list[str]:
        """Tables that want their alternative courses, and of which no decision counts."""
        return [table for table in self.wanted if not any(each.counts for each in self.answers.of(table))]

    @property
    def real(self) -> bool:
        """Whether States that exist take part: then contrasts are shown, and no absolute risks."""
        return self.sealed.run.scenario.notice is not None

    @cached_property
    def cards(self) -> dict[int, Inject]:
        """The cards that asked for decisions, by number."""
        return {inject.number: inject for inject in self.sealed.chosen.injects if inject.is_decision}

    @cached_property
    def decided(self) -> dict[int, Decision]:
        """What was decided in the story, by record."""
        return {decision.seq: decision for decision in self.sealed.run.log.decisions}

    def text(self, key: str, **facts: object) -> str:
        """Return a text of the report."""
        return self.public.text(f"{KEY}.{key}", **facts)

    def column(self, name: str) -> str:
        """Return the head of a column that other papers have, too."""
        return self.public.text(f"columns.{name}")

    def step(self, rung: int) -> str:
        """Return a step with its number."""
        return f"{rung}: {self.public.say.act(rung)}"

    def matter(self, answer: Answer) -> str:
        """Return what a card is about."""
        matter = self.cards[answer.number].lead.facts.get("matter")
        return self.public.say.matter(matter) if isinstance(matter, Matter) else ""

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number in the language."""
        return self.public.say.number(value, digits)
