"""What CERTs and police are asked (docs/odd.md 7.11, 7.12)."""

from __future__ import annotations

from simcrisis.draws import Purpose, mix
from tests.reference import belief, contacts, outages
from tests.reference.agenda import LEARN, SILENCE, Process
from tests.reference.laws import Law, answer, assured
from tests.reference.state import Case, Question, Run
from tests.reference.world import Line

NOBODY_ANSWERS = "believes that nobody would answer"


def ask_certs(run: Run, case: Case) -> None:
    i, j = case.holder, case.suspect
    if j is not None:
        line = contacts.find(run, case, j, "technical")
        if line is not None:
            _ask_suspect(run, case, j, line)
    technical = {
        other
        for other in run.world.states[i].partners - {j}
        if any(contacts.is_there(run, line) for line in contacts.of_kind(run, i, other, "technical"))
    }
    partners = sorted(technical, key=lambda other: (run.mistrust(i, other), other))
    for partner in partners[: run.model.partners]:
        line = contacts.find(run, case, partner, "technical")
        if line is not None:
            request = run.record("technical_request", i, partner, case=case, line=line, cause=case.seq)
            chance = run.cert(partner).answers * line.practice[partner]
            if run.u(Purpose.PARTNER_ANSWERS, mix(case.path, run.path(partner))) < chance:
                run.agenda.start(_work(run, case, partner, line, contacts.call_back_law(run, line), request, None))


def _ask_suspect(run: Run, case: Case, j: int, line: Line) -> None:
    i, model, policy = case.holder, run.model, run.policy(j)
    believed = policy.answers if policy.believed_answers is None else policy.believed_answers
    if believed < model.ask_floor:
        run.record("not_asked", i, j, case=case, line=line, cause=case.seq, value=believed, detail=NOBODY_ANSWERS)
        return
    request = run.record("technical_request", i, j, case=case, line=line, cause=case.seq)
    call_back = contacts.call_back_law(run, line)
    rest: tuple[Law, ...] = (line.latency, model.partner_work, line.latency, call_back, run.cert(i).briefing)
    k = run.credibility(i, j, line.credibility)
    question = Question(
        "technical answer", j, run.agenda.now, k, believed, 0.0, None, rest, None, False, model.information
    )
    case.questions.append(question)
    case.tipped = j
    run.agenda.start(_patience(run, case, question, line, request))
    u = run.u(Purpose.PARTNER_ANSWERS, mix(case.path, run.path(j)))
    chance = policy.answers * line.practice[j]
    if answer(chance, 0, run.honesty(j, k), case.culpable, u) == "assurance":
        run.agenda.start(_work(run, case, j, line, call_back, request, question))


def _patience(run: Run, case: Case, question: Question, line: Line, request: int) -> Process:
    yield run.world.states[case.holder].doctrine.patience, SILENCE
    if not question.answered and question.suspect == case.suspect:
        value = belief.silence(run, question)
        run.record("technical_silence", case.holder, question.suspect, case=case, line=line, cause=request, value=value)


def _work(run: Run, case: Case, c: int, line: Line, call_back: Law, request: int, question: Question | None) -> Process:
    # The suspect and the truth about it are those of the sending: this generator begins later, at its start.
    return _working(run, case, c, line, call_back, request, question, case.suspect, case.culpable)


def _working(
    run: Run,
    case: Case,
    c: int,
    line: Line,
    call_back: Law,
    request: int,
    question: Question | None,
    suspect: int | None,
    culpable: bool,
) -> Process:
    i, model = case.holder, run.model
    q = mix(case.path, run.path(c))
    yield run.delay(line.latency, Purpose.SENT, mix(q, line.path)), LEARN
    yield run.certs[c].place(-round(1000 * case.severity))
    yield run.delay(model.partner_work, Purpose.PARTNER_WORK, q), LEARN
    run.certs[c].give_back()
    yield from contacts.until_it_works(run, line)
    yield run.delay(line.latency, Purpose.RETURNED, mix(q, line.path)), LEARN
    yield from contacts.call_back(run, case, line, call_back, q, c, request)
    value: float | None = None
    if suspect is not None:
        d = model.partner_d
        if suspect == case.suspect:
            d = belief.strength(run, case, d)
        value = belief.finding(d, culpable, run.n(Purpose.PARTNER_FINDING, q))
    answered = run.record("technical_answer", c, i, case=case, line=line, cause=request, value=value)
    outages.hasten(run, i, case.incident)
    if suspect is None or value is None:
        return
    yield run.delay(run.cert(i).briefing, Purpose.BRIEFING, q), LEARN
    assurance = assured(question.k) if question is not None and question.informs else 0.0
    total = value + assurance
    record = run.record("technical_briefing", i, c, case=case, line=line, cause=answered, value=total)
    if question is not None:
        question.answered = True
        belief.learn(run, case, suspect, assurance, record)
    belief.learn_finding(run, case, suspect, value, record)


def ask_police(run: Run, case: Case, j: int) -> None:
    i, model = case.holder, run.model
    line = contacts.find(run, case, j, "law_enforcement")
    if line is None:
        return
    k = min(model.police_credibility, model.most_certain)
    believed = model.police_finds * model.criminal_share
    call_back = contacts.call_back_law(run, line)
    rest: tuple[Law, ...] = (line.latency, model.police_work, line.latency, call_back)
    question = Question(
        "police result", j, run.agenda.now, k, believed, 0.0, None, rest, None, False, model.information
    )
    case.questions.append(question)
    request = run.record("police_request", i, j, case=case, line=line, cause=case.seq)
    p = model.police_finds * line.practice[j]
    if case.culpable:
        p *= model.criminal_share * (1 - run.honesty(j, k))
    elif not case.incident.criminal:
        p = 0.0
    if run.u(Purpose.POLICE, mix(case.path, run.path(j))) < p:
        run.agenda.start(_police_work(run, case, question, line, call_back, request))


def _police_work(run: Run, case: Case, question: Question, line: Line, call_back: Law, request: int) -> Process:
    j = question.suspect
    q = mix(case.path, run.path(j))
    at = mix(q, line.path)
    yield run.delay(line.latency, Purpose.SENT, at), LEARN
    yield run.delay(run.model.police_work, Purpose.POLICE_WORK, q), LEARN
    yield from contacts.until_it_works(run, line)
    yield run.delay(line.latency, Purpose.RETURNED, at), LEARN
    yield from contacts.call_back(run, case, line, call_back, at, j, request)
    shift = assured(question.k) if question.informs else 0.0
    record = run.record("police_result", j, case.holder, case=case, line=line, cause=request, value=shift)
    question.answered = True
    belief.learn(run, case, j, shift, record)
