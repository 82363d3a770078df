"""Opening a case, and what it then learns."""

from __future__ import annotations

from simcrisis.draws import mix, purposes
from simcrisis.engine.activities import watch
from simcrisis.engine.case import Case
from simcrisis.engine.consultation import consult
from simcrisis.engine.cooperation import ask_certs
from simcrisis.engine.decision import deliberate
from simcrisis.engine.intelligence import gather_intelligence
from simcrisis.engine.investigation import investigate
from simcrisis.engine.learning import opening_log_odds
from simcrisis.engine.police import ask_police
from simcrisis.engine.procedures import after_act, after_activity
from simcrisis.engine.simulation import Simulation
from simcrisis.errors import Problem, ScenarioError
from simcrisis.events import NOBODY, kinds
from simcrisis.rules import belief, tension
from simcrisis.rules.situation import HOSTILE_FROM
from simcrisis.units import DAY, Delay

_MOST_CASES, _MOST_OF_AN_INCIDENT = 5_000, 10
"""A run opens no more cases than these together; States whose delays are all nothing answer each other without end."""


def open_incident_case(sim: Simulation, number: int, victim: int, severity: float, cause: int, *, covert: bool) -> Case:
    """Open a victim's case about an incident so severe: investigate, ask CERTs and police, consult, deliberate.

    `covert`: whether nobody else knows of it, so that there is less hurry.
    """
    incident, model = sim.incidents[number], sim.world.model
    suspects = tuple([state for state in incident.suspects if state != victim])
    path = mix(incident.path, sim.world.states[victim].path)
    suspect = suspects[0] if suspects else NOBODY
    rumour = incident.rumour * sim.states[victim].policy.heeds_rumour
    misread = sim.luck.normal(purposes.MISREAD, path) * sim.states[victim].cert.misread
    severity = tension.felt(severity + misread)
    case = Case(
        number=sim.cases,
        path=path,
        actor=victim,
        incident=number,
        author=incident.author,
        of_act=False,
        severity=severity,
        suspects=suspects,
        culpable=suspect != NOBODY and suspect == incident.author,
        log_odds=opening_log_odds(sim, victim, suspect) + model.rumour_belief * rumour if suspects else 0.0,
        seq=cause,
        suspect=suspect,
        clock_factor=tension.incident_clock(
            severity,
            model.clock_severity,
            model.clock_covert if covert else 1.0,
            rumour,
            model.haste,
            model.tempo,
        ),
    )
    _open(sim, case, model.clock_incident)
    if incident.activity:
        _ask_about_activity(sim, case)
        return case
    if suspect != NOBODY:
        sim.start(investigate(sim, case))
        gather_intelligence(sim, case)
    ask_certs(sim, case)
    if suspect != NOBODY:
        ask_police(sim, case)
        consult(sim, case)
    return case


def _ask_about_activity(sim: Simulation, case: Case) -> None:
    """Find out what the forces of another are about, where there is nothing for technicians or police to find."""
    watch(sim, case)
    gather_intelligence(sim, case)
    if case.suspect != NOBODY:
        consult(sim, case)
        after_activity(sim, case)


def open_act_case(
    sim: Simulation, target: int, author: int, against: Case, path: int, rung: int, wronged: bool, cause: int
) -> None:
    """Open the target's case about an act: was it hostile? Ask its author, deliberate.

    `wronged`: whether the target was innocent of what the act answers, when it was done.
    """
    model = sim.world.model
    opening = belief.opening(model.b_intent, model.opening_mistrust, sim.mistrust(target, author))
    case = Case(
        number=sim.cases,
        path=mix(path, sim.world.states[target].path),
        actor=target,
        incident=against.incident,
        author=against.author,
        of_act=True,
        severity=tension.felt_severity(model.react, sim.world.gravities[rung]),
        suspects=(author,),
        culpable=author == against.author or rung >= HOSTILE_FROM,
        log_odds=opening + (model.wronged if wronged else 0.0),
        seq=cause,
        suspect=author,
        clock_factor=1.0 / model.tempo,
    )
    _open(sim, case, model.clock_act)
    consult(sim, case)
    after_act(sim, case, rung)


def _open(sim: Simulation, case: Case, clock: Delay) -> None:
    from_outside = len(sim.incidents) - sim.counter_operations
    if sim.cases >= _MOST_CASES + _MOST_OF_AN_INCIDENT * from_outside:
        message = (
            f"States answer each other without end: {sim.cases:,} cases by day {sim.now / DAY:.1f}; let time pass in "
            "`model.learn`, `model.clock_act`, `model.detection_covert` and `model.clock_incident`, or end earlier"
        )
        raise ScenarioError([Problem(sim.world.file, 0, 0, f"arms.{sim.world.arm}", message)])
    sim.cases += 1
    case.seq = sim.note(
        case,
        kinds.CASE_OPENED,
        case.actor,
        case.suspect,
        cause=case.seq,
        value=case.log_odds if case.suspect != NOBODY else None,
    )
    deliberate(sim, case, clock)
