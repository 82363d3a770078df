"""Consultation between policy desks (CBM 8 and the other lines on which States can ask each other)."""

from __future__ import annotations

from dataclasses import dataclass

from simcrisis.draws import Purpose, mix, purposes
from simcrisis.engine.case import Ask, Case, Terms, release
from simcrisis.engine.clock import SILENCE, Process, call_after
from simcrisis.engine.learning import learn
from simcrisis.engine.procedures import after_silence
from simcrisis.engine.simulation import Simulation
from simcrisis.engine.verification import call_back
from simcrisis.engine.world import pair_of
from simcrisis.events import BELIEVED_DEAF, CHOSE_NOT_TO, Kind, kinds
from simcrisis.rules import availability, belief
from simcrisis.units import Delay, occasionally, to_hours


@dataclass(frozen=True, slots=True)
class Way:
    """What may delay the answer to an inquiry besides the work on it: the laws that its asker knows and time obeys."""

    detour: Delay
    """From the wrong desk to the right one."""
    clarification: Delay
    """A round of questions before it is understood."""
    call_back: Delay
    """Making sure that the reply is genuine."""


def consult(sim: Simulation, case: Case) -> None:
    """Ask the suspect's desk, if the asker's wants to, over the first line that works and that it believes in."""
    asker, asked = case.actor, case.suspect
    line, believed, deaf = None, 0.0, None
    for line in sim.usable(case, asked, _lines(sim, asker, asked)):
        believed = sim.believed_answers(asker, asked, listed=sim.world.lines[line].listed)
        if believed >= sim.world.model.ask_floor:
            break
        deaf, line = deaf or (line, believed), None
    if line is None:
        if deaf is not None:
            _not_asked(sim, case, *deaf, BELIEVED_DEAF)
        return
    if sim.luck.uniform(purposes.ASKS, case.path) >= sim.states[asker].policy.asks:
        _not_asked(sim, case, line, believed, CHOSE_NOT_TO)
        return
    way, terms = _known(sim, case, line)
    ask = Ask(asked, sim.now, sim.credibility(asker, asked, sim.world.lines[line].credibility), believed, terms)
    case.asks.append(ask)
    case.inquired = True
    case.tipped = asked
    inquiry = sim.note(case, kinds.INQUIRY, asker, asked, line=line, cause=case.seq, value=ask.credibility)
    if terms.holds:
        ask.hold = sim.env.event()
        case.holds.append(ask.hold)
    sim.start(_handle(sim, case, ask, line, way, inquiry, case.culpable))
    patience = sim.world.states[asker].patience
    call_after(sim.env, patience, SILENCE, _lose_patience, sim, case, ask, line, inquiry)


def _lines(sim: Simulation, asker: int, asked: int) -> tuple[int, ...]:
    """Return the lines over which one State can consult another, in the order in which it tries them."""
    lines, prefers = sim.world.consulting.get(pair_of(asker, asked), ()), sim.states[asker].prefers
    if not prefers:
        return lines
    return tuple(sorted(lines, key=lambda line: prefers.get(sim.world.lines[line].kind, len(prefers))))


def _lose_patience(sim: Simulation, case: Case, ask: Ask, line: int, inquiry: int) -> None:
    """At the end of patience, if no reply has come, read the silence and stop waiting."""
    if ask.answered or ask.suspect != case.suspect:
        return
    ask.over = True
    value = ask.silence(sim.now)
    case.seq = sim.note(case, kinds.SILENCE, case.actor, ask.suspect, line=line, cause=inquiry, value=value)
    release(ask.hold)
    after_silence(sim, case, case.seq)


def _not_asked(sim: Simulation, case: Case, line: int, believed: float, why: str) -> None:
    sim.note(
        case,
        kinds.NOT_ASKED,
        case.actor,
        case.suspect,
        line=line,
        cause=case.seq,
        value=believed,
        detail=why,
    )


def _known(sim: Simulation, case: Case, line: int) -> tuple[Way, Terms]:
    """Return what the asker knows of an inquiry over a line, which is the same whenever the two States are."""
    key = (line, sim.states[case.actor], sim.states[case.suspect])
    known = sim.world.inquiries.get(key)
    if known is None:
        way = _way(sim, case.actor, case.suspect, line)
        known = sim.world.inquiries[key] = (way, _terms(sim, case.suspect, line, way))
    return known


def _way(sim: Simulation, asker: int, asked: int, line: int) -> Way:
    mine, theirs = sim.states[asker].policy, sim.states[asked].policy
    return Way(
        occasionally(theirs.detour, theirs.misdirected),
        occasionally(theirs.clarification, max(mine.unclear, theirs.unclear)),
        sim.call_back(line),
    )


def _terms(sim: Simulation, state: int, line: int, way: Way) -> Terms:
    """Return how soon an answer of a State may come, as its asker understands it."""
    model, spec, asked = sim.world.model, sim.world.lines[line], sim.states[state]
    steps: tuple[Delay, ...] = (
        asked.policy.translation,
        way.clarification,
        asked.policy.reply,
        spec.latency,
        way.call_back,
    )
    if model.ask_cert:
        steps = (*steps, model.check)
    there = (spec.latency, way.detour)
    opens = None if asked.office is None or spec.awake else asked.office.next_open
    if opens is None:
        out, rest = availability.AT_ONCE, availability.total((*there, *steps), availability.REST_POINTS)
    else:
        out = availability.total(there, availability.WAY_POINTS)
        rest = availability.total(steps, availability.REST_POINTS)
    return Terms(
        awaits="reply",
        most_certain=model.most_certain,
        formulaic=asked.policy.formulaic,
        rest=rest,
        out=out,
        opens=opens,
        holds=model.time,
        informs=model.information,
    )


def _handle(sim: Simulation, case: Case, ask: Ask, line: int, laws: Way, inquiry: int, culpable: bool) -> Process:
    """Carry an inquiry to the other desk, through its hours, queue, translator and CERT, and the reply back."""
    luck, model, spec, asked = sim.luck, sim.world.model, sim.world.lines[line], ask.suspect
    policy, path = sim.states[asked].policy, case.path
    way = mix(path, spec.path)

    yield spec.latency.at(luck.normal(purposes.SENT, way))
    if sim.unheard(asked, line):
        return
    honesty = sim.honesty(asked, ask.credibility)
    answers = sim.answers_what_it_hears(asked, line)
    answer = belief.answer(answers, policy.formulaic, honesty, culpable, luck.uniform(purposes.ANSWERS, path))
    if lost := _lost(sim, case, ask, laws.detour, purposes.DETOUR, kinds.MISDIRECTED, line, inquiry):
        yield lost
    if ask.terms.opens is not None:
        opens = ask.terms.opens(sim.now)
        if opens > sim.world.horizon:
            return
        yield round(opens) - sim.now
    waited = to_hours(sim.now - ask.sent)
    read = sim.note(case, kinds.INQUIRY_READ, asked, case.actor, cause=inquiry, value=waited, line=line)
    if answer == belief.SILENT:
        return
    with sim.officer(asked) as turn:
        yield turn
        yield policy.translation.at(luck.normal(purposes.TRANSLATION, path))
        if lost := _lost(sim, case, ask, laws.clarification, purposes.CLARIFICATION, kinds.ASKED_BACK, line, read):
            yield lost
        if model.ask_cert:
            with sim.analyst(asked, case.severity) as analyst:
                yield analyst
                yield model.check.at(luck.normal(purposes.CHECK, path))
        yield policy.reply.at(luck.normal(purposes.REPLY, path))
    yield from sim.lines.until_working(line)
    kind = kinds.ASSURANCE if answer == belief.ASSURANCE else kinds.FORMULAIC
    reply = sim.note(case, kinds.REPLY_SENT, asked, case.actor, cause=read, detail=kind.label, line=line)
    yield spec.latency.at(luck.normal(purposes.RETURNED, way))
    if checks := call_back(sim, case, asked, laws.call_back, path, line, reply):
        yield checks
    assured = kind is kinds.ASSURANCE and model.information
    shift = belief.assurance_shift(ask.credibility) if assured else 0.0
    seq = sim.note(case, kind, asked, case.actor, cause=reply, value=shift, line=line)
    _receive(sim, case, ask, shift, seq)


def _lost(
    sim: Simulation, case: Case, ask: Ask, law: Delay, purpose: Purpose, kind: Kind, line: int, cause: int
) -> int:
    """Return how much time the asked side loses (ms), where it does, and record it."""
    delay = law.at(sim.luck.normal(purpose, case.path))
    if delay:
        sim.note(case, kind, ask.suspect, case.actor, cause=cause, value=to_hours(delay), line=line)
    return delay


def _receive(sim: Simulation, case: Case, ask: Ask, shift: float, seq: int) -> None:
    """Take in a reply: silence is over, contact reassures, the decision need not wait any more."""
    ask.answered = True
    sim.ease_by_contact(case.actor, ask.suspect)
    learn(sim, case, ask.suspect, shift, seq)
    release(ask.hold)
