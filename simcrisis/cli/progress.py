"""Running a batch before the eyes of a person at the terminal: rate, time left, what it says so far, interruption."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from simcrisis.cli.output import INTERRUPTED, located_errors, say

if TYPE_CHECKING:
    from simcrisis.batch.running import Status


class Reached:
    """Remembers how far a batch was, and draws it where somebody looks."""

    def __init__(self) -> None:
        self.latest: Status | None = None

    def __call__(self, status: Status) -> None:
        """Take note."""
        self.latest = status

    def kept_in(self, out: Path | None) -> str:
        """Return what an interrupted batch leaves, in words."""
        if out is None:
            return "nothing is kept without --out"
        if self.latest is None:
            return f"nothing was run; what {out} holds is as it was"
        return f"{self} are kept in {out}: the same command goes on"

    def __str__(self) -> str:
        if self.latest is None:
            return "no runs"
        return f"{self.latest.done:,} of {self.latest.total:,} runs"


class _Bar(Reached):
    def __init__(self) -> None:
        super().__init__()
        from rich.console import Console
        from rich.live import Live
        from rich.progress import BarColumn, Progress, TextColumn

        columns = (BarColumn(), TextColumn("{task.fields[told]}"))
        self._bar = Progress(*columns)
        self._task = self._bar.add_task("", total=None, told="starting")
        self.live = Live(self._bar, console=Console(stderr=True), transient=True, refresh_per_second=4)
        self._began = time.monotonic()
        self._before: int | None = None

    def __call__(self, status: Status) -> None:
        """Take note and draw."""
        from rich.console import Group
        from rich.text import Text

        from simcrisis.report.sentence import so_far

        super().__call__(status)
        if self._before is None:
            self._began, self._before = time.monotonic(), status.done
        spent = time.monotonic() - self._began
        rate = (status.done - self._before) / spent if spent > 0.5 else 0.0
        told = str(self)
        if rate:
            told += f"   {rate:,.0f}/s   {_left((status.total - status.done) / rate)} left"
        self._bar.update(self._task, completed=status.done, total=status.total, told=told)
        self.live.update(Group(self._bar, Text(so_far(status), no_wrap=True, overflow="ellipsis")))


def _left(seconds: float) -> str:
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02d} min"
    return f"{whole // 3600}:{whole % 3600 // 60:02d} h"


@contextmanager
def progress(quiet: bool) -> Iterator[Reached]:
    """Give what takes note of a batch's progress; it draws at a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield Reached()
        return
    bar = _Bar()
    with bar.live:
        yield bar


@contextmanager
def attended(out: Path | None, quiet: bool) -> Iterator[Reached]:
    """Give what takes note of a batch's progress, and end well where it cannot go on.

    Wrong input ends with exit status 2, Ctrl-C with 130 and what is kept in `out`. Runs that fail are told of later.
    """
    reached = Reached()
    try:
        with located_errors(), warnings.catch_warnings(), progress(quiet) as reached:
            warnings.simplefilter("ignore", RuntimeWarning)
            yield reached
    except KeyboardInterrupt:
        say(f"interrupted; {reached.kept_in(out)}")
        raise typer.Exit(INTERRUPTED) from None
