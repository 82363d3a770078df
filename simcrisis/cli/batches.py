"""`batch`: the risk."""

from __future__ import annotations

import shlex
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simcrisis.cli.common import FileArgument, JsonOption, QuietOption, SeedOption, SetOption, TrustOption, load_with
from simcrisis.cli.output import FAILED_RUNS, INTERRUPTED, located_errors, make_table, print_json, print_table, say

if TYPE_CHECKING:
    from simcrisis.batch.batch import Batch, Progress, Status

SHOWN = {3: "public concern", 4: "attribution", 6: "sanctions", 8: "force"}
"""Rungs shown at the terminal; tables and JSON hold all."""


def batch(
    file: FileArgument,
    replications: Annotated[
        int, typer.Option("--replications", "-n", min=1, max=100_000_000, help="Runs of each arm.")
    ] = 1000,
    seed: SeedOption = 1,
    arms: Annotated[str | None, typer.Option(help="Arms to run, with commas; default: all.")] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=1024, help="Worker processes; default: one a core if it takes long.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep shards and tables here; the same command goes on.")
    ] = None,
    changes: SetOption = None,
    trust_code: TrustOption = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Run replications of every arm and print the risk of escalation."""
    from simcrisis.batch.batch import run_batch

    try:
        with located_errors(), warnings.catch_warnings(), _progress(quiet) as progress:
            warnings.simplefilter("ignore", RuntimeWarning)
            chosen = arms.split(",") if arms is not None else None
            done = run_batch(
                load_with(file, changes, trust_code),
                replications,
                seed,
                arms=chosen,
                workers=workers,
                out=out,
                progress=progress,
                command=shlex.join(["simcrisis", *sys.argv[1:]]),
            )
    except KeyboardInterrupt:
        kept = f"what is done is kept in {out}: the same command goes on" if out else "nothing is kept without --out"
        say(f"interrupted; {kept}")
        raise typer.Exit(INTERRUPTED) from None
    if as_json:
        print_json(_document(done))
    else:
        _print(done)
    if out:
        say(f"tables in {out / 'tables'}", quiet=quiet)
    if done.failures:
        first = done.failures[0]
        which = f"arm {first.arm}, replication {first.replication}"
        say(f"{len(done.failures)} runs failed; the first: {which}: {first.error}")
        raise typer.Exit(FAILED_RUNS)


@contextmanager
def _progress(quiet: bool) -> Iterator[Progress | None]:
    """Give a callback that draws a bar with rate and time left; none off a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("replications"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, rate="")

        def show(status: Status) -> None:
            speed = bar.tasks[task].speed
            bar.update(task, completed=status.done, total=status.total, rate=f"{speed:,.0f}/s" if speed else "")

        yield show


def _document(done: Batch) -> dict[str, object]:
    from simcrisis.report.sentence import headline, made_by
    from simcrisis.report.standing import ASSUMED

    return {
        "scenario": done.scenario.title,
        "scenario_sha256": done.scenario.digest,
        "seed": done.seed,
        "arms": list(done.arms),
        "replications": done.replications,
        "failed": len(done.failures),
        "standing": ASSUMED,
        "notice": done.scenario.notice,
        "made_by": made_by(done),
        "headline": headline(done),
        "risk": done.risk.to_dicts(),
        "differences": done.differences.to_dicts(),
    }


def _print(done: Batch) -> None:
    from simcrisis.report.sentence import headline, made_by
    from simcrisis.report.tables import differences_rows, risk_rows
    from simcrisis.report.timeline import act_in_words
    from simcrisis.units import format_duration

    within = format_duration(done.scenario.horizon)
    heads = [f"{act}\n(rung {rung} or above)" for rung, act in SHOWN.items()]
    title = f"{done.scenario.title}: share of runs that reach a rung within {within} (95 % interval)"
    print_table(make_table(title, ["arm", "runs", *heads], risk_rows(done, list(SHOWN)), numbers=["runs", *heads]))
    heads = ["change, percentage points", "ratio", "only with it", "only without", "p"]
    for rung in (4, 8):
        title = f"Change against '{done.arms[0]}' under the same luck: rung {rung} or above ({act_in_words(rung)})"
        print_table(make_table(title, ["arm", *heads], differences_rows(done, rung), numbers=heads))
    typer.echo("p-values are of single comparisons, not corrected for their number.\n")
    typer.echo(headline(done))
    typer.echo(f"[{made_by(done)}] Another decision rule can reverse the sign of an effect: see docs/contrasts.md.")
    if done.scenario.notice:
        typer.echo(f"\n{done.scenario.notice}")
