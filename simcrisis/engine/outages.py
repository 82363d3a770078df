"""Sectors that incidents put out, what goes out with them, and their restoration."""

from __future__ import annotations

from simcrisis.draws import mix, purposes
from simcrisis.engine.clock import WORLD, call_after
from simcrisis.engine.lines import Outage
from simcrisis.engine.simulation import Simulation
from simcrisis.engine.world import DependencyWorld
from simcrisis.events import kinds
from simcrisis.units import to_hours


def cut(sim: Simulation, state: int, sector: str, length: int, incident: int, cause: int) -> int | None:
    """Put a sector of a State out, and in time what depends on it; return the record of it.

    An outage that is there already lasts as long as the longer of the two, and no record is made.
    """
    length = round(length * sim.states[state].cert.outages)
    until = sim.now + length
    there = sim.lines.outages.get((state, sector))
    if there is not None:
        there.until = max(there.until, until)
        return None
    seq = sim.record(kinds.SECTOR_DOWN, state, incident=incident, cause=cause, value=to_hours(length), detail=sector)
    outage = Outage(until, sim.env.event(), seq, incident, sim.incidents[incident].path)
    sim.lines.outages[state, sector] = outage
    call_after(sim.env, length, WORLD, _restore, sim, state, sector)
    for dependency in sim.world.dependent.get((state, sector), ()):
        _strain(sim, dependency, outage)
    return seq


def _strain(sim: Simulation, dependency: DependencyWorld, outage: Outage) -> None:
    """Let what depends on a sector that is out go out as well, if that lasts for longer than it can hold out."""
    path, state = mix(dependency.path, outage.path), dependency.state
    chance = dependency.probability * sim.states[state].cert.cascades
    if sim.luck.uniform(purposes.CASCADE, path) >= chance:
        return

    def give_way() -> None:
        if outage.restored.triggered:
            return
        down = cut(sim, state, dependency.sector, dependency.lasts, outage.incident, outage.seq)
        if down is not None:
            sim.reached(sim, outage.incident, state, down)

    call_after(sim.env, dependency.after.at(sim.luck.normal(purposes.CASCADE_TIME, path)), WORLD, give_way)


def hasten_restoration(sim: Simulation, state: int, incident: int) -> None:
    """Shorten what is left of the outages that an incident brought to a State, for one technical answer."""
    for (holder, sector), outage in sim.lines.outages.items():
        if holder == state and outage.incident == incident:
            left = round((outage.until - sim.now) * sim.world.model.restoration)
            outage.until = sim.now + left
            call_after(sim.env, left, WORLD, _restore, sim, state, sector)


def _restore(sim: Simulation, state: int, sector: str) -> None:
    outage = sim.lines.outages.get((state, sector))
    if outage is None:
        return
    if outage.until > sim.now:
        call_after(sim.env, outage.until - sim.now, WORLD, _restore, sim, state, sector)
        return
    del sim.lines.outages[state, sector]
    sim.record(kinds.SECTOR_UP, state, incident=outage.incident, cause=outage.seq, detail=sector)
    outage.restored.succeed()
