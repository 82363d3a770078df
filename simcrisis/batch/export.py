"""Tables of a batch for others: CSV files, or one workbook. Texts are inert: no cell starts a formula."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

import polars as pl

from simcrisis.batch.inert import inert_table
from simcrisis.batch.logs import write_log
from simcrisis.batch.manifest import MANIFEST, Manifest, read_manifest
from simcrisis.batch.tables import ESTIMATES
from simcrisis.batch.work import ALWAYS
from simcrisis.errors import BatchError
from simcrisis.files import aside

_CHUNK = 50_000
"""Rows at a time: a batch can be larger than memory."""
_ORDER = (
    "risk",
    "differences",
    "measures",
    "stopping",
    "ensemble",
    "points",
    "curves",
    "runs",
    "rung_changes",
    "decisions",
    "events",
)


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
    if manifest["counts"] is None:
        raise BatchError(f"{path}: this batch is not finished; the command that began it goes on")
    for name in (*ESTIMATES, *ALWAYS, *manifest["keep"]):
        if name not in there:
            raise BatchError(f"{tables[name]}: is missing; the command that began the batch makes it again")
    if to not in list(Format):
        raise BatchError(f"'{str(to)[:40]}' is no format to export to; there are {', '.join(Format)}")
    into = path / "export" if out is None else Path(out)
    try:
        into.mkdir(parents=True, exist_ok=True)
        return _csv(there, into) if to == Format.CSV else _xlsx(path, manifest, there, into)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise BatchError(f"{into}: {str(error).splitlines()[0]}") from error


def write_found(folder: Path, tables: Mapping[str, pl.DataFrame]) -> Path:
    """Write what a study of a batch found as CSV files into the folder of that batch; return where they are."""
    into = folder / "found"
    into.mkdir(exist_ok=True)
    for name, table in tables.items():
        write_log(table, into / f"{name}.csv")
    return into


def in_pieces(file: Path) -> Iterator[pl.DataFrame]:
    """Yield a table as inert texts and numbers, some rows at a time; at least one piece."""
    table = pl.scan_parquet(file)
    total = table.select(pl.len()).collect().item()
    for start in range(0, max(total, 1), _CHUNK):
        yield inert_table(table).slice(start, _CHUNK).collect()


def _csv(tables: Mapping[str, Path], into: Path) -> list[Path]:
    written: list[Path] = []
    for name, file in tables.items():
        target = into / f"{name}.csv"
        with aside(target) as part, part.open("wb") as stream:
            for n, rows in enumerate(in_pieces(file)):
                rows.write_csv(stream, include_header=n == 0)
        written.append(target)
    return written


def _xlsx(path: Path, manifest: Manifest, tables: Mapping[str, Path], into: Path) -> list[Path]:
    try:
        from simcrisis.batch.workbook import write_workbook  # openpyxl is an extra, and slow to import
    except ImportError:
        raise BatchError('openpyxl is not installed: pip install "simcrisis[office]"') from None
    target = into / f"{path.resolve().name}.xlsx"
    write_workbook(target, manifest, {name: (file, in_pieces(file)) for name, file in tables.items()})
    return [target]
