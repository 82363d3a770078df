"""From a cell to a value: what can be meant in one way only is read, repairs are said, and the rest is wrong."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time

from simcrisis.errors import printable
from simcrisis.exercise.back.cells import Cell, as_typed
from simcrisis.exercise.back.persons import names_somebody
from simcrisis.exercise.back.spoken import Spoken

_NUMBER = re.compile(
    r"^(?:[~\u2248]|ca\.?)?\s*(\d+(?:[.,]\d+)?)\s*(%|per cent|percent|pour cent|p\. ?c\.)?$", re.IGNORECASE
)
_WHOLE = re.compile(r"^(?:\D{0,6}?)(\d{1,6})(?:[.,]0+)?\.?$")
_TIME = re.compile(r"^(\d{1,2})\s*[:hH.]\s*(\d{2})(?:[:.]\d{2})?$")
_MOST_TEXT = 5_000
"""Letters of a text that are kept."""


@dataclass
class Told:
    """What has to be said of what was read: problems, which stop it, and repairs."""

    problems: list[str] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)

    def wrong(self, where: str, what: str) -> None:
        """Note a problem."""
        self.problems.append(printable(f"{where}: {what}"))

    def mended(self, where: str, what: str) -> None:
        """Note a repair, or what was left out."""
        self.repairs.append(printable(f"{where}: {what}"))


@dataclass(frozen=True)
class Reader:
    """Reads cells, and tells what it had to do."""

    spoken: Spoken
    told: Told

    def _usable(self, cell: Cell, wanted: str) -> bool:
        """Return whether a cell has a value at all; say where it was computed, or is an error."""
        if cell.broken == "formula":
            self.told.wrong(cell.where, f"a formula without a result; type {wanted}")
        elif cell.broken:
            self.told.wrong(cell.where, f"shows {cell.broken}; type {wanted}")
        elif isinstance(cell.value, bool):
            self.told.wrong(cell.where, f"holds {str(cell.value).upper()}; type {wanted}")
        elif cell.formula:
            self.told.mended(cell.where, f"holds a formula; its result {as_typed(cell.value)} was read")
        return not cell.empty and not cell.broken and not isinstance(cell.value, bool)

    def number(self, cell: Cell) -> int | None:
        """Return the number of a card; None where there is none."""
        if not self._usable(cell, "the number of the card"):
            return None
        if isinstance(cell.value, int | float) and math.isfinite(cell.value) and cell.value == int(cell.value):
            return int(cell.value)
        found = _WHOLE.match(as_typed(cell.value)) if isinstance(cell.value, str) else None
        return int(found[1]) if found else None

    def step(self, cell: Cell) -> int | None:
        """Return the rung; None where nothing, or nothing that is one, was typed."""
        wanted = "a step from 0 to 10, or its words as on the sheet"
        if not self._usable(cell, wanted):
            return None
        value = cell.value
        if isinstance(value, date | time):
            self.told.wrong(cell.where, f"holds a date or time ({as_typed(value)}); type {wanted}")
            return None
        text = as_typed(value)
        whole = re.sub(r"^(\d+)[.,]0+$", r"\1", text)
        rung = self.spoken.step(whole)
        if rung is None or (isinstance(value, int | float) and value < 0) or text.startswith(("-", "\u2212")):
            self.told.wrong(cell.where, f"'{text[:60]}' should be {wanted}")
            return None
        if isinstance(value, str) and text != str(rung):
            self.told.mended(cell.where, f"'{text[:60]}' was read as step {rung}")
        return rung

    def belief(self, cell: Cell) -> float | None:
        """Return a percentage from 0 to 100."""
        wanted = "a number from 0 to 100"
        if not self._usable(cell, wanted):
            return None
        value, text, per_cent = cell.value, as_typed(cell.value), cell.percent
        if isinstance(value, int | float):
            number = 100.0 * value if per_cent else float(value)
        else:
            found = _NUMBER.match(text) if isinstance(value, str) else None
            if found is None:
                self.told.wrong(cell.where, f"'{text[:60]}' should be {wanted}")
                return None
            number, per_cent = float(found[1].replace(",", ".")), bool(found[2])
        if not 0.0 <= number <= 100.0 or number != number:
            self.told.wrong(cell.where, f"{text[:60]} should be {wanted}")
            return None
        if 0.0 < number < 1.0 and not per_cent:
            self.told.wrong(cell.where, f"{text[:60]}: a share or per cent? type {100 * number:g} or '{number:g} %'")
            return None
        number = round(number, 6)
        if text != f"{number:g}":
            self.told.mended(cell.where, f"'{text[:60]}' was read as {number:g} per cent")
        return number

    def minute(self, cell: Cell) -> int | None:
        """Return a time of day in minutes after midnight."""
        wanted = "a time such as 11:05"
        if not self._usable(cell, wanted):
            return None
        value, text = cell.value, as_typed(cell.value)
        if isinstance(value, datetime | time):
            return 60 * value.hour + value.minute
        if isinstance(value, float) and 0.0 <= value < 1.0:
            return round(24 * 60 * value)
        found = _TIME.match(text) if not isinstance(value, date) else None
        if found is None or int(found[1]) > 23 or int(found[2]) > 59:
            self.told.wrong(cell.where, f"'{text[:60]}' should be {wanted}")
            return None
        return 60 * int(found[1]) + int(found[2])

    def text(self, cell: Cell) -> str | None:
        """Return a text; what looks like a person's name or address is not kept."""
        if cell.broken:
            what = "is a formula without a result" if cell.broken == "formula" else "shows an error"
            self.told.mended(cell.where, f"{what}; left out")
            return None
        if cell.empty:
            return None
        text = as_typed(cell.value)
        if cell.formula:
            self.told.mended(cell.where, "holds a formula; its result was read as text")
        if names_somebody(text):
            self.told.mended(cell.where, "looks like a person's name or address; left out (Chatham House Rule)")
            return None
        if len(text) > _MOST_TEXT:
            self.told.mended(cell.where, f"over {_MOST_TEXT:,} letters; the rest was left out")
        return text[:_MOST_TEXT]
