"""What a desk believes and learns (docs/odd.md 7.3, 7.8, 7.9)."""

from __future__ import annotations

from simcrisis.draws import Purpose, mix
from tests.reference import deciding
from tests.reference.agenda import LEARN, Process
from tests.reference.laws import logistic, share, silent, sum_of
from tests.reference.state import HOUR, Case, Question, Run


def answered_by(question: Question, t: int) -> float:
    """Return P(answered by t), if it is answered."""
    rest = sum_of(question.rest, 96)
    way = (0.0,) if question.way is None else sum_of(question.way, 24)
    total = 0.0
    for y in way:
        there = question.sent + y
        if there >= t:
            break
        read = there if question.hours is None else question.hours.first(round(there))
        if read is not None and read < t:
            total += share(rest, t - read)
    return total / len(way)


def silence(run: Run, question: Question) -> float:
    """Return what a question that has not been answered adds to the log-odds."""
    if question.answered or not question.informs or (question.holds and not question.patience_ended):
        return 0.0
    expected = question.believed * answered_by(question, run.agenda.now)
    return silent(min(expected, run.model.most_certain), question.k, question.f)


def silences(run: Run, case: Case) -> list[float]:
    return [silence(run, question) for question in case.questions if question.suspect == case.suspect]


def with_silences(run: Run, case: Case) -> float:
    log_odds = case.log_odds
    for each in silences(run, case):
        log_odds += each
    return log_odds


def belief(run: Run, case: Case) -> float:
    return 0.0 if case.suspect is None else logistic(with_silences(run, case))


def learn(run: Run, case: Case, suspect: int, shift: float, record: int) -> None:
    """Learn something about a suspect, if it is the present one."""
    if suspect != case.suspect:
        return
    case.log_odds += shift
    case.seq = record
    if case.of_act:
        return
    while case.suspect is not None:
        total = with_silences(run, case)
        if not (case.log_odds < run.model.cleared and total < run.model.cleared):
            return
        case.seq = run.record("suspect_cleared", case.holder, case.suspect, case=case, cause=case.seq, value=total)
        case.place += 1
        for hold in case.holds:
            hold.lift()
        case.culpable = case.suspect is not None and case.suspect == case.incident.author
        if case.suspect is not None:
            mistrust = run.mistrust(case.holder, case.suspect)
            case.log_odds = run.model.opening + run.model.opening_mistrust * (mistrust - 0.5)
            case.seq = run.record(
                "suspect_named", case.holder, case.suspect, case=case, cause=case.seq, value=case.log_odds
            )


def learn_finding(run: Run, case: Case, suspect: int, shift: float, record: int) -> None:
    """Learn something that can reopen the case."""
    if suspect != case.suspect:
        return
    before = belief(run, case)
    learn(run, case, suspect, shift, record)
    after = belief(run, case)
    if case.decisions == 1 and not case.reopened and (before > 0.5) != (after > 0.5):
        case.reopened = True
        case.seq = run.record("reopened", case.holder, case.suspect, case=case, cause=record, value=after)
        run.agenda.start(deciding.deliberate(run, case, run.model.clock_incident))


def finding(d: float, culpable: bool, z: float) -> float:
    return (0.5 * d * d if culpable else -0.5 * d * d) + d * z


def strength(run: Run, case: Case, d: float) -> float:
    tipped_off = case.culpable and case.suspect is not None and case.suspect == case.tipped
    return d * (1 - run.model.tip) if tipped_off else d


def investigate(run: Run, case: Case) -> Process:
    began, i = run.agenda.now, case.holder
    yield run.certs[i].place(-round(1000 * case.severity))
    waited = (run.agenda.now - began) / HOUR
    cause = run.record("investigation", i, case.suspect, case=case, cause=case.seq, value=waited)
    for n in range(run.model.findings):
        yield run.delay(run.cert(i).finding, Purpose.FINDING_TIME, case.path, n), LEARN
        if case.suspect is None:
            break
        head_start = run.cert(i).head_start if n < run.model.first_findings else 0
        d = strength(run, case, run.cert(i).d + head_start)
        value = finding(d, case.culpable, run.n(Purpose.FINDING, case.path, n))
        planted = case.incident.planted
        if planted is not None and n < planted.findings:
            value += -planted.shift if case.culpable else planted.shift
        cause = run.record("finding", i, case.suspect, case=case, cause=cause, value=value)
        brief(run, case, n, case.suspect, value, cause)
    run.certs[i].give_back()


def brief(run: Run, case: Case, n: int, suspect: int, value: float, cause: int) -> None:
    def briefed() -> None:
        record = run.record("briefing", case.holder, suspect, case=case, cause=cause, value=value)
        learn_finding(run, case, suspect, value, record)

    delay = run.delay(run.cert(case.holder).briefing, Purpose.BRIEFING, case.path, n)
    run.agenda.enter(delay, LEARN, briefed)


def gather_intelligence(run: Run, case: Case) -> None:
    for state in (case.holder, *run.allies(case.holder)):
        if run.cert(state).intelligence > 0 and state not in case.suspects:
            _intelligence(run, case, state)


def _intelligence(run: Run, case: Case, state: int) -> None:
    path = mix(case.path, run.path(state))

    def arrives() -> None:
        if case.suspect is not None:
            d = strength(run, case, run.cert(state).intelligence)
            value = finding(d, case.culpable, run.n(Purpose.INTELLIGENCE, path))
            record = run.record(
                "intelligence",
                case.holder,
                case.suspect,
                case=case,
                cause=case.seq,
                value=value,
                detail=run.world.states[state].name,
            )
            learn_finding(run, case, case.suspect, value, record)

    run.agenda.enter(run.delay(run.model.intelligence_time, Purpose.INTELLIGENCE_TIME, path), LEARN, arrives)
