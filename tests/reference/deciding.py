"""Deliberation, decision, and acts (docs/odd.md 7.15, 7.17)."""

from __future__ import annotations

from simcrisis.catalogue import leads
from simcrisis.draws import Purpose, mix
from tests.happened import Choice
from tests.reference import belief, cases, outages, rules
from tests.reference.agenda import DECIDE, LEARN, Process
from tests.reference.laws import Law, felt
from tests.reference.state import HOUR, Case, G, Run
from tests.reference.world import Incident


def deliberate(run: Run, case: Case, clock: Law) -> Process:
    delay = clock.at(run.n(Purpose.CLOCK, case.path, case.decisions))
    yield round(delay * case.factor), DECIDE
    while True:
        hold = next((hold for hold in case.holds if not hold.lifted), None)
        if hold is None:
            break
        yield hold.wait
        yield 0, DECIDE
    _decide(run, case)


def at_war(run: Run, i: int, j: int | None) -> bool:
    return j is not None and run.dyad(i, j).rung == 10


def _situation(run: Run, case: Case, number: int) -> rules.Situation:
    i, j = case.holder, case.suspect
    if j is None:
        return rules.Situation(0.0, case.severity, 0.0, 0, 0, 0.0, number, case.of_act, False, 3)
    return rules.Situation(
        belief.belief(run, case),
        case.severity,
        run.tension(i, j),
        run.dyad(i, j).rung,
        run.side(i, j).committed,
        run.world.states[j].capability,
        number,
        case.of_act,
        case.incident.sector in [str(sector) for sector in run.model.protected_sectors],
        10,
    )


def _choose(run: Run, case: Case, situation: rules.Situation, n: int) -> tuple[int, list[float]]:
    chances = rules.chances(run.world.states[case.holder].doctrine, situation)
    u, running, choice = run.u(Purpose.CHOICE, case.path, n), 0.0, 0
    for a, chance in enumerate(chances):
        running += chance
        if chance > 0:
            choice = a
            if running > u:
                break
    return choice, chances


def _decide(run: Run, case: Case) -> None:
    i, j, model, now = case.holder, case.suspect, run.model, run.agenda.now
    if at_war(run, i, j):
        return
    run.decisions[i] += 1
    number = run.decisions[i]
    n = case.decisions
    situation = _situation(run, case, number)
    choice, chances = _choose(run, case, situation, n)
    last_act = None if j is None else run.side(i, j).last_act
    recent = last_act is not None and now - last_act < model.own_act_window

    def private(a: int) -> bool:
        return a <= 2 or (recent and a <= situation.rung)

    detail = "private" if private(choice) else ""
    decision = run.record("decision", i, j, case=case, cause=case.seq, value=choice, detail=detail)
    tail, tails = 0.0, []
    for r in range(10, 2, -1):
        tail += 0.0 if private(r) else chances[r]
        tails.append(tail)
    awaited = {question.word for question in case.questions if question.suspect == j and not question.answered}
    run.choices.append(
        Choice(
            decision,
            case.number,
            now,
            run.name(i) or "",
            run.name(j),
            situation.p,
            case.culpable,
            case.severity,
            situation.x,
            situation.rung,
            ", ".join(sorted(awaited)),
            choice,
            private(choice),
            not case.of_act,
            sum(belief.silences(run, case), 0.0),
            tuple(reversed(tails)),
        )
    )
    case.decisions += 1
    n1 = case.decisions
    _withdraw(run, case, decision, situation.p, choice, n1)
    if not private(choice):
        _carry_out(run, case, decision, choice, n, number)
    elif choice <= 2 and j is not None:
        h = max(model.help, run.policy(i).helps)
        if h > 0 and situation.p < model.help_below and run.u(Purpose.HELP, case.path, n1) < h:
            run.record("help_offered", i, j, case=case, cause=decision)
            run.ease(i, j, 1 - model.soothe)


def _withdraw(run: Run, case: Case, decision: int, p: float, choice: int, n1: int) -> None:
    i, v = case.holder, case.named
    if v is None:
        return
    still = v == case.suspect
    if still and (p >= 0.5 or choice >= 4):
        return
    if run.u(Purpose.WITHDRAWS, case.path, n1) < run.model.withdraws:
        case.named = None
        record = run.record("withdrawn", i, v, case=case, cause=decision, value=p if still else None)
        run.side(i, v).committed = 0
        run.ease(i, v, 1 - run.model.soothe)
        run.step_down(i, v, record)


def _carry_out(run: Run, case: Case, decision: int, a: int, n: int, number: int) -> None:
    i, j, model = case.holder, case.suspect, run.model
    odds = run.world.states[i].doctrine.coalition
    coalition = a == 4 and not case.of_act and odds > 0 and bool(run.allies(i))
    coalition = coalition and run.u(Purpose.COALITION, case.path, n) < odds
    lead = model.coalition_lead if coalition else round(leads()[a] * model.leads)
    if coalition:
        run.record("confers", i, j, case=case, cause=decision, value=lead / HOUR)
    if lead == 0:
        _act(run, case, decision, a, n, j, coalition)
        return

    def due() -> None:
        if at_war(run, i, j):
            return
        meant = case.suspect == j and case.decisions == n + 1
        if meant and _choose(run, case, _situation(run, case, number), n)[0] >= a:
            _act(run, case, decision, a, n, j, coalition)
        else:
            run.record("called_off", i, j, case=case, cause=case.seq, value=a)

    run.agenda.enter(lead, DECIDE, due)


def _act(run: Run, case: Case, decision: int, a: int, n: int, j: int | None, coalition: bool) -> None:
    i = case.holder
    wronged = not case.culpable
    path = mix(case.path, n + 1)
    act = run.record("act", i, j, case=case, cause=decision, value=a)
    if j is None:
        return
    if a == 7:
        run.side(i, j).last_act = run.agenda.now
        _counter_operation(run, case, j, path, act)
        return
    _go_public(run, i, j, a, act, wronged, case.inquired)
    if a < 4:
        return
    if not case.of_act:
        case.named = j
    if coalition:
        _let_join(run, case, j, path, act, wronged)
    target = j
    delay = run.delay(run.model.learn, Purpose.LEARN, path)
    run.agenda.enter(delay, LEARN, lambda: cases.open_act(run, target, case, path, a, wronged, act))
    for k in run.allies(j):
        if k != i and not at_war(run, k, i):
            chance = run.model.solidarity * G[a] * (1 - run.mistrust(k, j))
            if run.u(Purpose.SOLIDARITY, mix(path, run.path(k))) < chance:
                _let_take_up(run, case, k, target, path, a, act, delay)


def _let_take_up(run: Run, case: Case, k: int, j: int, path: int, a: int, act: int, delay: int) -> None:
    def take_up() -> None:
        name = run.world.states[j].name
        record = run.record("takes_up", k, case.holder, case=case, cause=act, value=a, detail=name)
        cases.open_act(run, k, case, path, a, False, record)

    run.agenda.enter(delay, LEARN, take_up)


def _let_join(run: Run, case: Case, j: int, path: int, act: int, wronged: bool) -> None:
    for k in run.allies(case.holder):
        if k != j and not at_war(run, k, j):
            chance = run.model.joins * (1 - run.mistrust(k, case.holder))
            if run.u(Purpose.JOINS, mix(path, run.path(k))) < chance:
                record = run.record("joined", k, j, case=case, cause=act, value=4)
                _go_public(run, k, j, 4, record, wronged, case.inquired)


def _go_public(run: Run, i: int, j: int, a: int, cause: int, wronged: bool, forewarned: bool) -> None:
    model, side = run.model, run.side(i, j)
    side.last_act, side.committed = run.agenda.now, a
    w = model.innocent if a >= 4 and wronged else 1
    e = model.forewarned if model.notice and forewarned else 1
    run.set_tension(j, i, run.tension(j, i) + model.dx * G[a] * w * e)
    run.set_tension(i, j, run.tension(i, j) + model.own_tension * (model.dx * G[a]))
    if a >= 4:
        run.raise_rung(i, j, a, cause)


def _counter_operation(run: Run, case: Case, j: int, path: int, act: int) -> None:
    run.counter_operations += 1
    incident = Incident(
        f"counter-operation {run.counter_operations}",
        path,
        run.agenda.now,
        j,
        case.holder,
        felt(run.model.react * G[7] / 0.5),
        True,
        [case.holder],
        case.incident.sector,
    )
    run.agenda.start(outages.unfold(run, incident, act))
