"""WHAT: a scenario file as a whole. The text under a field is its help in the JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, WithJsonSchema

from simcrisis.catalogue import Parameters
from simcrisis.scenario.adoption import CBMS_SCHEMA, Adoption, parse_cbms
from simcrisis.scenario.contacts import AddedLine, ContactLine, Hub
from simcrisis.scenario.effects import Effects
from simcrisis.scenario.exercise import Exercise
from simcrisis.scenario.experiment import Experiment
from simcrisis.scenario.happenings import Background, Dependency, Incident
from simcrisis.scenario.parties import Relation, State
from simcrisis.scenario.words import LINE_PATTERN, TEXT_PATTERN, LineName, Name, Text
from simcrisis.spec import PositiveDuration, Spec
from simcrisis.units import parse_duration


class Arm(Spec):
    """A communication regime that is compared with others."""

    cbms: Annotated[
        Mapping[int, Adoption],
        PlainValidator(parse_cbms),
        WithJsonSchema(CBMS_SCHEMA),
    ] = {}
    """CBMs adopted: `[2, 8]`, or per CBM `all`, groups, States, with dates, on paper only, or in part."""

    set: Annotated[Mapping[str, Any], Field(max_length=200)] = {}
    """Overrides by path that hold in this arm only, such as `lines.hotline.latency: 1 h`."""

    add: Annotated[tuple[AddedLine, ...], Field(max_length=1000)] = ()
    """Further lines: they stand beside all others and need no CBM."""

    cut: Annotated[tuple[LineName, ...], Field(max_length=10_000)] = ()
    """Names of lines that are not there, as `simcrisis network --json` tells them: `hotline`, `policy A / B`."""

    @property
    def moves_lines(self) -> bool:
        """Whether it adds or cuts lines."""
        return bool(self.add or self.cut)

    @property
    def only_cbms(self) -> bool:
        """Whether nothing but its CBMs tells it from other arms."""
        return not (self.set or self.moves_lines)


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

    arms: Annotated[Mapping[Name, Arm], Field(min_length=1, max_length=300)]
    """Communication regimes to compare; the first is the reference."""

    experiment: Experiment | None = None
    """What a batch varies besides the arms; default: nothing."""

    exercise: Exercise | None = None
    """What an exercise shows to participants, and its programme; runs and batches do not read it."""
