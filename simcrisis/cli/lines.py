"""`lines`: which line matters, what each CBM contributes, and which CBMs a budget should buy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from simcrisis.cli.common import (
    DEFAULT_SEED,
    FileArgument,
    JsonOption,
    OutOption,
    QuietOption,
    SeedOption,
    SetOption,
    TrustOption,
    WorkersOption,
    given_command,
    load_with,
    words,
)
from simcrisis.cli.output import end_with, make_table, print_json, print_table, say, tell
from simcrisis.cli.progress import attended
from simcrisis.errors import BatchError, isolated

if TYPE_CHECKING:
    from simcrisis.batch.lines import LineStudy
    from simcrisis.scenario import Scenario

MOST_ROWS = 40
"""Rows of a table at the terminal."""


def lines(
    file: FileArgument,
    arm: Annotated[str | None, typer.Option(help="Whose lines and CBMs; default: the last arm.")] = None,
    rung: Annotated[int, typer.Option(min=3, max=10, help="Rung whose reaching is averted.")] = 8,
    replications: Annotated[
        int, typer.Option("--replications", "-n", min=1, max=100_000_000, help="Runs with and without each line.")
    ] = 1000,
    seed: SeedOption = DEFAULT_SEED,
    kinds: Annotated[
        str | None,
        typer.Option(metavar="KINDS", help="Kinds of lines, with commas; default: all but diplomatic."),
    ] = None,
    line: Annotated[
        list[str] | None, typer.Option("--line", metavar="NAME", help="Only this line. Repeatable.")
    ] = None,
    cbms: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBERS",
            help="CBMs of which every subset is run, with commas, at most 7, or none; default: those of the arm, if at "
            "most 6.",
        ),
    ] = None,
    budget: Annotated[
        float | None, typer.Option(metavar="B", help="Also find the best of those CBMs that cost at most this.")
    ] = None,
    cost: Annotated[
        list[str] | None,
        typer.Option("--cost", metavar="CBM=COST", help="What a CBM costs, such as 2=1.5; default: 1. Repeatable."),
    ] = None,
    workers: WorkersOption = None,
    out: OutOption = None,
    changes: SetOption = None,
    trust_code: TrustOption = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Tell which line matters: cut each, add each that is absent; what each CBM contributes; the best for a budget."""
    from simcrisis.batch.export import write_found
    from simcrisis.batch.lines import check, line_design, study
    from simcrisis.batch.running import run_plan

    with attended(out, quiet) as reached:
        scenario, costs = load_with(file, changes, trust_code), dict(map(_cost, cost or []))
        design = line_design(scenario, arm, kinds=words(kinds), lines=line, cbms=_numbers(cbms))
        check(design, rung, budget, costs)
        planned = design.plan(replications, seed, given_command())
        done = run_plan(planned, out=out, workers=workers, progress=reached)
        told = study(design, done, rung, budget, costs)
    if as_json:
        print_json(_document(scenario, told))
    else:
        _print(scenario, told)
    if out:
        say(f"the batch is in {out}: {len(done.arms)} arms, any run of which can be told again", quiet=quiet)
        say(f"what was found is in {write_found(out, told.tables)}", quiet=quiet)
    end_with(done.failures)


def _numbers(text: str | None) -> list[int] | None:
    """Return the CBMs that an option names; raises BatchError."""
    named = words(text)
    if named is None or named == ["none"]:
        return None if named is None else []
    for word in named:
        if not word.isdecimal():
            raise BatchError(f"--cbms: '{word[:40]}' is no number of a CBM; write for example 2,6,8, or none")
    return [int(word) for word in named]


def _cost(text: str) -> tuple[int, float]:
    """Return CBM and cost of a `--cost`; raises BatchError."""
    number, _, cost = text.partition("=")
    try:
        return int(number), float(cost)
    except ValueError:
        raise BatchError(f"--cost: '{text[:40]}' should be a CBM and its cost, such as 2=1.5") from None


def _document(scenario: Scenario, told: LineStudy) -> dict[str, object]:
    from simcrisis.report.lines import document

    return {
        "scenario": scenario.title,
        "scenario_sha256": scenario.digest,
        "notice": scenario.notice,
        **document(told),
    }


def _print(scenario: Scenario, told: LineStudy) -> None:
    from simcrisis.report.lines import cbm_rows, idle_lines, line_rows, portfolio_rows, sentences
    from simcrisis.report.sentence import made_by

    of = f"escalations to rung {told.rung} or above averted per 1,000 runs (95 % interval)"
    tell(f"{isolated(scenario.title)}\n")
    heads = ["averted per 1,000", "compensated", "only without", "only with", "p", "p (Holm)"]
    title = f"What each line is worth to arm '{isolated(told.design.base)}': {of}"
    _show(title, ["line", "change", *heads], list(line_rows(told)), heads)
    for idle in idle_lines(told):
        tell(f"{idle}\n")
    if told.design.left_out:
        tell(f"Left out, as of less concern: {told.design.left_out:,} lines; --line and --kinds choose.\n")
    if told.cbms is not None:
        heads = ["contributes", "alone", "on top of the others"]
        _show(f"What each CBM contributes: {of}", ["CBM", "", *heads], list(cbm_rows(told)), ["CBM", *heads])
    if told.portfolios is not None:
        heads = ["cost", "risk", "averted per 1,000", "p (Holm)"]
        title = f"What the budget pays for: {of}, against none of these CBMs"
        _show(title, ["CBMs", "cost", "", *heads[1:]], list(portfolio_rows(told)), heads)
    tell(
        "Positive: averted; negative: more of them. Cut: the line is there, and taken away; added: absent, and put "
        "there. Only without, only with: runs that escalate only without the line, only with it. p: of a single "
        "comparison (exact McNemar); Holm: adjusted for the number of lines, or of subsets. Compensated: the same with "
        "less noise, from 30 runs that reach the rung in both arms and ten that reach it in one only.\n"
    )
    for sentence in sentences(told):
        tell(sentence)
    tell(f"[{made_by(told.batch)}] Another decision rule can reverse the sign: see docs/contrasts.md.")
    if scenario.notice:
        tell(f"\n{scenario.notice}")


def _show(title: str, columns: list[str], rows: list[list[str]], numbers: list[str]) -> None:
    if not rows:
        return
    print_table(make_table(title, columns, rows[:MOST_ROWS], numbers=numbers))
    if len(rows) > MOST_ROWS:
        tell(f"... and {len(rows) - MOST_ROWS:,} rows more; --json holds all.\n")
