"""Tables of a batch for others: CSV files, or one workbook. Texts are inert: no cell starts a formula."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from simcrisis.batch.folder import MANIFEST, read_manifest
from simcrisis.batch.provenance import CITATION
from simcrisis.errors import BatchError

if TYPE_CHECKING:
    from openpyxl import Workbook

SHEET_ROWS = 1_048_576
"""Rows of a worksheet, the head included."""
_CHUNK = 50_000
_STARTS_A_FORMULA = r"^([=+\-@\t\r\n\uFF0B\uFF0D\uFF1D\uFF20])"
_ORDER = ("risk", "differences", "points", "curves", "runs", "rung_changes", "decisions", "events")
_WIDEST = 40
_SHARES = ("probability", "low", "high", "exceeded", "difference")
"""Columns that a worksheet shows in per cent."""
_EPOCH = datetime(2000, 1, 1)
"""The date that a workbook carries, so that the same batch gives the same file."""


class Format(StrEnum):
    """What tables can be written as."""

    CSV = "csv"
    XLSX = "xlsx"


def export(folder: str | Path, to: Format | str, out: str | Path | None = None) -> list[Path]:
    """Write the tables of a finished batch and return the files: `DIR/export/*.csv`, or `DIR/export/NAME.xlsx`.

    `out` is another folder for them. Raises BatchError where the folder holds no finished batch, a table is longer than
    a worksheet, or openpyxl is not installed.
    """
    path = Path(folder)
    manifest = read_manifest(path / MANIFEST)
    tables = {name: path / "tables" / f"{name}.parquet" for name in _ORDER}
    there = {name: file for name, file in tables.items() if file.exists()}
    if manifest.get("counts") is None or "risk" not in there:
        raise BatchError(f"{path}: this batch is not finished; the command that began it goes on")
    if to not in list(Format):
        raise BatchError(f"'{str(to)[:40]}' is no format to export to; there are {', '.join(Format)}")
    into = path / "export" if out is None else Path(out)
    write: Mapping[str, Callable[[Path, Mapping[str, Any], Mapping[str, Path], Path], list[Path]]]
    write = {Format.CSV: _csv, Format.XLSX: _xlsx}
    try:
        into.mkdir(parents=True, exist_ok=True)
        return write[Format(to)](path, manifest, there, into)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise BatchError(f"{into}: {str(error).splitlines()[0]}") from error


def inert(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: with an apostrophe before a sign that begins one."""
    return pl.select(_inert(pl.lit(text))).item()  # type: ignore[no-any-return]


def _inert(texts: pl.Expr) -> pl.Expr:
    return texts.str.replace(_STARTS_A_FORMULA, "'$1")


def _rows(file: Path) -> Iterator[pl.DataFrame]:
    """Yield a table in pieces: a batch can be larger than memory."""
    table = pl.scan_parquet(file)
    names = table.collect_schema().names()
    safe = table.with_columns(_inert(pl.col(pl.String, pl.Categorical, pl.Enum).cast(pl.String)))
    total = table.select(pl.len()).collect().item()
    for start in range(0, max(total, 1), _CHUNK):
        yield safe.slice(start, _CHUNK).collect().rename({name: inert(name) for name in names})


def _csv(path: Path, manifest: Mapping[str, Any], tables: Mapping[str, Path], into: Path) -> list[Path]:
    written: list[Path] = []
    for name, file in tables.items():
        target = into / f"{name}.csv"
        aside = target.with_name(f"{target.name}.part")
        with aside.open("wb") as stream:
            for n, rows in enumerate(_rows(file)):
                rows.write_csv(stream, include_header=n == 0)
        aside.replace(target)
        written.append(target)
    return written


def _xlsx(path: Path, manifest: Mapping[str, Any], tables: Mapping[str, Path], into: Path) -> list[Path]:
    try:
        from openpyxl import Workbook
    except ImportError:
        raise BatchError('openpyxl is not installed: pip install "simcrisis[office]"') from None
    for name, file in tables.items():
        rows = pl.scan_parquet(file).select(pl.len()).collect().item()
        if rows >= SHEET_ROWS:
            raise BatchError(
                f"{path}: '{name}' has {rows:,} rows, and a worksheet holds {SHEET_ROWS - 1:,}; export it to csv"
            )
    book = Workbook(write_only=True)
    book.properties.creator = "simcrisis"
    book.properties.created = book.properties.modified = _EPOCH
    _about(book, path, manifest)
    for name, file in tables.items():
        _sheet(book, name, file)
    target = into / f"{path.resolve().name}.xlsx"
    aside = target.with_name(f"{target.name}.part")
    book.save(aside)
    aside.replace(target)
    return [target]


def _about(book: Workbook, path: Path, manifest: Mapping[str, Any]) -> None:
    """Write the first sheet: what the others hold, and where they come from."""
    scenario = manifest["scenario"]
    rows = {
        "scenario": scenario["title"],
        "question": scenario.get("question", ""),
        "summary": scenario.get("summary", ""),
        "arms": ", ".join(manifest["arms"]),
        "replications of each arm": manifest["replications"],
        "factors": ", ".join(manifest["factors"]),
        "seed": manifest["seed"],
        "notice": manifest["notice"] or "",
        "cite as": (path / CITATION).read_text(encoding="utf-8").strip() if (path / CITATION).exists() else "",
        "made by": manifest["command"],
        "versions": ", ".join(f"{name} {number}" for name, number in manifest["made_with"].items()),
        "sheets": "risk: share of runs that reach a rung; differences: what each arm changes under the same luck; "
        "curves: the same by the hour; runs: a row a run; columns in the documentation of simcrisis, docs/tables.md",
    }
    sheet = book.create_sheet("about")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 110
    for name, value in rows.items():
        sheet.append([_cell(sheet, name, bold=True), _cell(sheet, value, wrap=True)])


def _sheet(book: Workbook, name: str, file: Path) -> None:
    """Write a table: a head that stays, filters, columns as wide as they need."""
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    schema = pl.scan_parquet(file).collect_schema()
    formats = [_number_format(column, kind) for column, kind in schema.items()]
    height = 1
    for n, rows in enumerate(_rows(file)):
        if n == 0:
            for column, cells in zip(_letters(), rows.iter_columns(), strict=False):
                widest = max(len(str(value)) for value in (cells.name, "12345678", *cells.head(100).drop_nulls()))
                sheet.column_dimensions[column].width = min(widest + 3, _WIDEST)
            sheet.append([_cell(sheet, column, bold=True) for column in rows.columns])
        for row in rows.iter_rows():
            sheet.append([_cell(sheet, value, number=form) for value, form in zip(row, formats, strict=True)])
        height += len(rows)
    sheet.auto_filter.ref = f"A1:{list(zip(_letters(), schema, strict=False))[-1][0]}{height}"


def _cell(sheet: Any, value: Any, *, bold: bool = False, wrap: bool = False, number: str | None = None) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    if value is None or (number is None and not bold and not wrap and not isinstance(value, str)):
        return value
    cell = WriteOnlyCell(sheet, inert(value) if isinstance(value, str) and (bold or wrap) else value)
    if bold:
        cell.font = Font(bold=True)
    if wrap:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    if number is not None:
        cell.number_format = number
    return cell


def _number_format(column: str, kind: pl.DataType) -> str | None:
    if not kind.is_float():
        return None
    return "0.00%" if column in _SHARES else "0.0000"


def _letters() -> Iterator[str]:
    from openpyxl.utils import get_column_letter

    return (get_column_letter(n) for n in count(1))
