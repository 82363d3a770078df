"""Consultation: what a policy desk asks of the suspect's desk (docs/odd.md 7.13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simcrisis.draws import Purpose, mix
from tests.reference import belief, contacts, procedures
from tests.reference.agenda import LEARN, SILENCE, Hold, Process
from tests.reference.cooperation import NOBODY_ANSWERS
from tests.reference.laws import Law, answer, assured, occasionally
from tests.reference.state import HOUR, Case, Question, Run
from tests.reference.world import Line


@dataclass
class Inquiry:
    """An inquiry, with what is frozen at its sending."""

    line: Line
    question: Question
    policy: Any
    call_back: Law
    detour: Law
    clarification: Law
    culpable: bool
    record: int
    hold: Hold | None


def consult(run: Run, case: Case, j: int) -> None:
    i, model = case.holder, run.model
    taken: tuple[Line, float] | None = None
    in_vain: tuple[Line, float] | None = None
    for line in contacts.usable(run, case, j, contacts.consulting(run, i, j)):
        believed = run.believed_answers(i, j, line)
        if believed >= model.ask_floor:
            taken = line, believed
            break
        in_vain = in_vain or (line, believed)
    if taken is None:
        if in_vain is not None:
            _not_asked(run, case, j, *in_vain, NOBODY_ANSWERS)
        return
    if not run.u(Purpose.ASKS, case.path) < run.policy(i).asks:
        _not_asked(run, case, j, *taken, "chose not to")
        return
    line, believed = taken
    policy = run.policy(j)
    call_back = contacts.call_back_law(run, line)
    detour = occasionally(policy.detour, policy.misdirected)
    clarification = occasionally(policy.clarification, max(run.policy(i).unclear, policy.unclear))
    hours = None if policy.hours == "always" or line.kind == "leader" else run.version[j].hours
    steps: tuple[Law, ...] = (policy.translation, clarification, policy.reply, line.latency, call_back)
    if model.ask_cert:
        steps = (*steps, model.check)
    before: tuple[Law, ...] = (line.latency, detour)
    way, rest = (None, before + steps) if hours is None else (before, steps)
    k = run.credibility(i, j, line.credibility)
    question = Question(
        "reply", j, run.agenda.now, k, believed, policy.formulaic, way, rest, hours, model.time, model.information
    )
    case.questions.append(question)
    case.inquired, case.tipped = True, j
    record = run.record("inquiry", i, j, case=case, line=line, cause=case.seq, value=k)
    hold = Hold(run.agenda) if model.time else None
    if hold is not None:
        case.holds.append(hold)
    inquiry = Inquiry(line, question, policy, call_back, detour, clarification, case.culpable, record, hold)
    run.agenda.start(_carry(run, case, inquiry))
    run.agenda.start(_patience(run, case, inquiry))


def _not_asked(run: Run, case: Case, j: int, line: Line, believed: float, why: str) -> None:
    run.record("not_asked", case.holder, j, case=case, line=line, cause=case.seq, value=believed, detail=why)


def _carry(run: Run, case: Case, inquiry: Inquiry) -> Process:
    i, line, question, policy, model = case.holder, inquiry.line, inquiry.question, inquiry.policy, run.model
    j, path, at = question.suspect, case.path, mix(case.path, inquiry.line.path)
    yield run.delay(line.latency, Purpose.SENT, at), LEARN
    stale = line.kind == "policy" and run.stale(j)
    p = 0.0 if stale else run.policy(j).answers * line.practice[j]
    u = run.u(Purpose.ANSWERS, path)
    reply = answer(p, question.f, run.honesty(j, question.k), inquiry.culpable, u)
    if stale:
        return
    detour = run.delay(inquiry.detour, Purpose.DETOUR, path)
    if detour:
        run.record("misdirected", j, i, case=case, line=line, cause=inquiry.record, value=detour / HOUR)
        yield detour, LEARN
    if question.hours is not None:
        opens = question.hours.first(run.agenda.now)
        if opens is None or opens > run.horizon:
            return
        yield opens - run.agenda.now, LEARN
    waited = (run.agenda.now - question.sent) / HOUR
    read = run.record("inquiry_read", j, i, case=case, line=line, cause=inquiry.record, value=waited)
    if reply == "silent":
        return
    yield run.desks[j].place()
    yield run.delay(policy.translation, Purpose.TRANSLATION, path), LEARN
    unclear = run.delay(inquiry.clarification, Purpose.CLARIFICATION, path)
    if unclear:
        run.record("asked_back", j, i, case=case, line=line, cause=read, value=unclear / HOUR)
        yield unclear, LEARN
    if model.ask_cert:
        yield run.certs[j].place(-round(1000 * case.severity))
        yield run.delay(model.check, Purpose.CHECK, path), LEARN
        run.certs[j].give_back()
    yield run.delay(policy.reply, Purpose.REPLY, path), LEARN
    run.desks[j].give_back()
    yield from contacts.until_it_works(run, line)
    sent = run.record("reply_sent", j, i, case=case, line=line, cause=read, detail=reply)
    yield run.delay(line.latency, Purpose.RETURNED, at), LEARN
    yield from contacts.call_back(run, case, line, inquiry.call_back, path, j, sent)
    shift = assured(question.k) if reply == "assurance" and question.informs else 0.0
    record = run.record(reply, j, i, case=case, line=line, cause=sent, value=shift)
    question.answered = True
    if model.reassurance:
        run.ease(i, j, model.reassure)
    belief.learn(run, case, j, shift, record)
    if inquiry.hold is not None:
        inquiry.hold.lift()


def _patience(run: Run, case: Case, inquiry: Inquiry) -> Process:
    i, question = case.holder, inquiry.question
    yield run.world.states[i].doctrine.patience, SILENCE
    if question.answered or question.suspect != case.suspect:
        return
    question.patience_ended = True
    value = belief.silence(run, question)
    case.seq = run.record(
        "silence", i, question.suspect, case=case, line=inquiry.line, cause=inquiry.record, value=value
    )
    if inquiry.hold is not None:
        inquiry.hold.lift()
    procedures.after_silence(run, case, question.suspect, case.seq)
