"""What several documents show."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from simcrisis.batch.network import MEMBERSHIP
from simcrisis.catalogue import cbms
from simcrisis.exercise.blocks import Grid, Text
from simcrisis.exercise.material import Public
from simcrisis.exercise.programme import Slot, clock

DIPLOMATIC = "diplomatic"


def programme_grid(public: Public) -> Grid:
    """Return the programme of the day."""
    head = [public.text(f"columns.{name}") for name in ("time", "part", "minutes")]
    rows = [(f"{clock(s.begins)} - {clock(s.ends)}", part(public, s), str(s.minutes)) for s in public.slots]
    return Grid(head, rows, (3, 6, 2))


def part(public: Public, slot: Slot) -> str:
    """Return what a stretch of the day is called."""
    return public.text(f"parts.{slot.part}", number=slot.number)


def line_grid(public: Public) -> Iterator[Grid | Text]:
    """Yield which kinds of lines join whom; notes through embassies are left out, for they join all."""
    joins = public.lines.filter(~pl.col("kind").is_in([MEMBERSHIP, DIPLOMATIC]))
    if not len(joins):
        yield Text(public.text("documents.situation_manual.lines_none"))
        return
    rows = []
    for (kind,), lines in joins.group_by(["kind"], maintain_order=True):
        pairs = sorted({" - ".join(sorted((row["a"], row["b"]))) for row in lines.iter_rows(named=True)})
        rows.append((public.text(f"channels.{kind}"), "; ".join(pairs)))
    yield Grid((public.text("columns.kind"), public.text("columns.between")), rows, (4, 6))


def cbm_text(public: Public, number: int) -> tuple[str, str]:
    """Return the title of a CBM, and what it asks of States: from the language file, or else from the catalogue."""
    if f"cbms.{number}.title" in public.words:
        return public.text(f"cbms.{number}.title"), public.text(f"cbms.{number}.text")
    return cbms()[number].title, " ".join(cbms()[number].paraphrase.split())
