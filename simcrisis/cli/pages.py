"""`report`: a batch on one page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simcrisis.cli.common import QuietOption, TrustOption
from simcrisis.cli.output import located_errors, say
from simcrisis.files import aside


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a batch.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the page goes; default: report.html in the folder.")
    ] = None,
    trust_code: TrustOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write one HTML page from a batch: self-contained, opens offline from a mail, prints on A4."""
    from simcrisis.batch.batch import read_batch
    from simcrisis.report.page import page

    with located_errors():
        batch = read_batch(folder, trust_code=trust_code)
        target = folder / "report.html" if out is None else out
        with aside(target) as file:
            file.write_text(page(batch), encoding="utf-8")
    say(f"the page is {target}", quiet=quiet)
