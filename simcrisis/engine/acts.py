"""What a decision brings about: a public act and its answer, or a counter-operation."""

from __future__ import annotations

from functools import partial

from simcrisis.draws import mix, purposes
from simcrisis.engine.case import Case
from simcrisis.engine.cases import open_act_case
from simcrisis.engine.clock import DECIDE, LEARN, call_after
from simcrisis.engine.coalition import in_coalition, join, taking_up
from simcrisis.engine.decision import choice_now
from simcrisis.engine.incidents import unfold
from simcrisis.engine.public import go_public
from simcrisis.engine.simulation import Simulation
from simcrisis.engine.world import IncidentWorld
from simcrisis.events import NOBODY, kinds
from simcrisis.rules import situation as rules
from simcrisis.rules import tension
from simcrisis.units import to_hours


def carry_out(sim: Simulation, case: Case, rung: int, decision: int) -> None:
    """Act on a decision of rung 3 or above: at once, or after the lead of its rung unless it is called off."""
    number, target = case.decisions - 1, case.suspect
    allied = rung == rules.LOWEST_NAMING and not case.of_act and in_coalition(sim, case, number)
    act = partial(_act, sim, case, target, number, rung, decision, allied)
    lead = sim.world.model.coalition_lead if allied else sim.world.leads[rung]
    if allied:
        sim.note(case, kinds.CONFERS, case.actor, target, cause=decision, value=to_hours(lead))
    if lead == 0:
        act()
        return

    def due() -> None:
        if target != NOBODY and sim.dyad(case.actor, target).rung == rules.WAR:
            return
        replaced = case.decisions > number + 1
        if not replaced and case.suspect == target and choice_now(sim, case, number) >= rung:
            act()
        else:
            sim.note(case, kinds.CALLED_OFF, case.actor, target, cause=case.seq, value=float(rung))

    call_after(sim.env, lead, DECIDE, due)


def _act(sim: Simulation, case: Case, target: int, number: int, rung: int, decision: int, allied: bool) -> None:
    actor, wronged = case.actor, not case.culpable
    path = mix(case.path, number + 1)
    act = sim.note(case, kinds.ACT, actor, target, cause=decision, value=float(rung))
    if target == NOBODY:
        return
    if rung == rules.COUNTER_OPERATION:
        sim.dyad(actor, target).own_acts[actor] = sim.now
        _strike_back(sim, case, path, act)
        return
    go_public(sim, actor, target, rung, act, wronged=wronged, forewarned=case.inquired)
    if rung >= rules.LOWEST_NAMING:
        if not case.of_act:
            case.named = target
        if allied:
            join(sim, case, target, path, act)
        learned = sim.world.model.learn.at(sim.luck.normal(purposes.LEARN, path))
        call_after(sim.env, learned, LEARN, open_act_case, sim, target, actor, case, path, rung, wronged, act)
        for ally in taking_up(sim, actor, target, rung, path):
            call_after(sim.env, learned, LEARN, _take_up, sim, ally, target, case, path, rung, act)


def _take_up(sim: Simulation, ally: int, target: int, against: Case, path: int, rung: int, act: int) -> None:
    """Let an ally of the target open a case of its own about an act, as if it had been the target."""
    author, whose = against.actor, sim.world.states[target].name
    seq = sim.note(against, kinds.TAKES_UP, ally, author, cause=act, value=float(rung), detail=whose)
    open_act_case(sim, ally, author, against, path, rung, False, seq)


def _strike_back(sim: Simulation, case: Case, path: int, cause: int) -> None:
    """Begin a counter-operation: a new covert incident in the same sector, whose first suspect is its author."""
    model = sim.world.model
    number = len(sim.world.names.incidents) + sim.counter_operations
    sim.counter_operations += 1
    sim.incidents[number] = IncidentWorld(
        path=path,
        at=sim.now,
        victim=case.suspect,
        author=case.actor,
        severity=tension.felt_severity(model.react, sim.world.gravities[rules.COUNTER_OPERATION]),
        covert=True,
        suspects=(case.actor,),
        cuts=(),
        rumour=0.0,
        sector=sim.incidents[case.incident].sector,
    )
    unfold(sim, number, cause)
