"""Sheets for those who run and watch the exercise."""

from __future__ import annotations

from simcrisis.exercise.blocks import Block, Bullets, Document, Grid, Heading, Lines, NewPage, Text
from simcrisis.exercise.material import Public
from simcrisis.exercise.programme import Part, clock

NAME = "role_sheets"
_FIELDS = (1.2, 4, 1.2, 3, 1.2, 2.4)
_EVALUATOR, _RAPPORTEUR, _OBSERVER = "evaluator", "rapporteur", "observer"


def role_sheets(public: Public) -> Document:
    """Return the sheets of moderator, controller, evaluator, rapporteur and observer, a page each."""
    text = public.text
    blocks: list[Block] = []
    for role in ("moderator", "controller", _EVALUATOR, _RAPPORTEUR, _OBSERVER):
        blocks += [NewPage()] if blocks else []
        fields = public.items(f"documents.{NAME}.fields")
        blocks += [
            Heading(text(f"sheets.{role}.title")),
            Grid((), [[each for f in fields for each in (f, "")]], _FIELDS),
        ]
        blocks += [Bullets(public.items(f"sheets.{role}.tasks"))]
        if role == _EVALUATOR:
            rows = [(text(f"objectives.{name}"), "") for name in public.words.keys("objectives")]
            blocks.append(Grid((text("columns.objective"), text("columns.observed")), rows, (4, 6), 3))
        elif role in {_RAPPORTEUR, _OBSERVER}:
            rows = [(f"{number} ({clock(begins)})", "") for number, begins in _moves(public)]
            blocks.append(Grid((text("columns.move"), text("columns.observed")), rows, (2, 8), 6))
        else:
            blocks += [Text(text("columns.remarks"), strong=True), Lines(16)]
    return Document(NAME, text(f"documents.{NAME}.title"), "GREEN", blocks)


def _moves(public: Public) -> list[tuple[int, int]]:
    return [(slot.number, slot.begins) for slot in public.slots if slot.part is Part.MOVE]
