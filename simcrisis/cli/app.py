"""The application: commands of all groups."""

from __future__ import annotations

import io
import sys
from typing import Annotated

import typer

from simcrisis import __version__
from simcrisis.cli import (
    batches,
    calibration,
    catalogue,
    causes,
    claims,
    exercise,
    folders,
    lines,
    luck,
    network,
    pages,
    play,
    runs,
    scenarios,
    sensitivity,
)
from simcrisis.cli.output import INTERRUPTED

app = typer.Typer(
    name="simcrisis",
    help="How much does a communication line between States change the risk that an ICT incident escalates?",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"simcrisis {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


COMMANDS = (
    scenarios.list_,
    scenarios.new,
    scenarios.validate,
    runs.run,
    play.play,
    causes.why,
    causes.compare,
    luck.luck,
    network.network,
    batches.batch,
    lines.lines,
    sensitivity.sensitivity,
    claims.claim,
    claims.verify,
    calibration.calibrate,
    calibration.ensemble,
    folders.merge,
    folders.export,
    pages.report,
    scenarios.schema,
)
for command in COMMANDS:
    app.command(name=command.__name__.strip("_"))(command)
app.add_typer(catalogue.app, name="catalogue")
app.add_typer(exercise.app, name="exercise")


def main() -> None:
    """Run the command line; exit 0 done, 2 wrong input, 3 failed runs, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name that the terminal cannot show stops nothing
    try:
        app()
    except KeyboardInterrupt:
        typer.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)
