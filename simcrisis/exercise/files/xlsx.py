"""Lists as XLSX: a head that stays, filters, A4, the marks of the exercise on every page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from simcrisis.batch.inert import inert
from simcrisis.exercise.blocks import Marks
from simcrisis.exercise.files.plain import plain
from simcrisis.exercise.files.steady import steady

_A4 = 9


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, how wide (characters), and what may be chosen in it."""

    head: str
    wide: float
    choices: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str | int | float | None]]


def xlsx(sheets: Sequence[Sheet], marks: Marks) -> bytes:
    """Return worksheets as a workbook; no cell is a formula."""
    book = Workbook()
    book.properties.creator = "simcrisis"
    for each in list(book.worksheets):
        book.remove(each)
    for sheet in plain(list(sheets)):
        _write(book, sheet, plain(marks))
    stream = io.BytesIO()
    book.save(stream)
    return steady(stream.getvalue())


def _write(book: Workbook, sheet: Sheet, marks: Marks) -> None:
    page = book.create_sheet(sheet.name)
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
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in page[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="EEF3F6")
    page.freeze_panes, page.print_title_rows = "A2", "1:1"
    page.auto_filter.ref = page.dimensions
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", _A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.oddHeader.center.text = _printed(f"{marks.exercise}\n{marks.tlp}")
    page.oddFooter.center.text = _printed(f"{marks.notice}\n{marks.exercise}")


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
