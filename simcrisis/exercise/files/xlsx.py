"""Lists as XLSX: a head that stays, filters, A4, the marks of the exercise on every page."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.pagebreak import Break, ColBreak
from openpyxl.worksheet.properties import PageSetupProperties

from simcrisis.batch.inert import inert
from simcrisis.exercise.blocks import Marks
from simcrisis.exercise.files.plain import plain
from simcrisis.exercise.files.steady import steady

_A4 = 9
_NOT_IN_TITLES, _LONGEST_TITLE = re.compile(r"[\[\]:*?/\\]"), 31
_FONT, _SIZE = "Arial", 10
_LINE, _MOST_LINES = 13.0, 30
"""Height of a line (points), and how many a row has at most: Excel does not draw rows over 409 points."""
_ACROSS = 108
"""Characters that fit across a landscape page at full size."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, how wide (characters), and what may be chosen in it."""

    head: str
    wide: float
    choices: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: the name of its file without ending, and its title."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str | int | float | None]]
    halves: tuple[int, int] | None = None
    """Where it is too wide for one page: how many columns stand on both pages, and how many on the first."""


def xlsx(sheets: Sequence[Sheet], marks: Marks, keywords: str = "") -> bytes:
    """Return worksheets as a workbook; no cell is a formula. `keywords` stand in its properties."""
    book = Workbook()
    book.properties.creator = "simcrisis"
    book.properties.keywords = keywords or None
    for each in list(book.worksheets):
        book.remove(each)
    for sheet in plain(list(sheets)):
        _write(book, sheet, plain(marks))
    stream = io.BytesIO()
    book.save(stream)
    return steady(stream.getvalue())


def _write(book: Workbook, sheet: Sheet, marks: Marks) -> None:
    page = book.create_sheet(_NOT_IN_TITLES.sub(" ", sheet.title)[:_LONGEST_TITLE])
    page.append([_cell(column.head) for column in sheet.columns])
    for row in sheet.rows:
        page.append([_cell(value) for value in row])
    for number, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = column.wide
        if column.choices:
            _choose(page, column.choices, f"{letter}2:{letter}{max(2, len(sheet.rows) + 1)}")
    for row in page.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
            cell.font = Font(name=_FONT, size=_SIZE)
    for cell in page[1]:
        cell.font, cell.fill = Font(name=_FONT, size=_SIZE, bold=True), PatternFill("solid", fgColor="EEF3F6")
    page.freeze_panes, page.print_title_rows = "A2", "1:1"
    page.auto_filter.ref = page.dimensions
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", _A4
    for number, texts in enumerate([[column.head for column in sheet.columns], *sheet.rows], 1):
        page.row_dimensions[number].height = _LINE * _lines(texts, sheet.columns)
    page.page_margins = PageMargins(left=0.4, right=0.4, top=0.75, bottom=0.75, header=0.3, footer=0.3)
    page.print_options.gridLines = True
    _fit(page, sheet)
    page.oddHeader.left.text, page.oddHeader.center.text = _printed(sheet.title), _printed(marks.exercise)
    page.oddHeader.right.text = _printed(marks.tlp)
    page.oddFooter.left.text, page.oddFooter.center.text = _printed(marks.notice), _printed(marks.exercise)
    page.oddFooter.right.text = _printed(marks.page).replace("{page}", "&P")


def _lines(texts: Sequence[str | int | float | None], columns: Sequence[Column]) -> int:
    """Return how many lines a row needs, as far as can be told without the font."""
    needed = [
        sum(max(1, ceil(0.9 * len(line) / column.wide)) for line in str(text).split("\n"))
        for text, column in zip(texts, columns, strict=True)
        if text is not None
    ]
    return min(_MOST_LINES, max(needed, default=1))


def _fit(page: Any, sheet: Sheet) -> None:
    """Set how a sheet is printed: as wide as a page, or on two beside each other that both begin with some columns."""
    if sheet.halves is None:
        page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        return
    again, first = sheet.halves
    wide = [column.wide for column in sheet.columns]
    widest = max(sum(wide[:first]), sum(wide[:again]) + sum(wide[first:]))
    page.page_setup.scale = min(100, int(100 * _ACROSS / widest))
    page.print_title_cols = f"A:{get_column_letter(again)}"
    page.col_breaks = ColBreak(brk=[Break(id=first)])


def _choose(page: object, choices: Sequence[str], cells: str) -> None:
    """Let cells hold one of some short texts."""
    rule = DataValidation(type="list", formula1='"' + ",".join(choices) + '"', allow_blank=True)
    rule.add(cells)
    page.add_data_validation(rule)  # type: ignore[attr-defined]


def _cell(value: str | int | float | None) -> str | int | float | None:
    return inert(value) if isinstance(value, str) else value


def _printed(text: str) -> str:
    """Return a text as it stands in heads and feet of pages, where & begins a code."""
    return text.replace("&", "&&")
