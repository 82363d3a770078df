"""The log of a run as a file of its own."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from simcrisis.batch.inert import inert_table
from simcrisis.files import aside
from simcrisis.frames import MARK

ENDINGS = (".parquet", ".csv", ".jsonl")
"""What the file of a log may end in."""


def write_log(log: pl.DataFrame, path: Path) -> None:
    """Write the log of a run, or any table, in the form that the file's ending names.

    Aside first: nothing is left half-written.
    """
    with aside(path) as file:
        if path.suffix == ".parquet":
            log.write_parquet(file, metadata=MARK)
        elif path.suffix == ".csv":
            inert_table(log.lazy()).collect().write_csv(file)
        else:
            log.write_ndjson(file)
