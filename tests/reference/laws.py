"""Delay laws, their sums, and office hours (docs/odd.md 7.1, 7.3 and appendix D 13)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from statistics import NormalDist
from typing import Any
from zoneinfo import ZoneInfo

MOST = 10.0**15
YEAR = 365 * 24 * 3_600_000
_NORMAL = NormalDist()


def phi(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2))


def clamp(value: float, low: float, high: float) -> float:
    return min(high, max(low, value))


def felt(severity: float) -> float:
    return clamp(severity, 0.0, 5.0)


def logistic(log_odds: float) -> float:
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    e = math.exp(log_odds)
    return e / (1 + e)


def assured(k: float) -> float:
    """Return the shift of an assurance of credibility k."""
    return math.log1p(-k)


def silent(r: float, k: float, f: float) -> float:
    """Return the shift of silence where an answer was expected with probability r."""
    c = r * (f + (1 - f) * (1 - k))
    return math.log1p(-c) - math.log1p(-r)


def answer(p: float, f: float, h: float, culpable: bool, u: float) -> str:
    """Return what a State that is asked does: assurance, formulaic or silent."""
    s = p * (1 - f)
    if u < (s * (1 - h) if culpable else s):
        return "assurance"
    return "formulaic" if s <= u < p else "silent"


def expo(mean: float, z: float) -> float:
    return -mean * math.log(max(phi(-z), 5e-324))


@dataclass(frozen=True)
class Fixed:
    c: int

    def at(self, z: float) -> int:
        return self.c

    def scaled(self, factor: float) -> Law:
        return Fixed(round(self.c * factor))


@dataclass(frozen=True)
class Lognormal:
    m: int
    sigma: float

    def at(self, z: float) -> int:
        return round(min(self.m * math.exp(min(self.sigma * z, 300.0)), MOST))

    def scaled(self, factor: float) -> Law:
        return Lognormal(max(1, round(self.m * factor)), self.sigma)


@dataclass(frozen=True)
class Triangular:
    low: int
    mode: int
    high: int

    def at(self, z: float) -> int:
        u, w = phi(z), self.high - self.low
        if u * w < self.mode - self.low:
            return round(self.low + math.sqrt(u * w * (self.mode - self.low)))
        return round(self.high - math.sqrt((1 - u) * w * (self.high - self.mode)))

    def scaled(self, factor: float) -> Law:
        low, mode, high = (round(point * factor) for point in (self.low, self.mode, self.high))
        return Fixed(low) if low == high else Triangular(low, mode, high)


@dataclass(frozen=True)
class Occasional:
    """A law that applies with probability q; else there is no delay."""

    law: Law
    q: float

    def at(self, z: float) -> int:
        v = phi(-z)
        if v >= self.q:
            return 0
        return self.law.at(-_NORMAL.inv_cdf(max(v / self.q, 2.0**-1000)))

    def scaled(self, factor: float) -> Law:
        return Occasional(scaled(self.law, factor), self.q)


Law = Fixed | Lognormal | Triangular | Occasional


def law_of(given: Any) -> Law:
    """Return the law that a scenario or the catalogue gives."""
    if hasattr(given, "length"):
        return Fixed(given.length)
    if hasattr(given, "median"):
        fixed = given.median == 0 or given.sigma == 0
        return Fixed(given.median) if fixed else Lognormal(given.median, given.sigma)
    return Fixed(given.low) if given.low == given.high else Triangular(given.low, given.mode, given.high)


def scaled(law: Law, factor: float) -> Law:
    return law if factor == 1 else law.scaled(factor)


def occasionally(law: Law, q: float) -> Law:
    if q <= 0:
        return Fixed(0)
    return law if q >= 1 else Occasional(law, q)


def _nodes(law: Law, count: int) -> list[float]:
    if isinstance(law, Fixed):
        return [law.c]
    return [law.at(_NORMAL.inv_cdf((n + 0.5) / count)) for n in range(count)]


@cache
def sum_of(laws: tuple[Law, ...], count: int) -> tuple[float, ...]:
    """Return the nodes of a sum of laws, ascending."""
    so_far: list[float] = [0]
    for law in laws:
        nodes = _nodes(law, count)
        sums = sorted(a + b for a in so_far for b in nodes)
        if len(sums) > count:
            size = len(sums) / count
            edges = [round(n * size) for n in range(count + 1)]
            sums = [math.fsum(sums[begin:end]) / (end - begin) for begin, end in pairwise(edges)]
        so_far = sums
    return tuple(so_far)


def share(nodes: tuple[float, ...], e: float) -> float:
    """Return the probability that a sum is at most e."""
    n = len(nodes)
    if n == 1:
        return 1.0 if e >= nodes[0] else 0.0
    a = sum(node <= e for node in nodes)
    if a == 0:
        return 0.5 / n * max(0.0, e / nodes[0])
    if a == n:
        return 1 - 0.5 / n * nodes[-1] / e
    v, w = nodes[a - 1], nodes[a]
    return (a - 0.5 + (e - v) / (w - v)) / n


class OfficeHours:
    """When a desk is open: intervals in ms from the start."""

    def __init__(self, policy: Any, zone: str, start: datetime, horizon: int) -> None:
        self.open: list[tuple[int, int]] = []
        tz = ZoneInfo(zone)
        day = start.astimezone(tz).date() - timedelta(days=1)
        last = (start + timedelta(milliseconds=horizon)).astimezone(tz).date() + timedelta(days=60)
        opens, closes = round(60 * policy.opens), round(60 * policy.closes)
        while day <= last:
            if day.weekday() in policy.week:
                midnight = datetime.combine(day, time())
                begin, end = (
                    ((midnight + timedelta(minutes=minutes)).replace(tzinfo=tz, fold=0)).astimezone(UTC)
                    for minutes in (opens, closes)
                )
                self.open.append(
                    ((begin - start) // timedelta(milliseconds=1), (end - start) // timedelta(milliseconds=1))
                )
            day += timedelta(days=1)

    def first(self, t: int) -> int | None:
        """Return the first open instant not before t, if there is one."""
        return next((max(begin, t) for begin, end in self.open if t < end and begin < end), None)
