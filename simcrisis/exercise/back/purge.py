"""`exercise purge`: removes what participants typed, and all that was made of it; the pack is as it was built."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from simcrisis.errors import ExerciseError
from simcrisis.exercise.back.answers import ANSWERS
from simcrisis.exercise.back.notes import FOLDER as NOTES
from simcrisis.exercise.back.questionnaire import questionnaire_files
from simcrisis.exercise.back.reading import sheets_in
from simcrisis.exercise.debrief.report import FOLDER as DEBRIEF
from simcrisis.exercise.documents.decisions import NAME, decisions
from simcrisis.exercise.pack import TABLES, folder_names, sheet_file
from simcrisis.exercise.saved import pack_in
from simcrisis.files import aside


@dataclass(frozen=True)
class Purge:
    """What is removed from a pack."""

    gone: tuple[Path, ...]
    """Files and folders that participants, or what they typed, have filled."""
    emptied: tuple[tuple[Path, bytes], ...]
    """Decision sheets, with what they hold as they were built."""

    def __iter__(self) -> Iterator[Path]:
        yield from self.gone
        yield from (path for path, _ in self.emptied)


def to_purge(folder: Path) -> Purge:
    """Return what would be removed; raises ExerciseError where the folder holds no pack that can be made again."""
    pack, material = pack_in(folder)
    gone = [path for name in (ANSWERS, NOTES, DEBRIEF) if (path := folder / name).exists()]
    gone += questionnaire_files(folder)
    emptied = []
    names = folder_names(material.public.tables)
    for table in material.tables():
        inside = f"{TABLES}/{names[table.state]}"
        sheet = folder / inside / f"{NAME}.xlsx"
        gone += [path for path in sheets_in(folder / inside) if path != sheet]
        built = sheet_file(decisions(table), material.public.marks("AMBER"), pack, inside)
        if not sheet.exists() or sheet.read_bytes() != built:
            emptied.append((sheet, built))
    return Purge(tuple(gone), tuple(emptied))


def purge(found: Purge) -> None:
    """Remove it. Raises ExerciseError with what could not be removed; calling it again removes the rest."""
    left = []
    for path, built in found.emptied:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with aside(path) as file:
                file.write_bytes(built)
        except OSError as error:
            left.append(f"{path}: {error.strerror}")
    for path in found.gone:
        try:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        except OSError as error:
            left.append(f"{error.filename or path}: {error.strerror}")
    if left:
        raise ExerciseError("\n".join(left))
