"""Factors: what a batch varies besides the arms."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema, model_validator

from simcrisis.spec import Spec
from simcrisis.units import HOUR, parse_duration

MOST_POINTS = 10_000
"""Design points of one experiment."""
MOST_LEVELS = 1_000
"""Levels of one factor."""

Scale = Literal["linear", "log", "whole"]
_SCALES = ("linear", "log", "whole")
Sample = Literal["latin_hypercube", "sobol", "morris", "saltelli"]


class Range(Spec):
    """A factor that is sampled between two bounds: numbers, or durations."""

    low: Any
    high: Any
    scale: Scale = "linear"
    """Evenly on this scale; `whole`: whole numbers, both bounds included."""

    @property
    def is_duration(self) -> bool:
        """Whether its values are durations."""
        return isinstance(self.low, str)

    def value(self, share: float) -> Any:
        """Return the value at a share (0 to 1) of the range, as a scenario file would hold it: six digits."""
        low, high = _amount(self.low), _amount(self.high)
        if self.scale == "whole":
            return min(round(high), math.floor(low + share * (high - low + 1)))
        exact = low * (high / low) ** share if self.scale == "log" else low + share * (high - low)
        rounded = min(max(float(f"{exact:.6g}"), low), high)
        if not self.is_duration:
            return rounded
        return f"{rounded / HOUR:.6g} h" if rounded >= HOUR / 100 else f"{round(rounded)} ms"


Levels = tuple[Any, ...]
Factor = Levels | Range


def parse_factor(data: Any) -> Factor:
    """Return the levels or the range that stand for a factor; ValueError when they make no sense."""
    if isinstance(data, Range | tuple):
        return data
    if isinstance(data, list):
        if not 1 <= len(data) <= MOST_LEVELS:
            raise ValueError(f"{len(data)} levels; write 1 to {MOST_LEVELS}")
        if len({json.dumps(level) for level in data}) < len(data):
            raise ValueError("a level is there twice")
        return tuple(data)
    if isinstance(data, Mapping) and {"low", "high"} <= set(data) <= {"low", "high", "scale"}:
        return _range(data["low"], data["high"], data.get("scale", "linear"))
    raise ValueError("a factor is a list of levels, such as [1 h, 6 h], or a range, such as {low: 0.1, high: 0.9}")


def _range(low: Any, high: Any, scale: Any) -> Range:
    if scale not in _SCALES:
        raise ValueError(f"'{str(scale)[:40]}' is no scale; there are {', '.join(_SCALES)}")
    if isinstance(low, str) is not isinstance(high, str):
        raise ValueError("both bounds should be numbers, or both durations")
    least, most = _amount(low), _amount(high)
    if not least < most:
        raise ValueError("the lower bound should be below the upper one")
    if scale == "log" and least <= 0:
        raise ValueError("on a log scale the lower bound should be above 0")
    if scale == "whole" and not (isinstance(low, int) and isinstance(high, int)):
        raise ValueError("on a whole scale both bounds should be whole numbers")
    return Range(low=low, high=high, scale=scale)


def _amount(bound: Any) -> float:
    """Return a bound as a number; durations in ms."""
    if isinstance(bound, str):
        return float(parse_duration(bound))
    if isinstance(bound, bool) or not isinstance(bound, int | float) or not math.isfinite(bound):
        raise ValueError("a bound should be a number or a duration")
    return float(bound)


def _factor_data(factor: Factor) -> Any:
    return factor.model_dump() if isinstance(factor, Range) else list(factor)


_LEVEL: dict[str, Any] = {}
_BOUND = {"anyOf": [{"type": "string"}, {"type": "number"}]}
_FACTOR_SCHEMA = {
    "anyOf": [
        {"type": "array", "items": _LEVEL, "minItems": 1, "maxItems": MOST_LEVELS},
        {
            "type": "object",
            "properties": {"low": _BOUND, "high": _BOUND, "scale": {"enum": list(_SCALES)}},
            "required": ["low", "high"],
            "additionalProperties": False,
        },
    ]
}


class Experiment(Spec):
    """Factors that a batch varies. Every combination of levels is run, or an ensemble; ranges are sampled."""

    vary: Annotated[
        Mapping[
            str,
            Annotated[
                Factor,
                PlainValidator(parse_factor),
                PlainSerializer(_factor_data),
                WithJsonSchema(_FACTOR_SCHEMA),
            ],
        ],
        Field(min_length=1, max_length=50),
    ]
    """Levels `[1 h, 6 h, 24 h]` or a range `{low: 0.1, high: 0.9, scale: log}` by path, as in `set`."""

    points: Annotated[int, Field(ge=1, le=MOST_POINTS)] | None = None
    """How many points are sampled from the ranges; each is run with every combination of levels."""

    sample: Sample = "latin_hypercube"
    """How ranges are sampled. Sobol points are scrambled, and a power of two in number. `morris`: trajectories, each of
    a point more than there are ranges; `saltelli`: scrambled Sobol rows, a power of two in number, each of two points
    more than there are ranges (both for `simcrisis sensitivity`)."""

    seed: Annotated[int, Field(ge=0, lt=2**32)] = 1
    """Seed of the sample; the luck of runs does not hang on it."""

    ensemble: bool = False
    """Whether levels are taken together, row by row: the first of all factors, the default, then the sets of an
    ensemble, which it is compared with. All factors then have levels, equally many."""

    @property
    def levels(self) -> dict[str, Levels]:
        """The factors that have levels."""
        return {path: factor for path, factor in self.vary.items() if not isinstance(factor, Range)}

    @property
    def ranges(self) -> dict[str, Range]:
        """The factors that are sampled."""
        return {path: factor for path, factor in self.vary.items() if isinstance(factor, Range)}

    @property
    def block(self) -> int:
        """How many points belong together: those of a trajectory, or of a Saltelli row; else each stands alone."""
        return {"morris": len(self.ranges) + 1, "saltelli": len(self.ranges) + 2}.get(self.sample, 1)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.ranges and self.points is None:
            raise ValueError("ranges are sampled: say how many points, such as points: 64")
        if self.points is not None and not self.ranges:
            raise ValueError("points are sampled from ranges, and all factors have levels; leave out points")
        if self.ranges and self.points is not None:
            self._check_points(self.points)
        if self.ensemble:
            self._check_ensemble()
            return self
        size = math.prod(len(levels) for levels in self.levels.values()) * (self.points or 1)
        if size > MOST_POINTS:
            raise ValueError(f"{size:,} design points; at most {MOST_POINTS:,}")
        return self

    def _check_ensemble(self) -> None:
        """Raise ValueError for an ensemble that is none."""
        sizes = {len(levels) for levels in self.levels.values()}
        if self.ranges or len(sizes) != 1 or min(sizes) < 2:
            raise ValueError("an ensemble has two levels or more of every factor, equally many, and no ranges")

    def _check_points(self, points: int) -> None:
        """Raise ValueError for a number of points that the way of sampling has no use for."""
        whole, left = divmod(points, self.block)
        power_of_two = whole & (whole - 1) == 0
        if self.sample == "sobol" and not power_of_two:
            raise ValueError(f"{points} points; a Sobol sample is balanced for powers of two, such as 64 or 128")
        if self.sample == "morris" and (left or whole < 2):
            raise ValueError(
                f"{points} points; a trajectory has {self.block} here, and there should be two or more of them, such "
                f"as 10 ({10 * self.block} points)"
            )
        if self.sample == "saltelli" and (left or whole < 2 or not power_of_two):
            raise ValueError(
                f"{points} points; a row has {self.block} here, and rows should be a power of two, two or more, such "
                f"as 64 ({64 * self.block} points)"
            )
