"""Sectors that incidents put out, and their restoration."""

from __future__ import annotations

from functools import partial

from simcrisis.engine.clock import Rank, call_after
from simcrisis.engine.lines import Outage
from simcrisis.engine.simulation import Simulation
from simcrisis.events import Kind
from simcrisis.units import to_hours


def cut(sim: Simulation, state: int, sector: str, length: int, incident: int, cause: int) -> None:
    """Put a sector of a State out; a longer outage that is there already stays."""
    length = round(length * sim.states[state].cert.outages)
    until = sim.now + length
    there = sim.lines.outages.get((state, sector))
    if there is not None:
        there.until = max(there.until, until)
        return
    seq = sim.record(Kind.SECTOR_DOWN, state, incident=incident, cause=cause, value=to_hours(length), detail=sector)
    sim.lines.outages[state, sector] = Outage(until, sim.env.event(), seq, incident, sim.incidents[incident].path)
    call_after(sim.env, length, Rank.WORLD, partial(_restore, sim, state, sector))


def hasten_restoration(sim: Simulation, state: int, incident: int) -> None:
    """Shorten what is left of the outages that an incident brought to a State, for one technical answer."""
    for (holder, sector), outage in sim.lines.outages.items():
        if holder == state and outage.incident == incident:
            left = round((outage.until - sim.now) * sim.world.model.restoration)
            outage.until = sim.now + left
            call_after(sim.env, left, Rank.WORLD, partial(_restore, sim, state, sector))


def _restore(sim: Simulation, state: int, sector: str) -> None:
    outage = sim.lines.outages.get((state, sector))
    if outage is None:
        return
    if outage.until > sim.now:
        call_after(sim.env, outage.until - sim.now, Rank.WORLD, partial(_restore, sim, state, sector))
        return
    del sim.lines.outages[state, sector]
    sim.record(Kind.SECTOR_UP, state, incident=outage.incident, cause=outage.seq, detail=sector)
    outage.restored.succeed()
