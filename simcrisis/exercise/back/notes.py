"""What moderator and rapporteur wrote down: texts and documents in `notes/`, merged without names of persons."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import docx as python_docx

from simcrisis.errors import ExerciseError
from simcrisis.exercise.back.persons import names_somebody

FOLDER = "notes"
_TEXTS, _DOCUMENT = (".txt", ".md"), ".docx"
_STRENGTH, _AREA = "+", "!"
"""What a line begins with that is a strength, or an area for improvement."""
_BULLETS = "-*\u2022\u2013 \t"
_MOST_BYTES, _MOST_UNPACKED, _MOST_LINES = 5_000_000, 100_000_000, 1_000


@dataclass(frozen=True)
class Notes:
    """Notes of a day: for each file its lines; and those marked as strengths or as areas for improvement."""

    files: Sequence[Sequence[str]] = ()
    strengths: Sequence[str] = ()
    areas: Sequence[str] = ()
    said: Sequence[str] = ()
    """What was left out."""


def read_notes(folder: Path) -> Notes:
    """Return the notes in the folder `notes` of a pack; raises ExerciseError with every file that cannot be read."""
    files: list[list[str]] = []
    marked: dict[str, list[str]] = {_STRENGTH: [], _AREA: []}
    there = [path for notes in note_folders(folder) for path in sorted(notes.iterdir()) if path.name[0] not in ".~"]
    readable = (*_TEXTS, _DOCUMENT)
    said = [
        f"{path.relative_to(folder)}: was not read; save it as .docx or .txt"
        for path in there
        if path.suffix.lower() not in readable
    ]
    wrong = []
    for path in (path for path in there if path.suffix.lower() in readable):
        shown, kept = str(path.relative_to(folder)), []
        try:
            lines = list(_lines(path, shown))
        except ExerciseError as error:
            wrong.append(str(error))
            continue
        for n, line in enumerate(lines, 1):
            if names_somebody(line):
                said.append(f"{shown}: line {n}: looks like a person's name or address; left out (Chatham House Rule)")
            elif line[0] in marked:
                marked[line[0]].append(line[1:].strip())
            else:
                kept.append(line)
        files.append(kept)
    if wrong:
        raise ExerciseError("\n".join(wrong))
    return Notes([each for each in files if each], marked[_STRENGTH], marked[_AREA], said)


def note_folders(folder: Path) -> list[Path]:
    """Return the folders of notes in a pack: `notes`, in capitals or not."""
    return sorted(path for path in folder.iterdir() if path.is_dir() and path.name.casefold() == FOLDER)


def _lines(path: Path, shown: str) -> Iterator[str]:
    """Yield the lines of a file that say something, without the signs of lists and headings."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ExerciseError(f"{shown}: over {_MOST_BYTES:,} bytes; nothing of it was read")
        content = path.read_bytes()
    except OSError as error:
        raise ExerciseError(f"{shown}: {error.strerror}") from None
    lines = _of_document(content, shown) if path.suffix.lower() == _DOCUMENT else _of_text(content, shown)
    kept = [bare for line in lines if (bare := line.strip().lstrip("#").lstrip(_BULLETS).strip()).strip("+! ")]
    if len(kept) > _MOST_LINES:
        raise ExerciseError(f"{shown}: over {_MOST_LINES:,} lines; keep what the report needs")
    yield from kept


def _of_text(content: bytes, shown: str) -> Iterator[str]:
    try:
        yield from content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise ExerciseError(f"{shown}: is not in UTF-8; save it anew as UTF-8") from None


def _of_document(content: bytes, shown: str) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(info.file_size for info in parts.infolist()) > _MOST_UNPACKED:
                raise ExerciseError(f"{shown}: is too large once it is unpacked; nothing of it was read")
        made = python_docx.Document(io.BytesIO(content))
        for paragraph in made.paragraphs:
            yield from paragraph.text.splitlines()
        for table in made.tables:
            for row in table.rows:
                yield " | ".join(dict.fromkeys(text for cell in row.cells if (text := cell.text.strip())))
    except ExerciseError:
        raise
    except Exception:  # a broken document fails in python-docx in any way
        raise ExerciseError(f"{shown}: cannot be read as a document; save it anew as .docx") from None
