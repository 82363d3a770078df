"""The decision sheet of a table: a page for each decision, to be filled in by hand or in the workbook beside it."""

from __future__ import annotations

from simcrisis.exercise.blocks import Block, Card, Document, Grid, Lines, NewPage, Text
from simcrisis.exercise.documents.inject_cards import message, moment
from simcrisis.exercise.injects import Inject
from simcrisis.exercise.material import Table
from simcrisis.exercise.programme import clock
from simcrisis.rules.situation import WAR

NAME = "decision_sheet"
_BOX = "\u2610"
_WRITTEN = {"channel": 2, "belief": 1, "reasons": 3, "change": 2, "dissent": 2}
"""What is asked besides the step, and lines to write on: with the ladder, a page."""


def decision_sheet(table: Table) -> Document:
    """Return the decision sheet of a table."""
    public, text, key = table.public, table.public.text, f"documents.{NAME}"
    blocks: list[Block] = [Text(text(f"{key}.intro"))]
    ladder = [(_BOX, str(rung), public.say.act(rung)) for rung in range(WAR + 1)]
    decisions: list[Inject | None] = [inject for inject in table.injects if inject.is_decision]
    for inject in decisions or [None]:
        if inject is None:
            blocks.append(Text(text(f"{key}.unasked"), strong=True))
        else:
            blocks += [NewPage()] if inject is not decisions[0] else []
            aside = text(f"{key}.aside", number=inject.number, time=clock(inject.minute))
            blocks.append(Card(moment(public, inject), aside, [Text(message(public, inject))]))
        blocks.append(Grid((), [(text(f"{key}.filled_in"), "", text(f"{key}.at"), "")], (3, 5, 1.2, 2)))
        blocks.append(Text(text(f"{key}.step"), strong=True))
        blocks.append(Grid((), ladder, (0.6, 0.6, 10)))
        for name, count in _WRITTEN.items():
            blocks += [Text(text(f"{key}.{name}"), strong=True), Lines(count)]
    return Document(NAME, text(f"{key}.title", state=table.state), "AMBER", blocks)
