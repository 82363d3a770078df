"""Procedures for disputes (docs/odd.md 7.19)."""

from __future__ import annotations

from dataclasses import dataclass

from simcrisis.catalogue import CONSULTATIONS, Procedure, procedures
from simcrisis.draws import Purpose, key_path, mix
from tests.reference import belief
from tests.reference.agenda import LEARN, SILENCE, Hold, Process
from tests.reference.laws import answer, assured, law_of, silent
from tests.reference.state import Case, Question, Run
from tests.reference.world import Hub

AFTER_ACT, AFTER_SILENCE, AFTER_ACTIVITY = range(3)
AT_WAR = "the two are at war"


@dataclass
class Open:
    """A procedure that is open to two States."""

    name: str
    it: Procedure
    chance: float
    hub: Hub | None

    @property
    def asks(self) -> bool:
        return self.it.explanation is not None or self.it.visit is not None


@dataclass
class Conducted:
    """A procedure under way, with what is frozen at its opening."""

    of: Open
    case: Case
    j: int
    path: int
    occasion: int
    record: int
    culpable: bool
    k: float
    hold: Hold | None
    under_way: tuple[str, int | None]
    settled: bool = False
    at_war: bool = False


def after_act(run: Run, case: Case, j: int, rung: int) -> None:
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
    i, dyad = case.holder, run.dyad(case.holder, j)
    for each in found:
        path = mix(mix(case.path, key_path(each.name)), occasion)
        under_way = each.name, i if each.asks else None
        if dyad.rung == 10 or under_way in dyad.under_way or run.u(Purpose.INVOKES, path) >= each.chance:
            continue
        dyad.under_way.add(under_way)
        record = run.record("procedure", i, j, case=case, cause=cause, detail=each.name)
        hold = None
        if run.model.time and each.asks:
            hold = Hold(run.agenda)
            case.holds.append(hold)
        k = run.credibility(i, j, run.model.kappa) if occasion == AFTER_ACTIVITY else 0.0
        this = Conducted(each, case, j, path, occasion, record, case.culpable, k, hold, under_way)
        run.agenda.start(_conduct(run, this))


def _conduct(run: Run, this: Conducted) -> Process:
    it = this.of.it
    if it.explanation is not None:
        yield from _explanation(run, this)
    if it.visit is not None and not this.settled and not this.at_war:
        yield from _visit(run, this)
    if this.hold is not None:
        this.hold.lift()
    if it.meeting is not None and not this.settled and not this.at_war:
        yield from _come_to_meet(run, this)
    run.dyad(this.case.holder, this.j).under_way.discard(this.under_way)


def _does(run: Run, this: Conducted, p: float, purpose: Purpose) -> bool:
    """Return whether the other side does what it is asked."""
    honesty = run.honesty(this.j, this.k) if this.occasion == AFTER_ACTIVITY else 0.0
    return answer(p, 0, honesty, this.culpable, run.u(purpose, this.path)) == "assurance"


def _end(run: Run, this: Conducted, why: str) -> None:
    run.record("procedure_ended", this.case.holder, this.j, case=this.case, cause=this.record, detail=why)


def _war(run: Run, this: Conducted) -> bool:
    """Return whether war has come meanwhile, which ends the procedure."""
    if run.dyad(this.case.holder, this.j).rung == 10:
        this.at_war = True
        _end(run, this, AT_WAR)
    return this.at_war


def _explanation(run: Run, this: Conducted) -> Process:
    case, i, j, it = this.case, this.case.holder, this.j, this.of.it
    law, p = law_of(it.explanation), run.policy(j).explains
    holds, informs = this.hold is not None, this.occasion == AFTER_ACTIVITY and run.model.information
    question = Question("explanation", j, run.agenda.now, this.k, p, 0.0, None, (law,), None, holds, informs)
    case.questions.append(question)
    if not _does(run, this, p, Purpose.EXPLAINS):
        yield it.term, SILENCE
        if _war(run, this):
            return
        question.patience_ended = True
        value = belief.silence(run, question)
        record = run.record("term_passed", i, j, case=case, cause=this.record, value=value)
        if value != 0 and j == case.suspect:
            case.seq = record
        return
    yield run.delay(law, Purpose.EXPLANATION_TIME, this.path), LEARN
    if _war(run, this):
        return
    question.answered = True
    value = assured(this.k) if informs else 0.0
    record = run.record("explanation", j, i, case=case, cause=this.record, value=value)
    if value != 0:
        belief.learn(run, case, j, value, record)
    if run.model.reassurance:
        run.ease(i, j, run.model.reassure)
    this.settled = run.u(Purpose.SATISFIES, this.path) < it.satisfies


def _visit(run: Run, this: Conducted) -> Process:
    case, i, j, it, policy = this.case, this.case.holder, this.j, this.of.it, run.policy(this.j)
    admits = _does(run, this, policy.admits, Purpose.ADMITS)
    yield it.refusal, LEARN
    if _war(run, this):
        return
    k = this.k if run.model.information else 0.0
    shift = assured(k) if admits else silent(min(policy.admits, run.model.most_certain), k, 0)
    kind = "visit_granted" if admits else "visit_refused"
    record = run.record(kind, j, i, case=case, cause=this.record, value=shift)
    if shift != 0:
        belief.learn(run, case, j, shift, record)
    if not admits:
        return
    yield run.delay(law_of(it.visit), Purpose.VISIT_TIME, this.path) - it.refusal, LEARN
    if _war(run, this):
        return
    d = it.strength * (1 - policy.secrecy)
    value = belief.finding(d, this.culpable, run.n(Purpose.VISIT, this.path))
    record = run.record("visit", i, j, case=case, cause=this.record, value=value)
    if run.model.reassurance:
        run.ease(i, j, run.model.reassure)
    belief.learn_finding(run, case, j, value, record)


def _come_to_meet(run: Run, this: Conducted) -> Process:
    i, j, it, path = this.case.holder, this.j, this.of.it, this.path

    if it.seconders:
        yield it.seconding, LEARN
        if _seconders(run, this) < it.seconders:
            _end(run, this, "too few States support the request for a meeting")
            return
    if it.consent and not all(
        run.u(Purpose.CONSENTS, mix(path, run.path(state))) < run.policy(state).consents for state in (i, j)
    ):
        _end(run, this, "not both sides agree")
        return
    yield run.delay(law_of(it.meeting), Purpose.MEETING_TIME, path), LEARN
    if run.dyad(i, j).rung == 10:
        _end(run, this, AT_WAR)
        return
    if not all(run.u(Purpose.ATTENDS, mix(path, run.path(state))) < run.policy(state).attends for state in (i, j)):
        _end(run, this, "not both sides come to the meeting")
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
