"""`compare` and `why`: where two arms part, and what led to the peak."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from simcrisis.cli.common import FileArgument, JsonOption, SeedOption, SetOption, TrustOption, load_to_tell
from simcrisis.cli.output import console, located_errors, print_json
from simcrisis.errors import BatchError, isolated
from simcrisis.shown import ASSUMED

if TYPE_CHECKING:
    from rich.table import Table

    from simcrisis.batch.run import Run
    from simcrisis.report.compare import Comparison, Row

ReplicationOption = Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Which replication.")]


def compare(
    file: FileArgument,
    arms: Annotated[str | None, typer.Option(help="Two arms, with a comma; default: the first and the last.")] = None,
    seed: SeedOption = 1,
    replication: ReplicationOption = 0,
    changes: SetOption = None,
    trust_code: TrustOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show two arms of one replication side by side, and where and why they part."""
    from simcrisis.batch.run import run
    from simcrisis.report.compare import compare as compare_runs

    with located_errors():
        scenario = load_to_tell(file, changes, trust_code)
        pair = arms.split(",") if arms is not None else [scenario.reference, list(scenario.arms)[-1]]
        if len(pair) != 2:
            raise BatchError(f"--arms {arms}: name two arms, with a comma between them")
        left, right = (run(scenario, arm, seed, replication) for arm in pair)
    told = compare_runs(left, right)
    if as_json:
        print_json(
            {
                "scenario": scenario.title,
                "arms": pair,
                "seed": seed,
                "replication": replication,
                "standing": ASSUMED,
                "notice": scenario.notice,
                "parted": told.parted,
                "sentence": told.sentence,
                "rows": [asdict(row) for row in told.rows],
            }
        )
    else:
        _print_comparison(left, right, told)


SHOWN_BEFORE = 3
"""Common rows shown before each difference."""


def _print_comparison(left: Run, right: Run, told: Comparison) -> None:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    screen = console(160)
    scenario = left.scenario
    screen.print(f"[bold]{escape(isolated(scenario.title))}[/] - seed {left.seed}, replication {left.replication}")
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
    table.add_column("local time", no_wrap=True, style="dim")
    table.add_column("who", no_wrap=True)
    table.add_column(f"arm {escape(isolated(left.arm))}", ratio=1)
    table.add_column(f"arm {escape(isolated(right.arm))}", ratio=1)
    _fill(table, told.rows)
    screen.print(table)
    screen.print(escape(told.sentence))
    screen.print(f"\n{ASSUMED}.")
    if scenario.notice:
        screen.print(f"\n{escape(scenario.notice)}")


def _fill(table: Table, rows: list[Row]) -> None:
    """Add the rows that differ with a few common ones before them, and count what is left out."""
    from rich.markup import escape

    same: list[Row] = []
    for row in [*rows, None]:
        if row is not None and row.common:
            same.append(row)
            continue
        shown = same[-SHOWN_BEFORE:] if row is not None else []
        if len(same) > len(shown):
            table.add_row("", "", f"... {len(same) - len(shown)} records that are the same", "", style="dim")
        for each in [*shown, *([row] if row else [])]:
            entry = each.left or each.right
            assert entry is not None
            left = escape(each.left.text) if each.left else ""
            right = "same" if each.common else escape(each.right.text) if each.right else ""
            table.add_row(
                entry.when,
                escape(entry.who),
                left,
                right,
                style="dim" if each.common else "bold" if entry.grave else "",
            )
        same = []


def why(
    file: FileArgument,
    arm: Annotated[str | None, typer.Option(help="Which arm; default: the last.")] = None,
    seed: SeedOption = 1,
    replication: ReplicationOption = 0,
    changes: SetOption = None,
    trust_code: TrustOption = False,
    as_json: JsonOption = False,
) -> None:
    """Tell the chain of causes to the peak, and the nearest message that would have prevented it."""
    from simcrisis.batch.run import run
    from simcrisis.report.why import explain

    with located_errors():
        told = run(load_to_tell(file, changes, trust_code), arm, seed, replication)
    explained = explain(told)
    if as_json:
        print_json(
            {
                "scenario": told.scenario.title,
                "arm": told.arm,
                "seed": told.seed,
                "replication": told.replication,
                "standing": ASSUMED,
                "notice": told.scenario.notice,
                "peak": explained.peak,
                "below": explained.below,
                "chain": [asdict(entry) for entry in explained.chain],
                "evidence": explained.evidence,
                "change": asdict(explained.change) if explained.change else None,
                "sentence": explained.sentence,
            }
        )
        return
    typer.echo(
        f"{isolated(told.scenario.title)} - arm {isolated(told.arm)}, seed {told.seed}, replication {told.replication}"
    )
    if explained.chain:
        typer.echo(f"\nWhat triggered what, from the strike to the peak, rung {explained.peak}:\n")
    for entry in explained.chain:
        typer.echo(f"  {entry.when}  {entry.who}: {entry.text}")
        if entry.seq in explained.evidence:
            typer.echo(f"      {explained.evidence[entry.seq]}")
    typer.echo(f"\n{explained.sentence}")
    if explained.change:
        typer.echo("This is the nearest change in one run, not advice: in another run the same change may do harm.")
    typer.echo(f"{ASSUMED}.")
    if told.scenario.notice:
        typer.echo(f"\n{told.scenario.notice}")
