"""A world in which some decisions are taken as a script says, all else as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from simcrisis.engine.world import StateWorld, World
from simcrisis.rules.doctrines import Row, Scripted

Script = Mapping[tuple[int, int], int]
"""State and number of its decision in the run (from 1) -> rung."""


def scripted(world: World, script: Script) -> World:
    """Return a world whose States take the decisions of a script by it, and all others by their own rule.

    An empty script gives the world itself. A rung that is not open to a State (above 3 without a suspect) is no part of
    a script: what then is chosen is the lowest.
    """
    if not script:
        return world
    states = tuple(_scripted(state, number, script) for number, state in enumerate(world.states))
    changes = tuple(each._replace(becomes=_scripted(each.becomes, each.state, script)) for each in world.changes)
    return replace(world, states=states, changes=changes)


def _scripted(state: StateWorld, number: int, script: Script) -> StateWorld:
    rows = tuple(Row(rung, number=nth) for (whose, nth), rung in script.items() if whose == number)
    return replace(state, rule=Scripted(rows, state.rule)) if rows else state
