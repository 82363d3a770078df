"""Strengths, areas for improvement, the improvement plan, and annexes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simcrisis.exercise.back.answers import Answer, Status
from simcrisis.exercise.back.questionnaire import SCALE, Questionnaire
from simcrisis.exercise.blocks import Block, Bullets, Grid, Heading, Lines, Text
from simcrisis.exercise.debrief.material import Debriefing

_TO_ADD, _SPARE = 3, 3
"""Lines to write on, and rows of the plan that are left free."""
_NAMED = (Status.MISSING, Status.LATE, Status.CONTRADICTORY)


def lessons(of: Debriefing) -> Iterator[Block]:
    """Yield strengths, areas for improvement and the plan."""
    strengths, areas = [*_strengths(of), *of.notes.strengths], [*_areas(of), *of.notes.areas]
    for name, found in (("strengths", strengths), ("areas", areas)):
        yield Heading(of.text(f"{name}.title"))
        yield Text(of.text(f"{name}.intro"))
        if found:
            yield Bullets(found)
        yield Lines(_TO_ADD)
    yield Heading(of.text("plan.title"))
    yield Text(of.text("plan.intro"))
    head = [of.text(f"plan.{name}") for name in ("area", "action", "owner", "due")]
    yield Grid(head, [(area, "", "", "") for area in (*areas, *[""] * _SPARE)], (4, 4, 2.4, 1.6), tall=2)


def _strengths(of: Debriefing) -> Iterator[str]:
    for table in of.public.tables:
        answers = of.answers.of(table)
        if answers and all(answer.status is Status.GIVEN for answer in answers):
            yield of.text("strengths.given", table=table)
        for key, n in (("sure", _said(answers, "belief")), ("change", _said(answers, "change"))):
            if n:
                yield of.text(f"strengths.{key}", table=table, n=n, of=len(answers))
    asked, answered = _asked(of)
    if answered:
        yield of.text("strengths.answered", n=answered, of=asked)


def _areas(of: Debriefing) -> Iterator[str]:
    for table in of.public.tables:
        for status in _NAMED:
            cards = [str(answer.number) for answer in of.answers.of(table) if answer.status is status]
            if cards:
                yield of.text(f"areas.{status}", table=table, cards=of.public.say.joined(cards))
    asked, answered = _asked(of)
    if answered < asked:
        yield of.text("areas.unanswered", n=asked - answered, of=asked)
    if of.talk.unused:
        yield of.text("areas.unused", n=len(of.talk.unused))
    if of.talk.down:
        yield of.text("areas.down", n=of.talk.down)


def _asked(of: Debriefing) -> tuple[int, int]:
    return len(of.talk.inquiries), sum(each.reply is not None for each in of.talk.inquiries)


def _said(answers: Sequence[Answer], name: str) -> int:
    return sum(getattr(answer, name) is not None for answer in answers)


def annexes(of: Debriefing) -> Iterator[Block]:
    """Yield notes, questionnaires, and what the model can say."""
    if of.notes.files:
        yield Heading(of.text("annex.notes_title"))
        yield Text(of.text("annex.notes"))
        for n, lines in enumerate(of.notes.files, 1):
            yield Heading(of.text("annex.notes_of", n=n), 3)
            yield Bullets(lines)
    if of.questionnaire is not None and (of.questionnaire.items or of.questionnaire.texts):
        yield from _questionnaire(of, of.questionnaire)
    yield Heading(of.text("annex.model_title"))
    yield Text(of.text("annex.model"))


def _questionnaire(of: Debriefing, found: Questionnaire) -> Iterator[Block]:
    yield Heading(of.text("annex.questionnaire_title"))
    if found.items:
        yield Text(of.text("annex.questionnaire"))
        head = [of.text("annex.question"), *map(str, SCALE), of.text("annex.answers"), of.text("annex.median")]
        rows = []
        for item in found.items:
            few = item.median is None
            counts = [""] * len(SCALE) if few else list(map(str, item.counts))
            middle = of.text("annex.few") if item.median is None else of.number(item.median, 1)
            rows.append([item.question, *counts, str(item.n), middle])
        yield Grid(head, rows, (6, *[0.8] * len(SCALE), 1.6, 1.6))
    for question, texts in found.texts:
        yield Heading(question, 3)
        yield Bullets(texts)
