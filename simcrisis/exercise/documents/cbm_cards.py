"""Cards of the CBMs that are in force in the story."""

from __future__ import annotations

from simcrisis.exercise.blocks import Block, Card, Document, Text
from simcrisis.exercise.documents.shared import cbm_text
from simcrisis.exercise.material import Public

NAME = "cbm_cards"
ALWAYS = (2, 8)
"""CBMs that the exercise is about, in force or not."""


def cbm_cards(public: Public) -> Document:
    """Return a card for each CBM."""
    key = f"documents.{NAME}"
    blocks: list[Block] = [Text(public.text(f"{key}.intro"), small=True)]
    for number in sorted({*ALWAYS, *public.cbms}):
        title, told = cbm_text(public, number)
        ask = Text(public.text(f"{key}.ask"), small=True)
        blocks.append(Card(title, public.text(f"{key}.aside", number=number), [Text(told), ask]))
    return Document(NAME, public.text(f"{key}.title"), "CLEAR", blocks)
