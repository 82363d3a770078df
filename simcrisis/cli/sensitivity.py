"""`sensitivity`: which assumption matters."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simcrisis.cli.common import (
    ArmsOption,
    FileArgument,
    JsonOption,
    QuietOption,
    SeedOption,
    SetOption,
    TrustOption,
    WorkersOption,
    given_command,
    load_with,
    words,
)
from simcrisis.cli.designs import of_option, parsed_factor
from simcrisis.cli.output import end_with, make_table, print_json, print_table, say
from simcrisis.cli.progress import attended
from simcrisis.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from simcrisis.batch.batch import Batch
    from simcrisis.batch.sensitivity import Sensitivity
    from simcrisis.scenario import Scenario
    from simcrisis.scenario.assumed import Ranged

OPTION = "--parameters"
MOST_ROWS = 12
"""Parameters of a table at the terminal."""


class Method(StrEnum):
    """How assumptions are analysed."""

    MORRIS = "morris"
    SOBOL = "sobol"


SAMPLES = {Method.MORRIS: ("morris", 10), Method.SOBOL: ("saltelli", 64)}
"""How each method samples, and how many trajectories or rows unless told."""


def sensitivity(
    file: FileArgument,
    parameters: Annotated[
        list[str],
        typer.Option(
            OPTION,
            metavar="NAMES",
            help="What is varied, with commas, repeatable: a parameter of the model (kappa: its range is assumed), "
            "or a range as in batch --vary: kappa=0.3..0.9, 'model.patience=12 h..48 h log'.",
        ),
    ],
    method: Annotated[
        Method, typer.Option(help="morris screens many parameters; sobol shares out the variance.")
    ] = Method.MORRIS,
    size: Annotated[
        int | None,
        typer.Option(
            "--trajectories",
            "--rows",
            metavar="N",
            min=2,
            max=10_000,
            help="Trajectories of morris [default: 10], rows of sobol, a power of two [64].",
        ),
    ] = None,
    replications: Annotated[
        int, typer.Option("--replications", "-n", min=2, max=100_000_000, help="Runs of each arm at each design point.")
    ] = 200,
    arms: ArmsOption = None,
    rung: Annotated[int, typer.Option(min=3, max=10, help="The risk of this rung or above is analysed.")] = 8,
    seed: SeedOption = 1,
    design_seed: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Seed of the sampled points.")] = 1,
    workers: WorkersOption = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep the batch here; the same command goes on.")
    ] = None,
    changes: SetOption = None,
    trust_code: TrustOption = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Vary assumptions over their ranges, and print on which the risk, and what each arm changes, hang most."""
    with attended(out, quiet) as reached:
        from simcrisis.batch.plan import plan
        from simcrisis.batch.running import run_plan
        from simcrisis.batch.sensitivity import indices, screen

        sample, usual = SAMPLES[method]
        varied = _ranged(load_with(file, changes, trust_code), parameters, sample, size or usual, design_seed)
        planned = plan(varied.scenario, replications, seed, arms=words(arms), command=given_command())
        done = run_plan(planned, out=out, workers=workers, progress=reached)
        found = {Method.MORRIS: screen, Method.SOBOL: indices}[method](done, rung)
    if as_json:
        print_json(_document(method, done, found, varied))
    else:
        _print(method, done, found, varied)
    if out:
        say(f"the batch is in {out}; another --rung with the same command runs nothing again", quiet=quiet)
    end_with(done.failures)


def _ranged(scenario: Scenario, parameters: list[str], sample: Any, size: int, seed: int) -> Ranged:
    """Return the scenario with what is varied; raises ScenarioError, located at the option."""
    from simcrisis.scenario.assumed import ranged

    given: dict[str, Any] = {}
    for text in (each.strip() for listed in parameters for each in listed.split(",")):
        name, factor = parsed_factor(text, OPTION) if "=" in text else (text, None)
        if name in given or not name:
            message = "is there twice" if name else "a name is missing between commas"
            raise ScenarioError([Problem(OPTION, 0, 0, name[:80], message)])
        given[name] = factor
    try:
        return ranged(scenario, given, sample, size, seed, OPTION)
    except ScenarioError as error:
        raise ScenarioError([of_option(problem, OPTION) for problem in error.problems]) from None


def _document(method: Method, done: Batch, found: Sensitivity, varied: Ranged) -> dict[str, object]:
    from simcrisis.report.sensitivity import headline, luck_warnings, range_rows
    from simcrisis.report.sentence import made_by
    from simcrisis.report.standing import ASSUMED

    return {
        "scenario": done.scenario.title,
        "scenario_sha256": done.scenario.digest,
        "method": method.value,
        "rung": found.rung,
        "seed": done.seed,
        "arms": list(done.arms),
        "replications": done.replications,
        "points": len(done.points),
        "failed": len(done.failures),
        "standing": ASSUMED,
        "notice": done.scenario.notice,
        "made_by": made_by(done),
        "headline": headline(method, found),
        "warnings": luck_warnings(found.outputs),
        "ranges": range_rows(varied),
        "outputs": found.outputs.to_dicts(),
        "sensitivity": found.table.to_dicts(),
    }


def _print(method: Method, done: Batch, found: Sensitivity, varied: Ranged) -> None:
    from simcrisis.report.sensitivity import HOW, MEASURED, assumed_note, blocks, headline, luck_warnings
    from simcrisis.report.sentence import made_by

    runs = f"{len(done.points):,} design points, {done.replications:,} replications of each arm at each"
    typer.echo(f"{done.scenario.title}: sensitivity ({method.value}) over {runs}\n")
    for title, columns, rows in blocks(method, found, varied):
        print_table(make_table(title, columns, rows[:MOST_ROWS], numbers=columns[2:]))
        if len(rows) > MOST_ROWS:
            typer.echo(f"... and {len(rows) - MOST_ROWS} parameters more; --json holds all.\n")
    notes = (HOW[method], MEASURED, assumed_note(varied), *luck_warnings(found.outputs))
    for note in (*filter(None, notes), "", headline(method, found), f"[{made_by(done)}]"):
        typer.echo(fill(note, 118))
    if done.scenario.notice:
        typer.echo(f"\n{done.scenario.notice}")
