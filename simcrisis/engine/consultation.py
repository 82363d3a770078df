"""Consultation between policy desks (CBM 8 and the other lines on which States can ask each other)."""

from __future__ import annotations

from simcrisis.draws import Purpose, mix
from simcrisis.engine.case import Ask, Case, release
from simcrisis.engine.clock import Deadline, Process, Rank
from simcrisis.engine.learning import learn
from simcrisis.engine.procedures import after_silence
from simcrisis.engine.simulation import Simulation
from simcrisis.engine.world import LineWorld, StateWorld, pair_of
from simcrisis.events import BELIEVED_DEAF, CHOSE_NOT_TO, Kind
from simcrisis.rules import availability, belief
from simcrisis.units import Delay, Fixed, occasionally, to_hours

NO_DELAY = Fixed(0)


def consult(sim: Simulation, case: Case) -> None:
    """Ask the suspect's desk, if the asker's wants to, believes in an answer, and finds a line that works."""
    asker, asked, model = case.actor, case.suspect, sim.world.model
    line = sim.find_line(case, asked, _lines(sim, asker, asked))
    if line is None:
        return
    believed = sim.believed_answers(asker, asked, listed=sim.world.lines[line].listed)
    if believed < model.ask_floor:
        _not_asked(sim, case, line, believed, BELIEVED_DEAF)
        return
    if sim.luck.uniform(Purpose.ASKS, case.path) >= sim.states[asker].policy.asks:
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
        ask.hold = sim.env.event()
        case.holds.append(ask.hold)
    sim.env.process(_handle(sim, case, ask, line, inquiry, case.culpable))
    sim.env.process(_lose_patience(sim, case, ask, line, inquiry))


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


def _ask(sim: Simulation, case: Case, line: int, believed: float) -> Ask:
    """Return the question as its asker understands it: how credible an answer is, and how soon it may come."""
    model, spec, asked = sim.world.model, sim.world.lines[line], sim.states[case.suspect]
    steps: tuple[Delay, ...] = (asked.policy.translation, asked.policy.reply, spec.latency)
    steps = (*steps, *(law for law in _hindrances(sim, case, spec, asked) if law != NO_DELAY))
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
        awaits="reply",
    )


def _hindrances(sim: Simulation, case: Case, spec: LineWorld, asked: StateWorld) -> tuple[Delay, Delay, Delay]:
    """Return what may delay an answer: the way from the wrong desk, a round of clarification, a call-back."""
    policy, model = asked.policy, sim.world.model
    unclear = max(policy.unclear, sim.states[case.actor].policy.unclear)
    return (
        occasionally(policy.detour, policy.misdirected),
        occasionally(policy.clarification, unclear),
        occasionally(model.call_back, (1.0 - spec.authentic) * (1.0 - sim.protection(spec))),
    )


def _handle(sim: Simulation, case: Case, ask: Ask, line: int, inquiry: int, culpable: bool) -> Process:
    """Carry an inquiry to the other desk, through its hours, queue, translator and CERT, and the reply back."""
    luck, model, spec, asked = sim.luck, sim.world.model, sim.world.lines[line], ask.suspect
    policy, path = sim.states[asked].policy, case.path
    detour, clarification, call_back = _hindrances(sim, case, spec, sim.states[asked])
    way = mix(path, spec.path)

    yield Deadline(sim.env, spec.latency.at(luck.normal(Purpose.SENT, way)), Rank.LEARN)
    honesty = ask.credibility if policy.honesty is None else policy.honesty
    answers = sim.answers(asked, line)
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
    yield Deadline(sim.env, detour.at(luck.normal(Purpose.DETOUR, path)), Rank.LEARN)
    with sim.desk(asked).request() as turn:
        yield turn
        yield Deadline(sim.env, policy.translation.at(luck.normal(Purpose.TRANSLATION, path)), Rank.LEARN)
        yield Deadline(sim.env, clarification.at(luck.normal(Purpose.CLARIFICATION, path)), Rank.LEARN)
        if model.ask_cert:
            with sim.analyst(asked, case.severity) as analyst:
                yield analyst
                yield Deadline(sim.env, model.check.at(luck.normal(Purpose.CHECK, path)), Rank.LEARN)
        yield Deadline(sim.env, policy.reply.at(luck.normal(Purpose.REPLY, path)), Rank.LEARN)
    yield from sim.lines.until_working(line)
    kind = Kind.ASSURANCE if answer == belief.ASSURANCE else Kind.FORMULAIC
    reply = sim.note(case, Kind.REPLY_SENT, asked, case.actor, cause=read, detail=kind.label, line=line)
    yield Deadline(sim.env, spec.latency.at(luck.normal(Purpose.RETURNED, way)), Rank.LEARN)
    yield Deadline(sim.env, call_back.at(luck.normal(Purpose.CALL_BACK, path)), Rank.LEARN)
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
    release(ask.hold)
