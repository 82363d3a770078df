"""`exercise purge`: removes what participants typed, and all that was made of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from simcrisis.errors import ExerciseError
from simcrisis.exercise.back.answers import ANSWERS
from simcrisis.exercise.back.notes import note_folders
from simcrisis.exercise.back.questionnaire import questionnaire_files
from simcrisis.exercise.back.sheets import sheets_in
from simcrisis.exercise.debrief.report import FOLDER as DEBRIEF
from simcrisis.exercise.documents.decisions import NAME, decisions
from simcrisis.exercise.material import Sealed
from simcrisis.exercise.pack import TABLES, file_names, folder_names, sheet_file
from simcrisis.exercise.saved import PACK, pack_in
from simcrisis.files import aside

_LOCKS = ("~$", ".~lock.")
"""What the files begin with in which office programs keep who has opened a document."""


@dataclass(frozen=True)
class Purge:
    """What is removed from a pack."""

    gone: tuple[Path, ...]
    """Files and folders that participants, or what they typed, have filled."""
    emptied: tuple[tuple[Path, bytes], ...] = ()
    """Decision sheets, with what they hold as they were built."""
    strange: tuple[Path, ...] = ()
    """Files that the pack was not built with, and that are nothing known: they stay."""
    unmade: str = ""
    """Why the pack cannot be made again: then sheets are removed, and nothing is known of other files."""

    def __iter__(self) -> Iterator[Path]:
        yield from self.gone
        yield from (path for path, _ in self.emptied)


def to_purge(folder: Path) -> Purge:
    """Return what would be removed; raises ExerciseError where the folder holds no pack."""
    gone = [path for name in (ANSWERS, DEBRIEF) if (path := folder / name).exists()]
    try:
        pack, material = pack_in(folder)
    except ExerciseError as error:
        if not (folder / PACK).is_file():
            raise
        sheets = [path for table in sorted((folder / TABLES).glob("*")) for path in sheets_in(table)]
        return Purge((*gone, *_typed(folder), *sheets), unmade=str(error))
    gone += _typed(folder)
    emptied = []
    names = folder_names(material.public.tables)
    for table in material.tables():
        inside = f"{TABLES}/{names[table.state]}"
        sheet = folder / inside / f"{NAME}.xlsx"
        gone += [path for path in sheets_in(folder / inside) if not (sheet.exists() and path.samefile(sheet))]
        built = sheet_file(decisions(table), material.public.marks("AMBER"), pack, inside)
        if not sheet.exists() or sheet.read_bytes() != built:
            emptied.append((sheet, built))
    return Purge(tuple(gone), tuple(emptied), tuple(_strange(folder, material, gone)))


def _typed(folder: Path) -> list[Path]:
    """Return notes, questionnaires, and the locks of documents that lie in neither."""
    found = [*note_folders(folder), *questionnaire_files(folder)]
    locks = (path for path in sorted(folder.rglob("*")) if path.name.startswith(_LOCKS) and path.is_file())
    away = (*found, folder / ANSWERS, folder / DEBRIEF)
    return found + [path for path in locks if not any(path.is_relative_to(each) for each in away)]


def _strange(folder: Path, material: Sealed, gone: list[Path]) -> Iterator[Path]:
    """Yield the files that the pack was not built with, and that are not removed."""
    built = {folder / name for name in file_names(material)}
    for path in sorted(folder.rglob("*")):
        known = path.is_dir() or path in built or any(path.is_relative_to(each) for each in gone)
        if not known:
            yield path


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
