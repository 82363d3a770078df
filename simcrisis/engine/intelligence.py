"""Intelligence about who is behind an incident: late, strong, and shared with allies only."""

from __future__ import annotations

from simcrisis.draws import mix, purposes
from simcrisis.engine.case import Case
from simcrisis.engine.clock import LEARN, call_after
from simcrisis.engine.learning import learn_finding, strength
from simcrisis.engine.simulation import Simulation
from simcrisis.events import NOBODY, kinds
from simcrisis.rules import belief


def gather_intelligence(sim: Simulation, case: Case) -> None:
    """Let the victim and its allies come to know, each by its own means, more about the suspect."""
    for holder in (case.actor, *sim.allies(case.actor)):
        if sim.states[holder].cert.intelligence > 0.0 and holder not in case.suspects:
            path = mix(case.path, sim.world.states[holder].path)
            delay = sim.world.model.intelligence_time.at(sim.luck.normal(purposes.INTELLIGENCE_TIME, path))
            call_after(sim.env, delay, LEARN, _tell, sim, case, holder, path)


def _tell(sim: Simulation, case: Case, holder: int, path: int) -> None:
    """Take in what one's own service, or an ally's, has found out."""
    if case.suspect == NOBODY:
        return
    d = strength(sim, case, sim.states[holder].cert.intelligence)
    weight = belief.finding(d, case.culpable, sim.luck.normal(purposes.INTELLIGENCE, path))
    whose = sim.world.states[holder].name
    seq = sim.note(case, kinds.INTELLIGENCE, case.actor, case.suspect, cause=case.seq, value=weight, detail=whose)
    learn_finding(sim, case, case.suspect, weight, seq)
