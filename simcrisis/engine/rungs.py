"""The rung of a dyad: raised by acts, lowered by quiet, by a meeting that succeeds, by an attribution withdrawn."""

from __future__ import annotations

from simcrisis.engine.clock import WORLD, call_after
from simcrisis.engine.simulation import Simulation
from simcrisis.events import kinds
from simcrisis.rules import situation as rules


def raise_rung(sim: Simulation, one: int, other: int, rung: int, cause: int) -> None:
    """Let a public act raise the rung of two States, if it is above; it breaks the quiet in any case."""
    dyad = sim.dyad(one, other)
    if rung > dyad.rung:
        dyad.rung = rung
        sim.record(kinds.RUNG, *sorted((one, other)), cause=cause, value=float(rung))
    watch_quiet(sim, one, other, cause)


def step_down(sim: Simulation, one: int, other: int, cause: int) -> None:
    """Let two States come down a rung, unless they are at none or at war."""
    dyad = sim.dyad(one, other)
    if dyad.rung in (0, rules.WAR):
        return
    dyad.rung -= 1
    seq = sim.record(kinds.RUNG, *sorted((one, other)), cause=cause, value=float(dyad.rung))
    watch_quiet(sim, one, other, seq)


def watch_quiet(sim: Simulation, one: int, other: int, cause: int) -> None:
    """Let the rung of two States step down after each quiet time; any public act starts the quiet anew."""
    dyad = sim.dyad(one, other)
    dyad.stirs += 1
    stir = dyad.stirs

    def quiet() -> None:
        if stir == dyad.stirs:
            step_down(sim, one, other, cause)

    if dyad.rung > 0:
        call_after(sim.env, sim.world.model.quiet, WORLD, quiet)
