"""Attribution in coalition: later than alone, and not alone."""

from __future__ import annotations

from simcrisis.draws import Purpose, mix
from simcrisis.engine.case import Case
from simcrisis.engine.rungs import raise_rung
from simcrisis.engine.simulation import Simulation
from simcrisis.events import Kind
from simcrisis.rules import situation as rules
from simcrisis.rules import tension


def in_coalition(sim: Simulation, case: Case, number: int) -> bool:
    """Return whether a State takes its decision to attribute, with a number (from 0), to its allies first."""
    share = sim.states[case.actor].coalition
    if share == 0.0 or not sim.allies(case.actor):
        return False
    return sim.luck.uniform(Purpose.COALITION, case.path, number) < share


def join(sim: Simulation, case: Case, target: int, path: int, act: int) -> None:
    """Let allies join an attribution: each that trusts its author enough raises tension and rung of its own dyad."""
    model, author = sim.world.model, case.actor
    gravity = sim.world.gravities[rules.LOWEST_NAMING]
    for ally in sim.allies(author):
        if ally == target or sim.dyad(ally, target).rung == rules.WAR:
            continue
        chance = model.joins * (1.0 - sim.mistrust(ally, author))
        if sim.luck.uniform(Purpose.JOINS, mix(path, sim.world.states[ally].path)) >= chance:
            continue
        seq = sim.note(case, Kind.JOINED, ally, target, cause=act, value=float(rules.LOWEST_NAMING))
        innocent = 1.0 if case.culpable else model.innocent
        dyad = sim.dyad(ally, target)
        upset = tension.provoked(model.dx, gravity, innocent, 1.0)
        dyad.set_tension(target, dyad.tension(target, sim.now) + upset, sim.now)
        raise_rung(sim, ally, target, rules.LOWEST_NAMING, seq)
