"""Procedures for disputes, as data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal, Self

from pydantic import model_validator

from simcrisis.catalogue.packaged import toml
from simcrisis.spec import DelayLaw, Duration, Probability, Spec


class Procedure(Spec):
    """Steps that States have agreed on for a dispute, each with its term; steps that it lacks are left out."""

    what: str
    source: str
    opened_by: Literal["party", "hub"]
    """Whether the State that has been wronged opens it, or the hub offers it."""
    on_silence: bool = False
    """Whether an unanswered inquiry opens it too."""
    on_activity: bool = False
    """Whether a military activity opens it too."""
    from_rung: int | None = None
    """The lowest act that opens it; left out: no act does."""
    explanation: DelayLaw | None = None
    """After which time the other side explains itself, if it does; left out: none is asked for."""
    term: Duration = 0
    """Within which time it owes an explanation (ms)."""
    satisfies: Probability = 0.0
    """Probability that an explanation settles the matter, so that nothing follows."""
    visit: DelayLaw | None = None
    """From there to the end of a visit, if the other side lets visitors in; left out: there is none."""
    refusal: Duration = 0
    """From there to the answer whether it does (ms)."""
    strength: float = 0.0
    """d' of what visitors see where nothing is kept from them."""
    seconders: int = 0
    """How many other members must support the request for a meeting."""
    seconding: Duration = 0
    """Within which time they must (ms)."""
    consent: bool = False
    """Whether both sides are asked for their consent before a meeting."""
    meeting: DelayLaw | None = None
    """From there to the meeting; left out: there is none."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.explanation is not None and self.explanation.cdf(self.term) < 1.0:
            raise ValueError("an explanation comes within its term")
        if self.visit is not None and self.visit.cdf(self.refusal - 1) > 0.0:
            raise ValueError("a visit ends after it has been granted")
        return self


@cache
def procedures() -> Mapping[str, Procedure]:
    """Return the procedures by name."""
    return {name: Procedure(**row) for name, row in toml("procedures.toml").items()}


CONSULTATIONS = "consultations"
"""The procedure between two States that both have adopted CBM 3; the others are kept by a hub."""
