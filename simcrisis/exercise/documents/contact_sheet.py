"""A synthetic contact sheet: nobody in it exists, and some entries are out of date, as in life."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from simcrisis.exercise.blocks import Document
from simcrisis.exercise.documents.shared import office_hours, on_paper
from simcrisis.exercise.files.xlsx import Column, Sheet
from simcrisis.exercise.material import Public
from simcrisis.units import DAY

NAME = "contact_sheet"
_FUNCTIONS = ("policy", "cert")
_OLD = 365 * DAY
"""Age (ms) from which an entry counts as out of date: CBM 8 asks for a yearly update."""
_STALE = timedelta(days=1400)
"""Age of the entry that is made stale where the scenario has none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contact sheet."""

    state: str
    function: str
    email: str
    phone: str
    hours: str
    confirmed: datetime
    stale: bool


def entries(public: Public) -> list[Entry]:
    """Return the entries; those of States whose `policy.freshness` is over a year are stale, or else one of all."""
    found = list(_entries(public))
    if any(entry.stale for entry in found):
        return found
    unlucky = min(range(len(found)), key=lambda n: _number(found[n].email, "stale"))
    entry = found[unlucky]
    found[unlucky] = Entry(
        entry.state, entry.function, entry.email, entry.phone, entry.hours, public.say.start - _STALE, True
    )
    return found


def contact_sheet(public: Public) -> Sheet:
    """Return the sheet as everybody gets it: it does not say which entries are stale, but for their date."""
    text = public.text
    names = (("state", 18), ("function", 28), ("email", 42), ("phone", 20), ("hours", 18), ("confirmed", 20))
    rows: list[list[str | int | float | None]] = [
        [e.state, e.function, e.email, e.phone, e.hours, public.say.written(e.confirmed)] for e in entries(public)
    ]
    columns = [Column(text(f"columns.{name}"), wide) for name, wide in names]
    return Sheet(NAME, text(f"documents.{NAME}.title"), columns, rows)


def contact_list(public: Public) -> Document:
    """Return the same on paper."""
    sheet = contact_sheet(public)
    return Document(NAME, sheet.title, "GREEN", [on_paper(sheet, range(len(sheet.columns)))], landscape=True)


def _entries(public: Public) -> Iterator[Entry]:
    for name, state in sorted(public.states.items()):
        for function in _FUNCTIONS:
            age = state.policy.freshness
            confirmed = public.say.start - timedelta(milliseconds=age, days=_number(name, function, "day") % 90)
            always = function == "cert" or state.policy.closes - state.policy.opens >= 24
            yield Entry(
                name,
                public.text(f"documents.{NAME}.{function}"),
                f"{function}@{_domain(name)}.example",
                f"(+000) 555 {_number(name, function, 'phone') % 10_000:04d}",
                public.text(f"documents.{NAME}.always") if always else office_hours(public, name),
                confirmed,
                age > _OLD and function == "policy",
            )


def _domain(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or f"state-{_number(name, '', 'domain') % 100}"


def _number(*words: str) -> int:
    return int.from_bytes(sha256("|".join(words).encode()).digest()[:6], "big")
