"""Where things go: results to standard output, messages and progress to standard error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from textwrap import fill
from typing import TYPE_CHECKING, Any

import typer

from simcrisis.errors import ScenarioError, SimcrisisError, isolated, printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from simcrisis.batch.work import Failure

WRONG_INPUT = 2
FAILED_RUNS = 3
INTERRUPTED = 130


def say(message: str, *, quiet: bool = False) -> None:
    """Print a message for the person at the terminal."""
    if not quiet:
        typer.echo(message, err=True)


def tell(text: str) -> None:
    """Print prose, its lines broken between words as wide as the terminal, 120 columns at most."""
    wide = min(console().width, 120)
    for line in text.split("\n"):
        typer.echo(fill(line, wide, break_long_words=False, break_on_hyphens=False))


def end_with(failures: Sequence[Failure]) -> None:
    """Tell of runs that failed, and exit with the status that says so."""
    if failures:
        first = failures[0]
        which = f"arm {first.arm}, replication {first.replication}"
        say(printable(f"{len(failures)} runs failed; the first: {which}: {first.error}"))
        raise typer.Exit(FAILED_RUNS)


def print_json(document: Any) -> None:
    """Print a result as one JSON document."""
    ascii_only = not (sys.stdout.encoding or "").lower().startswith("utf")
    json.dump(document, sys.stdout, indent=2, ensure_ascii=ascii_only, default=str, allow_nan=False)
    sys.stdout.write("\n")


def print_table(table: Table) -> None:
    """Print a table, as wide as the terminal (or as it needs, into a file)."""
    console().print(table)


def console(wide: int = 120) -> Console:
    """Return a console as wide as the terminal; into a pipe as wide as COLUMNS says, or `wide`."""
    from rich.console import Console

    known = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(width=None if known else wide, highlight=False)


def make_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[str] = ()
) -> Table:
    """Return a table, every text as it stands; columns of numbers are set flush right."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=escape(title) or None, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(_cell(column), justify="right" if column in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(_cell, row))
    return table


def _cell(text: str) -> str:
    """Return a text of a table as it stands, each line by itself: it moves nothing in the cells beside it."""
    from rich.markup import escape

    return escape("\n".join(map(isolated, text.split("\n"))))


@contextmanager
def located_errors() -> Iterator[None]:
    """Turn errors that a user can put right into lines on standard error and exit status 2."""
    try:
        yield
    except ScenarioError as error:
        for problem in error.problems:
            typer.echo(str(problem), err=True)
        raise typer.Exit(WRONG_INPUT) from None
    except SimcrisisError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_INPUT) from None
    except OSError as error:
        typer.echo(f"{error.filename or 'file'}: {error.strerror or error}", err=True)
        raise typer.Exit(WRONG_INPUT) from None
