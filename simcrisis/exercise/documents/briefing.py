"""The briefing of a table: who it is, how it stands with others, whom it can reach."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from simcrisis.batch.network import MEMBERSHIP
from simcrisis.exercise.blocks import Block, Bullets, Document, Heading, Text
from simcrisis.exercise.documents.shared import DIPLOMATIC, office_hours
from simcrisis.exercise.material import Table

NAME = "briefing"
_TENSE, _COOL = 0.6, 0.35
"""From how much mistrust relations are called so."""
_ALWAYS = 24.0


def briefing(table: Table) -> Document:
    """Return the briefing of a table."""
    public, text = table.public, table.public.text
    key = f"documents.{NAME}"
    blocks: list[Block] = [
        Heading(text(f"{key}.you_title", state=table.state)),
        Text(public.exercise.situation),
        Text(text(f"{key}.you")),
        Heading(text(f"{key}.offices_title")),
        Bullets([text(f"offices.{name}") for name in public.words.keys("offices")]),
        Heading(text(f"{key}.relations_title")),
        Bullets(list(_relations(table))),
        Heading(text(f"{key}.lines_title")),
        Bullets(list(_lines(table)) or [text(f"{key}.lines_none")]),
        Text(_hours(table)),
        Heading(text(f"{key}.task_title")),
        Text(text(f"{key}.task")),
    ]
    return Document(NAME, text(f"{key}.title", state=table.state), "AMBER", blocks)


def _relations(table: Table) -> Iterator[str]:
    """Yield how the State stands with those it has a written relation with."""
    text, key = table.public.text, f"documents.{NAME}"
    for a, b, relation in table.public.relations:
        if table.state not in (a, b) or relation.mistrust is None:
            continue
        mood = "tense" if relation.mistrust >= _TENSE else "cool" if relation.mistrust >= _COOL else "good"
        told = text(f"{key}.relation_{mood}", state=b if a == table.state else a)
        yield told + (f" {text(f'{key}.relation_open', rung=relation.rung)}" if relation.rung else "")


def _lines(table: Table) -> Iterator[str]:
    """Yield whom the State can reach over which lines."""
    text = table.public.text
    mine = table.public.lines.filter(
        (pl.col("a") == table.state) | (pl.col("b") == table.state), ~pl.col("kind").is_in([MEMBERSHIP, DIPLOMATIC])
    )
    reached: dict[str, list[str]] = {}
    for row in mine.iter_rows(named=True):
        other = row["b"] if row["a"] == table.state else row["a"]
        reached.setdefault(other, []).append(text(f"channels.{row['kind']}"))
    for other, channels in sorted(reached.items()):
        yield text(
            f"documents.{NAME}.line", other=other, channel=table.public.say.joined(list(dict.fromkeys(channels)))
        )


def _hours(table: Table) -> str:
    text, policy = table.public.text, table.public.states[table.state].policy
    if policy.closes - policy.opens >= _ALWAYS:
        return text(f"documents.{NAME}.hours_always")
    return text(f"documents.{NAME}.hours", hours=office_hours(table.public, table.state))
