"""Procedures for disputes and alarm: consultations, explanations, visits, meetings, good offices; terms are data."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any

from simpy import Event

from simcrisis.catalogue import CONSULTATIONS, Policy, Procedure, procedures
from simcrisis.draws import Purpose, key_path, mix
from simcrisis.engine.case import Case, release
from simcrisis.engine.clock import Deadline, Process, Rank
from simcrisis.engine.learning import learn, learn_finding
from simcrisis.engine.rungs import step_down
from simcrisis.engine.simulation import Simulation
from simcrisis.engine.world import HubWorld
from simcrisis.events import AT_WAR, NO_CONSENT, NO_SECONDERS, NOBODY_CAME, Kind
from simcrisis.rules import belief
from simcrisis.rules import situation as rules
from simcrisis.units import Delay


@dataclass(frozen=True, slots=True)
class Recourse:
    """A procedure that is open to two States."""

    name: str
    """Which, and whose."""
    procedure: Procedure
    hub: HubWorld | None
    """The hub that keeps it; None: the two keep it between themselves."""
    chance: float
    """The probability that it is used."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A procedure under way: who opened it in which case, towards whom, and where its luck is addressed."""

    recourse: Recourse
    case: Case
    other: int
    occasion: int
    path: int
    seq: int
    hold: Event | None

    @property
    def parties(self) -> tuple[int, int]:
        """The two States, the one that opened it first."""
        return self.case.actor, self.other


ACT, SILENCE, ACTIVITY = 0, 1, 2
"""What opened a procedure: part of where its luck is addressed."""


def after_act(sim: Simulation, case: Case, rung: int) -> None:
    """Open what procedures there are for an act, which a case is about: by its holder, or by a hub between the two."""
    if rung < rules.WAR:
        for recourse in _open_to(sim, case.actor, case.suspect):
            if recourse.procedure.from_rung is not None and rung >= recourse.procedure.from_rung:
                _open(sim, case, recourse, ACT, case.seq)


def after_activity(sim: Simulation, case: Case) -> None:
    """Open what procedures there are for a military activity, which a case is about."""
    for recourse in _open_to(sim, case.actor, case.suspect):
        if recourse.procedure.on_activity:
            _open(sim, case, recourse, ACTIVITY, case.seq)


def after_silence(sim: Simulation, case: Case, cause: int) -> None:
    """Open what procedures there are for an inquiry that stayed without an answer."""
    for recourse in _open_to(sim, case.actor, case.suspect):
        if recourse.procedure.on_silence:
            _open(sim, case, recourse, SILENCE, cause)


def _open_to(sim: Simulation, opener: int, other: int) -> Iterator[Recourse]:
    mine, theirs = sim.states[opener].policy, sim.states[other].policy
    if min(mine.consults, theirs.consults) > 0.0:
        yield Recourse(CONSULTATIONS, procedures()[CONSULTATIONS], None, mine.consults)
    for hub in sim.world.hubs:
        if hub.procedures and hub.has(opener, sim.now) and hub.has(other, sim.now):
            for name, procedure in hub.procedures:
                by_hub = procedure.opened_by == "hub"
                chance = sim.world.model.good_offices if by_hub else mine.invokes
                yield Recourse(f"{name} of {hub.name}", procedure, hub, chance)


def _open(sim: Simulation, case: Case, recourse: Recourse, occasion: int, cause: int) -> None:
    """Open a procedure with its probability, unless it is under way between the two already."""
    name, other = recourse.name, case.suspect
    path = mix(mix(case.path, key_path(name)), occasion)
    under_way = sim.dyad(case.actor, other).procedures
    if name in under_way or sim.luck.uniform(Purpose.INVOKES, path) >= recourse.chance:
        return
    under_way.add(name)
    seq = sim.note(case, Kind.PROCEDURE, case.actor, other, cause=cause, detail=name)
    hold = None
    procedure = recourse.procedure
    if (procedure.explanation is not None or procedure.visit is not None) and sim.world.model.time:
        hold = sim.env.event()
        case.holds.append(hold)
    sim.env.process(_conduct(sim, Dispute(recourse, case, other, occasion, path, seq, hold)))


def _conduct(sim: Simulation, dispute: Dispute) -> Process:
    """Go through the steps of a procedure, until one of them settles it or fails, or the two have met."""
    procedure = dispute.recourse.procedure
    settled = False
    if procedure.explanation is not None:
        settled = yield from _explain(sim, dispute, procedure.explanation)
    if not settled and procedure.visit is not None:
        yield from _visit(sim, dispute, procedure.visit)
    release(dispute.hold)
    if not settled and procedure.meeting is not None:
        yield from _come_to_meet(sim, dispute, procedure.meeting)
    sim.dyad(*dispute.parties).procedures.discard(dispute.recourse.name)


def _explain(sim: Simulation, dispute: Dispute, law: Delay) -> Generator[Event, Any, bool]:
    """Let the other side explain itself, or its term pass; return whether that settles the dispute."""
    procedure, case, other, luck = dispute.recourse.procedure, dispute.case, dispute.other, sim.luck
    delay = law.at(luck.normal(Purpose.EXPLANATION_TIME, dispute.path))
    in_time = law.cdf(procedure.term)
    explains, heard, unheard = _answers(sim, dispute, Purpose.EXPLAINS, sim.states[other].policy.explains, in_time)
    if not explains or delay > procedure.term:
        yield Deadline(sim.env, procedure.term, Rank.SILENCE)
        seq = sim.note(case, Kind.TERM_PASSED, case.actor, other, cause=dispute.seq, value=unheard)
        _learn(sim, dispute, unheard, seq)
        return False
    yield Deadline(sim.env, delay, Rank.LEARN)
    seq = sim.note(case, Kind.EXPLANATION, other, case.actor, cause=dispute.seq, value=heard)
    if sim.world.model.reassurance:
        sim.dyad(*dispute.parties).ease(sim.world.model.reassure, sim.now)
    _learn(sim, dispute, heard, seq)
    return luck.uniform(Purpose.SATISFIES, dispute.path) < procedure.satisfies


def _visit(sim: Simulation, dispute: Dispute, law: Delay) -> Process:
    """Let the one that is alarmed see the other's forces, or be refused: what they see is a finding, refusal a sign."""
    procedure, case, other, luck = dispute.recourse.procedure, dispute.case, dispute.other, sim.luck
    host = sim.states[other].policy
    admits, let_in, refused = _answers(sim, dispute, Purpose.ADMITS, host.admits, 1.0)
    if not admits:
        yield Deadline(sim.env, procedure.refusal, Rank.SILENCE)
        seq = sim.note(case, Kind.VISIT_REFUSED, other, case.actor, cause=dispute.seq, value=refused)
        _learn(sim, dispute, refused, seq)
        return
    yield Deadline(sim.env, law.at(luck.normal(Purpose.VISIT_TIME, dispute.path)), Rank.LEARN)
    d = procedure.strength * (1.0 - host.secrecy)
    seen = belief.finding(d, case.culpable, luck.normal(Purpose.VISIT, dispute.path))
    seq = sim.note(case, Kind.VISIT, case.actor, other, cause=dispute.seq, value=let_in + seen)
    learn_finding(sim, case, other, let_in + seen, seq)


def _answers(
    sim: Simulation, dispute: Dispute, purpose: Purpose, probability: float, in_time: float
) -> tuple[bool, float, float]:
    """Return whether the other side does what it is asked to, and the log-odds shifts if it does and if it does not.

    About an activity, whose end is in question, it is an assurance; after an act, which nobody denies, it says nothing.
    """
    model, other = sim.world.model, dispute.other
    k = sim.credibility(dispute.case.actor, other, model.kappa) if dispute.occasion == ACTIVITY else 0.0
    honesty = sim.honesty(other, k) if dispute.occasion == ACTIVITY else 0.0
    u = sim.luck.uniform(purpose, dispute.path)
    does = belief.answer(probability, 0.0, honesty, dispute.case.culpable, u) == belief.ASSURANCE
    read = k if model.information else 0.0
    heard_in_time = min(probability * in_time, model.most_certain)
    return does, belief.assurance_shift(read), belief.silence_shift(heard_in_time, read, 0.0)


def _learn(sim: Simulation, dispute: Dispute, shift: float, seq: int) -> None:
    if shift:
        learn(sim, dispute.case, dispute.other, shift, seq)


def _come_to_meet(sim: Simulation, dispute: Dispute, law: Delay) -> Process:
    """Find seconders and consent where the procedure asks for them, set a date, and meet if both come."""
    procedure = dispute.recourse.procedure
    if procedure.seconders:
        yield Deadline(sim.env, procedure.seconding, Rank.LEARN)
        if _seconders(sim, dispute) < procedure.seconders:
            _end(sim, dispute, NO_SECONDERS)
            return
    if procedure.consent and not all(_agrees(sim, dispute, Purpose.CONSENTS, lambda policy: policy.consents)):
        _end(sim, dispute, NO_CONSENT)
        return
    yield Deadline(sim.env, law.at(sim.luck.normal(Purpose.MEETING_TIME, dispute.path)), Rank.LEARN)
    if sim.dyad(*dispute.parties).rung == rules.WAR:
        _end(sim, dispute, AT_WAR)
    elif not all(_agrees(sim, dispute, Purpose.ATTENDS, lambda policy: policy.attends)):
        _end(sim, dispute, NOBODY_CAME)
    else:
        _meet(sim, dispute)


def _agrees(sim: Simulation, dispute: Dispute, purpose: Purpose, share: Callable[[Policy], float]) -> Iterator[bool]:
    """Yield for each of the two whether it does what its desk does with that probability."""
    for state in dispute.parties:
        path = mix(dispute.path, sim.world.states[state].path)
        yield sim.luck.uniform(purpose, path) < share(sim.states[state].policy)


def _seconders(sim: Simulation, dispute: Dispute) -> int:
    """Return how many members of the hub support the request: those that one of the two knows, and `others`.

    States that neither has anything to do with are bystanders; the others are like the two on average.
    """
    hub, parties = dispute.recourse.hub, dispute.parties
    if hub is None:
        return 0
    known = {partner for state in parties for partner in sim.world.partners[state]}
    shares = {
        sim.world.states[member].path: sim.states[member].policy.seconds
        for member in sorted(known)
        if member not in parties and hub.has(member, sim.now)
    }
    usual = 0.5 * sum(sim.states[state].policy.seconds for state in parties)
    shares.update({mix(dispute.path, n): usual for n in range(hub.others)})
    return sum(sim.luck.uniform(Purpose.SECONDS, mix(dispute.path, member)) < share for member, share in shares.items())


def _meet(sim: Simulation, dispute: Dispute) -> None:
    """Let two States meet: a meeting that succeeds brings them down a rung and eases tension."""
    model, case, name = sim.world.model, dispute.case, dispute.recourse.name
    succeeds = sim.luck.uniform(Purpose.MEETING, dispute.path) < model.meeting_succeeds
    seq = sim.note(case, Kind.MEETING, case.actor, dispute.other, cause=dispute.seq, value=float(succeeds), detail=name)
    if succeeds:
        if model.reassurance:
            sim.dyad(*dispute.parties).ease(model.meeting_eases, sim.now)
        step_down(sim, *dispute.parties, seq)


def _end(sim: Simulation, dispute: Dispute, why: str) -> None:
    case = dispute.case
    sim.note(case, Kind.PROCEDURE_ENDED, case.actor, dispute.other, cause=dispute.seq, detail=why)
