"""What tables decided: a row for each decision that was asked for, with what was typed and what was made of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from simcrisis.errors import ExerciseError
from simcrisis.exercise.back.sheets import digest_of
from simcrisis.files import aside
from simcrisis.rules.situation import WAR
from simcrisis.spec import Spec

ANSWERS = "answers"
FILE = f"{ANSWERS}/decisions.json"
_FORMAT = 1


class Status(StrEnum):
    """What became of a decision that a table was asked for."""

    GIVEN = "given"
    LATE = "late"
    """Decided after the end of its move, when the table had heard more: it counts, and is named."""
    MISSING = "missing"
    """No step was typed, or the row is gone."""
    CONTRADICTORY = "contradictory"
    """Two rows with different steps, or a step and a channel that do not fit: it does not count until put right."""


class Typed(Spec):
    """One cell as it was typed."""

    cell: str
    """Where: file, worksheet and cell."""
    text: str


class Answer(Spec):
    """What a table decided on one card."""

    table: str
    """The State."""
    number: int
    """Of the card."""
    move: int
    seq: int
    """The record of the decision in the log of the run that is played."""
    status: Status
    step: Annotated[int, Field(ge=0, le=WAR)] | None = None
    """The rung; None where it does not count."""
    belief: Annotated[float, Field(ge=0, le=100)] | None = None
    """How sure, in per cent, that the suspect is responsible."""
    decided_at: str | None = None
    """Time of day, HH:MM."""
    channel: str | None = None
    reasons: str | None = None
    change: str | None = None
    dissent: str | None = None
    typed: dict[str, Typed] = Field(default_factory=dict)
    """By column: what was typed."""

    @property
    def counts(self) -> bool:
        """Whether it is replayed and pooled."""
        return self.step is not None


class Answers(Spec):
    """All decisions of the tables of a pack, in the order of the day."""

    format: Annotated[int, Field(ge=_FORMAT, le=_FORMAT)] = _FORMAT
    pack: str
    sheets: str
    """Digest of the decision sheets that were read."""
    decisions: tuple[Answer, ...]
    said: tuple[str, ...] = ()
    """What was repaired or left out as the sheets were read."""

    def of(self, table: str) -> list[Answer]:
        """Return those of a table."""
        return [answer for answer in self.decisions if answer.table == table]


def write_answers(answers: Answers, folder: Path) -> Path:
    """Write answers into a pack, whole or not at all; return the file. Raises OSError."""
    path = folder / FILE
    path.parent.mkdir(exist_ok=True)
    with aside(path) as file:
        file.write_text(answers.model_dump_json(indent=1, exclude_defaults=True) + "\n", encoding="utf-8")
    return path


def read_answers(folder: Path, pack: str) -> Answers:
    """Return the answers in a pack.

    Raises ExerciseError where there are none, or those of another pack, or of sheets that have changed since.
    """
    path = folder / FILE
    try:
        found = Answers.model_validate_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ExerciseError(f"{path}: is not there; run `simcrisis exercise read {folder}` first") from None
    except (UnicodeDecodeError, ValidationError, json.JSONDecodeError):
        raise ExerciseError(f"{path}: was changed; run `simcrisis exercise read {folder}` anew") from None
    except OSError as error:
        raise ExerciseError(f"{path}: {error.strerror}") from None
    if found.pack != pack:
        raise ExerciseError(f"{path}: belongs to another pack; run `simcrisis exercise read {folder}` anew")
    if found.sheets != digest_of(folder):
        raise ExerciseError(f"{path}: sheets were changed since; run `simcrisis exercise read {folder}` anew")
    return found


def counted(answers: Sequence[Answer]) -> dict[Status, int]:
    """Return how many answers have which status."""
    return {status: sum(answer.status is status for answer in answers) for status in Status}
