"""The world compiled: integer ids, paths of luck and plain values, made once per arm and reused by every run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from simcrisis.catalogue import Cert, Parameters, Policy, Procedure
from simcrisis.events import Names
from simcrisis.rules.situation import Rule, Weights
from simcrisis.units import Calendar, Delay

Pair = tuple[int, int]


def pair_of(one: int, other: int) -> Pair:
    """Return two ids as a pair, the lower first."""
    return (one, other) if one < other else (other, one)


@dataclass(frozen=True, slots=True, eq=False)
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
    coalition: float
    """Probability that it attributes together with its allies."""
    prefers: Mapping[str, int]
    """Kinds of lines that it tries first to consult, with their places; those left out come after them."""


@dataclass(frozen=True, slots=True)
class LineWorld:
    """A line as the engine needs it."""

    name: str
    kind: str
    path: int
    a: int
    b: int
    practice: tuple[float, float]
    """How far the one and the other end answer over it as they have promised."""
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
    authentic: float
    """Probability that a message over it is known to be genuine at once."""

    def practised_by(self, state: int) -> float:
        """Return how far one of its ends answers as it has promised."""
        return self.practice[state == self.b]


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
    sector: str
    activity: bool = False
    """Whether it is a military activity of its one suspect, which its victim watches."""
    accident: bool = False
    """Whether nobody did it: then no vulnerability was exploited."""
    criminal: bool = False
    """Whether criminals or terrorists of the region are behind it, whom a police can find."""
    drawn: bool = False
    """Whether nobody wrote it."""
    planted: tuple[int, float] = (0, 0.0)
    """How many first findings are misled, and by how much."""
    reports: tuple[tuple[str, Delay, float], ...] = ()
    """Claims and vendors' reports: kind, delay from the strike, strength d'."""


@dataclass(frozen=True, slots=True)
class DependencyWorld:
    """Infrastructure that needs other infrastructure, as the engine needs it."""

    path: int
    state: int
    sector: str
    probability: float
    after: Delay
    lasts: int


@dataclass(frozen=True, slots=True)
class BackgroundWorld:
    """Background incidents of one dyad, as the engine needs them."""

    path: int
    a: int
    b: int
    rate: float
    """Mean number in a year."""
    returns: float
    states: float
    public: float
    severities: tuple[float, ...]
    sector: str


@dataclass(frozen=True, slots=True)
class Relation:
    """What is between two States at the start."""

    mistrust: float
    tension: float = 0.0
    rung: int = 0


@dataclass(frozen=True, slots=True)
class HubWorld:
    """A hub, as the engine needs it."""

    name: str
    members: Mapping[int, int]
    """Its members, and from when (ms)."""
    others: int
    """Members that take no part."""
    procedures: tuple[tuple[str, Procedure], ...]
    allied: bool

    def has(self, state: int, at: int) -> bool:
        """Return whether a State is a member at an instant (ms)."""
        since = self.members.get(state)
        return since is not None and since <= at


class Change(NamedTuple):
    """A State that is another from an instant (ms) on, because a CBM comes into force."""

    at: int
    state: int
    becomes: StateWorld


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
    """As they are at the start."""
    changes: tuple[Change, ...]
    """What they become later, by time."""
    hubs: tuple[HubWorld, ...]
    alliances: tuple[HubWorld, ...]
    lines: tuple[LineWorld, ...]
    incidents: tuple[IncidentWorld, ...]
    background: tuple[BackgroundWorld, ...]
    most_background: int
    """For so many background incidents of one run there are names."""
    dependent: Mapping[tuple[int, str], tuple[DependencyWorld, ...]]
    """By what they depend on: a State and a sector."""
    names: Names
    relations: Mapping[Pair, Relation]
    """By pair of ids, the lower first."""
    consulting: Mapping[Pair, tuple[int, ...]]
    """Lines over which two desks consult, by pair, in the order in which they are tried."""
    technical: Mapping[Pair, tuple[int, ...]]
    """Technical lines, by pair."""
    police: Mapping[Pair, tuple[int, ...]]
    """Law-enforcement lines, by pair."""
    partners: tuple[tuple[int, ...], ...]
    """For each State those it has a written relation, group or line with."""
    check_every: int | None
    file: str = ""
    """Where the scenario was read from, to name it when a run cannot end."""
    inquiries: dict[tuple[int, StateWorld, StateWorld], Any] = field(default_factory=dict, init=False, repr=False)
    requests: dict[tuple[int, StateWorld, StateWorld], Any] = field(default_factory=dict, init=False, repr=False)
    """What runs have worked out so far about inquiries and requests over a line, by who asks whom: the same in each."""

    def state_at(self, state: int, at: int) -> StateWorld:
        """Return a State as it is at an instant (ms)."""
        become = [change.becomes for change in self.changes if change.state == state and change.at <= at]
        return become[-1] if become else self.states[state]
