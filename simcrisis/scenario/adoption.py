"""Who has adopted which CBM, and from when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simcrisis.catalogue import line_kinds
from simcrisis.spec import Moment, parse_moment

ALL = "all"
HUB = "OSCE"
"""The hub of the network; a State cannot be called so."""
Adoption = Mapping[str, Moment | None]
"""Who has adopted a CBM (`all`, a group or a State), and from when (None: before the start)."""
CBMS_WITH_MECHANISM = tuple(sorted({kind.cbm for kind in line_kinds().values() if kind.cbm}))


def parse_cbms(data: Any) -> Mapping[int, Adoption]:
    """Return CBM number -> adoption for `[2, 8]`, `{8: all}`, `{8: [A, B]}` or `{8: {A: 2026-03-10}}`."""
    if isinstance(data, Mapping):
        return {parse_cbm(number): _adoption(adopters) for number, adopters in data.items()}
    if isinstance(data, list | tuple):
        return {parse_cbm(number): {ALL: None} for number in data}
    raise ValueError("write [2, 8], or {8: all}, or {8: {GROUP: DATE}}")


def parse_cbm(number: Any) -> int:
    """Return the number of a CBM that has a mechanism; ValueError says which have."""
    known = ", ".join(map(str, CBMS_WITH_MECHANISM))
    if str(number) not in map(str, range(1000)):
        raise ValueError(f"'{str(number)[:40]}' is not the number of a CBM; with a mechanism are {known}")
    if int(number) not in CBMS_WITH_MECHANISM:
        there = "has no mechanism in this version" if 1 <= int(number) <= 16 else "does not exist"
        raise ValueError(f"CBM {int(number)} {there}; with a mechanism are {known}")
    return int(number)


def _adoption(adopters: Any) -> Adoption:
    if isinstance(adopters, str):
        return {adopters: None}
    if isinstance(adopters, list | tuple) and all(isinstance(name, str) for name in adopters):
        return dict.fromkeys(adopters)
    if isinstance(adopters, Mapping) and all(isinstance(name, str) for name in adopters):
        return {name: None if since is None else parse_moment(since) for name, since in adopters.items()}
    raise ValueError("adopters are 'all', a group, a State, a list of them, or {GROUP: DATE}")
