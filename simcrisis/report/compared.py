"""What a batch compares, in words: the CBMs of its arms, what else they change, and its factors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from simcrisis.batch.batch import Batch
from simcrisis.catalogue import cbms, parameter_page
from simcrisis.errors import isolated
from simcrisis.plots.levels import levels
from simcrisis.report.spread import factor_in_words, level_in_words, listed
from simcrisis.report.tables import factor_names
from simcrisis.scenario.adoption import ALL, Adopted, Adoption
from simcrisis.scenario.nouns import Arm

_ADOPTERS, _CHANGES = 3, 4
"""How many are named; the others are counted."""


class ArmRow(NamedTuple):
    """An arm in words."""

    name: str
    cbms: str
    other: str


class SetRow(NamedTuple):
    """A parameter of an ensemble in words."""

    path: str
    default: str
    reach: str
    """From the least to the most over the sets."""
    what: str


class FactorRow(NamedTuple):
    """A factor in words."""

    path: str
    levels: str
    what: str
    """What it is, where the catalogue knows it."""


def arm_rows(batch: Batch) -> list[ArmRow]:
    """Return a row an arm: the CBMs it has, and whatever else it changes."""
    arms = {name: batch.scenario.arms[name] for name in batch.arms}
    return [ArmRow(name, _cbms(arm.cbms) or "none", _other(arm)) for name, arm in arms.items()]


def cbms_of(batch: Batch) -> Mapping[int, str]:
    """Return the titles of the CBMs that some arm has, by number."""
    numbers = {number for name in batch.arms for number in batch.scenario.arms[name].cbms}
    return {number: cbms()[number].title for number in sorted(numbers)}


def factor_rows(batch: Batch) -> list[FactorRow]:
    """Return a row a factor; none of an ensemble, which `set_rows` tells."""
    if batch.scenario.experiment is None or batch.ensemble is not None:
        return []
    vary = batch.scenario.experiment.vary
    return [FactorRow(path, factor_in_words(factor), _what(path)) for path, factor in vary.items()]


def set_rows(batch: Batch) -> list[SetRow]:
    """Return a row a parameter that the sets of an ensemble hold."""
    if batch.ensemble is None:
        return []
    return [SetRow(path, *_over_sets(batch.points[path]), _what(path)) for path in factor_names(batch)]


def _over_sets(column: pl.Series) -> tuple[str, str]:
    """Return the default, which comes first, and how far the sets reach."""
    known = levels(column)
    if not known.numeric:
        return level_in_words(column[0]), f"{column[1:].n_unique():,} levels"
    number = dict(zip(known.names, known.at, strict=True))
    default, *sets = (number[str(each)] for each in column)
    unit = f" {known.unit}" if known.unit else ""
    return f"{default:.3g}{unit}", f"{min(sets):.3g} to {max(sets):.3g}{unit}"


def _what(path: str) -> str:
    """Return what a path is, where the catalogue knows it."""
    return next((row.what for row in parameter_page() if row.path == path), "")


def _cbms(adopted: Mapping[int, Adoption]) -> str:
    return ", ".join(f"{number}{_adopters(who)}" for number, who in sorted(adopted.items()))


def _adopters(who: Adoption) -> str:
    if dict(who) == {ALL: Adopted()}:
        return ""
    told = [f"{isolated(name)}{_how(adopted)}" for name, adopted in who.items()]
    return f" ({listed(told, _ADOPTERS, 'adopters')})"


def _how(adopted: Adopted) -> str:
    later = " from a date on" if adopted.since is not None else ""
    part = " on paper only" if adopted.practice == 0 else " in part" if adopted.practice < 1 else ""
    return f"{later}{part}"


def _other(arm: Arm) -> str:
    told = [f"{isolated(path)} = {level_in_words(value)}" for path, value in arm.set.items()]
    parts = [listed(told, _CHANGES, "changes", "; ")] if told else []
    parts += [f"{len(arm.add):,} lines added"] if arm.add else []
    parts += [f"{len(arm.cut):,} lines cut"] if arm.cut else []
    return "; ".join(parts)
