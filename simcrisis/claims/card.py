"""A claim card: a figure with all that it takes to recompute it, and what it stands on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from simcrisis.errors import ClaimError
from simcrisis.files import aside

FORMAT = 1
Count = Annotated[int, Field(ge=1)]
_STRICT = ConfigDict(extra="forbid")


@with_config(_STRICT)
class Effect(TypedDict):
    """A difference in the share of runs that reach the rung, with its 95 % interval."""

    estimate: float
    low: float
    high: float


@with_config(_STRICT)
class Beside(Effect):
    """What the same effect is under another assumption."""

    what: str
    changed: dict[str, Any]


@with_config(_STRICT)
class Reach(TypedDict):
    """How far the effect reaches over the packaged parameter sets, by the compensator."""

    rule: str
    replications: Count
    sets: Count
    default: float
    """The same at the default, under that rule and with so few runs: what `same_sign` counts the sign of."""
    median: float
    low: float
    high: float
    least: float
    most: float
    same_sign: float
    clearly_raises: float
    clearly_lowers: float


@with_config(_STRICT)
class Flip(Effect):
    """The nearest change of one assumed parameter that reverses the sign."""

    path: str
    now: Any
    then: Any
    part_of_the_way: float


@with_config(_STRICT)
class Searched(TypedDict):
    """What was searched for a change that reverses the sign."""

    parameters: list[str]
    replications: Count


@with_config(_STRICT)
class Assumption(TypedDict):
    """A parameter that the figure stands on."""

    parameter: str
    value: Any
    standing: str


@with_config(_STRICT)
class Card(TypedDict):
    """A claim card."""

    card: int
    """The format."""
    claim: str
    scenario: str
    """The name of a shipped scenario, or a path as seen from the card."""
    scenario_sha256: str
    changed: dict[str, Any]
    """What is changed in the scenario, by path."""
    arm: str
    reference: str
    rung: Annotated[int, Field(ge=3, le=10)]
    seed: Annotated[int, Field(ge=0)]
    replications: Count
    estimate: float
    """Difference in the share of runs that reach the rung, the arm less the reference, paired under common luck."""
    low: float
    high: float
    """Its 95 % interval."""
    risk: float
    reference_risk: float
    beside: list[Beside]
    ensemble: list[Reach]
    flips_if: Flip | None
    searched: Searched | None
    assumptions: list[Assumption]
    made_with: dict[str, str]


_CHECK = TypeAdapter(Card)


def read_card(path: Path) -> Card:
    """Return a card; raises ClaimError, located, where it cannot be read or is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ClaimError(f"{path}: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise ClaimError(f"{path}: is no JSON: {error}") from None
    try:
        card = _CHECK.validate_python(found, strict=True)
    except ValidationError as error:
        told = [f"{path}: {'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_url=False)]
        raise ClaimError("\n".join(told)) from None
    if card["card"] != FORMAT:
        raise ClaimError(f"{path}: card: of format {card['card']}, and this simcrisis reads format {FORMAT}")
    return card


def write_card(card: Mapping[str, Any], path: Path) -> None:
    """Write a card, aside first."""
    with aside(path) as file:
        file.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
