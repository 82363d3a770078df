"""The network of an arm as tables: States and hubs, and the lines between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import polars as pl

from simcrisis.scenario import Scenario
from simcrisis.scenario.lines import Line, adopters, by_key, hubs_of, lines_of
from simcrisis.scenario.resolve import real_state
from simcrisis.units import to_hours

MEMBERSHIP = "membership"
_NODES = {"name": pl.String, "label": pl.String, "kind": pl.String, "lat": pl.Float64, "lon": pl.Float64}
_LINES = {
    "name": pl.String,
    "kind": pl.String,
    "a": pl.String,
    "b": pl.String,
    "since": pl.Float64,
    "practice_a": pl.Float64,
    "practice_b": pl.Float64,
    "hub": pl.String,
    "rides_on": pl.String,
    "protected": pl.Boolean,
}


class NetworkTables(NamedTuple):
    """A network as two tables.

    `nodes`: `name` (as in the columns of events), `label`, `kind` (state, hub), `lat` and `lon` (degrees; of the
    capital of a State of the catalogue, else null). `lines`: `name`, `kind` (a kind of line; membership: of a State in
    a hub), `a`, `b`, `since` (hours from the start), `practice_a` and `practice_b` (0: on paper, 1: in full), `hub`
    that keeps it, `rides_on` (the sector that it needs at both ends) and `protected` (works without that sector).
    """

    nodes: pl.DataFrame
    lines: pl.DataFrame


def network_tables(scenario: Scenario, arm: str) -> NetworkTables:
    """Return the network of a scenario in an arm; raises ScenarioError when there is no such arm."""
    stands = scenario.under(arm)
    names = {word: stands.states[word].name or word for word in by_key(stands)}
    lines = [_line(line, names) for line in lines_of(stands, arm)]
    lines += _memberships(stands, names)
    return NetworkTables(
        pl.DataFrame(list(_nodes(stands, names)), schema=_NODES, orient="row"), pl.DataFrame(lines, schema=_LINES)
    )


def _nodes(stands: Scenario, names: dict[str, str]) -> Iterator[tuple[Any, ...]]:
    for word, name in names.items():
        real = real_state(word) or real_state(name)
        where = (real.capital_lat, real.capital_lon) if real else (None, None)
        yield (name, real.iso3 if real else name, "state", *where)
    for hub in hubs_of(stands):
        yield hub.name, hub.name, "hub", None, None


def _line(line: Line, names: dict[str, str]) -> dict[str, Any]:
    return {
        "name": line.name,
        "kind": str(line.kind),
        "a": names[line.a],
        "b": names[line.b],
        "since": to_hours(line.since),
        "practice_a": line.practice[0],
        "practice_b": line.practice[1],
        "hub": line.hub,
        "rides_on": str(line.rides_on) if line.rides_on else None,
        "protected": line.protected,
    }


def _memberships(stands: Scenario, names: dict[str, str]) -> Iterator[dict[str, Any]]:
    for hub in hubs_of(stands):
        for word, since in adopters(stands, hub.members).items():
            yield {
                "name": f"{MEMBERSHIP} {names[word]} / {hub.name}",
                "kind": MEMBERSHIP,
                "a": names[word],
                "b": hub.name,
                "since": to_hours(since.at),
                "practice_a": since.practice,
                "practice_b": 1.0,
                "hub": hub.name,
                "rides_on": None,
                "protected": True,
            }
