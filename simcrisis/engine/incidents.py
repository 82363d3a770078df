"""Strike and detection."""

from __future__ import annotations

from simcrisis.draws import mix, purposes
from simcrisis.engine.case import Case
from simcrisis.engine.cases import open_incident_case
from simcrisis.engine.clock import LEARN, WORLD, call_after
from simcrisis.engine.learning import learn_finding
from simcrisis.engine.outages import cut
from simcrisis.engine.reporting import operator_knows, report
from simcrisis.engine.simulation import Simulation
from simcrisis.engine.world import IncidentWorld
from simcrisis.events import NOBODY, kinds
from simcrisis.rules import belief, tension
from simcrisis.units import scaled, to_hours


def unfold(sim: Simulation, number: int, cause: int = NOBODY) -> None:
    """Let an incident strike at its time, cut what it cuts, and be detected by its victim."""
    call_after(sim.env, sim.incidents[number].at - sim.now, WORLD, _strike, sim, number, cause)


def _strike(sim: Simulation, number: int, cause: int) -> None:
    incident = sim.incidents[number]
    cert = sim.states[incident.victim].cert
    if incident.drawn and sim.luck.uniform(purposes.PATCHED, incident.path) < cert.patched:
        return
    exploited = not (incident.accident or incident.activity)
    exposure = cert.exposure if exploited else 1.0
    severity = tension.felt(incident.severity * exposure)
    strike = sim.record(kinds.STRIKE, incident.author, incident.victim, incident=number, cause=cause, value=severity)
    for sector, length in incident.cuts:
        cut(sim, incident.victim, sector, length, number, strike)
    published = [
        law.at(sim.luck.normal(purposes.REPORT_TIME, incident.path, n))
        for n, (_, law, _) in enumerate(incident.reports)
    ]
    known = operator_knows(sim, incident)
    warned = [] if known is None else [known + sim.world.model.early_warning]
    detected = min([_own_detection(sim, incident), *published, *warned])

    def detect() -> None:
        waited = to_hours(sim.now - incident.at)
        seen = sim.record(kinds.DETECTION, incident.victim, incident=number, cause=strike, value=waited)
        covert = incident.covert and detected not in published
        case = open_incident_case(sim, number, incident.victim, severity, seen, covert=covert)
        for n, (kind, _, d) in enumerate(incident.reports):
            read = max(0, published[n] - detected)
            call_after(sim.env, read, LEARN, _read_report, sim, case, n, kind, d, strike)
        if known is not None:
            report(sim, case, incident.at + known + sim.world.model.incident_report, case.seq)

    call_after(sim.env, detected, LEARN, detect)


def reached(sim: Simulation, number: int, state: int, cause: int) -> None:
    """Let a State that only the cascade of an incident reaches notice that, and open a case of its own."""
    incident = sim.incidents[number]
    if state not in (incident.victim, incident.author) and (number, state) not in sim.affected:
        sim.affected.add((number, state))
        path = mix(incident.path, sim.world.states[state].path)
        law = scaled(sim.world.model.detection_public, sim.states[state].cert.detection)
        delay = law.at(sim.luck.normal(purposes.DETECTION, path))
        call_after(sim.env, delay, LEARN, _notice, sim, number, state, cause, sim.now)


def _notice(sim: Simulation, number: int, state: int, cause: int, struck: int) -> None:
    waited = to_hours(sim.now - struck)
    seen = sim.record(kinds.DETECTION, state, incident=number, cause=cause, value=waited)
    severity = sim.incidents[number].severity * sim.world.model.spillover
    open_incident_case(sim, number, state, severity, seen, covert=False)


def _own_detection(sim: Simulation, incident: IncidentWorld) -> int:
    """Return the time from strike to detection by the victim itself (ms)."""
    model = sim.world.model
    law = model.detection_covert if incident.covert else model.detection_public
    if not incident.activity:
        law = scaled(law, sim.states[incident.victim].cert.detection)
    return law.at(sim.luck.normal(purposes.DETECTION, incident.path))


def _read_report(sim: Simulation, case: Case, n: int, kind: str, d: float, cause: int) -> None:
    """Take in a claim or a vendor's report: public evidence about the present suspect, which needs no briefing."""
    path = sim.incidents[case.incident].path
    named = case.suspect != NOBODY
    weight = belief.finding(d, case.culpable, sim.luck.normal(purposes.REPORT, path, n)) if named else 0.0
    seq = sim.note(case, kinds.REPORT, case.actor, case.suspect, cause=cause, value=weight, detail=kind)
    if named:
        learn_finding(sim, case, case.suspect, weight, seq)
