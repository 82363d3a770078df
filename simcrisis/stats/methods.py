"""The two ways to make intervals: for a number of replications fixed beforehand, or for looking at any time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy.typing as npt

from simcrisis.stats import anytime, intervals
from simcrisis.stats.limits import Floats

Counts = npt.ArrayLike
Bounds = tuple[Floats, Floats]


@dataclass(frozen=True)
class Method:
    """How the bounds of each kind of estimate are made; counts come as arrays of one shape."""

    share: Callable[[Counts, Counts], Bounds]
    """Of hits of n."""
    share_name: Callable[[int, int], str]
    difference: Callable[[Counts, Counts, Counts], Bounds]
    """Of up, down and n."""
    difference_name: Callable[[int, int, int], str]
    """Of up, down and the hits of both arms added."""
    ratio: Callable[[Counts, Counts, Counts, Counts], tuple[Floats, Floats, Floats]]
    """Of both, up, down and n: the ratio as well."""
    p_value: Callable[[Counts, Counts], Floats]
    """Of up and down."""
    critical: Callable[[Counts], Floats]
    """Standard errors from a mean of n values to its bounds."""
    mean_name: str


FIXED = Method(
    share=intervals.share,
    share_name=lambda hits, n: f"share of runs, {intervals.share_method(hits, n)} 95 %",
    difference=intervals.paired_difference,
    difference_name=lambda up, down, hits: (
        f"paired shares, difference {intervals.difference_method(up, down)} 95 %, "
        f"ratio {intervals.ratio_method(hits)} 95 %, exact McNemar"
    ),
    ratio=intervals.paired_ratio,
    p_value=intervals.mcnemar,
    critical=intervals.critical,
    mean_name="Student's t 95 %",
)
"""For a number of replications that was fixed before anybody looked."""
ANYTIME = Method(
    share=anytime.share,
    share_name=lambda hits, n: "share of runs, 95 % confidence sequence",
    difference=anytime.paired_difference,
    difference_name=lambda up, down, hits: (
        "paired shares, 95 % confidence sequences, p = 1 / e-value of discordant pairs"
    ),
    ratio=anytime.paired_ratio,
    p_value=anytime.p_value,
    critical=anytime.critical,
    mean_name="asymptotic 95 % confidence sequence",
)
"""For batches that were stopped by what they showed."""


class Correction(StrEnum):
    """What is kept below 5 % where many comparisons are made."""

    HOLM = "holm"
    """The chance of any wrong claim (Holm 1979)."""

    FDR = "fdr"
    """The expected share of wrong claims among those made, however they hang together (Benjamini and Yekutieli)."""


def method(anytime: bool) -> Method:
    """Return how intervals are made."""
    return ANYTIME if anytime else FIXED
