"""Procedures for disputes: consultations, the Vienna Document, the Berlin mechanism, good offices; terms are data."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

from simpy import Event

from simcrisis.catalogue import CONSULTATIONS, Procedure, procedures
from simcrisis.draws import Purpose, key_path, mix
from simcrisis.engine.case import Case, release
from simcrisis.engine.clock import Deadline, Process, Rank
from simcrisis.engine.rungs import step_down
from simcrisis.engine.simulation import Simulation
from simcrisis.events import NO_CONSENT, NO_SECONDERS, NOBODY_CAME, Kind
from simcrisis.rules import situation as rules
from simcrisis.units import to_hours


def after_act(sim: Simulation, case: Case, rung: int) -> None:
    """Open what procedures there are for an act of a rung, which a case is about."""
    for name, procedure, chance in _open_to(sim, case.actor, case.suspect):
        if rung >= procedure.from_rung:
            _open(sim, case, name, procedure, chance, case.seq)


def after_silence(sim: Simulation, case: Case, cause: int) -> None:
    """Open what procedures there are for an inquiry that stayed without an answer."""
    for name, procedure, chance in _open_to(sim, case.actor, case.suspect):
        if procedure.on_silence:
            _open(sim, case, name, procedure, chance, cause)


def _open_to(sim: Simulation, opener: int, other: int) -> Iterator[tuple[str, Procedure, float]]:
    """Yield the procedures open to two States, each with the probability that it is used."""
    mine, theirs = sim.states[opener].policy, sim.states[other].policy
    if min(mine.consults, theirs.consults) > 0.0:
        yield CONSULTATIONS, procedures()[CONSULTATIONS], mine.consults
    for hub in sim.world.hubs:
        if all(hub.members.get(state, sim.now + 1) <= sim.now for state in (opener, other)):
            for name, procedure in hub.procedures:
                by_hub = procedure.opened_by == "hub"
                yield name, procedure, sim.world.model.good_offices if by_hub else mine.invokes


def _open(sim: Simulation, case: Case, name: str, procedure: Procedure, chance: float, cause: int) -> None:
    """Open a procedure with a probability, unless it is under way between the two already."""
    opener, other = case.actor, case.suspect
    path = mix(case.path, key_path(name))
    under_way = sim.dyad(opener, other).procedures
    if name in under_way or sim.luck.uniform(Purpose.INVOKES, path) >= chance:
        return
    under_way.add(name)
    seq = sim.note(case, Kind.PROCEDURE, opener, other, cause=cause, detail=name)
    hold = None
    if procedure.explanation is not None and sim.world.model.time:
        hold = sim.env.event()
        case.holds.append(hold)
    sim.env.process(_conduct(sim, case, other, name, procedure, path, hold, seq))


def _conduct(
    sim: Simulation, case: Case, other: int, name: str, procedure: Procedure, path: int, hold: Event | None, seq: int
) -> Process:
    """Go through the steps of a procedure, until one of them fails or the two have met."""
    opener = case.actor
    try:
        if procedure.explanation is not None:
            explained = yield from _explain(sim, case, other, procedure.explanation, path, seq)
            release(hold)
            if explained:
                return
        if procedure.seconders:
            yield Deadline(sim.env, procedure.seconding, Rank.LEARN)
            if _seconders(sim, opener, other, name, path) < procedure.seconders:
                sim.note(case, Kind.PROCEDURE_ENDED, opener, other, cause=seq, detail=NO_SECONDERS)
                return
        if procedure.consent and not all(
            sim.luck.uniform(Purpose.CONSENTS, _by(sim, path, state)) < sim.states[state].policy.consents
            for state in (opener, other)
        ):
            sim.note(case, Kind.PROCEDURE_ENDED, opener, other, cause=seq, detail=NO_CONSENT)
            return
        yield Deadline(sim.env, procedure.meeting.at(sim.luck.normal(Purpose.MEETING_TIME, path)), Rank.LEARN)
        _meet(sim, case, other, name, path, seq)
    finally:
        sim.dyad(opener, other).procedures.discard(name)


def _explain(sim: Simulation, case: Case, other: int, term: int, path: int, cause: int) -> Generator[Event, Any, bool]:
    """Let the other side explain itself within the term, or let the term pass; return whether it did."""
    if sim.luck.uniform(Purpose.EXPLAINS, path) >= sim.states[other].policy.explains:
        yield Deadline(sim.env, term, Rank.SILENCE)
        return False
    asked = sim.now
    yield Deadline(sim.env, round(term * sim.luck.uniform(Purpose.EXPLANATION_TIME, path)), Rank.LEARN)
    sim.note(case, Kind.EXPLANATION, other, case.actor, cause=cause, value=to_hours(sim.now - asked))
    if sim.world.model.reassurance:
        sim.dyad(case.actor, other).ease(sim.world.model.reassure, sim.now)
    return True


def _seconders(sim: Simulation, opener: int, other: int, name: str, path: int) -> int:
    """Return how many members of the hub that keeps a procedure support a request."""
    members = {
        member
        for hub in sim.world.hubs
        if name in dict(hub.procedures)
        for member, since in hub.members.items()
        if since <= sim.now
    }
    return sum(
        sim.luck.uniform(Purpose.SECONDS, _by(sim, path, member)) < sim.states[member].policy.seconds
        for member in sorted(members - {opener, other})
    )


def _meet(sim: Simulation, case: Case, other: int, name: str, path: int, cause: int) -> None:
    """Let two States meet, if both come: a meeting that succeeds brings them down a rung and eases tension."""
    opener, model = case.actor, sim.world.model
    if sim.dyad(opener, other).rung == rules.WAR or not all(
        sim.luck.uniform(Purpose.ATTENDS, _by(sim, path, state)) < sim.states[state].policy.attends
        for state in (opener, other)
    ):
        sim.note(case, Kind.PROCEDURE_ENDED, opener, other, cause=cause, detail=NOBODY_CAME)
        return
    succeeds = sim.luck.uniform(Purpose.MEETING, path) < model.meeting_succeeds
    seq = sim.note(case, Kind.MEETING, opener, other, cause=cause, value=float(succeeds), detail=name)
    if succeeds:
        if model.reassurance:
            sim.dyad(opener, other).ease(model.meeting_eases, sim.now)
        step_down(sim, opener, other, seq)


def _by(sim: Simulation, path: int, state: int) -> int:
    """Return where the luck of one State in a procedure is addressed."""
    return mix(path, sim.world.states[state].path)
