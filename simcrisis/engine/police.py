"""Police co-operation (CBM 6): of use where criminals or terrorists are behind an incident, and only there."""

from __future__ import annotations

from simcrisis.draws import mix, purposes
from simcrisis.engine.case import Ask, Case, Terms
from simcrisis.engine.clock import Process
from simcrisis.engine.learning import learn
from simcrisis.engine.simulation import Simulation
from simcrisis.engine.verification import call_back
from simcrisis.engine.world import pair_of
from simcrisis.events import NOBODY, kinds
from simcrisis.rules import availability, belief


def ask_police(sim: Simulation, case: Case) -> None:
    """Ask the police of the suspect State to look for those behind an incident.

    A result clears the State as an assurance does: an innocent one has it where there were criminals to be found, a
    culpable one may make it up. That no result has come so far says a little, the other way.
    """
    asker, suspect = case.actor, case.suspect
    line = sim.find_line(case, suspect, sim.world.police.get(pair_of(asker, suspect), ()))
    if line is None:
        return
    model, spec = sim.world.model, sim.world.lines[line]
    ask = Ask(
        suspect=suspect,
        sent=sim.now,
        credibility=min(model.police_credibility, model.most_certain),
        believed_answers=model.police_finds * model.criminal_share,
        terms=Terms(
            awaits="police result",
            most_certain=model.most_certain,
            formulaic=0.0,
            rest=availability.total(
                (spec.latency, model.police_work, spec.latency, sim.call_back(line)), availability.REST_POINTS
            ),
            informs=model.information,
        ),
    )
    case.asks.append(ask)
    seq = sim.note(case, kinds.POLICE_REQUEST, asker, suspect, line=line, cause=case.seq)
    if _finds(sim, case, ask, line):
        sim.start(_answer(sim, case, ask, line, seq))


def _finds(sim: Simulation, case: Case, ask: Ask, line: int) -> bool:
    """Return whether the suspect's police will come up with a result."""
    finds = sim.world.model.police_finds * sim.world.lines[line].practised_by(ask.suspect)
    if case.culpable:
        finds *= sim.world.model.criminal_share * (1.0 - sim.honesty(ask.suspect, ask.credibility))
    elif case.incident == NOBODY or not sim.incidents[case.incident].criminal:
        return False
    return sim.luck.uniform(purposes.POLICE, _path(sim, case, ask)) < finds


def _answer(sim: Simulation, case: Case, ask: Ask, line: int, request: int) -> Process:
    """Let the police work, and tell its result."""
    luck, spec, path = sim.luck, sim.world.lines[line], _path(sim, case, ask)
    way, law = mix(path, spec.path), sim.call_back(line)
    yield spec.latency.at(luck.normal(purposes.SENT, way))
    yield sim.world.model.police_work.at(luck.normal(purposes.POLICE_WORK, path))
    yield from sim.lines.until_working(line)
    yield spec.latency.at(luck.normal(purposes.RETURNED, way))
    if checks := call_back(sim, case, ask.suspect, law, way, line, request):
        yield checks
    shift = belief.assurance_shift(ask.credibility) if ask.terms.informs else 0.0
    seq = sim.note(case, kinds.POLICE_RESULT, ask.suspect, case.actor, cause=request, value=shift, line=line)
    ask.answered = True
    learn(sim, case, ask.suspect, shift, seq)


def _path(sim: Simulation, case: Case, ask: Ask) -> int:
    return mix(case.path, sim.world.states[ask.suspect].path)
