"""Packaged data, each figure with its source or the word `assumed`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from simcrisis.catalogue.cbms import Cbm, Effect, How, Size, cbm_of_line, cbms
from simcrisis.catalogue.packaged import text, toml
from simcrisis.catalogue.parameter_page import ParameterRow, in_words, parameter_page
from simcrisis.catalogue.parameters import MOST_FINDINGS, Cert, DecisionParameters, Parameters, Policy
from simcrisis.catalogue.procedures import CONSULTATIONS, Procedure, procedures
from simcrisis.catalogue.sectors import Sector
from simcrisis.spec import DelayLaw, Duration, Spec

__all__ = [
    "CONSULTATIONS",
    "MOST_FINDINGS",
    "Cbm",
    "Cert",
    "DecisionParameters",
    "Effect",
    "How",
    "LineKind",
    "ParameterRow",
    "Parameters",
    "ParticipatingState",
    "Partner",
    "Policy",
    "Procedure",
    "RealState",
    "Rung",
    "Sector",
    "Size",
    "Target",
    "cbm_of_line",
    "cbms",
    "ensemble",
    "ensemble_origin",
    "gravities",
    "in_words",
    "ladder",
    "leads",
    "line_kinds",
    "parameter_page",
    "participating_states",
    "partners",
    "procedures",
    "profile_of",
    "profiles",
    "real_states",
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


class RealState(Spec):
    """A State that exists: a participating State of the OSCE, or a Partner for Co-operation."""

    name: str
    iso2: str
    iso3: str
    capital: str
    zone: str
    capital_lat: float
    capital_lon: float

    @property
    def standing(self) -> str:
        """What it is to the OSCE."""
        return "participating State"

    @property
    def scores(self) -> tuple[float, ...]:
        """Its capacity indices, as far as it is scored (0 to 100)."""
        return ()


class ParticipatingState(RealState):
    """A participating State of the OSCE. An index of None means: not scored."""

    lat: float
    lon: float
    nato: bool
    eu: bool
    csto: bool
    cow: int
    gci_2020: float | None
    ncsi: float | None

    @property
    def scores(self) -> tuple[float, ...]:
        """Its capacity indices, as far as it is scored (0 to 100)."""
        return tuple(score for score in (self.gci_2020, self.ncsi) if score is not None)


class Partner(RealState):
    """A Partner for Co-operation of the OSCE. No indices are packaged, so that its capacity is imputed."""

    kind: Literal["asian", "mediterranean"]

    @property
    def standing(self) -> str:
        """What it is to the OSCE."""
        return f"{self.kind.capitalize()} Partner"


def _rows(name: str) -> list[dict[str, str | None]]:
    return [{column: value or None for column, value in row.items()} for row in csv.DictReader(text(name).splitlines())]


@cache
def participating_states() -> tuple[ParticipatingState, ...]:
    """Return the 57 participating States, in the order of their English names."""
    rows = _rows("participating_states.csv")
    return tuple(ParticipatingState.model_validate(row, strict=False) for row in rows)


@cache
def partners() -> tuple[Partner, ...]:
    """Return the eleven Partners for Co-operation, Asian ones first."""
    return tuple(Partner.model_validate(row, strict=False) for row in _rows("partners.csv"))


def real_states() -> tuple[RealState, ...]:
    """Return all States of the catalogue: participating States, then Partners."""
    return (*participating_states(), *partners())


@cache
def sources_of_states() -> Mapping[str, str]:
    """Return the source and standing of each column of the participating States."""
    columns: Mapping[str, str] = toml("participating_states.toml")["columns"]
    return columns


@cache
def _by_code() -> Mapping[str, RealState]:
    return {code: state for state in real_states() for code in (state.iso2, state.iso3)}


@cache
def _by_name() -> Mapping[str, RealState]:
    return {state.name.casefold(): state for state in real_states()}


def state_by_code(code: str) -> RealState | None:
    """Return the State with an ISO 3166 alpha-3 or alpha-2 code (upper case), if there is one."""
    return _by_code().get(code)


def state_by_name(name: str) -> RealState | None:
    """Return the State with an English name, whatever its case, if there is one."""
    return _by_name().get(name.casefold())


@cache
def profiles() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Return the capacity profiles: profile -> `cert` or `policy` -> what differs from the defaults."""
    return {name: row for name, row in toml("profiles.toml").items() if isinstance(row, dict)}


HIGH_SCORE, LOW_SCORE = 85.0, 50.0
"""Mean index from which a State counts as of high capacity, and below which as of low. Assumed."""


def profile_of(state: RealState) -> str:
    """Return the capacity profile that a State's indices suggest; medium where it is not scored (imputed)."""
    if not state.scores:
        return "medium"
    mean = sum(state.scores) / len(state.scores)
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


@cache
def ensemble() -> tuple[Mapping[str, float | str], ...]:
    """Return the packaged parameter sets that no pattern rules out: path -> number, or duration as a file has it."""
    return tuple({path: _number_or_text(value or "") for path, value in row.items()} for row in _rows("ensemble.csv"))


def _number_or_text(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell


@cache
def ensemble_origin() -> Mapping[str, Any]:
    """Return how the packaged parameter sets were made: command, version, seed, number tried, patterns."""
    return toml("ensemble.toml")
