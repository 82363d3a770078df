"""`calibrate`, `ensemble`: parameters beside published data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simcrisis.cli.common import JsonOption, QuietOption, SeedOption, SetOption, WorkersOption, given_command
from simcrisis.cli.designs import ranged_parameters
from simcrisis.cli.output import INTERRUPTED, located_errors, make_table, print_json, print_table, say, tell

if TYPE_CHECKING:
    from simcrisis.calibration.calibrate import Calibration
    from simcrisis.scenario.assumed import Ranged

OPTION = "--parameters"


def calibrate(
    file: Annotated[
        str | None,
        typer.Argument(metavar="[FILE]", help="A scenario with background incidents; default: the world that ships."),
    ] = None,
    parameters: Annotated[
        list[str] | None,
        typer.Option(
            OPTION,
            metavar="NAMES",
            help="What is fitted, with commas, repeatable: a parameter of the model (its range is assumed), or a range "
            "such as lin=0.2..1.5 or 'background.rivals.rate=0.5..2 log'. Default: nine parameters.",
        ),
    ] = None,
    points: Annotated[
        int, typer.Option(min=8, max=8192, help="Sobol points that the search begins with, a power of two.")
    ] = 128,
    generations: Annotated[int, typer.Option(min=0, max=1000, help="Generations of differential evolution.")] = 6,
    polish: Annotated[int, typer.Option(min=0, max=10_000, help="Points of the simplex search at the end.")] = 60,
    replications: Annotated[
        int, typer.Option("--replications", "-n", min=2, max=100_000, help="Runs at each point.")
    ] = 32,
    check: Annotated[
        int, typer.Option(min=2, max=1_000_000, help="Runs, under other luck, of the figures that are reported.")
    ] = 300,
    seed: SeedOption = 1,
    design_seed: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Seed of the search.")] = 1,
    workers: WorkersOption = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keep evaluated points and tables here; the same command goes on."),
    ] = None,
    changes: SetOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Fit parameters to published data, by simulated moments under common luck, and print what they can tell."""
    with _attended(out, quiet) as progress:
        from simcrisis.calibration.calibrate import calibrate as calibrated
        from simcrisis.calibration.fit import Budget
        from simcrisis.errors import CalibrationError

        if points & (points - 1):
            raise CalibrationError(f"--points: {points} should be a power of two, such as 64 or 128")
        ranged = _ranged(file, parameters, changes)
        found = calibrated(
            ranged.scenario.at({}),
            ranged.ranges,
            budget=Budget(points, generations, polish, replications, check),
            seed=seed,
            design_seed=design_seed,
            workers=_workers(workers),
            out=out,
            progress=progress,
        )
        if out:
            _write(out, found)
    if as_json:
        print_json(_document(found))
    else:
        _print(found)
    if out:
        say(f"tables in {out}", quiet=quiet)


def ensemble(
    sets: Annotated[int, typer.Option(min=1, max=10_000, help="How many parameter sets are wanted.")] = 200,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keep what was measured, and the sets, here; the same command goes on."),
    ] = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Find parameter sets that no pattern rules out (the packaged ones took half an hour), and print the patterns."""
    with _attended(out, quiet) as progress:
        from simcrisis.calibration.ensemble import found_sets, write_sets

        found = found_sets(
            sets, seed, workers=_workers(workers), out=out, progress=progress, told=lambda text: say(text, quiet=quiet)
        )
        if out:
            write_sets(found, out, given_command(), seed)
    from simcrisis.report.patterns import PATTERN_HEADS, pattern_rows

    if as_json:
        print_json(
            {"tried": found.tried, "waves": found.waves, "sets": found.sets, "patterns": pattern_rows(found.measured)}
        )
        return
    title = f"{len(found.sets)} sets of {found.tried:,} tried that no pattern rules out"
    print_table(make_table(title, PATTERN_HEADS, pattern_rows(found.measured), numbers=PATTERN_HEADS[2:]))
    if out:
        say(f"the sets are in {out / 'ensemble.csv'}", quiet=quiet)


def _ranged(file: str | None, parameters: list[str] | None, changes: list[str] | None) -> Ranged:
    """Return the scenario and the ranges that are fitted; raises ScenarioError."""
    from simcrisis.calibration.calibrate import PARAMETERS
    from simcrisis.calibration.evaluate import calibration_world
    from simcrisis.cli.common import load_with, parsed_setting
    from simcrisis.scenario.assumed import ranged

    if file is not None:
        scenario = load_with(file, changes)
    else:
        settings = dict(parsed_setting(change) for change in changes or [])
        scenario = calibration_world().with_(settings) if settings else calibration_world()
    if parameters is None:
        return ranged(scenario, dict(PARAMETERS), "latin_hypercube", 1, where=OPTION)
    return ranged_parameters(scenario, parameters, "latin_hypercube", 1, 1, OPTION)


def _workers(workers: int | None) -> int:
    import os

    return workers or os.cpu_count() or 1


@contextmanager
def _attended(out: Path | None, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Give what counts evaluated points, and end well where it cannot go on."""
    import sys

    counted = 0

    def progress(points: int) -> None:
        nonlocal counted
        counted = points
        if not quiet and sys.stderr.isatty():
            typer.echo(f"\r{points:,} points measured", nl=False, err=True)

    try:
        with located_errors():
            yield progress
            if counted and not quiet and sys.stderr.isatty():
                typer.echo("\r", nl=False, err=True)
    except KeyboardInterrupt:
        kept = (
            f"{counted:,} points are kept in {out}: the same command goes on"
            if out
            else "nothing is kept without --out"
        )
        say(f"interrupted; {kept}")
        raise typer.Exit(INTERRUPTED) from None


def _document(found: Calibration) -> dict[str, Any]:
    from simcrisis.report.calibration import NOTES, summary
    from simcrisis.shown import ASSUMED

    return {
        "scenario": found.scenario.title,
        "scenario_sha256": found.scenario.digest,
        "seed": found.seed,
        "replications": found.replications,
        "evaluated": found.evaluated,
        "standing": ASSUMED,
        "summary": summary(found),
        "notes": list(NOTES),
        "changes": dict(found.changes),
        "objective": found.objective,
        "default_objective": found.default_objective,
        **{name: table.to_dicts() for name, table in found.tables.items()},
    }


def _write(out: Path, found: Calibration) -> None:
    """Write the tables, and all of it as one document."""
    from simcrisis.batch.logs import write_log
    from simcrisis.batch.manifest import in_json
    from simcrisis.files import aside

    for name, table in found.tables.items():
        write_log(table, out / f"{name}.csv")
    with aside(out / "found.json") as part:
        part.write_text(in_json(_document(found)), encoding="utf-8")


def _print(found: Calibration) -> None:
    from simcrisis.report.calibration import (
        DIRECTION_HEADS,
        FIT_HEADS,
        NOTES,
        PARAMETER_HEADS,
        direction_rows,
        fit_rows,
        parameter_rows,
        summary,
    )
    from simcrisis.shown import ASSUMED

    tell(f"{found.scenario.title}: fit to published data. {ASSUMED}.\n")
    print_table(make_table("", FIT_HEADS, fit_rows(found.fit), numbers=FIT_HEADS[2:6]))
    print_table(make_table("", PARAMETER_HEADS, parameter_rows(found.parameters), numbers=PARAMETER_HEADS[1:5]))
    known = sum(row[-1] == "yes" for row in direction_rows(found.directions))
    tell(f"{known} of {len(found.directions)} combinations of parameters are known to less than their range:")
    print_table(make_table("", DIRECTION_HEADS, direction_rows(found.directions), numbers=DIRECTION_HEADS[:1]))
    for note in (*NOTES, "", summary(found)):
        tell(note)
