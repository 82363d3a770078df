"""Ranges for a sensitivity analysis: those that are given, and those assumed for parameters named without one."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from simcrisis.catalogue import Parameters, parameter_page
from simcrisis.errors import Problem, ScenarioError
from simcrisis.scenario.experiment import Range, Sample
from simcrisis.scenario.loader import Scenario
from simcrisis.scenario.references import suggestion
from simcrisis.units import format_duration, parse_duration

WHERE = "parameters"


@dataclass(frozen=True)
class Ranged:
    """A scenario that samples ranges, and which of them nobody gave."""

    scenario: Scenario
    assumed: tuple[str, ...]
    """Paths whose ranges are assumed."""

    @property
    def ranges(self) -> Mapping[str, Range]:
        """The ranges by path."""
        return self.scenario.experiment.ranges if self.scenario.experiment else {}


def ranged(
    scenario: Scenario, parameters: Mapping[str, Any], sample: Sample, blocks: int, seed: int = 1, where: str = WHERE
) -> Ranged:
    """Return a scenario whose experiment samples ranges: `blocks` trajectories, Saltelli rows, or points.

    `parameters` maps a path, or the name of a parameter of the model, to a range `{low, high, scale}`, or to None for
    an assumed one. Assumed is half way from the scenario's value to either bound for what lies between 0 and 1, and
    half to twice the value otherwise, within its bounds; of a delay with a spread, the median is varied.

    Raises ScenarioError, located at `where`, for a parameter that has no range, or a range that does not fit.
    """
    problems: list[Problem] = []
    vary: dict[str, Any] = {}
    written: dict[str, Any] = {}
    assumed: list[str] = []
    for name, given in parameters.items():
        path, factor = f"model.{name}" if name in _SCHEMA else name, given
        try:
            if given is None:
                path, factor = _assumed(scenario, name, written)
                assumed.append(path)
            elif not isinstance(given, Mapping):
                raise ValueError("should have a range, such as 0.1..0.9; commas stand between parameters")
            if path in vary:
                raise ValueError("is there twice")
        except ValueError as error:
            problems.append(Problem(where, 0, 0, name[:80], str(error)))
        vary[path] = factor
    if problems:
        raise ScenarioError(problems)
    block = {"morris": len(vary) + 1, "saltelli": len(vary) + 2}.get(sample, 1)
    experiment = {"vary": vary, "points": blocks * block, "sample": sample, "seed": seed}
    return Ranged(scenario.with_({**written, "experiment": experiment}), tuple(assumed))


_SCHEMA: Mapping[str, Any] = Parameters.model_json_schema()["properties"]


def _assumed(scenario: Scenario, name: str, written: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return path and range of a parameter named alone; a delay is written out, so that its median has a path."""
    if name not in _SCHEMA:
        raise ValueError(_unknown(name))
    value = scenario.model.model_dump(mode="json", by_alias=True)[name]
    if isinstance(value, dict) and "median" in value:
        written[f"model.{name}"] = value
        return f"model.{name}.median", _half_to_twice_as_long(parse_duration(value["median"]))
    if isinstance(value, str):
        with suppress(ValueError):
            return f"model.{name}", _half_to_twice_as_long(parse_duration(value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("has levels or parts, and no range; `simcrisis batch --vary` compares levels")
    return f"model.{name}", _around(value, _SCHEMA[name])


def _unknown(name: str) -> str:
    """Return what is wrong with a name that is no parameter of the model."""
    if "." in name:
        return "a path needs a range, such as PATH=0.1..0.9; ranges are assumed for parameters of the model only"
    elsewhere = [row.path for row in parameter_page() if row.name == name]
    if elsewhere:
        return f"is no parameter of the model; write {' or '.join(f'{path}=LOW..HIGH' for path in elsewhere)}"
    return f"is no parameter of the model{suggestion(name, _SCHEMA)}"


def _around(value: float, schema: Mapping[str, Any]) -> dict[str, Any]:
    least, most = schema.get("minimum", -float("inf")), schema.get("maximum", float("inf"))
    if (least, most) == (0, 1):
        return {"low": value / 2, "high": (1 + value) / 2}
    low, high = sorted((value / 2, value * 2))
    low, high = max(low, least), min(high, most)
    if not low < high:
        raise ValueError(f"is {value:g}, and half to twice that is no range; write one, such as NAME=0..1")
    if isinstance(value, int):
        return {"low": int(low), "high": int(high), "scale": "whole"}
    return {"low": low, "high": high}


def _half_to_twice_as_long(length: int) -> dict[str, Any]:
    if not length:
        raise ValueError("is 0 h, and half to twice that is no range; write one, such as NAME=1 h..6 h")
    return {"low": format_duration(length // 2), "high": format_duration(length * 2)}
