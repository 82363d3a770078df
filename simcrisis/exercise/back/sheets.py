"""Which files are decision sheets, and whether they are those that were read."""

from __future__ import annotations

import hashlib
from pathlib import Path

from simcrisis.errors import ExerciseError
from simcrisis.exercise.back.cells import BOOKS, TEXTS
from simcrisis.exercise.documents.decisions import NAME
from simcrisis.exercise.pack import TABLES


def sheets_in(folder: Path) -> list[Path]:
    """Return the decision sheets of a table: workbooks and texts named `decisions`, with anything behind it.

    Capitals count as small letters.
    """
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_file() and path.name.casefold().startswith(NAME) and path.suffix.lower() in (*BOOKS, *TEXTS)
    )


def digest_of(folder: Path) -> str:
    """Return a digest of the decision sheets of all tables of a pack; raises ExerciseError where one cannot be read."""
    found = hashlib.sha256()
    for path in (path for table in sorted((folder / TABLES).glob("*")) for path in sheets_in(table)):
        try:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            raise ExerciseError(f"{path}: {error.strerror}") from None
        found.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode("utf-8", "surrogatepass"))
    return found.hexdigest()
