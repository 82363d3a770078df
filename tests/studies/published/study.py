"""What a study of a published result consists of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import polars as pl

Form = Literal["share", "count", "hours"]
"""How figures are told: shares in percent, counts and hours as they are."""


class Tables(NamedTuple):
    """What statistics are computed from: some runs of every arm of a scenario, in one of its worlds."""

    runs: pl.DataFrame
    decisions: pl.DataFrame
    events: pl.DataFrame


class Statistic(NamedTuple):
    """A number of each run, averaged over worlds and replications."""

    name: str
    """As tables and figures call it."""
    of: Callable[[Tables], pl.DataFrame]
    """Columns arm, replication, value; null, or no row, where a run does not have the number."""
    form: Form = "share"
    weights: Mapping[str, float] | None = None
    """Of each world; default: the mean of all. Weights that add up to 0 make a difference between worlds."""


class Contrast(NamedTuple):
    """A sum of arms with weights, within each replication; what is expected of its sign, and why."""

    statistic: str
    arms: Mapping[str, float]
    says: str
    expected: Literal[-1, 0, 1] = 0
    """Its sign; 0 where nothing was expected, and it is only told."""
    judged: bool = False
    """Whether the verdict hangs on it."""


@dataclass(frozen=True)
class Study:
    """A published result, how it is asked of the model, and by what it is judged."""

    name: str
    """Of its module, its scenario and its page."""
    title: str
    cited: str
    """Authors and year, for the index."""
    source: str
    """Paper, journal, doi."""
    claim: str
    """What it found, in our words."""
    reading: str
    """By what the model expresses it, and what of it the model cannot express."""
    expected: str
    statistics: tuple[Statistic, ...]
    contrasts: tuple[Contrast, ...]
    shown: tuple[str, ...]
    """The statistics in the figure."""
    worlds: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: {"as written": {}})
    """Truths that no State knows, equally likely: what each sets in the scenario."""
    runs: int = 2000
    """Replications of every arm in every world under each rule."""
    why: str = ""
    """Why the model does what it does: written when the result was known."""
