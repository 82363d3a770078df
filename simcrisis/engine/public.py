"""What a public act does to two States at once: commitment, tension, rung. Its answer comes later."""

from __future__ import annotations

from simcrisis.engine.rungs import raise_rung
from simcrisis.engine.simulation import Simulation
from simcrisis.rules import situation as rules
from simcrisis.rules import tension


def go_public(
    sim: Simulation, actor: int, target: int, rung: int, cause: int, *, wronged: bool, forewarned: bool
) -> None:
    """Let an act upset its target, more if it knows itself innocent and less if it had been asked, and its author."""
    model, now = sim.world.model, sim.now
    dyad, gravity = sim.dyad(actor, target), sim.world.gravities[rung]
    dyad.own_acts[actor] = now
    dyad.committed[actor] = rung
    named = rung >= rules.LOWEST_NAMING
    innocent = model.innocent if named and wronged else 1.0
    theirs = tension.provoked(model.dx, gravity, innocent, model.forewarned if model.notice and forewarned else 1.0)
    own = model.own_tension * tension.provoked(model.dx, gravity, 1.0, 1.0)
    dyad.set_tension(target, dyad.tension(target, now) + theirs, now)
    dyad.set_tension(actor, dyad.tension(actor, now) + own, now)
    if named:
        raise_rung(sim, actor, target, rung, cause)
