"""WHAT: the nouns of a scenario file. The text under a field is its help in the JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from math import fsum, isclose
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema, field_validator

from simcrisis.catalogue import Cert, DecisionParameters, Parameters, Policy, Sector, cbms, profiles
from simcrisis.scenario.adoption import ALL, ON_PAPER, Adopted, Adoption, parse_cbms, parse_members
from simcrisis.scenario.effects import Effects
from simcrisis.spec import (
    DelayLaw,
    MomentField,
    PositiveDuration,
    Probability,
    Spec,
)
from simcrisis.units import parse_delay, parse_duration

_CONTROL = r"\x00-\x08\x0b-\x1f\x7f-\x9f"
"""Characters that a terminal acts on, tab and line feed apart."""
_DIRECTION = r"\u202a-\u202e\u2066-\u2069"
"""Characters that turn the direction of writing: fine in a text, misleading in a name."""
_BREAKS = r"\t\n\u2028\u2029"
NAME_PATTERN = rf"^[^{_CONTROL}{_DIRECTION}{_BREAKS}./*|]+$"
LINE_PATTERN = rf"^[^{_CONTROL}{_BREAKS}]+$"
TEXT_PATTERN = rf"^[^{_CONTROL}]*$"

Name = Annotated[str, Field(min_length=1, max_length=80, pattern=NAME_PATTERN)]
"""A name; not with a dot, slash, bar or asterisk, which paths and keys use, nor with a control character."""
Text = Annotated[str, Field(max_length=10_000, pattern=TEXT_PATTERN)]


def _one_or_more(data: Any) -> Any:
    return (data,) if isinstance(data, str) else tuple(data) if isinstance(data, list) else data


Pair = Annotated[tuple[Name, ...], Field(min_length=2, max_length=2)]
"""Two States."""
Among = Annotated[
    tuple[Name, ...],
    BeforeValidator(_one_or_more, json_schema_input_type=str | list[str]),
    Field(min_length=1, max_length=1000),
]
"""Every pair of `all`, of a group, or of a list of States."""


class LineKindName(StrEnum):
    """Kinds of lines."""

    TECHNICAL = "technical"
    POLICY = "policy"
    NETWORK = "network"
    LEADER = "leader"
    RELAY = "relay"
    DIPLOMATIC = "diplomatic"
    LAW_ENFORCEMENT = "law_enforcement"


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


class State(Spec):
    """A State: invented (with a profile and a zone), or one of the catalogue, named by its ISO code."""

    name: Name | None = None
    """How people call it; default: the word it stands under."""

    key: Name | None = None
    """What addresses its luck; default: the word it stands under. Keep it when you rename the State."""

    profile: str = Field(default="medium", json_schema_extra={"enum": list[Any](sorted(profiles()))})
    """Capacity profile: the defaults of its CERT and policy desk."""

    zone: str = "UTC"
    """IANA time zone of its capital."""

    capability: Probability = 0.5
    """What it could do in force, 0 to 1; counts only where `det` does."""

    cert: Cert = Cert()
    """Its national CERT; what is left out comes from the profile."""

    policy: Policy = Policy()
    """Its policy-level point of contact; what is left out comes from the profile."""

    doctrine: DecisionParameters = DecisionParameters()
    """How it decides; what is left out comes from `model`."""


class Relation(Spec):
    """What is between two States before the run begins."""

    between: Pair
    """The two States."""

    mistrust: Probability | None = None
    """Baseline mistrust; default: `model.mistrust`."""

    tension: Annotated[float, Field(ge=0, le=100)] = 0.0
    """Tension at the start, both ways."""

    rung: Annotated[int, Field(ge=0, le=10)] = 0
    """Rung at the start; imposed, so it does not count in the peak."""


class Uptime(Spec):
    """Failure and repair of a line: exponential times with these means."""

    mtbf: Annotated[PositiveDuration, Field(ge=parse_duration("1 h"))]
    """Mean time between failures."""

    mttr: Annotated[PositiveDuration, Field(ge=parse_duration("1 min"))]
    """Mean time to repair."""


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


class ContactLine(Spec):
    """A standing channel between points of contact.

    Written lines replace all implied ones of their kind, unless a hub keeps them: those stand beside.
    """

    name: Name
    """Its name, by which paths address it."""

    key: Name | None = None
    """What addresses its luck; default: its name."""

    kind: LineKindName
    """technical (CERTs), policy (contact points), network (OSCE), leader (capitals, from rung 6 up), relay (by way of a
    hub), diplomatic (embassies) or law_enforcement (police)."""

    between: Pair | None = None
    """The two States it joins."""

    among: Among | None = None
    """Or: every pair among `all`, a group, or a list of States."""

    hub: Name | None = None
    """The hub that keeps it: then it needs no CBM, and joins members of the hub only, from their accession on."""

    latency: DelayLaw | None = None
    """Time from sending to arrival, before anybody reads it; default: that of its kind."""

    authentic: Probability = 1.0
    """Probability that a reply over it is known to be genuine at once; else a call-back is needed (model.call_back)."""

    credibility: Probability | None = None
    """Credibility of an assurance over it at no mistrust; default: `model.kappa`."""

    rides_on: Sector | None = None
    """The sector at both ends that it needs; an outage at either end cuts it."""

    protected: bool = False
    """Whether it works although that sector is out."""

    uptime: Uptime | None = None
    """Its own failures; default: none."""


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


_NUMBERS = list(cbms())
_MOMENT_SCHEMA = {"type": "string", "examples": ["36 h", "2026-03-03T20:00:00+01:00"]}


def _adoption_schema(*how: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of who has adopted something, for the forms in which a file may say how."""
    return {
        "anyOf": [
            {"type": "string"},
            {"type": "array", "items": {"type": "string"}},
            {"type": "object", "additionalProperties": {"anyOf": [{"type": "null"}, _MOMENT_SCHEMA, *how]}},
        ]
    }


_MEMBERS_SCHEMA = _adoption_schema(
    {"type": "object", "properties": {"since": _MOMENT_SCHEMA}, "additionalProperties": False}
)
_ADOPTION_SCHEMA = _adoption_schema(
    {"const": ON_PAPER},
    {
        "type": "object",
        "properties": {"since": _MOMENT_SCHEMA, "practice": {"type": "number", "minimum": 0, "maximum": 1}},
        "additionalProperties": False,
    },
)


class Hub(Spec):
    """An organisation of which States are members: the OSCE (there in any case, with all States), the UN, the EU."""

    name: Name
    """Its name, by which paths address it; `OSCE` changes the hub that is there in any case."""

    members: Annotated[
        Adoption,
        PlainValidator(parse_members),
        WithJsonSchema(_MEMBERS_SCHEMA),
        Field(default_factory=lambda: {ALL: Adopted()}),
    ]
    """Its members: `all`, a group, a State, a list of them, or each with the date of its accession."""

    procedures: Annotated[tuple[str, ...], Field(max_length=20)] = ()
    """Procedures that it keeps for disputes between its members: vienna-document, berlin-mechanism, good-offices."""

    others: Annotated[int, Field(ge=0, le=200)] = 0
    """Members that take no part in the scenario; they can support a request for a meeting."""

    relays: bool = False
    """Whether it relays inquiries between members that reach each other over no better line."""

    allied: bool = False
    """Whether its members are allies, who share intelligence and attribute in coalition."""


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

    returns: Probability = 0.6
    """Probability that the next incident within a year comes from the same side as the last."""

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


class Arm(Spec):
    """A communication regime that is compared with others."""

    cbms: Annotated[
        Mapping[int, Adoption],
        PlainValidator(parse_cbms),
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": "array", "items": {"enum": _NUMBERS}},
                    {
                        "type": "object",
                        "propertyNames": {"enum": list(map(str, _NUMBERS))},
                        "additionalProperties": _ADOPTION_SCHEMA,
                    },
                ]
            }
        ),
    ] = {}
    """CBMs adopted: `[2, 8]`, or per CBM `all`, groups, States, with dates, on paper only, or in part."""

    set: Annotated[Mapping[str, Any], Field(max_length=200)] = {}
    """Overrides by path that hold in this arm only, such as `lines.hotline.latency: 1 h`."""


class Checks(Spec):
    """Communication checks: who answers is measured, stale contact entries are renewed."""

    every: Annotated[PositiveDuration, Field(ge=parse_duration("1 day"))]
    """Time between checks; the first comes after one such time."""


class Scenario(Spec):
    """A crisis: States, what is between them, what happens, and the communication regimes to compare."""

    simcrisis: Literal[1]
    """Version of this format."""

    title: Annotated[str, Field(min_length=1, max_length=200, pattern=LINE_PATTERN)]
    """One line."""

    question: Annotated[str, Field(max_length=500, pattern=TEXT_PATTERN)] = ""
    """The question that it lets you ask."""

    summary: Text = ""
    """What happens, which question it lets you ask, which source it comes from."""

    sources: Annotated[tuple[Text, ...], Field(max_length=100)] = ()
    """Where it comes from."""

    start: datetime
    """When the run begins, with a zone."""

    horizon: Annotated[PositiveDuration, Field(le=parse_duration("3660 days"))]
    """How long it lasts."""

    acknowledge: Literal["real-states"] | None = None
    """Needed when States of the catalogue take part."""

    aggregates_only: bool = False
    """Whether commands show what is common to many runs only, and tell no single run."""

    states: Annotated[Mapping[Name, State], Field(min_length=1, max_length=1000)]
    """The States, by name or ISO code."""

    relations: Annotated[tuple[Relation, ...], Field(max_length=10_000)] = ()
    """What is between them at the start."""

    groups: Annotated[Mapping[Name, tuple[Name, ...]], Field(max_length=200)] = {}
    """Named groups of States; a group's name among the members of another stands for its States."""

    hubs: Annotated[tuple[Hub, ...], Field(max_length=50)] = ()
    """Organisations of which States are members; the OSCE is there in any case."""

    lines: Annotated[tuple[ContactLine, ...], Field(max_length=1000)] = ()
    """Lines; those that no hub keeps replace all implied ones of their kind. Omitted: the lines that the CBMs imply."""

    dependencies: Annotated[tuple[Dependency, ...], Field(max_length=10_000)] = ()
    """Infrastructure that needs other infrastructure, within a State or across a border."""

    incidents: Annotated[tuple[Incident, ...], Field(max_length=10_000)] = ()
    """What happens."""

    background: Annotated[tuple[Background, ...], Field(max_length=1000)] = ()
    """Incidents that nobody writes: drawn for listed dyads, in each run others."""

    checks: Checks | None = None
    """Communication checks; default: none."""

    model: Parameters = Parameters()
    """Parameters of the model, where they differ from the catalogue's."""

    effects: Effects = Effects()
    """How far each CBM goes, where that differs from the catalogue: `cbm12: {asks: 0.3}`."""

    arms: Annotated[Mapping[Name, Arm], Field(min_length=1, max_length=100)]
    """Communication regimes to compare; the first is the reference."""
