"""What was typed, cell by cell, wherever it was typed: workbooks, and text as it is copied from one."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from simcrisis.errors import ExerciseError

Value = str | int | float | bool | date | time | None
MOST_ROWS, _MOST_COLUMNS = 2_000, 60
_MOST_BYTES, _MOST_UNPACKED, _MOST_PARTS = 20_000_000, 200_000_000, 2_000
_DELIMITERS = "\t;,"
_QUOTED = re.compile(r"^(?:>\s?)+")
"""What stands before the lines of a message that is answered."""
BOOKS, TEXTS = (".xlsx", ".xlsm"), (".txt", ".csv", ".tsv")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what is in it, and where it is."""

    where: str
    value: Value = None
    percent: bool = False
    """Whether it is shown as a percentage."""
    formula: bool = False
    """Whether its value was computed."""
    broken: str = ""
    """The error that it shows instead of a value, or `formula` where it was never computed."""

    @property
    def empty(self) -> bool:
        """Whether nothing is in it."""
        return not self.broken and (self.value is None or (isinstance(self.value, str) and not self.value.strip()))


@dataclass(frozen=True)
class Page:
    """A worksheet, or a text: its rows of cells, and what has to be said of the file."""

    where: str
    rows: Sequence[Sequence[Cell]]
    keywords: str = ""
    said: Sequence[str] = field(default=())


def pages(path: Path, shown: str) -> list[Page]:
    """Return the worksheets of a file, which is called `shown` in what is said of it.

    Macros are ignored, links not followed and nothing is computed. Raises ExerciseError where it cannot be read.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ExerciseError(f"{shown}: over {_MOST_BYTES:,} bytes; nothing of it was read")
        content = path.read_bytes()
    except OSError as error:
        raise ExerciseError(f"{shown}: {error.strerror}") from None
    if path.suffix.lower() in BOOKS:
        return _book(content, shown)
    return [_text(content, shown)]


def _book(content: bytes, shown: str) -> list[Page]:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise ExerciseError(f"{shown}: is no XLSX workbook; save it as .xlsx, without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            infos = parts.infolist()
            macros = any("vbaProject" in info.filename for info in infos)
        if sum(info.file_size for info in infos) > _MOST_UNPACKED or len(infos) > _MOST_PARTS:
            raise ExerciseError(f"{shown}: is too large once it is unpacked; nothing of it was read")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            typed, computed = (
                load_workbook(io.BytesIO(content), read_only=True, data_only=only, keep_links=False)
                for only in (False, True)
            )
            said = [f"{shown}: holds macros; they were ignored"] if macros else []
            found = [
                _sheet(one, other, f"{shown}: {_named(one.title)}", typed.properties.keywords or "", said)
                for one, other in zip(typed.worksheets, computed.worksheets, strict=True)
            ]
    except ExerciseError:
        raise
    except Exception as error:  # a broken workbook fails in openpyxl in any way
        what = f"{type(error).__name__}: {error}"[:160]
        raise ExerciseError(f"{shown}: cannot be read as a workbook ({what}); save it anew as .xlsx") from None
    return found


def _named(title: str) -> str:
    """Return the name of a worksheet as formulas write it, its spaces plain."""
    title = " ".join(title.split())
    return title if re.fullmatch(r"\w+", title) else "'" + title.replace("'", "''") + "'"


def _sheet(typed: Any, computed: Any, where: str, keywords: str, said: Sequence[str]) -> Page:
    rows = []
    for sheet in (typed, computed):
        sheet.reset_dimensions()
    bounds = {"max_row": MOST_ROWS, "max_col": _MOST_COLUMNS}
    for n, both in enumerate(zip(typed.iter_rows(**bounds), computed.iter_rows(**bounds), strict=True), 1):
        filled = max((m for m, cell in enumerate(both[0], 1) if cell.value is not None), default=0)
        cells = zip(both[0][:filled], both[1][:filled], strict=True)
        rows.append([_cell(a, b, f"{where}!{get_column_letter(m)}{n}") for m, (a, b) in enumerate(cells, 1)])
    return Page(where, rows, keywords, said)


def _cell(typed: Any, computed: Any, where: str) -> Cell:
    formula = typed.data_type == "f"
    value = computed.value
    if computed.data_type == "e":
        return Cell(where, None, formula=formula, broken=str(value))
    if formula and value is None:
        return Cell(where, None, formula=True, broken="formula")
    percent = isinstance(value, int | float) and "%" in str(computed.number_format or "")
    if not isinstance(value, str | int | float | date | time | None):
        value = str(value)  # a duration
    return Cell(where, value, percent, formula)


def _text(content: bytes, shown: str) -> Page:
    """Return a text with tabs, semicolons or commas between its cells, as it is copied from a sheet or a message."""
    said = []
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
        said.append(f"{shown}: is not in UTF-8; it was read as Windows text")
    lines = [_QUOTED.sub("", line) for line in text.splitlines()]
    delimiter = max(_DELIMITERS, key=lambda sign: (sum(sign in line for line in lines), -_DELIMITERS.index(sign)))
    rows = [list(cells) for cells in _cells("\n".join(lines), delimiter, shown)]
    return Page(shown, rows, "", said)


def _cells(text: str, delimiter: str, shown: str) -> Iterator[list[Cell]]:
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        for row in reader:
            if reader.line_num > MOST_ROWS:
                raise ExerciseError(f"{shown}: has over {MOST_ROWS:,} lines; nothing of it was read")
            yield [
                Cell(f"{shown}: line {reader.line_num}, column {n}", each.strip() or None)
                for n, each in enumerate(row[:_MOST_COLUMNS], 1)
            ]
    except csv.Error as error:
        raise ExerciseError(f"{shown}: line {reader.line_num}: {error}") from None


def as_typed(value: Value) -> str:
    """Return what a cell holds as text."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, float):
        return f"{value:.12g}"
    return "" if value is None else str(value).strip()
