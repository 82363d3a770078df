"""The decision sheet of a table: a page for each decision, to be filled in by hand or in the workbook beside it."""

from __future__ import annotations

from simcrisis.exercise.blocks import Block, Card, Document, Grid, Lines, NewPage, Text
from simcrisis.exercise.documents.inject_cards import message, moment
from simcrisis.exercise.material import Table
from simcrisis.exercise.programme import clock
from simcrisis.rules.situation import WAR

NAME = "decision_sheet"
_BOX = "\u2610"
_WRITTEN = {"channel": 3, "belief": 1, "reasons": 3, "change": 2, "dissent": 2}
"""What is asked besides the step, and lines to write on."""


def decision_sheet(table: Table) -> Document:
    """Return the decision sheet of a table."""
    public, text, key = table.public, table.public.text, f"documents.{NAME}"
    blocks: list[Block] = [Text(text(f"{key}.intro"))]
    ladder = [(_BOX, str(rung), public.say.act(rung)) for rung in range(WAR + 1)]
    first = True
    for inject in table.injects:
        if not inject.is_decision:
            continue
        if not first:
            blocks.append(NewPage())
        first = False
        aside = text(f"{key}.aside", number=inject.number, time=clock(inject.minute))
        blocks.append(Card(moment(public, inject), aside, [Text(message(public, inject))]))
        blocks.append(Text(text(f"{key}.step"), strong=True))
        blocks.append(Grid((), ladder, (0.6, 0.6, 10)))
        for name, count in _WRITTEN.items():
            blocks += [Text(text(f"{key}.{name}"), strong=True), Lines(count)]
    return Document(NAME, text(f"{key}.title", state=table.state), "AMBER", blocks)
