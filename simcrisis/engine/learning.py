"""What a desk learns about its suspect, and what follows from it: the next suspect, a reopened case."""

from __future__ import annotations

from simcrisis.engine.case import Case
from simcrisis.engine.decision import deliberate
from simcrisis.engine.simulation import Simulation
from simcrisis.events import NOBODY, kinds
from simcrisis.rules import belief


def opening_log_odds(sim: Simulation, holder: int, suspect: int) -> float:
    """Return the log-odds at which a State begins to suspect another of an incident."""
    model = sim.world.model
    return belief.opening(model.opening, model.opening_mistrust, sim.mistrust(holder, suspect))


def strength(sim: Simulation, case: Case, d: float) -> float:
    """Return the d' of a finding about the present suspect: less if it is culpable and asking has warned it."""
    warned = case.culpable and case.tipped == case.suspect
    return d * (1.0 - sim.world.model.tip) if warned else d


def learn(sim: Simulation, case: Case, suspect: int, shift: float, seq: int) -> None:
    """Take in a shift of the log-odds of a suspect; it says nothing about a case that has moved on to another."""
    if suspect != case.suspect:
        return
    case.log_odds += shift
    case.seq = seq
    if not case.of_act:
        _clear_suspects(sim, case)


def learn_finding(sim: Simulation, case: Case, suspect: int, shift: float, seq: int) -> None:
    """Take in a finding, which can reopen a decided case: once, and when belief crosses one half."""
    if case.decisions != 1 or case.reopened:
        learn(sim, case, suspect, shift, seq)
        return
    now = sim.now
    before = case.belief(now)
    learn(sim, case, suspect, shift, seq)
    after = case.belief(now)
    if (before > 0.5) != (after > 0.5):
        case.reopened = True
        case.seq = sim.note(case, kinds.REOPENED, case.actor, case.suspect, cause=seq, value=after)
        deliberate(sim, case, sim.world.model.clock_incident)


def _clear_suspects(sim: Simulation, case: Case) -> None:
    """Drop the present suspect when the log-odds fall below the bar, and turn to the next."""
    bar = sim.world.model.cleared
    while case.log_odds < bar and case.suspect != NOBODY and (value := case.log_odds_at(sim.now)) < bar:
        case.seq = sim.note(case, kinds.SUSPECT_CLEARED, case.actor, case.suspect, cause=case.seq, value=value)
        case.clear()
        case.release()
        suspect = case.suspect
        case.culpable = suspect != NOBODY and suspect == case.author
        if suspect != NOBODY:
            case.log_odds = opening_log_odds(sim, case.actor, suspect)
            case.seq = sim.note(case, kinds.SUSPECT_NAMED, case.actor, suspect, cause=case.seq, value=case.log_odds)
