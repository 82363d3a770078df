"""A pack: everything that an exercise day needs, in one folder."""

from __future__ import annotations

import csv
import io
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from simcrisis.batch.inert import inert
from simcrisis.errors import ExerciseError
from simcrisis.exercise.blocks import Document, Marks, Tlp
from simcrisis.exercise.documents.briefing import briefing
from simcrisis.exercise.documents.cbm_cards import cbm_cards
from simcrisis.exercise.documents.contact_sheet import contact_list, contact_sheet, entries
from simcrisis.exercise.documents.decision_sheet import decision_sheet
from simcrisis.exercise.documents.decisions import decisions
from simcrisis.exercise.documents.facilitator_guide import facilitator_guide
from simcrisis.exercise.documents.forms import forms
from simcrisis.exercise.documents.inject_cards import inject_cards
from simcrisis.exercise.documents.msel import NAME as MSEL
from simcrisis.exercise.documents.msel import msel, msel_on_paper
from simcrisis.exercise.documents.network_poster import network_poster
from simcrisis.exercise.documents.role_sheets import role_sheets
from simcrisis.exercise.documents.sealed_truth import sealed_truth
from simcrisis.exercise.documents.situation_manual import situation_manual
from simcrisis.exercise.documents.start_here import start_here
from simcrisis.exercise.documents.table_signs import table_signs
from simcrisis.exercise.files.docx import docx
from simcrisis.exercise.files.pdf import pdf
from simcrisis.exercise.files.plain import plain
from simcrisis.exercise.files.xlsx import Sheet, xlsx
from simcrisis.exercise.material import Sealed
from simcrisis.exercise.saved import PACK, record_of, written

_LONGEST = 60
"""Characters in the name of a State's folder: file systems take 255 bytes."""
MARK = "simcrisis pack"
"""What the unseen mark of a worksheet begins with."""
CONTROLLERS, EVERYONE, TABLES, EDIT = "controllers", "everyone", "tables", "edit"


@dataclass(frozen=True, slots=True)
class Item:
    """Something in a pack: in which folder, for whom, and what it is."""

    folder: str
    audience: str
    content: Document | Sheet
    tlp: Tlp


def items(sealed: Sealed) -> Iterator[Item]:
    """Yield what a pack holds; what a table gets is made from what that table may know."""
    public = sealed.public
    key = "documents.start_here.audience"
    controllers, everyone = public.text(f"{key}_controllers"), public.text(f"{key}_everyone")
    stale = [f"{entry.state} ({entry.function})" for entry in entries(public) if entry.stale]
    for document in (
        facilitator_guide(sealed, stale),
        msel_on_paper(sealed),
        role_sheets(public),
        sealed_truth(sealed),
    ):
        yield Item(CONTROLLERS, controllers, document, document.tlp)
    yield Item(CONTROLLERS, controllers, msel(sealed), "RED")
    for document in (
        situation_manual(public),
        network_poster(public),
        cbm_cards(public),
        contact_list(public),
        forms(public),
    ):
        yield Item(EVERYONE, everyone, document, document.tlp)
    yield Item(EVERYONE, everyone, contact_sheet(public), "GREEN")
    folders = folder_names(public.tables)
    for table in sealed.tables():
        folder = f"{TABLES}/{folders[table.state]}"
        audience = public.text(f"{key}_table", state=table.state)
        for document in (table_signs(table), briefing(table), inject_cards(table), decision_sheet(table)):
            yield Item(folder, audience, document, document.tlp)
        yield Item(folder, audience, decisions(table), "AMBER")


def write_pack(sealed: Sealed, out: Path) -> list[Path]:
    """Write a pack into a new or empty folder, all of it or nothing; return its files.

    Raises ExerciseError where the folder holds something already, or cannot be written.
    """
    try:
        check_free(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        try:
            _fill(sealed, aside)
            if out.exists():
                out.rmdir()
            aside.chmod(0o755)
            aside.replace(out)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise ExerciseError(f"{error.filename or out}: {error.strerror}") from None
    return sorted(path for path in out.rglob("*") if path.is_file())


def file_names(sealed: Sealed) -> Iterator[str]:
    """Yield the files of a pack, by their paths in it."""
    yield PACK
    yield f"{start_here(sealed, []).name}.pdf"
    for item in items(sealed):
        path = f"{item.folder}/{item.content.name}"
        if isinstance(item.content, Sheet):
            yield f"{path}.xlsx"
            if item.content.name == MSEL:
                yield f"{path}.csv"
        else:
            yield f"{path}.pdf"
            yield f"{EDIT}/{path}.docx"


def check_free(out: Path) -> None:
    """Raise ExerciseError where a folder holds something already."""
    try:
        used = out.exists() and (not out.is_dir() or any(out.iterdir()))
    except OSError as error:
        raise ExerciseError(f"{out}: {error.strerror}") from None
    if used:
        raise ExerciseError(f"{out}: holds something already; name a new folder")


def folder_names(states: Sequence[str]) -> dict[str, str]:
    """Return for each State the name of its folder: letters and digits of any script, and hyphens; no two alike."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for state in states:
        name = re.sub(r"[^\w]+", "-", normalize("NFC", state))[:_LONGEST].strip("-_") or "state"
        number, free = 1, name
        while free.casefold() in taken:
            number += 1
            free = f"{name}-{number}"
        taken.add(free.casefold())
        found[state] = free
    return found


def mark_of(pack: str, folder: str) -> str:
    """Return what the worksheets of a pack carry unseen, so that one of another pack, or table, is noticed."""
    return f"{MARK} {pack} {folder}".rstrip()


def sheet_file(sheet: Sheet, marks: Marks, pack: str, folder: str) -> bytes:
    """Return a worksheet of a pack as a workbook."""
    return xlsx([sheet], marks, mark_of(pack, folder))


def _fill(sealed: Sealed, into: Path) -> None:
    public, record = sealed.public, record_of(sealed)
    _put(into / PACK, written(record))
    for item in items(sealed):
        marks, content = public.marks(item.tlp), item.content
        if isinstance(content, Sheet):
            _put(into / item.folder / f"{content.name}.xlsx", sheet_file(content, marks, record["id"], item.folder))
            if content.name == MSEL:
                _put(into / item.folder / f"{MSEL}.csv", _csv(content))
        else:
            _put(into / item.folder / f"{content.name}.pdf", pdf(content, marks))
            _put(into / EDIT / item.folder / f"{content.name}.docx", docx(content, marks))
    first = start_here(sealed, list(_listed(sealed)))
    _put(into / f"{first.name}.pdf", pdf(first, public.marks(first.tlp)))


def _listed(sealed: Sealed) -> Iterator[tuple[str, str, str]]:
    """Yield for each file of a pack its path without ending, its name, and whom it is for: those of all tables once."""
    seen = set[str]()
    for item in items(sealed):
        folder = f"{TABLES}/*" if item.folder.startswith(f"{TABLES}/") else item.folder
        path = f"{folder}/{item.content.name}"
        if path not in seen:
            seen.add(path)
            yield path, item.content.name, item.audience


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _csv(sheet: Sheet) -> bytes:
    """Return a worksheet as CSV that Excel reads as UTF-8, in which no cell is a formula."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    sheet = plain(sheet)
    writer.writerow([inert(column.head) for column in sheet.columns])
    for row in sheet.rows:
        writer.writerow([inert(value) if isinstance(value, str) else value for value in row])
    return stream.getvalue().encode("utf-8-sig")
