"""Delay laws: a normal score in, integer milliseconds out.

Every law is given by its quantile function, so that one normal score, addressed by occasion, yields the delay
of that occasion under any law (common random numbers).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

from simcrisis.units.durations import format_duration, parse_duration

_ROOT_2 = math.sqrt(2.0)
_MOST = 10**15
"""No delay is longer than this many milliseconds (some 30,000 years): the engine's times stay exact integers."""
_LEAST = 2.0**-1000
_quantile = NormalDist().inv_cdf


def normal_cdf(score: float) -> float:
    """Return the standard normal distribution function at `score`."""
    return 0.5 * math.erfc(-score / _ROOT_2)


@dataclass(frozen=True, slots=True)
class Fixed:
    """Always the same delay, in milliseconds."""

    length: int

    def at(self, score: float) -> int:
        """Return the delay (ms) of a normal score."""
        return self.length

    def cdf(self, milliseconds: float) -> float:
        """Return the probability that the delay is at most so long."""
        return 1.0 if milliseconds >= self.length else 0.0

    def to_data(self) -> object:
        """Return the form that a scenario file holds."""
        return format_duration(self.length)


@dataclass(frozen=True, slots=True)
class Lognormal:
    """A lognormal delay, by its median (ms) and the standard deviation of its logarithm."""

    median: int
    sigma: float

    def at(self, score: float) -> int:
        """Return the delay (ms) of a normal score."""
        grows = self.sigma * score
        delay = self.median * math.exp(grows if grows < 300.0 else 300.0)
        return round(delay) if delay < _MOST else _MOST

    def cdf(self, milliseconds: float) -> float:
        """Return the probability that the delay is at most so long."""
        if milliseconds <= 0:
            return 0.0
        return normal_cdf(math.log(milliseconds / self.median) / self.sigma)

    def to_data(self) -> object:
        """Return the form that a scenario file holds."""
        return {"median": format_duration(self.median), "spread": math.exp(self.sigma)}


@dataclass(frozen=True, slots=True)
class Triangular:
    """A triangular delay between `low` and `high`, likeliest at `mode` (ms)."""

    low: int
    mode: int
    high: int

    def at(self, score: float) -> int:
        """Return the delay (ms) of a normal score."""
        u, width, rise = normal_cdf(score), self.high - self.low, self.mode - self.low
        if u * width < rise:
            return round(self.low + math.sqrt(u * width * rise))
        return round(self.high - math.sqrt((1.0 - u) * width * (self.high - self.mode)))

    def cdf(self, milliseconds: float) -> float:
        """Return the probability that the delay is at most so long."""
        x, width = milliseconds, self.high - self.low
        if x <= self.low:
            return 0.0
        if x >= self.high:
            return 1.0
        if x < self.mode:
            return (x - self.low) ** 2 / (width * (self.mode - self.low))
        return 1.0 - (self.high - x) ** 2 / (width * (self.high - self.mode))

    def to_data(self) -> object:
        """Return the form that a scenario file holds."""
        return {name: format_duration(getattr(self, name)) for name in ("low", "mode", "high")}


@dataclass(frozen=True, slots=True)
class Occasional:
    """Nothing, or with some probability a delay by another law."""

    law: Fixed | Lognormal | Triangular
    probability: float

    def at(self, score: float) -> int:
        """Return the delay (ms) of a normal score; the highest scores are those with a delay."""
        missing = normal_cdf(-score)
        if missing >= self.probability:
            return 0
        return self.law.at(-_quantile(max(missing / self.probability, _LEAST)))

    def cdf(self, milliseconds: float) -> float:
        """Return the probability that the delay is at most so long."""
        if milliseconds < 0:
            return 0.0
        return 1.0 - self.probability * (1.0 - self.law.cdf(milliseconds))

    def to_data(self) -> object:
        """Return its parts; a scenario file gives law and probability apart."""
        return {"law": self.law.to_data(), "probability": self.probability}


Delay = Fixed | Lognormal | Triangular | Occasional

_FORMS = "a delay is '6 h', {median: 6 h, spread: 2.5} or {low: 1 h, mode: 6 h, high: 2 days}"


def scaled(law: Delay, factor: float) -> Delay:
    """Return a delay law with every delay multiplied by a factor > 0."""
    if factor == 1.0:
        return law
    if isinstance(law, Fixed):
        return Fixed(round(law.length * factor))
    if isinstance(law, Lognormal):
        return Lognormal(max(1, round(law.median * factor)), law.sigma)
    if isinstance(law, Triangular):
        low, mode, high = (round(each * factor) for each in (law.low, law.mode, law.high))
        return Triangular(low, mode, high) if low < high else Fixed(low)
    inner = scaled(law.law, factor)
    assert not isinstance(inner, Occasional)
    return Occasional(inner, law.probability)


def occasionally(law: Delay, probability: float) -> Delay:
    """Return the law of a delay that there is with a probability only; a Fixed of nothing where there is none."""
    if probability <= 0.0:
        return Fixed(0)
    if isinstance(law, Occasional):
        return Occasional(law.law, law.probability * probability)
    return law if probability >= 1.0 else Occasional(law, probability)


def parse_delay(data: object) -> Delay:
    """Return the delay law that a value of a scenario file stands for.

    Raises ValueError when it is none, with the forms that would do.
    """
    if isinstance(data, Fixed | Lognormal | Triangular | Occasional):
        return data
    if isinstance(data, str):
        return Fixed(parse_duration(data))
    if not isinstance(data, Mapping):
        raise ValueError(_FORMS)
    if set(data) == {"median", "spread"}:
        spread = data["spread"]
        if isinstance(spread, bool) or not isinstance(spread, int | float) or not 1.0 <= spread <= 1000.0:
            raise ValueError("spread is a geometric standard deviation, a number from 1 to 1000")
        median = parse_duration(data["median"])
        return Lognormal(median, math.log(spread)) if spread > 1.0 and median > 0 else Fixed(median)
    if set(data) == {"low", "mode", "high"}:
        low, mode, high = (parse_duration(data[name]) for name in ("low", "mode", "high"))
        if not low <= mode <= high:
            raise ValueError("low, mode and high must not decrease")
        return Triangular(low, mode, high) if low < high else Fixed(low)
    raise ValueError(f"keys {', '.join(sorted(map(str, data)))[:60] or 'none'} make no delay; {_FORMS}")
