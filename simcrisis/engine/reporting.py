"""Duties to report: the operator whom an incident has struck warns the CERT early, and reports on it later."""

from __future__ import annotations

from simcrisis.catalogue import MOST_FINDINGS
from simcrisis.draws import purposes
from simcrisis.engine.case import Case
from simcrisis.engine.clock import LEARN, call_after
from simcrisis.engine.investigation import brief
from simcrisis.engine.learning import strength
from simcrisis.engine.simulation import Simulation
from simcrisis.engine.world import IncidentWorld
from simcrisis.events import NOBODY, kinds
from simcrisis.rules import belief


def operator_knows(sim: Simulation, incident: IncidentWorld) -> int | None:
    """Return when, from the strike on (ms), an operator that will report discovers an incident; None if none does."""
    reporting = sim.states[incident.victim].cert.reporting
    if reporting == 0.0 or incident.activity or sim.luck.uniform(purposes.REPORTS, incident.path) >= reporting:
        return None
    if not incident.covert:
        return 0
    return sim.world.model.awareness.at(sim.luck.normal(purposes.AWARENESS, incident.path))


def report(sim: Simulation, case: Case, due: int, cause: int) -> None:
    """Bring the operator's report, due at an instant (ms), to the CERT, and what it says to the desk."""
    call_after(sim.env, max(0, due - sim.now), LEARN, _report, sim, case, cause)


def _report(sim: Simulation, case: Case, cause: int) -> None:
    suspect = case.suspect
    if suspect == NOBODY:
        sim.note(case, kinds.OPERATOR_REPORT, case.actor, cause=cause, value=0.0)
        return
    d = strength(sim, case, sim.states[case.actor].cert.d)
    weight = belief.finding(d, case.culpable, sim.luck.normal(purposes.OPERATOR_REPORT, case.path))
    seq = sim.note(case, kinds.OPERATOR_REPORT, case.actor, suspect, cause=cause, value=weight)
    brief(sim, case, suspect, weight, MOST_FINDINGS, seq)
