"""Lines, and the organisations that may keep them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, PlainValidator, WithJsonSchema

from simcrisis.catalogue import Sector
from simcrisis.scenario.adoption import ALL, MEMBERS_SCHEMA, Adopted, Adoption, parse_members
from simcrisis.scenario.words import Among, Name, Pair
from simcrisis.spec import DelayLaw, PositiveDuration, Probability, Spec
from simcrisis.units import parse_duration


class LineKindName(StrEnum):
    """Kinds of lines."""

    TECHNICAL = "technical"
    POLICY = "policy"
    NETWORK = "network"
    LEADER = "leader"
    RELAY = "relay"
    DIPLOMATIC = "diplomatic"
    LAW_ENFORCEMENT = "law_enforcement"


class Uptime(Spec):
    """Failure and repair of a line: exponential times with these means."""

    mtbf: Annotated[PositiveDuration, Field(ge=parse_duration("1 h"))]
    """Mean time between failures."""

    mttr: Annotated[PositiveDuration, Field(ge=parse_duration("1 min"))]
    """Mean time to repair."""


class Channel(Spec):
    """What is common to all lines of a file."""

    kind: LineKindName
    """technical (CERTs), policy (contact points), network (OSCE), leader (capitals, from rung 6 up), relay (by way of a
    hub), diplomatic (embassies) or law_enforcement (police)."""

    between: Pair | None = None
    """The two States it joins."""

    among: Among | None = None
    """Or: every pair among `all`, a group, or a list of States."""

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


class ContactLine(Channel):
    """A standing channel between points of contact.

    Written lines replace all implied ones of their kind, unless a hub keeps them: those stand beside.
    """

    name: Name
    """Its name, by which paths address it."""

    key: Name | None = None
    """What addresses its luck; default: its name."""

    hub: Name | None = None
    """The hub that keeps it: then it needs no CBM, and joins members of the hub only, from their accession on."""


class AddedLine(Channel):
    """A line that an arm adds: it needs no CBM, and stands from the start beside all others, whatever their kind."""

    name: Name | None = None
    """Its name; default: that of the line of its kind that a CBM would imply, such as `policy A / B`."""

    key: Name | None = None
    """What addresses its luck; default: that of the line of its kind that a CBM would imply, so that both are one."""


class Hub(Spec):
    """An organisation of which States are members: the OSCE (there in any case, with all States), the UN, the EU."""

    name: Name
    """Its name, by which paths address it; `OSCE` changes the hub that is there in any case."""

    members: Annotated[
        Adoption,
        PlainValidator(parse_members),
        WithJsonSchema(MEMBERS_SCHEMA),
        Field(default_factory=lambda: {ALL: Adopted()}),
    ]
    """Its members: `all`, a group, a State, a list of them, or each with the date of its accession."""

    procedures: Annotated[tuple[str, ...], Field(max_length=20)] = ()
    """Procedures that it keeps for its members: vienna-document, berlin-mechanism, verification-visit, good-offices."""

    others: Annotated[int, Field(ge=0, le=200)] = 0
    """Members that take no part in the scenario; they can support a request for a meeting."""

    relays: bool = False
    """Whether it relays inquiries between members that reach each other over no better line."""

    allied: bool = False
    """Whether its members are allies, who share intelligence and attribute in coalition."""
