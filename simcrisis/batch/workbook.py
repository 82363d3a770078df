"""The tables of a batch as one workbook; the only importer of openpyxl."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from simcrisis.batch.inert import inert
from simcrisis.batch.manifest import Manifest
from simcrisis.errors import BatchError
from simcrisis.files import aside

MOST_ROWS = 1_048_576
"""Rows of a worksheet, the head included."""
_A4 = 9
_WIDEST = 40
_TEXT_WIDTH, _LINE_HEIGHT = 100, 15
_OF_SHARES = ("risk", "differences", "curves")
"""Tables of shares of runs."""
_SHARES = ("probability", "low", "high", "exceeded", "difference", "compensated", "compensated_low", "compensated_high")
"""Their columns that are shown in per cent."""
_DATED = datetime(2000, 1, 1)
"""The date that a workbook carries: the same batch says the same."""
_SHEETS = (
    "risk: share of runs that reach a rung; differences: what each arm changes under the same luck; measures: means of "
    "everything else, and what each arm changes in them; curves: the risk hour by hour; runs: a row a run; columns in "
    "the documentation of simcrisis, docs/tables.md"
)

Tables = Mapping[str, tuple[Path, Iterator[pl.DataFrame]]]


def write_workbook(target: Path, manifest: Manifest, tables: Tables) -> None:
    """Write tables, each by name as its file and its pieces; raises BatchError for one that is too long for a sheet."""
    for name, (file, _) in tables.items():
        rows = pl.scan_parquet(file).select(pl.len()).collect().item()
        if rows >= MOST_ROWS:
            told = f"'{name}' has {rows:,} rows, and a worksheet holds {MOST_ROWS - 1:,}; export to csv"
            raise BatchError(f"{target}: {told}")
    book = Workbook(write_only=True)
    book.properties.creator = "simcrisis"
    book.properties.created = book.properties.modified = _DATED
    _about(book, manifest)
    for name, (file, pieces) in tables.items():
        _sheet(book, name, pl.scan_parquet(file).collect_schema(), pieces)
    with aside(target) as file:
        book.save(file)


def _about(book: Workbook, manifest: Manifest) -> None:
    """Write the first sheet: what the others hold, and where they come from."""
    scenario = manifest["scenario"]
    rows = {
        "scenario": scenario.get("title", ""),
        "question": scenario.get("question", ""),
        "summary": scenario.get("summary", ""),
        "arms": ", ".join(manifest["arms"]),
        "replications of each arm": manifest["replications"],
        "factors": ", ".join(manifest["factors"]) or "none",
        "seed": manifest["seed"],
        "notice": manifest["notice"] or "all States are invented",
        "cite as": manifest["citation"],
        "made by": manifest["command"],
        "versions": ", ".join(f"{name} {number}" for name, number in manifest["made_with"].items()),
        "sheets": _SHEETS,
    }
    sheet = book.create_sheet("about")
    _for_paper(sheet)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, _TEXT_WIDTH
    for n, (name, value) in enumerate(rows.items(), 1):
        lines = sum(len(part) // _TEXT_WIDTH + 1 for part in str(value).splitlines() or [""])
        sheet.row_dimensions[n].height = _LINE_HEIGHT * lines
        told = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", inert(value)) if isinstance(value, str) else value)
        told.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
        sheet.append([_head(sheet, name), told])


def _sheet(book: Workbook, name: str, schema: pl.Schema, pieces: Iterator[pl.DataFrame]) -> None:
    """Write a table: a head that stays, filters, columns as wide as they need."""
    sheet = book.create_sheet(name)
    _for_paper(sheet)
    sheet.freeze_panes, sheet.print_title_rows = "A2", "1:1"
    formats = [_number_format(name, column, kind) for column, kind in schema.items()]
    height = 1
    for rows in pieces:
        if height == 1:
            for letter, cells in zip(_letters(), rows.iter_columns(), strict=False):
                shown = (cells.name, "12345678", *cells.head(100).drop_nulls())
                sheet.column_dimensions[letter].width = min(max(len(str(each)) for each in shown) + 3, _WIDEST)
            sheet.append([_head(sheet, each.name, right=each.dtype.is_numeric()) for each in rows.iter_columns()])
        for row in rows.iter_rows():
            sheet.append([_number(sheet, value, form) for value, form in zip(row, formats, strict=True)])
        height += len(rows)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(schema))}{height}"


def _for_paper(sheet: Any) -> None:
    """Print on A4, landscape, one page wide."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _head(sheet: Any, text: str, *, right: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(name="Calibri", bold=True)
    cell.alignment = Alignment(vertical="top", horizontal="right" if right else "left")
    return cell


def _number(sheet: Any, value: Any, form: str | None) -> Any:
    if form is None or value is None:
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = form
    return cell


def _number_format(table: str, column: str, kind: pl.DataType) -> str | None:
    if not kind.is_float() or "." in column:  # the path of a factor: shown as it was written
        return None
    return "0.00%" if table in _OF_SHARES and column in _SHARES else "0.0000"


def _letters() -> Iterator[str]:
    return (get_column_letter(n) for n in count(1))
