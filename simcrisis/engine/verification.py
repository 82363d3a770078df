"""Is a message what it seems? Where its line does not say, its receiver calls back before it counts."""

from __future__ import annotations

from simcrisis.draws import purposes
from simcrisis.engine.case import Case
from simcrisis.engine.simulation import Simulation
from simcrisis.events import kinds
from simcrisis.units import Delay, to_hours


def call_back(sim: Simulation, case: Case, sender: int, law: Delay, path: int, line: int, cause: int) -> int:
    """Return how long the holder of a case takes to make sure that a message is genuine (ms), where it must."""
    delay = law.at(sim.luck.normal(purposes.CALL_BACK, path))
    if delay:
        sim.note(case, kinds.CALLED_BACK, case.actor, sender, cause=cause, value=to_hours(delay), line=line)
    return delay
