"""`merge`, `export`: folders of batches."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Annotated

import typer

from simcrisis.cli.common import QuietOption, TrustOption
from simcrisis.cli.output import end_with, located_errors, say

FolderArgument = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a batch (its --out).")]


def merge(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders with shards of one batch.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the whole batch goes.")],
    trust_code: TrustOption = False,
    quiet: QuietOption = False,
) -> None:
    """Bring the shards of one batch together from several folders, and make its tables."""
    from simcrisis.batch.running import merge as merged

    with located_errors(), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        done = merged(folders, out, trust_code=trust_code)
    say(f"{done.plan.runs:,} runs; tables in {out / 'tables'}", quiet=quiet)
    end_with(done.failures)


def export(
    folder: FolderArgument,
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", help="csv or xlsx.")],
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Where to; default: DIR/export.")] = None,
    quiet: QuietOption = False,
) -> None:
    """Write the tables of a batch as CSV files, or as one workbook."""
    from simcrisis.batch.export import export as exported

    with located_errors():
        for file in exported(folder, to, out):
            say(str(file), quiet=quiet)
