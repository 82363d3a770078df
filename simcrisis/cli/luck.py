"""`luck`: how far the luck of two arms stays in step."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from simcrisis.cli.common import FileArgument, JsonOption, QuietOption, SeedOption, SetOption, TrustOption, load_with
from simcrisis.cli.output import located_errors, make_table, print_json, print_table, tell
from simcrisis.errors import BatchError, isolated
from simcrisis.shown import ASSUMED

if TYPE_CHECKING:
    from simcrisis.batch.audit import Audit

MOST_PURPOSES, MOST_CAUSES = 12, 8
"""Rows of a table at the terminal; JSON holds all."""

_TERMS = (
    "Draws: occasions, summed over replications. Variance ratio: the variance that the difference in the share of runs "
    "would have with luck of its own in each arm, divided by what it has under common luck; rough where few "
    "replications reach the rung in one arm only."
)


def luck(
    file: FileArgument,
    arms: Annotated[str | None, typer.Option(help="Two arms, with a comma; default: the first and the last.")] = None,
    replications: Annotated[
        int, typer.Option("--replications", "-n", min=1, max=1_000_000, help="Runs of each of the two arms.")
    ] = 200,
    seed: SeedOption = 1,
    changes: SetOption = None,
    trust_code: TrustOption = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Tell how far the luck of two arms stays in step: what both draw, where they part, what common luck saved."""
    from simcrisis.batch.audit import audit

    with located_errors():
        scenario = load_with(file, changes, trust_code)
        pair = None if arms is None else [arm.strip() for arm in arms.split(",")]
        if pair is not None and len(pair) != 2:
            raise BatchError(f"--arms {arms}: name two arms, with a comma between them")
        with _bar(replications, quiet) as reached:
            found = audit(scenario, pair, replications, seed, progress=reached)
    if as_json:
        print_json(_document(found))
    else:
        _print(found)


@contextmanager
def _bar(replications: int, quiet: bool) -> Iterator[Callable[[int], object] | None]:
    """Give what draws how many replications are done, at a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("replications", total=replications)
        yield lambda done: bar.update(task, completed=done)


def _document(found: Audit) -> dict[str, object]:
    from simcrisis.report.luck import made_of, sentence

    return {
        "scenario": found.scenario.title,
        "scenario_sha256": found.scenario.digest,
        "arms": list(found.arms),
        "seed": found.seed,
        "replications": found.replications,
        "standing": ASSUMED,
        "notice": found.scenario.notice,
        "made_by": made_of(found),
        "sentence": sentence(found),
        "common": found.common,
        "occasions": found.occasions.to_dicts(),
        "parting": found.parting.row(0, named=True),
        "causes": found.causes.to_dicts(),
        "saved": found.saved.to_dicts(),
    }


def _print(found: Audit) -> None:
    from simcrisis.report.luck import cause_rows, made_of, occasion_rows, saved_rows, sentence

    left, right = (f"in '{arm}'" for arm in found.arms)
    tell(f"{isolated(found.scenario.title)}\n")
    heads = [f"draws {left}", f"draws {right}", "common to both", "share"]
    title = f"What luck is drawn for, in {found.replications:,} replications of each arm"
    rows = occasion_rows(found, MOST_PURPOSES)
    print_table(make_table(title, ["what it decides", *heads], rows, numbers=heads))
    if len(found.causes):
        heads = ["replications", "share", "median hour"]
        title = "Where they part: the first record that differs"
        print_table(make_table(title, [left, right, *heads], cause_rows(found, MOST_CAUSES), numbers=heads))
    heads = [f"reached only {left}", f"reached only {right}", "variance ratio"]
    print_table(make_table("What common luck saved", ["rung or above", *heads], saved_rows(found), numbers=heads))
    tell(f"{_TERMS}\n\n{sentence(found)}\n[{made_of(found)}]")
    if found.scenario.notice:
        tell(f"\n{found.scenario.notice}")
