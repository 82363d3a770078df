"""Each CBM in a pair of arms: without it and with it, at its null and away from it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, NamedTuple

from simcrisis import load
from simcrisis.catalogue import Cbm, cbms
from simcrisis.engine.compiler import compile_world
from simcrisis.engine.run import simulate
from simcrisis.events import INQUIRY_EXCHANGE, POLICE_EXCHANGE, TECHNICAL_EXCHANGE, Kind
from simcrisis.scenario import Scenario
from tests import paired
from tests.laws.nulls import CBM2_OFF, CBM8_OFF
from tests.laws.settings import visible
from tests.paired import Movement

CBMS = tuple(cbms())
RUNS = 800


class Pair(NamedTuple):
    """Two arms of `sixteen_measures`."""

    without: str
    with_it: str


def pair_of(number: int) -> Pair:
    return Pair("none", f"only{number}") if number in {2, 8} else Pair("lines", f"plus{number}")


_NOBODY_ACTS: Mapping[str, Any] = {"model.rule": "scripted", "model.script": [{"rung": 0}]}
CONDITIONS: Mapping[int, Mapping[str, Any]] = {
    4: {"effects.cbm4.rumour": 0.0},
    6: {"model.police_work": "1 day", "model.police_finds": 0.9},
    7: {"states.*.policy.misdirected": 0.5},
    9: {"states.*.policy.unclear": 0.5},
    14: _NOBODY_ACTS,
}
"""What is changed, besides, to see a measure move in few runs: 4 ships at its null; police work takes longer than most
decisions; wrong desks and unclear words are rare; counter-operations, which are detected late, blur what 14 does."""
OFF: Mapping[int, Mapping[str, Any]] = {
    2: CBM2_OFF,
    6: {"model.police_finds": 0.0},
    8: CBM8_OFF,
    10: CBM8_OFF,
}
"""Where a CBM brings lines: what switches off all that passes over them."""
_MESSAGES: Mapping[int, frozenset[Kind]] = {
    2: TECHNICAL_EXCHANGE | {Kind.LINE_DOWN},
    6: POLICE_EXCHANGE,
    8: INQUIRY_EXCHANGE,
    10: INQUIRY_EXCHANGE,
}
"""And the messages themselves, which are there all the same."""


def null_of(cbm: Cbm) -> Mapping[str, Any]:
    """Return the changes under which a CBM does nothing."""
    sizes = {f"effects.{cbm.key}.{name}": effect.null for name, effect in cbm.effect.items()}
    return {**sizes, **OFF.get(cbm.number, {})}


@functools.cache
def sixteen() -> Scenario:
    return load("sixteen_measures")


def under(changes: Mapping[str, Any]) -> Scenario:
    return sixteen().with_(changes) if changes else sixteen()


def differing(number: int, changes: Mapping[str, Any], runs: int) -> int:
    """Return in how many runs the arm with a CBM differs from that without it, in more than its own messages."""
    without, scenario = _MESSAGES.get(number, frozenset()), under(changes)
    one, other = (compile_world(scenario, arm) for arm in pair_of(number))
    return sum(visible(simulate(one, 1, n), without) != visible(simulate(other, 1, n), without) for n in range(runs))


def movement(cbm: Cbm, runs: int = RUNS) -> Movement:
    """Return how far the measure of a CBM moves; z counts in the stated direction."""
    arms = pair_of(cbm.number)
    scenario = under(CONDITIONS.get(cbm.number, {}))
    two = load({**scenario.data, "arms": {arm: scenario.data["arms"][arm] for arm in arms}})
    found = paired.movement(two, *arms, cbm.measure, runs)
    return found if cbm.direction == "higher" else found._replace(z=-found.z)
