"""What a decision brings about: a public act and its answer, or a counter-operation."""

from __future__ import annotations

from functools import partial

from simcrisis.draws import Purpose, mix
from simcrisis.engine.case import Case
from simcrisis.engine.cases import open_act_case
from simcrisis.engine.clock import Rank, call_after
from simcrisis.engine.coalition import in_coalition, join
from simcrisis.engine.decision import choice_now
from simcrisis.engine.incidents import unfold
from simcrisis.engine.rungs import raise_rung
from simcrisis.engine.simulation import Simulation
from simcrisis.engine.world import IncidentWorld
from simcrisis.events import NOBODY, Kind
from simcrisis.rules import situation as rules
from simcrisis.rules import tension


def carry_out(sim: Simulation, case: Case, rung: int, decision: int) -> None:
    """Act on a decision of rung 3 or above: at once, or after the lead of its rung unless it is called off."""
    number, target = case.decisions - 1, case.suspect
    allied = rung == rules.LOWEST_NAMING and in_coalition(sim, case, number)
    act = partial(_act, sim, case, target, number, rung, decision, allied)
    lead = sim.world.coalition_lead if allied else sim.world.leads[rung]
    if lead == 0:
        act()
        return

    def due() -> None:
        if target != NOBODY and sim.dyad(case.actor, target).rung == rules.WAR:
            return
        if case.suspect == target and choice_now(sim, case, number) >= rung:
            act()
        else:
            sim.note(case, Kind.CALLED_OFF, case.actor, target, cause=case.seq, value=float(rung))

    call_after(sim.env, lead, Rank.DECIDE, due)


def _act(sim: Simulation, case: Case, target: int, number: int, rung: int, decision: int, allied: bool) -> None:
    actor, wronged = case.actor, not case.culpable
    path = mix(case.path, number + 1)
    act = sim.note(case, Kind.ACT, actor, target, cause=decision, value=float(rung))
    if target == NOBODY:
        return
    dyad = sim.dyad(actor, target)
    dyad.own_acts[actor] = sim.now
    if rung == rules.COUNTER_OPERATION:
        _strike_back(sim, case, path, act)
        return
    dyad.committed[actor] = rung
    _raise_tension(sim, case, rung)
    if rung >= rules.LOWEST_NAMING:
        raise_rung(sim, actor, target, rung, act)
        if not case.of_act:
            case.named = target
        if allied:
            join(sim, case, target, path, act)
        learned = sim.world.model.learn.at(sim.luck.normal(Purpose.LEARN, path))
        answer = partial(open_act_case, sim, target, actor, case, path, rung, wronged, act)
        call_after(sim.env, learned, Rank.LEARN, answer)


def _raise_tension(sim: Simulation, case: Case, rung: int) -> None:
    """Let an act upset its target, more if it is innocent and less if it had been asked first, and its author."""
    model, now = sim.world.model, sim.now
    actor, target = case.actor, case.suspect
    named = rung >= rules.LOWEST_NAMING
    innocent = model.innocent if named and not case.culpable else 1.0
    forewarned = model.forewarned if model.notice and case.inquired else 1.0
    dyad, gravity = sim.dyad(actor, target), sim.world.gravities[rung]
    theirs = tension.provoked(model.dx, gravity, innocent, forewarned)
    own = model.own_tension * tension.provoked(model.dx, gravity, 1.0, 1.0)
    dyad.set_tension(target, dyad.tension(target, now) + theirs, now)
    dyad.set_tension(actor, dyad.tension(actor, now) + own, now)


def _strike_back(sim: Simulation, case: Case, path: int, cause: int) -> None:
    """Begin a counter-operation: a new covert incident, whose first suspect is its author."""
    model = sim.world.model
    sim.incidents.append(
        IncidentWorld(
            path=path,
            at=sim.now,
            victim=case.suspect,
            author=case.actor,
            severity=tension.felt_severity(model.react, sim.world.gravities[rules.COUNTER_OPERATION]),
            covert=True,
            suspects=(case.actor,),
            cuts=(),
            rumour=0.0,
        )
    )
    sim.env.process(unfold(sim, len(sim.incidents) - 1, cause))
