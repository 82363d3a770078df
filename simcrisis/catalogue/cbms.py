"""The CBMs as treatments: what each paraphrases, which lines it brings, which levers of a State it moves, how far.

A new one is one file under `data/cbms` and one line in `_FILES` (docs/how_to_add_a_cbm.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Literal, get_args

from simcrisis import units
from simcrisis.catalogue.packaged import toml
from simcrisis.catalogue.parameters import Cert, Policy
from simcrisis.spec import Spec

_FILES = (
    "01_national_views",
    "02_competent_bodies",
    "03_consultations",
    "04_open_internet",
    "05_platform",
    "06_legislation",
    "07_organisation",
    "08_contact_points",
    "09_terminology",
    "10_osce_platforms",
    "11_meetings",
    "12_exchanges",
    "13_protected_channels",
    "14_public_private",
    "15_critical_infrastructure",
    "16_vulnerabilities",
)

Size = float | int | None
"""How far an effect goes: a number, or ms for an age (None: no bound)."""
NO_BOUND = "none"


class How(StrEnum):
    """How an effect moves its lever."""

    TIMES = "times"
    """Multiplied (a number, or a delay law); null 1."""
    PLUS = "plus"
    """Added; null 0."""
    TOWARDS = "towards"
    """Moved towards 1 by this share of what is missing; null 0."""
    AT_MOST = "at_most"
    """A duration bounded from above; null `none`."""


class Effect(Spec):
    """What a CBM does to one lever of a State that has adopted it."""

    lever: str
    """`cert.` or `policy.` and a field of that part of a State."""
    how: How
    size: float | str
    null: float | str
    source: str
    what: str

    def parse(self, size: object) -> Size:
        """Return a size as the engine takes it; ValueError says what would do."""
        if self.how is How.AT_MOST:
            return None if size == NO_BOUND else _age(size)
        most = 1 if self.how is How.TOWARDS else 100
        if isinstance(size, bool) or not isinstance(size, int | float):
            given = f"'{size[:40]}' " if isinstance(size, str) else ""
            raise ValueError(f"{given}should be a number between 0 and {most}")
        if not 0.0 <= size <= most:
            raise ValueError(f"'{size}' should be between 0 and {most}")
        return float(size)


_PARTS: Mapping[str, type[Cert] | type[Policy]] = {"cert": Cert, "policy": Policy}
_MISSING = object()
_MOVES: Mapping[How, tuple[type, ...]] = {
    How.TIMES: (float, *get_args(units.Delay)),
    How.PLUS: (float,),
    How.TOWARDS: (float,),
    How.AT_MOST: (int, type(None)),
}
"""What each way of moving takes: numbers, delay laws, ages (ms; none: no bound)."""
_NULLS: Mapping[How, float | str] = {How.TIMES: 1.0, How.PLUS: 0.0, How.TOWARDS: 0.0, How.AT_MOST: NO_BOUND}
_AT_THE_START = {"analysts", "officers"}
"""Capacities, which hold from the start to the end of a run."""


def _age(size: object) -> int:
    try:
        return units.parse_duration(size)
    except ValueError as error:
        raise ValueError(f"{error}; or '{NO_BOUND}', for no bound") from None


class Cbm(Spec):
    """A confidence-building measure as the model treats it."""

    number: int
    title: str
    paraphrase: str
    """What it asks of States, in our words: check the wording of the decision before you quote."""
    acts_on: str
    measure: str
    """The measure (a column of `runs`) that shows it first."""
    direction: Literal["higher", "lower"]
    """Where that measure moves."""
    evidence: str
    line: str | None = None
    """The kind of line that it brings into being between States that have both adopted it."""
    effect: Mapping[str, Effect] = {}

    @property
    def key(self) -> str:
        """How a scenario names it among its `effects`."""
        return f"cbm{self.number}"


@cache
def cbms() -> Mapping[int, Cbm]:
    """Return the CBMs by number; ValueError names the file in which an effect moves no lever that there is."""
    read = {name: Cbm.model_validate(toml(f"cbms/{name}.toml"), strict=False) for name in _FILES}
    for name, cbm in read.items():
        for effect in cbm.effect.values():
            _check(f"{name}.toml", effect)
    found = {cbm.number: cbm for cbm in read.values()}
    if len(found) < len(read):
        raise ValueError(f"two of the files {', '.join(read)} have one number")
    return found


def _check(file: str, effect: Effect) -> None:
    part, _, field = effect.lever.partition(".")
    default = getattr(_PARTS[part](), field, _MISSING) if part in _PARTS else _MISSING
    if default is _MISSING:
        raise ValueError(f"{file}: no lever '{effect.lever}'; write cert.FIELD or policy.FIELD (docs/parameters.md)")
    if not isinstance(default, _MOVES[effect.how]) or isinstance(default, bool) or field in _AT_THE_START:
        raise ValueError(f"{file}: '{effect.lever}' cannot be moved by '{effect.how}'")
    try:
        effect.parse(effect.size)
    except ValueError as error:
        raise ValueError(f"{file}: size of '{effect.lever}': {error}") from None
    if effect.null != _NULLS[effect.how]:
        raise ValueError(f"{file}: '{effect.how}' does nothing at {_NULLS[effect.how]}, not at {effect.null}")


@cache
def cbm_of_line(kind: str) -> int | None:
    """Return the CBM that brings lines of a kind into being; None if they need none."""
    return next((cbm.number for cbm in cbms().values() if cbm.line == kind), None)
