"""Procedures for disputes and alarm: consultations, explanations, visits, meetings, good offices; terms are data."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any

from simpy import Event

from simcrisis.catalogue import CONSULTATIONS, Policy, Procedure, procedures
from simcrisis.draws import Purpose, key_path, mix, purposes
from simcrisis.engine.case import Ask, Case, Terms, release
from simcrisis.engine.clock import SILENCE, Deadline, Process
from simcrisis.engine.learning import learn, learn_finding
from simcrisis.engine.rungs import step_down
from simcrisis.engine.simulation import Simulation
from simcrisis.engine.world import HubWorld
from simcrisis.events import AT_WAR, NO_CONSENT, NO_SECONDERS, NOBODY, NOBODY_CAME, Kind, kinds
from simcrisis.rules import availability, belief
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
    culpable: bool
    """Truth about the other, in this case."""
    open_question: bool
    """Whether what the other means is in question, as with a military activity; nobody denies an act."""
    credibility: float
    """Of what the other says, to the one that opened it; 0 where nothing is in question."""
    path: int
    seq: int
    hold: Event | None

    @property
    def parties(self) -> tuple[int, int]:
        """The two States, the one that opened it first."""
        return self.case.actor, self.other


Step = Generator[int | Event, Any, bool]
"""A step of a procedure; returns whether it is the last."""
ACT, UNANSWERED, ACTIVITY = 0, 1, 2
"""What opened a procedure: part of where its luck is addressed."""


def after_act(sim: Simulation, case: Case, rung: int) -> None:
    """Open what procedures there are for an act, which a case is about: by its holder, or by a hub between the two."""
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
            _open(sim, case, recourse, UNANSWERED, cause)


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
    """Open a procedure with its probability, unless the two are at war or it is under way already."""
    model, name, other, procedure = sim.world.model, recourse.name, case.suspect, recourse.procedure
    path = mix(mix(case.path, key_path(name)), occasion)
    dyad = sim.dyad(case.actor, other)
    asks = procedure.explanation is not None or procedure.visit is not None
    this = (name, case.actor if asks else NOBODY)
    if dyad.rung == rules.WAR or this in dyad.procedures:
        return
    if sim.luck.uniform(purposes.INVOKES, path) >= recourse.chance:
        return
    dyad.procedures.add(this)
    seq = sim.note(case, kinds.PROCEDURE, case.actor, other, cause=cause, detail=name)
    hold = None
    if asks and model.time:
        hold = sim.env.event()
        case.holds.append(hold)
    in_question = occasion == ACTIVITY
    k = sim.credibility(case.actor, other, model.kappa) if in_question else 0.0
    dispute = Dispute(recourse, case, other, case.culpable, in_question, k, path, seq, hold)
    sim.start(_conduct(sim, dispute, this))


def _conduct(sim: Simulation, dispute: Dispute, this: tuple[str, int]) -> Process:
    """Go through the steps of a procedure, until one of them settles it or fails, or the two have met."""
    procedure = dispute.recourse.procedure
    over = False
    if procedure.explanation is not None:
        over = yield from _explain(sim, dispute, procedure.explanation)
    if not over and procedure.visit is not None:
        over = yield from _visit(sim, dispute, procedure.visit)
    release(dispute.hold)
    if not over and procedure.meeting is not None:
        yield from _come_to_meet(sim, dispute, procedure.meeting)
    sim.dyad(*dispute.parties).procedures.discard(this)


def _explain(sim: Simulation, dispute: Dispute, law: Delay) -> Step:
    """Let the other side explain itself, or its term pass; return whether that is the end of the procedure."""
    procedure, case, other, luck = dispute.recourse.procedure, dispute.case, dispute.other, sim.luck
    ask = Ask(
        suspect=other,
        sent=sim.now,
        credibility=dispute.credibility,
        believed_answers=sim.states[other].policy.explains,
        terms=Terms(
            awaits="explanation",
            most_certain=sim.world.model.most_certain,
            formulaic=0.0,
            rest=availability.total((law,), availability.REST_POINTS),
            holds=dispute.hold is not None,
            informs=dispute.open_question and sim.world.model.information,
        ),
    )
    case.asks.append(ask)
    if not _does(sim, dispute, purposes.EXPLAINS, sim.states[other].policy.explains):
        yield Deadline(sim.env, procedure.term, SILENCE)
        if _war_has_come(sim, dispute):
            return True
        ask.over = True
        value = ask.silence(sim.now)
        seq = sim.note(case, kinds.TERM_PASSED, case.actor, other, cause=dispute.seq, value=value)
        if value and case.suspect == other:
            case.seq = seq
        return False
    yield law.at(luck.normal(purposes.EXPLANATION_TIME, dispute.path))
    if _war_has_come(sim, dispute):
        return True
    ask.answered = True
    _hear(sim, dispute, kinds.EXPLANATION, belief.assurance_shift(ask.credibility) if ask.terms.informs else 0.0)
    sim.ease_by_contact(*dispute.parties)
    return luck.uniform(purposes.SATISFIES, dispute.path) < procedure.satisfies


def _visit(sim: Simulation, dispute: Dispute, law: Delay) -> Step:
    """Let the one that is alarmed see the other's forces, or be refused: a sign either way; what it sees, a finding."""
    procedure, case, other, luck = dispute.recourse.procedure, dispute.case, dispute.other, sim.luck
    host = sim.states[other].policy
    granted = _does(sim, dispute, purposes.ADMITS, host.admits)
    yield procedure.refusal
    if _war_has_come(sim, dispute):
        return True
    k = dispute.credibility if sim.world.model.information else 0.0
    if not granted:
        expected = min(host.admits, sim.world.model.most_certain)
        _hear(sim, dispute, kinds.VISIT_REFUSED, belief.silence_shift(expected, k, 0.0))
        return False
    _hear(sim, dispute, kinds.VISIT_GRANTED, belief.assurance_shift(k))
    lasts = law.at(luck.normal(purposes.VISIT_TIME, dispute.path)) - procedure.refusal
    yield lasts
    if _war_has_come(sim, dispute):
        return True
    d = procedure.strength * (1.0 - host.secrecy)
    seen = belief.finding(d, dispute.culpable, luck.normal(purposes.VISIT, dispute.path))
    seq = sim.note(case, kinds.VISIT, case.actor, other, cause=dispute.seq, value=seen)
    sim.ease_by_contact(*dispute.parties)
    learn_finding(sim, case, other, seen, seq)
    return False


def _does(sim: Simulation, dispute: Dispute, purpose: Purpose, probability: float) -> bool:
    """Return whether the other side does what it is asked to; one that has something to hide shrinks from it."""
    honesty = sim.honesty(dispute.other, dispute.credibility) if dispute.open_question else 0.0
    u = sim.luck.uniform(purpose, dispute.path)
    return belief.answer(probability, 0.0, honesty, dispute.culpable, u) == belief.ASSURANCE


def _hear(sim: Simulation, dispute: Dispute, kind: Kind, shift: float) -> None:
    """Take in what the other side says or refuses."""
    seq = sim.note(dispute.case, kind, dispute.other, dispute.case.actor, cause=dispute.seq, value=shift)
    if shift:
        learn(sim, dispute.case, dispute.other, shift, seq)


def _war_has_come(sim: Simulation, dispute: Dispute) -> bool:
    """Return whether the two are at war by now, which ends a procedure."""
    if sim.dyad(*dispute.parties).rung != rules.WAR:
        return False
    _end(sim, dispute, AT_WAR)
    return True


def _come_to_meet(sim: Simulation, dispute: Dispute, law: Delay) -> Process:
    """Find seconders and consent where the procedure asks for them, set a date, and meet if both come."""
    procedure = dispute.recourse.procedure
    if procedure.seconders:
        yield procedure.seconding
        if _seconders(sim, dispute) < procedure.seconders:
            _end(sim, dispute, NO_SECONDERS)
            return
    if procedure.consent and not all(_agrees(sim, dispute, purposes.CONSENTS, lambda policy: policy.consents)):
        _end(sim, dispute, NO_CONSENT)
        return
    yield law.at(sim.luck.normal(purposes.MEETING_TIME, dispute.path))
    if _war_has_come(sim, dispute):
        return
    if not all(_agrees(sim, dispute, purposes.ATTENDS, lambda policy: policy.attends)):
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
    return sum(
        sim.luck.uniform(purposes.SECONDS, mix(dispute.path, member)) < share for member, share in shares.items()
    )


def _meet(sim: Simulation, dispute: Dispute) -> None:
    """Let two States meet: a meeting that succeeds brings them down a rung and eases tension."""
    model, case, name = sim.world.model, dispute.case, dispute.recourse.name
    succeeds = sim.luck.uniform(purposes.MEETING, dispute.path) < model.meeting_succeeds
    seq = sim.note(
        case, kinds.MEETING, case.actor, dispute.other, cause=dispute.seq, value=float(succeeds), detail=name
    )
    if succeeds:
        if model.reassurance:
            sim.dyad(*dispute.parties).ease(model.meeting_eases, sim.now)
        step_down(sim, *dispute.parties, seq)


def _end(sim: Simulation, dispute: Dispute, why: str) -> None:
    case = dispute.case
    sim.note(case, kinds.PROCEDURE_ENDED, case.actor, dispute.other, cause=dispute.seq, detail=why)
