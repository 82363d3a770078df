"""What stands on a table: the name of its State, and a card for each of its offices."""

from __future__ import annotations

from simcrisis.exercise.blocks import Block, Card, Document, Lines, NewPage, Sign, Text
from simcrisis.exercise.material import Table

NAME = "table_signs"


def table_signs(table: Table) -> Document:
    """Return the sign of a table, and the cards of its offices."""
    public, text, key = table.public, table.public.text, f"documents.{NAME}"
    blocks: list[Block] = [Sign(table.state), NewPage()]
    for name in public.words.keys("offices"):
        office, _, task = text(f"offices.{name}").partition(":")
        told = Text(task.strip()[:1].upper() + task.strip()[1:])
        blocks.append(Card(office.strip(), table.state, [told, Text(text(f"{key}.name"), small=True), Lines(1)]))
    return Document(NAME, text(f"{key}.title", state=table.state), "GREEN", blocks, landscape=False)
