"""The master scenario events list (MSEL): every inject, for controllers."""

from __future__ import annotations

from dataclasses import replace

from simcrisis.exercise.blocks import Document
from simcrisis.exercise.documents.inject_cards import channel, message, moment, receiver, sender
from simcrisis.exercise.documents.shared import on_paper
from simcrisis.exercise.files.xlsx import Column, Sheet
from simcrisis.exercise.injects import Inject, sorts
from simcrisis.exercise.material import Sealed
from simcrisis.exercise.programme import Part, clock

NAME = "msel"
_COLUMNS = {
    "number": 6, "move": 7, "time": 8, "table": 13, "story_time": 16, "from": 16, "to": 16, "channel": 17,
    "subject": 20, "message": 60, "expected": 34, "objective": 9, "note": 32, "contingency": 32, "in_the_run": 18,
    "case": 7, "records": 12,
}  # fmt: skip
"""Columns, and how wide (characters)."""
_ON_BOTH, _ON_FIRST = 4, 10
"""Columns that stand on both pages beside each other, and on the first of them."""
_ON_PAPER = {
    "number": 5.5, "time": 7.5, "table": 13, "story_time": 13, "message": 42, "expected": 22, "note": 22,
    "contingency": 22,
}  # fmt: skip
"""Columns that controllers need during the day, and how wide on paper."""


def msel(sealed: Sealed) -> Sheet:
    """Return the list; `records` are the numbers of the records of the log from which an inject was made."""
    heads = [Column(sealed.public.text(f"columns.{name}"), wide) for name, wide in _COLUMNS.items()]
    rows = [_row(sealed, inject) for inject in sealed.chosen.injects]
    return Sheet(NAME, sealed.public.text(f"documents.{NAME}.title"), heads, rows, (_ON_BOTH, _ON_FIRST))


def msel_on_paper(sealed: Sealed) -> Document:
    """Return what controllers need of it during the day."""
    sheet, places = msel(sealed), list(_COLUMNS)
    grid = replace(on_paper(sheet, [places.index(name) for name in _ON_PAPER]), widths=list(_ON_PAPER.values()))
    return Document(NAME, sheet.title, "RED", [grid], landscape=True)


def _row(sealed: Sealed, inject: Inject) -> list[str | int | float | None]:
    public, text = sealed.public, sealed.public.text
    group = sorts()[inject.lead.sort].group
    matter = inject.lead.facts.get("matter")
    return [
        inject.number,
        inject.move,
        clock(inject.minute),
        inject.state,
        moment(public, inject),
        sender(public, inject),
        receiver(public, inject),
        channel(public, inject),
        public.say.matter(matter, inject.state) if matter else "",  # type: ignore[arg-type]
        message(public, inject).replace("\n\n", "\n"),
        text(f"groups.{group}.expected"),
        text(f"groups.{group}.objective"),
        text(f"groups.{group}.note", minutes=_minutes(sealed, inject)),
        text(f"groups.{group}.contingency"),
        _in_the_run(sealed, inject),
        inject.lead.case if inject.lead.case >= 0 else None,
        " ".join(str(known.seq) for known in inject.known),
    ]


def _minutes(sealed: Sealed, inject: Inject) -> int:
    """Return how long a table has an inject before it gets the next one, or its move ends."""
    ends = [slot.ends for slot in sealed.public.slots if slot.part is Part.MOVE and slot.number == inject.move]
    later = [i.minute for i in sealed.chosen.injects if i.state == inject.state and i.number > inject.number]
    return min([*ends, *later]) - inject.minute


def _in_the_run(sealed: Sealed, inject: Inject) -> str:
    """Return what the State chose in the run, where the inject asks for a decision."""
    if not inject.is_decision:
        return ""
    decision = next(d for d in sealed.run.log.decisions if d.seq == inject.lead.seq)
    return f"{decision.act}: {sealed.public.say.act(decision.act)}"
