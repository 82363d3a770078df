"""The decision of a case."""

from __future__ import annotations

from simcrisis.draws import Purpose
from simcrisis.engine.case import Case
from simcrisis.engine.clock import Deadline, Process, Rank
from simcrisis.engine.simulation import Simulation
from simcrisis.events import NOBODY, Decision, Kind
from simcrisis.rules import situation as rules
from simcrisis.units import Delay


def deliberate(sim: Simulation, case: Case, clock: Delay) -> Process:
    """Let the decision clock run, wait for an inquiry while patience lasts, then decide."""
    length = clock.at(sim.luck.normal(Purpose.CLOCK, case.path, case.decisions)) * case.clock_factor
    yield Deadline(sim.env, round(length), Rank.DECIDE)
    if case.hold is not None:
        yield case.hold
        yield Deadline(sim.env, 0, Rank.DECIDE)
    decide(sim, case)


def decide(sim: Simulation, case: Case) -> None:
    """Choose a rung by the State's doctrine, and carry it out unless it stays private."""
    now, actor, suspect = sim.now, case.actor, case.suspect
    state = sim.world.states[actor]
    rung, tension, since_own = 0, 0.0, None
    if suspect != NOBODY:
        dyad = sim.dyad(actor, suspect)
        if dyad.rung == rules.WAR:
            return
        rung, tension = dyad.rung, dyad.tension(actor, now)
        if actor in dyad.own_acts:
            since_own = now - dyad.own_acts[actor]
    facing = rules.Situation(
        belief=case.belief(now),
        severity=case.severity,
        tension=tension,
        rung=rung,
        highest=rules.HIGHEST if suspect != NOBODY else rules.HIGHEST_UNNAMED,
    )
    chances = rules.open_to(state.rule(facing, state.weights, sim.world.gravities), facing.highest)
    choice = rules.choose(chances, sim.luck.uniform(Purpose.CHOICE, case.path, case.decisions))
    silent = rules.silent_up_to(rung, since_own, sim.world.model.own_act_window)
    private = choice <= silent
    seq = sim.note(
        case,
        Kind.DECISION,
        actor,
        suspect,
        cause=case.seq,
        value=float(choice),
        detail="private" if private else "",
    )
    sim.decided(
        Decision(
            seq=seq,
            case=case.number,
            at=now,
            actor=actor,
            about=suspect,
            belief=facing.belief,
            culpable=case.culpable,
            severity=case.severity,
            tension=tension,
            rung_before=rung,
            pending=case.pending(),
            act=choice,
            private=private,
            of_incident=not case.of_act,
            chances=rules.exceedances(chances, silent),
        )
    )
    case.decisions += 1
    if not private:
        sim.carry_out(sim, case, choice, seq)
