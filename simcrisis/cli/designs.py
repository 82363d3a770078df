"""`--vary` and what goes with it: design points at the command line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simcrisis.cli.common import parsed_setting
from simcrisis.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from simcrisis.scenario import Scenario
    from simcrisis.scenario.assumed import Ranged

VaryOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="PATH=VALUES",
        help="Vary a value: levels 'PATH=1 h,6 h,24 h', or a range to sample 'PATH=0.1..0.9', on a log scale "
        "'PATH=1 h..4 days log' (with --points). Repeatable: every combination is run.",
    ),
]
PointsOption = Annotated[
    int | None, typer.Option("--points", metavar="N", min=1, help="Points sampled from the ranges.")
]
SampleOption = Annotated[
    str | None, typer.Option("--sample", metavar="HOW", help="latin_hypercube (default) or sobol.")
]
DesignSeedOption = Annotated[
    int | None, typer.Option("--design-seed", min=0, max=2**32 - 1, help="Seed of the sampled points.")
]

EnsembleOption = Annotated[
    str | None,
    typer.Option(
        "--ensemble",
        metavar="SETS",
        help="Run the scenario as it stands and at the first SETS parameter sets that no pattern rules out, or 'all'.",
    ),
]

_RANGE = re.compile(r"\s*(\S.*?)\s*\.\.\s*(\S.*?)(?:\s+(linear|log|whole))?\s*")


def varied(
    scenario: Scenario, vary: Sequence[str] | None, points: int | None, sample: str | None, seed: int | None
) -> Scenario:
    """Return a scenario with the experiment that options ask for; raises ScenarioError."""
    given = {
        name: value for name, value in (("points", points), ("sample", sample), ("seed", seed)) if value is not None
    }
    if vary:
        factors: dict[str, Any] = {}
        for text in vary:
            path, factor = parsed_factor(text, "--vary")
            if path in factors:
                raise ScenarioError([Problem("--vary", 0, 0, path[:80], "is there twice")])
            factors[path] = factor
        try:
            return scenario.with_({"experiment": {"vary": factors, **given}})
        except ScenarioError as error:
            raise ScenarioError([of_option(problem, "--vary") for problem in error.problems]) from None
    if given and scenario.experiment is None:
        raise ScenarioError([Problem(scenario.file, 0, 0, "experiment", "nothing is varied; say what with --vary")])
    return scenario.with_({f"experiment.{name}": value for name, value in given.items()}) if given else scenario


def over_ensemble(scenario: Scenario, sets: str | None) -> Scenario:
    """Return a scenario that runs over the packaged ensemble, where that is asked for; raises ScenarioError."""
    from simcrisis.scenario.ensemble import ensembled

    if sets is None:
        return scenario
    if sets != "all" and not sets.isdecimal():
        raise ScenarioError([Problem("--ensemble", 0, 0, sets[:80], "should be a number of parameter sets, or all")])
    return ensembled(scenario, None if sets == "all" else int(sets[:9]), "--ensemble")


def of_option(problem: Problem, option: str) -> Problem:
    """Return a problem of an experiment as one of the options that it was made of."""
    path = problem.path.removeprefix("experiment").removeprefix(".vary").removeprefix(".")
    return replace(problem, file=option, path=path) if problem.path.startswith("experiment") else problem


def ranged_parameters(
    scenario: Scenario, parameters: Sequence[str], sample: Any, size: int, seed: int, option: str
) -> Ranged:
    """Return the scenario with the ranges that `--parameters` names; raises ScenarioError, located at the option."""
    from simcrisis.scenario.assumed import ranged

    given: dict[str, Any] = {}
    for text in (each.strip() for listed in parameters for each in listed.split(",")):
        name, factor = parsed_factor(text, option) if "=" in text else (text, None)
        if name in given or not name:
            message = "is there twice" if name else "a name is missing between commas"
            raise ScenarioError([Problem(option, 0, 0, name[:80], message)])
        given[name] = factor
    try:
        return ranged(scenario, given, sample, size, seed, option)
    except ScenarioError as error:
        raise ScenarioError([of_option(problem, option) for problem in error.problems]) from None


def parsed_factor(text: str, option: str) -> tuple[str, Any]:
    """Return path and levels (or range) of `PATH=VALUES`; raises ScenarioError, located at the option."""
    path, _, values = text.partition("=")
    spread = _RANGE.fullmatch(values)
    if ".." in values and values.strip()[:1] not in {"[", "{"} and (spread is None or "," in values):
        message = "a range is LOW..HIGH, with log or whole behind it where it should be; levels have commas between"
        raise ScenarioError([Problem(option, 0, 0, path[:80], message)])
    if spread is not None and values.strip()[:1] not in "[{":
        low, high, scale = spread.groups()
        inner = f"{{low: {low}, high: {high}" + (f", scale: {scale}" if scale else "") + "}"
    else:
        inner = values if values.strip()[:1] in {"[", "{"} else f"[{values}]" if values.strip() else ""
    return parsed_setting(f"{path}={inner}" if "=" in text else text, option)
