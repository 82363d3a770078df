"""Investigation by the victim's own CERT."""

from __future__ import annotations

from simcrisis.draws import purposes
from simcrisis.engine.case import Case
from simcrisis.engine.clock import LEARN, Process, call_after
from simcrisis.engine.learning import learn_finding, strength
from simcrisis.engine.simulation import Simulation
from simcrisis.events import NOBODY, kinds
from simcrisis.rules import belief
from simcrisis.units import to_hours


def investigate(sim: Simulation, case: Case) -> Process:
    """Wait for an analyst, then find one thing after another about whoever is the suspect by then."""
    luck, model = sim.luck, sim.world.model
    misled, shift = sim.incidents[case.incident].planted
    asked = sim.now
    with sim.analyst(case.actor, case.severity) as turn:
        yield turn
        waited = to_hours(sim.now - asked)
        latest = sim.note(case, kinds.INVESTIGATION, case.actor, case.suspect, cause=case.seq, value=waited)
        for n in range(model.findings):
            finding = sim.states[case.actor].cert.finding
            yield finding.at(luck.normal(purposes.FINDING_TIME, case.path, n))
            suspect = case.suspect
            if suspect == NOBODY:
                return
            cert = sim.states[case.actor].cert
            d = cert.d + (cert.head_start if n < model.first_findings else 0.0)
            weight = belief.finding(strength(sim, case, d), case.culpable, luck.normal(purposes.FINDING, case.path, n))
            if n < misled:
                weight = belief.planted(weight, case.culpable, shift)
            latest = sim.note(case, kinds.FINDING, case.actor, suspect, cause=latest, value=weight)
            brief(sim, case, suspect, weight, n, latest)


def brief(sim: Simulation, case: Case, suspect: int, weight: float, n: int, cause: int) -> None:
    """Bring the n-th finding from the CERT to the policy desk, where it begins to count."""
    takes = sim.states[case.actor].cert.briefing.at(sim.luck.normal(purposes.BRIEFING, case.path, n))
    call_after(sim.env, takes, LEARN, _briefed, sim, case, suspect, weight, cause)


def _briefed(sim: Simulation, case: Case, suspect: int, weight: float, cause: int) -> None:
    seq = sim.note(case, kinds.BRIEFING, case.actor, suspect, cause=cause, value=weight)
    learn_finding(sim, case, suspect, weight, seq)
