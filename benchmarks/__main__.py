"""Measures what simcrisis costs: `python -m benchmarks [PARTS] [--quick] [--store]`; see README.md of this folder."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import history, readme
from benchmarks.results import Figure, Result, Size

UNASKED = ("speed", "growth", "parts", "start", "memory", "batch", "micro")
"""What is measured where nothing is named: each has a module of its name with a function `measure`."""
PARTS = (*UNASKED, "million")
README = "readme"


def main(words: Sequence[str] | None = None) -> None:
    """Measure, show and, if asked, keep; or renew the tables of the READMEs from what is kept."""
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # as worker processes have it; before polars is imported
    asked = _parser().parse_args(words)
    if asked.parts == [README]:
        readme.renew(asked.history)
        return
    unknown = [name for name in asked.parts if name not in PARTS]
    if unknown:
        sys.exit(f"no part named {', '.join(unknown)}: {', '.join(PARTS)}, or {README} by itself")
    size = Size.TINY if asked.tiny else Size.QUICK if asked.quick else Size.FULL
    console = Console(width=None if sys.stdout.isatty() else 120)
    found: dict[str, Sequence[Figure]] = {}
    for name in asked.parts or UNASKED:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        result = _measure(name, size)
        found[name] = result.figures
        console.print(_table(name, result.figures, history.latest(name, size, asked.history)))
        for detail in result.details:
            console.print(detail)
    one = history.entry(size, found)
    of = one.machine
    console.print(
        f"{one.date}, simcrisis {one.version} at {one.commit}, Python {one.python}, "
        f"{of['cores']} cores, {of['processor']}"
    )
    if asked.store:
        console.print(f"kept in {history.keep(one, asked.history).name}")


def _measure(name: str, size: Size) -> Result:
    """Return what a part finds; only parts that are measured are imported, for some need packages of their own."""
    if name == "million":
        found = import_module("benchmarks.memory").million(size)
    else:
        found = import_module(f"benchmarks.{name}").measure(size)
    assert isinstance(found, Result)
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; or {README}, which renews tables"
    )
    parser.add_argument("--quick", action="store_true", help="few rounds: to see whether a change helps")
    parser.add_argument("--tiny", action="store_true", help="to see that it works; the figures say nothing")
    parser.add_argument("--store", action="store_true", help="keep the figures in benchmarks/history")
    parser.add_argument("--history", type=Path, default=history.HISTORY, help="keep and look there instead")
    return parser


def _table(name: str, figures: Sequence[Figure], before: history.Entry | None) -> Table:
    """Return the figures of a part, beside those kept last of the same size."""
    then = {each.name: each.value for each in before.parts[name]} if before else {}
    table = Table(title=name, title_justify="left")
    table.add_column("figure")
    for head in ("value", "range", "limit", ""):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column(f"since {before.commit}" if before else "none kept", justify="right")
    for each in figures:
        kept = {None: "", True: "kept", False: "[bold]missed[/bold]"}[each.kept]
        change = f"{100 * (each.value / then[each.name] - 1):+.0f} %" if then.get(each.name) else ""
        table.add_row(
            each.name, f"{readme.number(each.value)} {each.unit}", readme.span(each), readme.limit(each), kept, change
        )
    return table


if __name__ == "__main__":
    main()
