"""`sensitivity`: which assumption matters."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from simcrisis.cli.designs import ranged_parameters
from simcrisis.cli.output import end_with, make_table, print_json, print_table, say, tell
from simcrisis.cli.progress import attended
from simcrisis.errors import BatchError, isolated

if TYPE_CHECKING:
    from simcrisis.batch.batch import Batch
    from simcrisis.batch.discovery import Discovery
    from simcrisis.batch.sensitivity import Sensitivity
    from simcrisis.scenario.assumed import Ranged

OPTION = "--parameters"
MOST_ROWS = 12
"""Parameters of a table at the terminal."""


class Method(StrEnum):
    """How assumptions are analysed."""

    MORRIS = "morris"
    SOBOL = "sobol"
    PRIM = "prim"


SAMPLES = {Method.MORRIS: ("morris", 10), Method.SOBOL: ("saltelli", 64), Method.PRIM: ("latin_hypercube", 100)}
"""How each method samples, and how many trajectories, rows or points unless told."""


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
        Method,
        typer.Option(help="morris screens many parameters; sobol shares out the variance; prim finds where arms harm."),
    ] = Method.MORRIS,
    size: Annotated[
        int | None,
        typer.Option(
            "--trajectories",
            "--rows",
            "--points",
            metavar="N",
            min=2,
            max=10_000,
            help="Trajectories of morris [default: 10], rows of sobol, a power of two [64], points of prim [100].",
        ),
    ] = None,
    replications: Annotated[
        int, typer.Option("--replications", "-n", min=2, max=100_000_000, help="Runs of each arm at each design point.")
    ] = 200,
    arms: ArmsOption = None,
    rung: Annotated[int, typer.Option(min=3, max=10, help="The risk of this rung or above is analysed.")] = 8,
    threshold: Annotated[
        float | None,
        typer.Option(
            metavar="POINTS", min=-100, max=100, help="prim: harm is a change above so many percentage points [0]."
        ),
    ] = None,
    density: Annotated[
        float | None, typer.Option(metavar="SHARE", min=0, max=1, help="prim: share of harm a box should have [0.8].")
    ] = None,
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

        if method is not Method.PRIM and (threshold is not None or density is not None):
            raise BatchError("--threshold and --density are of --method prim")
        sample, usual = SAMPLES[method]
        varied = ranged_parameters(
            load_with(file, changes, trust_code), parameters, sample, size or usual, design_seed, OPTION
        )
        planned = plan(varied.scenario, replications, seed, arms=words(arms), command=given_command())
        if method is Method.PRIM and len(planned.arms) < 2:
            from simcrisis.batch.discovery import ONE_ARM

            raise BatchError(ONE_ARM)
        done = run_plan(planned, out=out, workers=workers, progress=reached)
        found = _analysed(method, done, rung, 0.0 if threshold is None else threshold / 100, density)
    if as_json:
        print_json(_document(method, done, found, varied))
    else:
        _print(method, done, found, varied)
    if out:
        from simcrisis.batch.export import write_found

        say(f"the batch is in {out}; another --rung with the same command runs nothing again", quiet=quiet)
        say(f"what was found is in {write_found(out, found.tables)}", quiet=quiet)
    end_with(done.failures)


def _analysed(
    method: Method, done: Batch, rung: int, threshold: float, density: float | None
) -> Sensitivity | Discovery:
    """Return what a method says of a batch; raises BatchError."""
    from simcrisis.batch.discovery import DENSE, discover
    from simcrisis.batch.sensitivity import indices, screen

    if method is Method.PRIM:
        return discover(done, rung, threshold=threshold, dense=DENSE if density is None else density)
    return screen(done, rung) if method is Method.MORRIS else indices(done, rung)


def _document(method: Method, done: Batch, found: Sensitivity | Discovery, varied: Ranged) -> dict[str, object]:
    from simcrisis.report.sensitivity import headline, luck_warnings, range_rows, tables
    from simcrisis.report.sentence import made_by
    from simcrisis.shown import ASSUMED

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
        "headline": headline(found),
        "warnings": luck_warnings(found.outputs),
        "ranges": range_rows(varied),
        **tables(found),
    }


def _print(method: Method, done: Batch, found: Sensitivity | Discovery, varied: Ranged) -> None:
    from simcrisis.report.sensitivity import blocks, headline, notes
    from simcrisis.report.sentence import made_by

    runs = f"{len(done.points):,} design points, {done.replications:,} replications of each arm at each"
    tell(f"{isolated(done.scenario.title)}: sensitivity ({method.value}) over {runs}\n")
    for title, columns, rows in blocks(found, varied):
        tell(title)  # a title of the table would be no wider than it
        if rows:
            print_table(make_table("", columns, rows[:MOST_ROWS], numbers=columns[2:]))
        if len(rows) > MOST_ROWS:
            tell(f"... and {len(rows) - MOST_ROWS} parameters more; --json holds all.\n")
    for note in (*notes(found, varied), "", headline(found), f"[{made_by(done)}]"):
        tell(note)
    if done.scenario.notice:
        tell(f"\n{done.scenario.notice}")
