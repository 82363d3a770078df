"""One run: a world, a seed and a replication in, an event log out."""

from __future__ import annotations

from simcrisis.draws import Luck
from simcrisis.engine.acts import carry_out
from simcrisis.engine.checks import check_lines
from simcrisis.engine.clock import WORLD, call_after
from simcrisis.engine.incidents import reached, unfold
from simcrisis.engine.rungs import watch_quiet
from simcrisis.engine.simulation import Simulation
from simcrisis.engine.world import World
from simcrisis.events import IMPOSED, EventLog, kinds


def simulate(world: World, seed: int, replication: int) -> EventLog:
    """Return the log of one run; the same arguments give the same log, whatever else is run."""
    return simulate_with(world, Luck(seed, replication))


def simulate_with(world: World, luck: Luck) -> EventLog:
    """Return the log of a world under a replication's luck."""
    sim = Simulation(world, luck, carry_out, reached)
    for change in world.changes:
        call_after(sim.env, change.at, WORLD, sim.adopt, change.state, change.becomes)
    for (low, high), relation in sorted(world.relations.items()):
        if relation.rung:
            seq = sim.record(kinds.RUNG, low, high, value=float(relation.rung), detail=IMPOSED)
            watch_quiet(sim, low, high, seq)
    for number in sim.incidents:
        unfold(sim, number)
    if world.check_every:
        sim.start(check_lines(sim, world.check_every))
    sim.env.run(until=world.horizon)
    log = sim.log
    sim.close()
    return log
