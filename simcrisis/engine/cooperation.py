"""Technical co-operation (CBM 2): CERTs ask CERTs."""

from __future__ import annotations

from typing import NamedTuple

from simcrisis.draws import mix, purposes
from simcrisis.engine.case import Ask, Case, Terms
from simcrisis.engine.clock import SILENCE, Process, call_after
from simcrisis.engine.learning import learn, learn_finding, strength
from simcrisis.engine.outages import hasten_restoration
from simcrisis.engine.simulation import Simulation
from simcrisis.engine.verification import call_back
from simcrisis.engine.world import pair_of
from simcrisis.events import BELIEVED_DEAF, NOBODY, kinds
from simcrisis.rules import availability, belief
from simcrisis.units import Delay


def ask_certs(sim: Simulation, case: Case) -> None:
    """Ask the suspect's CERT and those of the least mistrusted partners, over whatever technical line works."""
    victim, suspect = case.actor, case.suspect
    if suspect != NOBODY:
        line = sim.find_line(case, suspect, _technical_lines(sim, victim, suspect))
        if line is not None:
            _ask_suspect(sim, case, line)
    joined = [
        (sim.mistrust(victim, partner), partner)
        for partner in sim.world.partners[victim]
        if partner != suspect and _technical_lines(sim, victim, partner)
    ]
    for _, partner in sorted(joined)[: sim.world.model.partners]:
        line = sim.find_line(case, partner, _technical_lines(sim, victim, partner))
        if line is not None:
            _ask_partner(sim, case, partner, line)


def _technical_lines(sim: Simulation, one: int, other: int) -> tuple[int, ...]:
    """Return the technical lines of two CERTs that are there by now."""
    lines = sim.world.technical.get(pair_of(one, other))
    if not lines:
        return ()
    now = sim.now
    return tuple([line for line in lines if sim.world.lines[line].since <= now])


class Request(NamedTuple):
    """A request from CERT to CERT, as it stood when it was sent."""

    asked: int
    line: int
    path: int
    seq: int
    suspect: int
    culpable: bool
    """Truth, about the suspect of that moment."""
    call_back: Delay
    """Law of the time to make sure that the answer is genuine."""


def _send(sim: Simulation, case: Case, asked: int, line: int) -> Request:
    seq = sim.note(case, kinds.TECHNICAL_REQUEST, case.actor, asked, line=line, cause=case.seq)
    path = mix(case.path, sim.world.states[asked].path)
    return Request(asked, line, path, seq, case.suspect, case.culpable, sim.call_back(line))


def _ask_suspect(sim: Simulation, case: Case, line: int) -> None:
    """Ask the suspect's own CERT: an answer assures besides its finding, silence speaks against it."""
    model, asker, suspect = sim.world.model, case.actor, case.suspect
    believed = sim.believed_answers(asker, suspect, listed=False)
    if believed < model.ask_floor:
        sim.note(
            case,
            kinds.NOT_ASKED,
            asker,
            suspect,
            line=line,
            cause=case.seq,
            value=believed,
            detail=BELIEVED_DEAF,
        )
        return
    request = _send(sim, case, suspect, line)
    ask = _ask(sim, case, line, believed)
    case.asks.append(ask)
    case.tipped = suspect
    patience = sim.world.states[asker].patience
    call_after(sim.env, patience, SILENCE, _notice_silence, sim, case, request, ask)
    honesty = sim.honesty(suspect, ask.credibility)
    u = sim.luck.uniform(purposes.PARTNER_ANSWERS, request.path)
    if belief.answer(sim.answers(suspect, line), 0.0, honesty, case.culpable, u) == belief.ASSURANCE:
        sim.start(_answer(sim, case, request, ask))


def _ask(sim: Simulation, case: Case, line: int, believed: float) -> Ask:
    """Return the question to the suspect's CERT as its asker understands it; its answer counts once briefed."""
    key = (line, sim.states[case.actor], sim.states[case.suspect])
    terms = sim.world.requests.get(key)
    if terms is None:
        terms = sim.world.requests[key] = _terms(sim, case, line)
    credibility = sim.credibility(case.actor, case.suspect, sim.world.lines[line].credibility)
    return Ask(case.suspect, sim.now, credibility, believed, terms)


def _terms(sim: Simulation, case: Case, line: int) -> Terms:
    model, spec = sim.world.model, sim.world.lines[line]
    briefing = sim.states[case.actor].cert.briefing
    steps = (spec.latency, model.partner_work, spec.latency, sim.call_back(line), briefing)
    return Terms(
        awaits="technical answer",
        most_certain=model.most_certain,
        formulaic=0.0,
        rest=availability.total(steps, availability.REST_POINTS),
        informs=model.information,
    )


def _notice_silence(sim: Simulation, case: Case, request: Request, ask: Ask) -> None:
    """At the end of patience, if the desk has not been told of an answer, take that for a sign."""
    if not ask.answered and case.suspect == request.suspect:
        ask.over = True
        value = ask.silence(sim.now)
        sim.note(
            case,
            kinds.TECHNICAL_SILENCE,
            case.actor,
            request.asked,
            line=request.line,
            cause=request.seq,
            value=value,
        )


def _ask_partner(sim: Simulation, case: Case, partner: int, line: int) -> None:
    """Ask the CERT of a third State, which knows things that the victim's does not."""
    request = _send(sim, case, partner, line)
    answers = sim.states[partner].cert.answers * sim.world.lines[line].practised_by(partner)
    if sim.luck.uniform(purposes.PARTNER_ANSWERS, request.path) < answers:
        sim.start(_answer(sim, case, request, None))


def _answer(sim: Simulation, case: Case, request: Request, ask: Ask | None) -> Process:
    """Let a CERT work on a request, in its turn, and answer; the victim's CERT then briefs its desk.

    `ask` is what the suspect's own CERT was asked, whose answer is an assurance as well.
    """
    luck, model, path, line = sim.luck, sim.world.model, request.path, request.line
    latency = sim.world.lines[line].latency
    way = mix(path, sim.world.lines[line].path)
    yield latency.at(luck.normal(purposes.SENT, way))
    with sim.analyst(request.asked, case.severity) as turn:
        yield turn
        yield model.partner_work.at(luck.normal(purposes.PARTNER_WORK, path))
    yield from sim.lines.until_working(line)
    yield latency.at(luck.normal(purposes.RETURNED, way))
    if checks := call_back(sim, case, request.asked, request.call_back, path, line, request.seq):
        yield checks
    weight = _finding(sim, case, request)
    answer = sim.note(
        case, kinds.TECHNICAL_ANSWER, request.asked, case.actor, cause=request.seq, value=weight, line=line
    )
    hasten_restoration(sim, case.actor, case.incident)
    if weight is None:
        return
    briefing = sim.states[case.actor].cert.briefing
    yield briefing.at(luck.normal(purposes.BRIEFING, path))
    assurance = belief.assurance_shift(ask.credibility) if ask is not None and ask.terms.informs else 0.0
    seq = sim.note(
        case,
        kinds.TECHNICAL_BRIEFING,
        case.actor,
        request.asked,
        cause=answer,
        value=weight + assurance,
        line=line,
    )
    if ask is not None:
        ask.answered = True
        learn(sim, case, request.suspect, assurance, seq)
    learn_finding(sim, case, request.suspect, weight, seq)


def _finding(sim: Simulation, case: Case, request: Request) -> float | None:
    """Return the log-likelihood ratio of the finding in an answer; None where there was no suspect."""
    if request.suspect == NOBODY:
        return None
    d = sim.world.model.partner_d
    if case.suspect == request.suspect:
        d = strength(sim, case, d)
    return belief.finding(d, request.culpable, sim.luck.normal(purposes.PARTNER_FINDING, request.path))
