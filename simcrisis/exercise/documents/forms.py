"""Forms on which tables write to each other."""

from __future__ import annotations

from simcrisis.exercise.blocks import Block, Document, Grid, Heading, Lines, NewPage, Text
from simcrisis.exercise.material import Public

NAME = "forms"


def forms(public: Public) -> Document:
    """Return the forms, a page each."""
    text, key = public.text, f"documents.{NAME}"
    blocks: list[Block] = []
    for form in ("contact", "consultation"):
        blocks += [
            Heading(text(f"{key}.{form}_title")),
            Grid((), [(line, "") for line in public.items(f"{key}.{form}")], (4, 6)),
            Text(text(f"{key}.{form}_body"), strong=True),
            Lines(16),
            NewPage(),
        ]
    blocks += [
        Heading(text(f"{key}.verbale_title")),
        Text(text(f"{key}.verbale")),
        Lines(16),
        Text(text(f"{key}.verbale_end")),
        NewPage(),
        Heading(text(f"{key}.severity_title")),
        Grid((), [(line, "") for line in public.items(f"{key}.severity")], (4, 6), 2),
    ]
    return Document(NAME, text(f"{key}.title"), "CLEAR", blocks)
