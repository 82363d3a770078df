"""Consultation between policy desks (CBM 8 and the other lines on which States can ask each other)."""

from __future__ import annotations

from simcrisis.draws import Purpose, mix
from simcrisis.engine.case import Ask, Case
from simcrisis.engine.clock import Deadline, Process, Rank
from simcrisis.engine.learning import learn
from simcrisis.engine.simulation import Simulation
from simcrisis.engine.world import pair_of
from simcrisis.events import BELIEVED_DEAF, CHOSE_NOT_TO, Kind
from simcrisis.rules import availability, belief
from simcrisis.units import Delay, to_hours


def consult(sim: Simulation, case: Case) -> None:
    """Ask the suspect's desk, if the asker's wants to, believes in an answer, and finds a line that works."""
    asker, asked, model = case.actor, case.suspect, sim.world.model
    line = sim.find_line(case, asked, sim.world.consulting.get(pair_of(asker, asked), ()))
    if line is None:
        return
    believed = sim.believed_answers(asker, asked, listed=sim.world.lines[line].listed)
    if believed < model.ask_floor:
        _not_asked(sim, case, line, believed, BELIEVED_DEAF)
        return
    if sim.luck.uniform(Purpose.ASKS, case.path) >= sim.world.states[asker].policy.asks:
        _not_asked(sim, case, line, believed, CHOSE_NOT_TO)
        return
    ask = _ask(sim, case, line, believed)
    case.asks.append(ask)
    case.inquired = True
    case.tipped = asked
    inquiry = sim.note(
        case,
        Kind.INQUIRY,
        asker,
        asked,
        line=line,
        cause=case.seq,
        value=ask.credibility,
    )
    if ask.holds:
        case.hold = sim.env.event()
    sim.env.process(_handle(sim, case, ask, line, inquiry, case.culpable))
    sim.env.process(_lose_patience(sim, case, ask, line, inquiry))


def _lose_patience(sim: Simulation, case: Case, ask: Ask, line: int, inquiry: int) -> Process:
    """Wait as long as patience lasts; if no reply has come by then, read the silence and stop waiting."""
    yield Deadline(sim.env, sim.world.states[case.actor].patience, Rank.SILENCE)
    if ask.answered or ask.suspect != case.suspect:
        return
    ask.over = True
    value = ask.silence(sim.now)
    case.seq = sim.note(case, Kind.SILENCE, case.actor, ask.suspect, line=line, cause=inquiry, value=value)
    case.release()


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


def _ask(sim: Simulation, case: Case, line: int, believed: float) -> Ask:
    """Return the question as its asker understands it: how credible an answer is, and how soon it may come."""
    model, spec, asked = sim.world.model, sim.world.lines[line], sim.world.states[case.suspect]
    steps: tuple[Delay, ...] = (asked.policy.translation, asked.policy.reply, spec.latency)
    if model.ask_cert:
        steps = (*steps, model.check)
    opens = None if asked.office is None or spec.awake else asked.office.next_open
    if opens is None:
        out, rest = availability.AT_ONCE, availability.total((spec.latency, *steps), availability.REST_POINTS)
    else:
        out = availability.total((spec.latency,), availability.WAY_POINTS)
        rest = availability.total(steps, availability.REST_POINTS)
    return Ask(
        suspect=case.suspect,
        sent=sim.now,
        credibility=belief.credibility(spec.credibility, sim.mistrust(case.actor, case.suspect), model.most_certain),
        believed_answers=believed,
        formulaic=asked.policy.formulaic,
        most_certain=model.most_certain,
        out=out,
        rest=rest,
        opens=opens,
        holds=model.time,
        informs=model.information,
        technical=False,
    )


def _handle(sim: Simulation, case: Case, ask: Ask, line: int, inquiry: int, culpable: bool) -> Process:
    """Carry an inquiry to the other desk, through its hours, queue, translator and CERT, and the reply back."""
    luck, model, spec, asked = sim.luck, sim.world.model, sim.world.lines[line], ask.suspect
    policy, path = sim.world.states[asked].policy, case.path
    way = mix(path, spec.path)

    yield Deadline(sim.env, spec.latency.at(luck.normal(Purpose.SENT, way)), Rank.LEARN)
    honesty = ask.credibility if policy.honesty is None else policy.honesty
    answers = sim.answers(asked, listed=spec.listed)
    answer = belief.answer(answers, policy.formulaic, honesty, culpable, luck.uniform(Purpose.ANSWERS, path))
    if spec.listed and sim.stale(asked):
        return
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
        if model.ask_cert:
            with sim.analyst(asked, case.severity) as analyst:
                yield analyst
                yield Deadline(sim.env, model.check.at(luck.normal(Purpose.CHECK, path)), Rank.LEARN)
        yield Deadline(sim.env, policy.reply.at(luck.normal(Purpose.REPLY, path)), Rank.LEARN)
    yield from sim.lines.until_working(line)
    kind = Kind.ASSURANCE if answer == belief.ASSURANCE else Kind.FORMULAIC
    reply = sim.note(case, Kind.REPLY_SENT, asked, case.actor, cause=read, detail=kind.label, line=line)
    yield Deadline(sim.env, spec.latency.at(luck.normal(Purpose.RETURNED, way)), Rank.LEARN)
    assured = kind is Kind.ASSURANCE and model.information
    shift = belief.assurance_shift(ask.credibility) if assured else 0.0
    seq = sim.note(case, kind, asked, case.actor, cause=reply, value=shift, line=line)
    _receive(sim, case, ask, shift, seq)


def _receive(sim: Simulation, case: Case, ask: Ask, shift: float, seq: int) -> None:
    """Take in a reply: silence is over, contact reassures, the decision need not wait any more."""
    ask.answered = True
    model = sim.world.model
    if model.reassurance:
        sim.dyad(case.actor, ask.suspect).ease(model.reassure, sim.now)
    learn(sim, case, ask.suspect, shift, seq)
    if ask.suspect == case.suspect:
        case.release()
