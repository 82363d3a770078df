"""Procedures for disputes (docs/odd.md 7.19)."""

from __future__ import annotations

from dataclasses import dataclass

from simcrisis.catalogue import CONSULTATIONS, Procedure, procedures
from simcrisis.draws import Purpose, key_path, mix
from tests.reference import belief
from tests.reference.agenda import LEARN, SILENCE, Hold, Process
from tests.reference.laws import answer, assured, law_of, silent
from tests.reference.state import Case, Run
from tests.reference.world import Hub

AFTER_ACT, AFTER_SILENCE, AFTER_ACTIVITY = range(3)


@dataclass
class Open:
    """A procedure that is open to two States."""

    name: str
    it: Procedure
    chance: float
    hub: Hub | None


@dataclass
class Conducted:
    """A procedure under way."""

    of: Open
    case: Case
    j: int
    path: int
    occasion: int
    record: int


def after_act(run: Run, case: Case, j: int, rung: int) -> None:
    if rung < 10:
        found = [each for each in _open_to(run, case, j) if each.it.from_rung is not None and each.it.from_rung <= rung]
        _open_all(run, case, j, found, AFTER_ACT, case.seq)


def after_silence(run: Run, case: Case, j: int, cause: int) -> None:
    _open_all(run, case, j, [each for each in _open_to(run, case, j) if each.it.on_silence], AFTER_SILENCE, cause)


def after_activity(run: Run, case: Case, j: int) -> None:
    found = [each for each in _open_to(run, case, j) if each.it.on_activity]
    _open_all(run, case, j, found, AFTER_ACTIVITY, case.seq)


def _open_to(run: Run, case: Case, j: int) -> list[Open]:
    i, found = case.holder, list[Open]()
    if run.policy(i).consults > 0 and run.policy(j).consults > 0:
        found.append(Open(CONSULTATIONS, procedures()[CONSULTATIONS], run.policy(i).consults, None))
    for hub in run.world.hubs:
        if {i, j} <= run.members(hub):
            for name in hub.procedures:
                it = procedures()[name]
                chance = run.model.good_offices if it.opened_by == "hub" else run.policy(i).invokes
                found.append(Open(f"{name} of {hub.name}", it, chance, hub))
    return found


def _open_all(run: Run, case: Case, j: int, found: list[Open], occasion: int, cause: int) -> None:
    dyad = run.dyad(case.holder, j)
    for each in found:
        path = mix(mix(case.path, key_path(each.name)), occasion)
        if each.name in dyad.under_way or run.u(Purpose.INVOKES, path) >= each.chance:
            continue
        dyad.under_way.add(each.name)
        record = run.record("procedure", case.holder, j, case=case, cause=cause, detail=each.name)
        hold = None
        if run.model.time and (each.it.explanation is not None or each.it.visit is not None):
            hold = Hold(run.agenda)
            case.holds.append(hold)
        run.agenda.start(_conduct(run, Conducted(each, case, j, path, occasion, record), hold))


def _conduct(run: Run, this: Conducted, hold: Hold | None) -> Process:
    it, settled = this.of.it, [False]
    if it.explanation is not None:
        yield from _explanation(run, this, settled)
    if it.visit is not None and not settled[0]:
        yield from _visit(run, this)
    if hold is not None:
        hold.lift()
    if it.meeting is not None and not settled[0]:
        yield from _come_to_meet(run, this)
    run.dyad(this.case.holder, this.j).under_way.discard(this.of.name)


def _does(run: Run, this: Conducted, p: float, in_time: float, purpose: Purpose) -> tuple[bool, float, float]:
    """Return whether the other side does what it is asked, and what is made of that, and of its absence."""
    k = honesty = 0.0
    if this.occasion == AFTER_ACTIVITY:
        k = run.credibility(this.case.holder, this.j, run.model.kappa)
        honesty = run.honesty(this.j, k)
    does = answer(p, 0, honesty, this.case.culpable, run.u(purpose, this.path)) == "assurance"
    k = k if run.model.information else 0.0
    return does, assured(k), silent(min(p * in_time, run.model.most_certain), k, 0)


def _explanation(run: Run, this: Conducted, settled: list[bool]) -> Process:
    i, j, it = this.case.holder, this.j, this.of.it
    law = law_of(it.explanation)
    does, heard, unheard = _does(run, this, run.policy(j).explains, law.by(it.term), Purpose.EXPLAINS)
    delay = run.delay(law, Purpose.EXPLANATION_TIME, this.path)
    if not does or delay > it.term:
        yield it.term, SILENCE
        record = run.record("term_passed", i, j, case=this.case, cause=this.record, value=unheard)
        if unheard != 0:
            belief.learn(run, this.case, j, unheard, record)
        return
    yield delay, LEARN
    record = run.record("explanation", j, i, case=this.case, cause=this.record, value=heard)
    if run.model.reassurance:
        run.ease(i, j, run.model.reassure)
    if heard != 0:
        belief.learn(run, this.case, j, heard, record)
    settled[0] = run.u(Purpose.SATISFIES, this.path) < it.satisfies


def _visit(run: Run, this: Conducted) -> Process:
    i, j, it = this.case.holder, this.j, this.of.it
    does, heard, unheard = _does(run, this, run.policy(j).admits, 1.0, Purpose.ADMITS)
    if not does:
        yield it.refusal, SILENCE
        record = run.record("visit_refused", j, i, case=this.case, cause=this.record, value=unheard)
        if unheard != 0:
            belief.learn(run, this.case, j, unheard, record)
        return
    d = it.strength * (1 - run.policy(j).secrecy)
    yield run.delay(law_of(it.visit), Purpose.VISIT_TIME, this.path), LEARN
    value = heard + belief.finding(d, this.case.culpable, run.n(Purpose.VISIT, this.path))
    record = run.record("visit", i, j, case=this.case, cause=this.record, value=value)
    belief.learn_finding(run, this.case, j, value, record)


def _come_to_meet(run: Run, this: Conducted) -> Process:
    i, j, it, path = this.case.holder, this.j, this.of.it, this.path

    def end(why: str) -> None:
        run.record("procedure_ended", i, j, case=this.case, cause=this.record, detail=why)

    if it.seconders:
        yield it.seconding, LEARN
        if _seconders(run, this) < it.seconders:
            end("too few States support the request for a meeting")
            return
    if it.consent and not all(
        run.u(Purpose.CONSENTS, mix(path, run.path(state))) < run.policy(state).consents for state in (i, j)
    ):
        end("not both sides agree")
        return
    yield run.delay(law_of(it.meeting), Purpose.MEETING_TIME, path), LEARN
    if run.dyad(i, j).rung == 10:
        end("the two are at war")
        return
    if not all(run.u(Purpose.ATTENDS, mix(path, run.path(state))) < run.policy(state).attends for state in (i, j)):
        end("not both sides come to the meeting")
        return
    succeeds = run.u(Purpose.MEETING, path) < run.model.meeting_succeeds
    meeting = run.record("meeting", i, j, case=this.case, cause=this.record, value=succeeds, detail=this.of.name)
    if succeeds:
        if run.model.reassurance:
            run.ease(i, j, run.model.meeting_eases)
        run.step_down(i, j, meeting)


def _seconders(run: Run, this: Conducted) -> int:
    i, j, path, hub = this.case.holder, this.j, this.path, this.of.hub
    if hub is None:  # No procedure without a hub asks for seconders.
        return 0
    near = (run.world.states[i].partners | run.world.states[j].partners) - {i, j}
    found: int = sum(
        run.u(Purpose.SECONDS, mix(path, run.path(member))) < run.policy(member).seconds
        for member in run.members(hub) & near
    )
    h: float = (run.policy(i).seconds + run.policy(j).seconds) / 2
    return found + sum(run.u(Purpose.SECONDS, mix(path, mix(path, n))) < h for n in range(hub.others))
