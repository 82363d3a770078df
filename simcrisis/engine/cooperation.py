"""Technical co-operation (CBM 2): CERTs ask CERTs."""

from __future__ import annotations

from simcrisis.draws import Purpose, mix
from simcrisis.engine.case import Ask, Case
from simcrisis.engine.clock import Deadline, Process, Rank, call_after
from simcrisis.engine.learning import learn, learn_finding, strength
from simcrisis.engine.outages import hasten_restoration
from simcrisis.engine.simulation import Simulation
from simcrisis.engine.world import pair_of
from simcrisis.events import BELIEVED_DEAF, NOBODY, Kind
from simcrisis.rules import availability, belief


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
    lines = sim.world.technical.get(pair_of(one, other), ())
    return tuple(line for line in lines if sim.world.lines[line].since <= sim.now)


def _request(sim: Simulation, case: Case, asked: int, line: int) -> int:
    return sim.note(case, Kind.TECHNICAL_REQUEST, case.actor, asked, line=line, cause=case.seq)


def _ask_suspect(sim: Simulation, case: Case, line: int) -> None:
    """Ask the suspect's own CERT: an answer assures besides its finding, silence speaks against it."""
    model, suspect = sim.world.model, case.suspect
    believed = sim.believed_answers(case.actor, suspect, listed=False)
    if believed < model.ask_floor:
        sim.note(
            case,
            Kind.NOT_ASKED,
            case.actor,
            suspect,
            line=line,
            cause=case.seq,
            value=believed,
            detail=BELIEVED_DEAF,
        )
        return
    path = mix(case.path, sim.world.states[suspect].path)
    policy, latency = sim.world.states[suspect].policy, sim.world.lines[line].latency
    k = belief.credibility(sim.world.lines[line].credibility, sim.mistrust(case.actor, suspect), model.most_certain)
    honesty = k if policy.honesty is None else policy.honesty
    answers = sim.answers(suspect, listed=False)
    u = sim.luck.uniform(Purpose.PARTNER_ANSWERS, path)
    given = belief.answer(answers, 0.0, honesty, case.culpable, u) == belief.ASSURANCE
    request = _request(sim, case, suspect, line)
    case.tipped = suspect
    ask = Ask(
        suspect=suspect,
        sent=sim.now,
        credibility=k,
        believed_answers=believed,
        formulaic=0.0,
        most_certain=model.most_certain,
        out=availability.total((latency,), availability.WAY_POINTS),
        rest=availability.total(
            (model.partner_work, latency, sim.world.states[case.actor].cert.briefing), availability.REST_POINTS
        ),
        opens=None,
        holds=False,
        informs=model.information,
        technical=True,
    )
    case.asks.append(ask)

    def patience_ends() -> None:
        if not ask.answered and case.suspect == suspect:
            ask.over = True
            sim.note(
                case,
                Kind.TECHNICAL_SILENCE,
                case.actor,
                suspect,
                line=line,
                cause=request,
                value=ask.silence(sim.now),
            )

    call_after(sim.env, sim.world.states[case.actor].patience, Rank.SILENCE, patience_ends)
    if given:
        assurance = belief.assurance_shift(k) if model.information else 0.0
        sim.env.process(_answer(sim, case, suspect, line, path, request, case.culpable, ask, assurance))


def _ask_partner(sim: Simulation, case: Case, partner: int, line: int) -> None:
    """Ask the CERT of a third State, which knows things that the victim's does not."""
    path = mix(case.path, sim.world.states[partner].path)
    request = _request(sim, case, partner, line)
    if sim.luck.uniform(Purpose.PARTNER_ANSWERS, path) < sim.world.states[partner].cert.answers:
        sim.env.process(_answer(sim, case, partner, line, path, request, case.culpable, None, 0.0))


def _answer(
    sim: Simulation,
    case: Case,
    asked: int,
    line: int,
    path: int,
    cause: int,
    culpable: bool,
    ask: Ask | None,
    assurance: float,
) -> Process:
    """Let a CERT work on a request, in its turn, and answer; the victim's CERT then briefs its desk."""
    luck, model, suspect = sim.luck, sim.world.model, case.suspect
    latency = sim.world.lines[line].latency
    way = mix(path, sim.world.lines[line].path)
    yield Deadline(sim.env, latency.at(luck.normal(Purpose.SENT, way)), Rank.LEARN)
    with sim.cert(asked).request(priority=-case.severity) as turn:  # type: ignore[arg-type]
        yield turn
        yield Deadline(sim.env, model.partner_work.at(luck.normal(Purpose.PARTNER_WORK, path)), Rank.LEARN)
    yield from sim.lines.until_working(line)
    yield Deadline(sim.env, latency.at(luck.normal(Purpose.RETURNED, way)), Rank.LEARN)
    if suspect == NOBODY:
        sim.note(case, Kind.TECHNICAL_ANSWER, asked, case.actor, cause=cause, line=line)
        hasten_restoration(sim, case.actor, case.incident)
        return
    d = strength(sim, case, model.partner_d) if case.suspect == suspect else model.partner_d
    weight = belief.finding(d, culpable, luck.normal(Purpose.PARTNER_FINDING, path))
    answer = sim.note(case, Kind.TECHNICAL_ANSWER, asked, case.actor, cause=cause, value=weight, line=line)
    hasten_restoration(sim, case.actor, case.incident)
    briefing = sim.world.states[case.actor].cert.briefing
    yield Deadline(sim.env, briefing.at(luck.normal(Purpose.BRIEFING, path)), Rank.LEARN)
    seq = sim.note(case, Kind.TECHNICAL_BRIEFING, case.actor, asked, cause=answer, value=weight + assurance, line=line)
    if ask is not None:
        ask.answered = True
        learn(sim, case, suspect, assurance, seq)
    learn_finding(sim, case, suspect, weight, seq)
