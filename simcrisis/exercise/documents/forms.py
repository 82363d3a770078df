"""Forms on which tables write to each other."""

from __future__ import annotations

from simcrisis.exercise.blocks import Block, Document, Grid, Heading, Lines, NewPage, Text
from simcrisis.exercise.material import Public

NAME = "forms"
_LINES = 15


def forms(public: Public) -> Document:
    """Return the forms, a page each."""
    text, key = public.text, f"documents.{NAME}"
    blocks: list[Block] = []
    for form in ("contact", "consultation"):
        blocks += [
            Heading(text(f"{key}.{form}_title")),
            _fields(public, f"{key}.{form}"),
            Text(text(f"{key}.{form}_body"), strong=True),
            Lines(_LINES),
            NewPage(),
        ]
    blocks += [
        Heading(text(f"{key}.verbale_title")),
        _fields(public, f"{key}.verbale_fields"),
        Text(text(f"{key}.verbale")),
        Lines(_LINES),
        Text(text(f"{key}.verbale_end")),
        NewPage(),
        Heading(text(f"{key}.severity_title")),
        _fields(public, f"{key}.severity", 2),
    ]
    return Document(NAME, text(f"{key}.title"), "CLEAR", blocks)


def _fields(public: Public, key: str, tall: int = 1) -> Grid:
    """Return lines to fill in, each behind what is asked."""
    return Grid((), [(line, "") for line in public.items(key)], (4, 6), tall)
