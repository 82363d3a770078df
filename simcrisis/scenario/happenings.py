"""What happens: incidents, their causes and traces, what goes out with what, and incidents that nobody writes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from math import fsum, isclose
from typing import Annotated, Literal

from pydantic import Field, field_validator

from simcrisis.catalogue import Sector
from simcrisis.scenario.words import Among, Name, Pair, Text
from simcrisis.spec import DelayLaw, MomentField, PositiveDuration, Probability, Spec
from simcrisis.units import parse_delay, parse_duration


class IncidentKind(StrEnum):
    """What happens: to the ICTs of a State, or before its eyes."""

    ICT = "ict"
    MILITARY_ACTIVITY = "military_activity"


class CauseKind(StrEnum):
    """Who or what is behind an incident."""

    STATE = "state"
    PROXY = "proxy"
    CRIMINAL = "criminal"
    TERRORIST = "terrorist"
    ACCIDENT = "accident"
    EXERCISE = "exercise"


class Visibility(StrEnum):
    """Whether an incident is seen by all at once or has to be discovered."""

    PUBLIC = "public"
    COVERT = "covert"


class Cause(Spec):
    """The hidden truth about an incident. No State in the run knows it, but its author."""

    kind: CauseKind
    """state, proxy, criminal, terrorist or accident; exercise, for a military activity that threatens nobody."""

    by: Name | None = None
    """The State that did it (kind: state), or whose forces are at practice (kind: exercise)."""

    of: Name | None = None
    """The State that sponsors the proxy (kind: proxy)."""

    outside: bool = False
    """Whether it came from outside the region: then no State of the scenario is culpable."""


class Planted(Spec):
    """Traces planted to mislead."""

    findings: Annotated[int, Field(ge=1, le=50)]
    """How many of the first findings they mislead."""

    shift: Annotated[float, Field(ge=0, le=20)]
    """How far each is pushed the wrong way, in log-odds."""


class Report(Spec):
    """What others publish about an incident: it makes a covert one known and is evidence of its own."""

    kind: Literal["claim", "vendor"]
    """A claim of responsibility, or the report of a security company."""

    after: DelayLaw
    """From the strike to its publication."""

    d: Annotated[float, Field(ge=0, le=10)] = 0.0
    """Strength d' of its evidence about the present suspect."""


class Incident(Spec):
    """An ICT incident, or a military activity that looks like a threat: its hidden cause and its visible traces."""

    name: Name
    """Its name, by which paths address it."""

    key: Name | None = None
    """What addresses its luck; default: its name."""

    kind: IncidentKind = IncidentKind.ICT
    """ict, or military_activity: forces, cyber forces included, move or practise where the victim watches them."""

    at: MomentField
    """When it strikes: so long after the start, or a date."""

    victim: Name
    """The State it strikes."""

    sector: Sector
    """The sector it strikes."""

    severity: Annotated[float, Field(ge=0, le=5)]
    """From 0 (nothing) to 5 (catastrophe)."""

    visibility: Visibility = Visibility.PUBLIC
    """public or covert."""

    appears_from: Annotated[tuple[Name, ...], Field(max_length=100)] = ()
    """The States it resembles the work of, likeliest first; for a military activity, the one whose forces are seen."""

    cause: Cause
    """Who or what is behind it."""

    cuts: Annotated[Mapping[Sector, PositiveDuration], Field(max_length=len(Sector))] = {}
    """Sectors of the victim that it puts out, and for how long at first."""

    rumour: Probability = 0.0
    """How loud the rumour is: it shortens the decision."""

    reports: Annotated[tuple[Report, ...], Field(max_length=20)] = ()
    """Claims and vendors' reports; default: none."""

    planted: Planted | None = None
    """Traces planted to mislead; default: none."""

    seen: Text = ""
    """What the State that it strikes sees of it, for participants of an exercise; runs do not read it."""


class Place(Spec):
    """A sector of a State."""

    state: Name | None = None
    """The State; left out in both places of a dependency: in every State by itself."""

    sector: Sector
    """The sector."""


class Dependency(Spec):
    """Infrastructure that needs other infrastructure: if that goes out, after a time it may go out as well."""

    name: Name
    """Its name, by which paths address it."""

    key: Name | None = None
    """What addresses its luck; default: its name."""

    of: Place
    """What depends."""

    on: Place
    """On what it depends."""

    probability: Probability = 0.5
    """Probability that it goes out with it, if that is out for long enough."""

    after: DelayLaw = parse_delay({"median": "4 h", "spread": 2.0})
    """How long it holds out: restored sooner, nothing happens."""

    lasts: PositiveDuration = parse_duration("8 h")
    """How long it is out then, at first."""


class Background(Spec):
    """Incidents drawn for a dyad, or for each dyad of a class, in either direction.

    Their number in a year is gamma-Poisson: a dyad's rate in a run is its mean times the square of a normal score, a
    gamma law of shape 1/2.
    """

    name: Name
    """Its name, by which paths address it."""

    key: Name | None = None
    """What addresses its luck; default: its name."""

    between: Pair | None = None
    """The two States."""

    among: Among | None = None
    """Or: every pair among `all`, a group, or a list of States."""

    rate: Annotated[float, Field(ge=0, le=100)]
    """Mean number of incidents of a dyad in a year, both directions together."""

    returns: Probability = 0.86
    """Probability that the next incident within a year comes from the same side as the last (docs/calibration.md)."""

    states: Probability = 0.5
    """Share of incidents that the State which they resemble the work of has done; criminals did the others."""

    sector: Sector = Sector.GOVERNMENT
    """The sector that they strike."""

    public: Probability = 0.6
    """Share of incidents that are public."""

    severities: Annotated[tuple[Annotated[float, Field(ge=0, le=1)], ...], Field(min_length=5, max_length=5)] = (
        0.0,
        0.3,
        0.4,
        0.25,
        0.05,
    )
    """Shares of the severities 1, 2, 3, 4 and 5; they must add up to 1."""

    @field_validator("severities")
    @classmethod
    def _whole(cls, shares: tuple[float, ...]) -> tuple[float, ...]:
        if not isclose(fsum(shares), 1.0, abs_tol=1e-6):
            raise ValueError("the shares of the severities must add up to 1")
        return shares
