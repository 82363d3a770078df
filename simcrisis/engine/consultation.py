"""Consultation between policy desks (CBM 8 and the other lines on which States can ask each other)."""

from __future__ import annotations

from dataclasses import dataclass

from simcrisis.draws import Purpose, mix
from simcrisis.engine.case import Ask, Case, release
from simcrisis.engine.clock import Deadline, Process, Rank
from simcrisis.engine.learning import learn
from simcrisis.engine.procedures import after_silence
from simcrisis.engine.simulation import Simulation
from simcrisis.engine.verification import call_back
from simcrisis.engine.world import pair_of
from simcrisis.events import BELIEVED_DEAF, CHOSE_NOT_TO, Kind
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
    if sim.luck.uniform(Purpose.ASKS, case.path) >= sim.states[asker].policy.asks:
        _not_asked(sim, case, line, believed, CHOSE_NOT_TO)
        return
    way = _way(sim, asker, asked, line)
    ask = _ask(sim, case, line, believed, way)
    case.asks.append(ask)
    case.inquired = True
    case.tipped = asked
    inquiry = sim.note(case, Kind.INQUIRY, asker, asked, line=line, cause=case.seq, value=ask.credibility)
    if ask.holds:
        ask.hold = sim.env.event()
        case.holds.append(ask.hold)
    sim.env.process(_handle(sim, case, ask, line, way, inquiry, case.culpable))
    sim.env.process(_lose_patience(sim, case, ask, line, inquiry))


def _way(sim: Simulation, asker: int, asked: int, line: int) -> Way:
    mine, theirs = sim.states[asker].policy, sim.states[asked].policy
    return Way(
        occasionally(theirs.detour, theirs.misdirected),
        occasionally(theirs.clarification, max(mine.unclear, theirs.unclear)),
        sim.call_back(line),
    )


def _lines(sim: Simulation, asker: int, asked: int) -> tuple[int, ...]:
    """Return the lines over which one State can consult another, in the order in which it tries them."""
    lines, prefers = sim.world.consulting.get(pair_of(asker, asked), ()), sim.states[asker].prefers
    if not prefers:
        return lines
    return tuple(sorted(lines, key=lambda line: prefers.get(sim.world.lines[line].kind, len(prefers))))


def _lose_patience(sim: Simulation, case: Case, ask: Ask, line: int, inquiry: int) -> Process:
    """Wait as long as patience lasts; if no reply has come by then, read the silence and stop waiting."""
    yield Deadline(sim.env, sim.world.states[case.actor].patience, Rank.SILENCE)
    if ask.answered or ask.suspect != case.suspect:
        return
    ask.over = True
    value = ask.silence(sim.now)
    case.seq = sim.note(case, Kind.SILENCE, case.actor, ask.suspect, line=line, cause=inquiry, value=value)
    release(ask.hold)
    after_silence(sim, case, case.seq)


def _not_asked(sim: Simulation, case: Case, line: int, believed: float, why: str) -> None:
    sim.note(
        case,
        Kind.NOT_ASKED,
        case.actor,
        case.suspect,
        line=line,
        cause=case.seq,
        value=believed,
        detail=why,
    )


def _ask(sim: Simulation, case: Case, line: int, believed: float, way: Way) -> Ask:
    """Return the question as its asker understands it: how credible an answer is, and how soon it may come."""
    model, spec, asked = sim.world.model, sim.world.lines[line], sim.states[case.suspect]
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
    return Ask(
        suspect=case.suspect,
        sent=sim.now,
        credibility=sim.credibility(case.actor, case.suspect, spec.credibility),
        believed_answers=believed,
        formulaic=asked.policy.formulaic,
        most_certain=model.most_certain,
        out=out,
        rest=rest,
        opens=opens,
        holds=model.time,
        informs=model.information,
        awaits="reply",
    )


def _handle(sim: Simulation, case: Case, ask: Ask, line: int, laws: Way, inquiry: int, culpable: bool) -> Process:
    """Carry an inquiry to the other desk, through its hours, queue, translator and CERT, and the reply back."""
    luck, model, spec, asked = sim.luck, sim.world.model, sim.world.lines[line], ask.suspect
    policy, path = sim.states[asked].policy, case.path
    way = mix(path, spec.path)

    yield Deadline(sim.env, spec.latency.at(luck.normal(Purpose.SENT, way)), Rank.LEARN)
    honesty = sim.honesty(asked, ask.credibility)
    answers = sim.answers(asked, line)
    answer = belief.answer(answers, policy.formulaic, honesty, culpable, luck.uniform(Purpose.ANSWERS, path))
    if spec.listed and sim.stale(asked):
        return
    yield from _delayed(sim, case, ask, laws.detour, Purpose.DETOUR, Kind.MISDIRECTED, line, inquiry)
    if ask.opens is not None:
        opens = ask.opens(sim.now)
        if opens > sim.world.horizon:
            return
        yield Deadline(sim.env, round(opens) - sim.now, Rank.LEARN)
    waited = to_hours(sim.now - ask.sent)
    read = sim.note(case, Kind.INQUIRY_READ, asked, case.actor, cause=inquiry, value=waited, line=line)
    if answer == belief.SILENT:
        return
    with sim.desk(asked).request() as turn:
        yield turn
        yield Deadline(sim.env, policy.translation.at(luck.normal(Purpose.TRANSLATION, path)), Rank.LEARN)
        yield from _delayed(sim, case, ask, laws.clarification, Purpose.CLARIFICATION, Kind.ASKED_BACK, line, read)
        if model.ask_cert:
            with sim.analyst(asked, case.severity) as analyst:
                yield analyst
                yield Deadline(sim.env, model.check.at(luck.normal(Purpose.CHECK, path)), Rank.LEARN)
        yield Deadline(sim.env, policy.reply.at(luck.normal(Purpose.REPLY, path)), Rank.LEARN)
    yield from sim.lines.until_working(line)
    kind = Kind.ASSURANCE if answer == belief.ASSURANCE else Kind.FORMULAIC
    reply = sim.note(case, Kind.REPLY_SENT, asked, case.actor, cause=read, detail=kind.label, line=line)
    yield Deadline(sim.env, spec.latency.at(luck.normal(Purpose.RETURNED, way)), Rank.LEARN)
    yield from call_back(sim, case, asked, laws.call_back, path, line, reply)
    assured = kind is Kind.ASSURANCE and model.information
    shift = belief.assurance_shift(ask.credibility) if assured else 0.0
    seq = sim.note(case, kind, asked, case.actor, cause=reply, value=shift, line=line)
    _receive(sim, case, ask, shift, seq)


def _delayed(
    sim: Simulation, case: Case, ask: Ask, law: Delay, purpose: Purpose, kind: Kind, line: int, cause: int
) -> Process:
    """Let the asked side lose time, where it does, and record how much."""
    delay = law.at(sim.luck.normal(purpose, case.path))
    if delay:
        sim.note(case, kind, ask.suspect, case.actor, cause=cause, value=to_hours(delay), line=line)
        yield Deadline(sim.env, delay, Rank.LEARN)


def _receive(sim: Simulation, case: Case, ask: Ask, shift: float, seq: int) -> None:
    """Take in a reply: silence is over, contact reassures, the decision need not wait any more."""
    ask.answered = True
    sim.ease_by_contact(case.actor, ask.suspect)
    learn(sim, case, ask.suspect, shift, seq)
    release(ask.hold)
