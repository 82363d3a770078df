"""`run`: one run, told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simcrisis.cli.common import FileArgument, JsonOption, QuietOption, SeedOption, SetOption, TrustOption, load_to_tell
from simcrisis.cli.output import console, located_errors, print_json, say
from simcrisis.errors import BatchError, isolated
from simcrisis.files import check_target
from simcrisis.shown import ASSUMED

if TYPE_CHECKING:
    from simcrisis.batch.run import Run


def run(
    file: FileArgument,
    arm: Annotated[str | None, typer.Option(help="Which arm; default: the last.")] = None,
    seed: SeedOption = 1,
    replication: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Which replication.")] = 0,
    events: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Also write the event log: .parquet, .csv or .jsonl.")
    ] = None,
    changes: SetOption = None,
    trust_code: TrustOption = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Tell one run as a dated timeline."""
    from simcrisis.batch.run import run as run_once

    with located_errors():
        if events is not None:
            _check_log(events)
        told = run_once(load_to_tell(file, changes, trust_code), arm, seed, replication)
        if events is not None:
            from simcrisis.batch.logs import write_log

            write_log(told.events, events)
            say(f"{len(told.log.records)} records written to {events}", quiet=quiet)
    if as_json:
        print_json(_document(told))
    else:
        _tell(told)


def _check_log(events: Path) -> None:
    """Raise BatchError where the log of a run cannot be written."""
    from simcrisis.batch.logs import ENDINGS

    if events.suffix not in ENDINGS:
        raise BatchError(f"{events}: the ending says how to write; use {', '.join(ENDINGS)}")
    check_target(events)


def _document(told: Run) -> dict[str, object]:
    from simcrisis.report.timeline import hours_into, timeline

    return {
        "scenario": told.scenario.title,
        "scenario_sha256": told.scenario.digest,
        "arm": told.arm,
        "seed": told.seed,
        "replication": told.replication,
        "standing": ASSUMED,
        "notice": told.scenario.notice,
        "outcome": told.outcome.drop("arm", "replication").to_dicts()[0],
        "timeline": [
            {"seq": e.seq, "hour": hours_into(told, e.seq), "when": e.when, "who": e.who, "what": e.text}
            for e in timeline(told)
        ],
        "decisions": told.decisions.drop("arm", "replication").to_dicts(),
    }


def _tell(told: Run) -> None:
    from rich.markup import escape
    from rich.table import Table

    from simcrisis.report.timeline import LEGEND, timeline

    screen = console()
    scenario = told.scenario
    of = f"arm {escape(isolated(told.arm))}, seed {told.seed}, replication {told.replication}"
    screen.print(f"[bold]{escape(isolated(scenario.title))}[/] - {of}")
    screen.print(f"Starts {scenario.start:%A %d %B %Y %H:%M}; times are those of the capital named.\n")
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for entry in timeline(told):
        style = "bold" if entry.grave else ""
        table.add_row(entry.when, escape(f"{entry.who}:"), escape(entry.text), style=style)
    screen.print(table)
    screen.print()
    for line in LEGEND:
        screen.print(escape(line), style="dim")
    screen.print(f"\n{escape(_ending(told))}")
    if scenario.notice:
        screen.print(f"\n{escape(scenario.notice)}")


def _ending(told: Run) -> str:
    from simcrisis.events import FIREBREAK, Kind
    from simcrisis.report.phrases import act_in_words
    from simcrisis.units import format_duration

    peak = max((int(r.value or 0) for r in told.log.records if r.kind is Kind.ACT), default=0)
    within = format_duration(told.scenario.horizon)
    if not peak:
        return f"Within {within} no State acted in public. {ASSUMED}."
    crossed = "the firebreak is crossed" if peak >= FIREBREAK else "below the firebreak"
    return f"Gravest act within {within}: rung {peak}, {act_in_words(peak)}; {crossed}. {ASSUMED}."
