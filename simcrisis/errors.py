"""What can go wrong in a way that a user can put right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import bidirectional


def printable(text: str) -> str:
    """Return a text on one line: a character that a terminal acts on or hides is written as its Python escape."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"
"""Between these a text keeps to itself which way it is written."""
_ISOLATED = re.compile(f"{ISOLATE}([^\u202a-\u202e\u2066-\u2069]*){END_OF_ISOLATE}")


def isolated(text: str) -> str:
    """Return a text of a scenario for the middle of another: one line, and what stands beside it keeps its order.

    Marks that turn the direction of writing are spelt out; a text with right-to-left letters stands between a first
    strong isolate and its end (Unicode Standard Annex #9, https://www.unicode.org/reports/tr9/), once.
    """
    if text.isascii():
        return printable(text)
    pieces = [printable(piece) for piece in _ISOLATED.split(text)]  # every second one is isolated already
    whole = "".join(f"{ISOLATE}{piece}{END_OF_ISOLATE}" if n % 2 else piece for n, piece in enumerate(pieces))
    exposed = any(bidirectional(letter) in _RIGHT_TO_LEFT for piece in pieces[::2] for letter in piece)
    return f"{ISOLATE}{whole}{END_OF_ISOLATE}" if exposed else whole


class SimcrisisError(Exception):
    """Base of every error that a user can put right."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong with a scenario: where, what, and what would do.

    `line` and `column` count from 1; they are 0 where there is no text to point into (a dict, an override).
    """

    file: str
    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return printable(f"{where}: {self.path}: {self.message}" if self.path else f"{where}: {self.message}")


class ScenarioError(SimcrisisError):
    """A scenario that cannot be used; `problems` lists every reason, in the order of the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__(self.problems)  # what makes an equal error again, for pickle and for SimPy

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class BatchError(SimcrisisError):
    """A batch that cannot be started or continued as asked."""


class ExerciseError(SimcrisisError):
    """An exercise that cannot be made as asked."""


class ClaimError(SimcrisisError):
    """A claim that cannot be read or made, or does not hold when it is recomputed."""


class CalibrationError(SimcrisisError):
    """A calibration that cannot be made as asked."""
