"""The decision of a case."""

from __future__ import annotations

from collections.abc import Sequence

from simcrisis.draws import purposes
from simcrisis.engine.case import Case
from simcrisis.engine.clock import DECIDE, call_after, call_at
from simcrisis.engine.rungs import step_down
from simcrisis.engine.simulation import Simulation
from simcrisis.events import NOBODY, PRIVATE, Decision, kinds
from simcrisis.rules import situation as rules
from simcrisis.units import Delay


def deliberate(sim: Simulation, case: Case, clock: Delay) -> None:
    """Let the decision clock run, wait for an inquiry while patience lasts, then decide."""
    length = clock.at(sim.luck.normal(purposes.CLOCK, case.path, case.decisions)) * case.clock_factor
    call_after(sim.env, round(length), DECIDE, _due, sim, case)


def _due(sim: Simulation, case: Case) -> None:
    """Decide, unless the decision still waits for something; then once that has happened."""
    hold = case.hold()
    if hold is None:
        decide(sim, case)
    else:
        call_at(hold, lambda: call_after(sim.env, 0, DECIDE, _due, sim, case))


def decide(sim: Simulation, case: Case) -> None:
    """Choose a rung by the State's doctrine, and carry it out unless it stays private."""
    now, actor, suspect = sim.now, case.actor, case.suspect
    rung, since_own = 0, None
    if suspect != NOBODY:
        dyad = sim.dyad(actor, suspect)
        if dyad.rung == rules.WAR:
            return
        rung = dyad.rung
        if actor in dyad.own_acts:
            since_own = now - dyad.own_acts[actor]
    sim.decisions_of[actor] = sim.decisions_of.get(actor, 0) + 1
    case.counts.append(sim.decisions_of[actor])
    facing = _situation(sim, case, case.decisions)
    choice, chances = _choice(sim, case, facing, case.decisions)
    silent = rules.silent_up_to(rung, since_own, sim.world.model.own_act_window)
    private = choice <= silent
    detail = PRIVATE if private else ""
    seq = sim.note(case, kinds.DECISION, actor, suspect, cause=case.seq, value=float(choice), detail=detail)
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
            tension=facing.tension,
            rung_before=rung,
            pending=case.pending(),
            act=choice,
            private=private,
            of_incident=not case.of_act,
            silence=case.log_odds_at(now) - case.log_odds if suspect != NOBODY else 0.0,
            chances=rules.exceedances(chances, silent),
        )
    )
    case.decisions += 1
    if case.named != NOBODY:
        _reconsider(sim, case, choice, facing.belief, seq)
    if not private:
        sim.carry_out(sim, case, choice, seq)
    elif choice < rules.LOWEST_PUBLIC:
        _offer_help(sim, case, facing.belief, seq)


def _reconsider(sim: Simulation, case: Case, choice: int, held: float, cause: int) -> None:
    """Withdraw a public attribution, with a probability, if its author no longer believes it."""
    model, actor, named = sim.world.model, case.actor, case.named
    if case.suspect == named and (held >= 0.5 or choice >= rules.LOWEST_NAMING):
        return
    if sim.luck.uniform(purposes.WITHDRAWS, case.path, case.decisions) < model.withdraws:
        case.named = NOBODY
        seq = sim.note(case, kinds.WITHDRAWN, actor, named, cause=cause, value=held if case.suspect == named else None)
        dyad = sim.dyad(actor, named)
        dyad.committed.pop(actor, None)
        dyad.ease(1.0 - model.soothe, sim.now)
        step_down(sim, actor, named, seq)


def choice_now(sim: Simulation, case: Case, number: int) -> int:
    """Return what the case's decision of a number (from 0) would be now, under the luck that it was taken with."""
    return _choice(sim, case, _situation(sim, case, number), number)[0]


def _situation(sim: Simulation, case: Case, number: int) -> rules.Situation:
    """Return what a State faces now in the case's decision of a number (from 0)."""
    actor, suspect, now, count = case.actor, case.suspect, sim.now, case.counts[number]
    if suspect == NOBODY:
        return rules.Situation(0.0, case.severity, 0.0, 0, rules.HIGHEST_UNNAMED, number=count, of_act=case.of_act)
    dyad = sim.dyad(actor, suspect)
    return rules.Situation(
        belief=case.belief(now),
        severity=case.severity,
        tension=dyad.tension(actor, now),
        rung=dyad.rung,
        committed=dyad.committed.get(actor, 0),
        capability=sim.states[suspect].capability,
        number=count,
        of_act=case.of_act,
        protected=sim.incidents[case.incident].sector in sim.world.model.protected_sectors,
    )


def _choice(sim: Simulation, case: Case, facing: rules.Situation, number: int) -> tuple[int, Sequence[float]]:
    state = sim.states[case.actor]
    chances = rules.open_to(state.rule(facing, state.weights, sim.world.gravities), facing.highest)
    return rules.choose(chances, sim.luck.uniform(purposes.CHOICE, case.path, number)), chances


def _offer_help(sim: Simulation, case: Case, held: float, cause: int) -> None:
    """Offer a suspect that is held innocent help, which lowers tension on both sides."""
    model, actor, suspect = sim.world.model, case.actor, case.suspect
    help_ = max(model.help, sim.states[actor].policy.helps)
    if help_ == 0.0 or suspect == NOBODY or held >= model.help_below:
        return
    if sim.luck.uniform(purposes.HELP, case.path, case.decisions) < help_:
        sim.note(case, kinds.HELP_OFFERED, actor, suspect, cause=cause)
        sim.dyad(actor, suspect).ease(1.0 - model.soothe, sim.now)
