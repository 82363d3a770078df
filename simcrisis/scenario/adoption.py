"""Who has adopted what, from when, and how far in practice: CBMs in an arm, membership of a hub."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simcrisis.catalogue import cbms
from simcrisis.spec import Moment, parse_moment

ALL = "all"
HUB = "OSCE"
"""The hub of the network; a State cannot be called so."""
ON_PAPER = "on paper"
"""Adopted in name: others rely on it, and nothing stands behind it."""
_KEYS = {"since", "practice"}
_FORMS = (
    "'all', a group, a State, a list of them, or {GROUP: DATE}; in place of a date also "
    f"'{ON_PAPER}' or {{since: DATE, practice: 0.5}}"
)
_TIMES = f"'36 h', a date, such as 2026-03-10, '{ON_PAPER}' or {{since: DATE, practice: 0.5}}"


class AdoptionError(ValueError):
    """What is wrong with how somebody has adopted something, and at which key inside it."""

    def __init__(self, message: str, *inside: str) -> None:
        super().__init__(message)
        self.inside = inside


@dataclass(frozen=True, slots=True)
class Adopted:
    """How something has been adopted."""

    since: Moment | None = None
    """None: before the start."""
    practice: float = 1.0
    """How far it is carried out, from 0 (on paper only) to 1."""


Adoption = Mapping[str, Adopted]
"""Who has adopted something (`all`, a group or a State), and how."""


def parse_cbms(data: Any) -> Mapping[int, Adoption]:
    """Return CBM number -> adoption for `[2, 8]`, `{8: all}`, `{8: [A, B]}` or `{8: {A: 2026-03-10}}`."""
    if isinstance(data, Mapping):
        return {parse_cbm(number): parse_adoption(adopters) for number, adopters in data.items()}
    if isinstance(data, list | tuple):
        return {parse_cbm(number): {ALL: Adopted()} for number in data}
    raise ValueError("write [2, 8], or {8: all}, or {8: {GROUP: DATE}}")


def parse_cbm(number: Any) -> int:
    """Return the number of a CBM; ValueError says which there are."""
    known = ", ".join(map(str, cbms()))
    if str(number) not in map(str, range(1000)):
        raise ValueError(f"'{str(number)[:40]}' is not the number of a CBM; there are {known}")
    if int(number) not in cbms():
        raise ValueError(f"CBM {int(number)} does not exist; there are {known}")
    return int(number)


def parse_adoption(adopters: Any) -> Adoption:
    """Return who has adopted something and how; ValueError says what would do."""
    if isinstance(adopters, str):
        return {adopters: Adopted()}
    if isinstance(adopters, list | tuple) and all(isinstance(name, str) for name in adopters):
        return dict.fromkeys(adopters, Adopted())
    if isinstance(adopters, Mapping) and all(isinstance(name, str) for name in adopters):
        return {name: _adopted(how) for name, how in adopters.items()}
    raise ValueError(f"adopters are {_FORMS}")


def parse_members(members: Any) -> Adoption:
    """Return who is a member of a hub, and from when; ValueError says what would do."""
    found = parse_adoption(members)
    if any(how.practice != 1.0 for how in found.values()):
        raise ValueError("a State is a member or not; write {GROUP: DATE}")
    return found


def _adopted(how: Any) -> Adopted:
    if how is None:
        return Adopted()
    if isinstance(how, Adopted):
        return how
    if how == ON_PAPER:
        return Adopted(practice=0.0)
    if not isinstance(how, Mapping):
        return Adopted(_moment(how, _TIMES))
    if not set(how) <= _KEYS:
        unknown = sorted(str(key) for key in set(how) - _KEYS)[0]
        raise AdoptionError(f"unknown key '{unknown[:40]}'; an adoption has {' and '.join(sorted(_KEYS))}", unknown)
    practice = how.get("practice", 1.0)
    if isinstance(practice, bool) or not isinstance(practice, int | float) or not 0.0 <= practice <= 1.0:
        raise AdoptionError("practice should be between 0 (on paper only) and 1", "practice")
    since = how.get("since")
    moment = None if since is None else _moment(since, "'36 h', or a date, such as 2026-03-10", "since")
    return Adopted(moment, float(practice))


def _moment(given: Any, write: str, *inside: str) -> Moment:
    try:
        return parse_moment(given)
    except ValueError:
        said = f"'{given[:40]}' is no time; " if isinstance(given, str) else ""
        raise AdoptionError(f"{said}write a time after the start, such as {write}", *inside) from None


def faults(adopters: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield what is wrong with plain data about adopters, names apart: the path inside them, and what would do."""
    if isinstance(adopters, list):
        for n, name in enumerate(adopters):
            if not isinstance(name, str):
                yield (n,), "should be the name of a State or a group, or 'all'"
            elif name in adopters[:n]:
                yield (n,), f"'{name[:80]}' is there twice"
    elif isinstance(adopters, Mapping):
        for name, how in adopters.items():
            try:
                _adopted(how)
            except AdoptionError as error:
                yield (name, *error.inside), str(error)
    elif not isinstance(adopters, str):
        yield (), f"adopters are {_FORMS}"


def names_of(adopters: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield each name that plain data about adopters holds, with its path inside them."""
    if isinstance(adopters, str):
        yield (), adopters
    elif isinstance(adopters, list):
        yield from (((n,), name) for n, name in enumerate(adopters))
    elif isinstance(adopters, Mapping):
        yield from (((name,), name) for name in adopters)


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


MEMBERS_SCHEMA = _adoption_schema(
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
CBMS_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "array", "items": {"enum": list(cbms())}},
        {
            "type": "object",
            "propertyNames": {"enum": list(map(str, cbms()))},
            "additionalProperties": _ADOPTION_SCHEMA,
        },
    ]
}
"""Forms of adoption in the JSON Schema: of a hub's membership, and of the CBMs of an arm."""
