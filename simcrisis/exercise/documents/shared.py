"""What several documents show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from simcrisis.batch.network import MEMBERSHIP
from simcrisis.exercise.blocks import Grid, Text
from simcrisis.exercise.files.xlsx import Sheet
from simcrisis.exercise.material import Public
from simcrisis.exercise.programme import Slot, clock

DIPLOMATIC = "diplomatic"


def programme_grid(public: Public) -> Grid:
    """Return the programme of the day."""
    head = [public.text(f"columns.{name}") for name in ("time", "part", "minutes")]
    rows = [(f"{clock(s.begins)}\u2013{clock(s.ends)}", part(public, s), str(s.minutes)) for s in public.slots]
    return Grid(head, rows, (3, 6, 2))


def part(public: Public, slot: Slot) -> str:
    """Return what a stretch of the day is called."""
    return public.text(f"parts.{slot.part}", number=slot.number)


def others(public: Public) -> list[str]:
    """Return the States that have no table, by name."""
    return sorted(set(public.states) - set(public.tables))


def office_hours(public: Public, state: str) -> str:
    """Return when the policy desk of a State is staffed, in its local time."""
    policy = public.states[state].policy
    opens, closes = (clock(round(60 * hour)) for hour in (policy.opens, policy.closes))
    return public.text("documents.briefing.span", opens=opens, closes=closes)


def line_grid(public: Public) -> Iterator[Grid | Text]:
    """Yield which kinds of lines join whom; notes through embassies are left out, for they join all."""
    joins = public.lines.filter(~pl.col("kind").is_in([MEMBERSHIP, DIPLOMATIC]))
    if not len(joins):
        yield Text(public.text("documents.situation_manual.lines_none"))
        return
    rows = []
    for (kind,), lines in joins.group_by(["kind"], maintain_order=True):
        pairs = sorted({" \u2013 ".join(sorted((row["a"], row["b"]))) for row in lines.iter_rows(named=True)})
        rows.append((public.text(f"channels.{kind}"), public.text("lists.between").join(pairs)))
    yield Grid((public.text("columns.kind"), public.text("columns.between")), rows, (4, 6))


def on_paper(sheet: Sheet, columns: Sequence[int]) -> Grid:
    """Return columns of a worksheet, by their places, as a table on paper."""
    head = [sheet.columns[n].head for n in columns]
    rows = [["" if row[n] is None else str(row[n]) for n in columns] for row in sheet.rows]
    return Grid(head, rows, [sheet.columns[n].wide for n in columns])


def cbm_text(public: Public, number: int) -> tuple[str, str]:
    """Return the title of a CBM, and what it asks of States."""
    return public.text(f"cbms.{number}.title"), public.text(f"cbms.{number}.text")
