"""Packaged data, each figure with its source or the word `assumed`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from typing import Any

from simcrisis.catalogue.cbms import Cbm, Effect, How, Size, cbm_of_line, cbms
from simcrisis.catalogue.packaged import text, toml
from simcrisis.catalogue.parameter_page import ParameterRow, in_words, parameter_page
from simcrisis.catalogue.parameters import Cert, DecisionParameters, Parameters, Policy
from simcrisis.catalogue.procedures import CONSULTATIONS, Procedure, procedures
from simcrisis.spec import DelayLaw, Duration, Spec

__all__ = [
    "CONSULTATIONS",
    "Cbm",
    "Cert",
    "DecisionParameters",
    "Effect",
    "How",
    "LineKind",
    "ParameterRow",
    "Parameters",
    "ParticipatingState",
    "Policy",
    "Procedure",
    "Rung",
    "Size",
    "Target",
    "cbm_of_line",
    "cbms",
    "gravities",
    "in_words",
    "ladder",
    "leads",
    "line_kinds",
    "parameter_page",
    "participating_states",
    "procedures",
    "profile_of",
    "profiles",
    "sources_of_states",
    "state_by_code",
    "state_by_name",
    "targets",
]


class Rung(Spec):
    """One rung of the escalation ladder."""

    number: int
    act: str
    gravity: float
    lead: Duration
    """From decision to act, where leads are switched on (ms)."""
    seen_by: str
    mid: str


@cache
def ladder() -> tuple[Rung, ...]:
    """Return the eleven rungs, from routine co-operation to war."""
    return tuple(Rung(**row) for row in toml("ladder.toml")["rung"])


@cache
def gravities() -> tuple[float, ...]:
    """Return the gravity g of each rung, from 0 to 1."""
    return tuple(rung.gravity for rung in ladder())


@cache
def leads() -> tuple[int, ...]:
    """Return the time from decision to act of each rung (ms)."""
    return tuple(rung.lead for rung in ladder())


class LineKind(Spec):
    """What all lines of a kind share."""

    what: str
    source: str
    latency: DelayLaw
    order: int | None = None
    """In which order a desk tries it to consult; None: no desk consults over it."""
    from_rung: int = 0


@cache
def line_kinds() -> Mapping[str, LineKind]:
    """Return the kinds of lines by name."""
    return {name: LineKind(**row) for name, row in toml("lines.toml").items()}


class ParticipatingState(Spec):
    """A participating State of the OSCE. An index of None means: not scored."""

    name: str
    iso2: str
    iso3: str
    capital: str
    zone: str
    lat: float
    lon: float
    capital_lat: float
    capital_lon: float
    nato: bool
    eu: bool
    csto: bool
    cow: int
    gci_2020: float | None
    ncsi: float | None


@cache
def participating_states() -> tuple[ParticipatingState, ...]:
    """Return the 57 participating States, in the order of their English names."""
    rows = csv.DictReader(text("participating_states.csv").splitlines())
    return tuple(
        ParticipatingState.model_validate({name: value or None for name, value in row.items()}, strict=False)
        for row in rows
    )


@cache
def sources_of_states() -> Mapping[str, str]:
    """Return the source and standing of each column of the participating States."""
    columns: Mapping[str, str] = toml("participating_states.toml")["columns"]
    return columns


@cache
def _by_code() -> Mapping[str, ParticipatingState]:
    return {code: state for state in participating_states() for code in (state.iso2, state.iso3)}


@cache
def _by_name() -> Mapping[str, ParticipatingState]:
    return {state.name.casefold(): state for state in participating_states()}


def state_by_code(code: str) -> ParticipatingState | None:
    """Return the State with an ISO 3166 alpha-3 or alpha-2 code (upper case), if there is one."""
    return _by_code().get(code)


def state_by_name(name: str) -> ParticipatingState | None:
    """Return the State with an English name, whatever its case, if there is one."""
    return _by_name().get(name.casefold())


@cache
def profiles() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Return the capacity profiles: profile -> `cert` or `policy` -> what differs from the defaults."""
    return {name: row for name, row in toml("profiles.toml").items() if isinstance(row, dict)}


HIGH_SCORE, LOW_SCORE = 85.0, 50.0
"""Mean index from which a State counts as of high capacity, and below which as of low. Assumed."""


def profile_of(state: ParticipatingState) -> str:
    """Return the capacity profile that a State's indices suggest; medium where it is not scored (imputed)."""
    scores = [score for score in (state.gci_2020, state.ncsi) if score is not None]
    if not scores:
        return "medium"
    mean = sum(scores) / len(scores)
    return "high-capacity" if mean >= HIGH_SCORE else "low-capacity" if mean < LOW_SCORE else "medium"


class Target(Spec):
    """A pattern in published data that the model should reproduce."""

    name: str
    what: str
    value: float
    unit: str
    source: str
    standing: str


@cache
def targets() -> tuple[Target, ...]:
    """Return the targets, each with its data set and standing."""
    return tuple(Target(**row) for row in toml("targets.toml")["target"])
