"""The world compiled: integer ids, paths of luck and plain values, made once per arm and reused by every run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simcrisis.catalogue import Cert, Parameters, Policy
from simcrisis.events import Names
from simcrisis.rules.situation import Rule, Weights
from simcrisis.units import Calendar, Delay

Pair = tuple[int, int]


def pair_of(one: int, other: int) -> Pair:
    """Return two ids as a pair, the lower first."""
    return (one, other) if one < other else (other, one)


@dataclass(frozen=True, slots=True)
class StateWorld:
    """A State as the engine needs it."""

    name: str
    path: int
    cert: Cert
    policy: Policy
    rule: Rule
    weights: Weights
    patience: int
    capability: float
    office: Calendar | None
    """When its desk is open; None: round the clock."""


@dataclass(frozen=True, slots=True)
class LineWorld:
    """A line as the engine needs it."""

    name: str
    path: int
    a: int
    b: int
    since: int
    from_rung: int
    latency: Delay
    credibility: float
    rides_on: str | None
    """The sector at its ends that cuts it; None also when it is protected."""
    uptime: Pair | None
    """Mean time between failures and to repair (ms)."""
    listed: bool
    """Whether its ends are found in the contact list of policy-level points of contact."""
    awake: bool
    """Whether it is answered round the clock, whatever the hours of the desk."""


@dataclass(frozen=True, slots=True)
class IncidentWorld:
    """An incident as the engine needs it."""

    path: int
    at: int
    victim: int
    author: int
    """The culpable State; nobody where no State is."""
    severity: float
    covert: bool
    suspects: tuple[int, ...]
    cuts: tuple[tuple[str, int], ...]
    rumour: float
    planted: tuple[int, float] = (0, 0.0)
    """How many first findings are misled, and by how much."""
    reports: tuple[tuple[str, Delay, float], ...] = ()
    """Claims and vendors' reports: kind, delay from the strike, strength d'."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What is between two States at the start."""

    mistrust: float
    tension: float = 0.0
    rung: int = 0


@dataclass(frozen=True, slots=True)
class World:
    """A scenario in one arm, compiled. Ids are places in the order of keys."""

    arm: str
    horizon: int
    model: Parameters
    gravities: tuple[float, ...]
    leads: tuple[int, ...]
    """From decision to act, by rung (ms)."""
    states: tuple[StateWorld, ...]
    lines: tuple[LineWorld, ...]
    incidents: tuple[IncidentWorld, ...]
    names: Names
    relations: Mapping[Pair, Relation]
    """By pair of ids, the lower first."""
    consulting: Mapping[Pair, tuple[int, ...]]
    """Lines over which two desks consult, by pair, in the order in which they are tried."""
    technical: Mapping[Pair, tuple[int, ...]]
    """Technical lines, by pair."""
    partners: tuple[tuple[int, ...], ...]
    """For each State those it has a written relation, group or line with."""
    check_every: int | None
    file: str = ""
    """Where the scenario was read from, to name it when a run cannot end."""
