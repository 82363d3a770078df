"""What can go wrong in a way that a user can put right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


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
        return f"{where}: {self.path}: {self.message}" if self.path else f"{where}: {self.message}"


class ScenarioError(SimcrisisError):
    """A scenario that cannot be used; `problems` lists every reason, in the order of the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class BatchError(SimcrisisError):
    """A batch that cannot be started or continued as asked."""
