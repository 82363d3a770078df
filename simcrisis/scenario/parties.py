"""Who takes part, and what is between them at the start."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from simcrisis.catalogue import Cert, DecisionParameters, Policy, profiles
from simcrisis.scenario.words import Name, Pair
from simcrisis.spec import Probability, Spec


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
