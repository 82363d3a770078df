"""What a batch compares, in words: the CBMs of its arms, what else they change, and its factors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from simcrisis.batch.batch import Batch
from simcrisis.catalogue import cbms, parameter_page
from simcrisis.errors import isolated
from simcrisis.report.spread import factor_in_words, level_in_words, listed
from simcrisis.scenario.adoption import ALL, Adopted, Adoption
from simcrisis.scenario.nouns import Arm

_ADOPTERS, _CHANGES = 3, 4
"""How many are named; the others are counted."""


class ArmRow(NamedTuple):
    """An arm in words."""

    name: str
    cbms: str
    other: str


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
    """Return a row a factor."""
    if batch.scenario.experiment is None:
        return []
    known = {row.path: row.what for row in parameter_page()}
    vary = batch.scenario.experiment.vary
    return [FactorRow(path, factor_in_words(factor), known.get(path, "")) for path, factor in vary.items()]


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
