"""Opening a case, and watching forces (docs/odd.md 7.7, 7.20)."""

from __future__ import annotations

from simcrisis.draws import Purpose, mix
from tests.reference import asking, belief, cooperation, deciding, procedures
from tests.reference.laws import Law, answer, assured, felt, silent
from tests.reference.state import Case, G, Run
from tests.reference.world import Incident


def open_incident(run: Run, i: int, incident: Incident, severity: float, covert: bool, cause: int) -> Case:
    """Open the case of a State that has noticed an incident."""
    model = run.model
    path = mix(incident.path, run.path(i))
    suspects = [state for state in incident.suspects if state != i]
    rumour = incident.rumour * run.policy(i).heeds_rumour
    severity = felt(severity + run.n(Purpose.MISREAD, path) * run.cert(i).misread)
    log_odds = 0.0
    if suspects:
        mistrust = run.mistrust(i, suspects[0])
        log_odds = model.opening + model.opening_mistrust * (mistrust - 0.5) + model.rumour_belief * rumour
    c = model.clock_severity
    factor = (1 + c) / (c + severity) * (model.clock_covert if covert else 1)
    factor = factor * (1 - model.haste * rumour) / model.tempo
    culpable = bool(suspects) and suspects[0] == incident.author
    case = Case(len(run.cases), path, i, incident, False, severity, suspects, culpable, log_odds, factor)
    _open(run, case, cause, model.clock_incident)
    if incident.activity:
        if case.suspect is not None:
            watch(run, case, case.suspect)
        belief.gather_intelligence(run, case)
        if case.suspect is not None:
            asking.consult(run, case, case.suspect)
            procedures.after_activity(run, case, case.suspect)
        return case
    if case.suspect is not None:
        run.agenda.start(belief.investigate(run, case))
        belief.gather_intelligence(run, case)
    cooperation.ask_certs(run, case)
    if case.suspect is not None:
        cooperation.ask_police(run, case, case.suspect)
        asking.consult(run, case, case.suspect)
    return case


def open_act(run: Run, j: int, about: Case, act: int, rung: int, wronged: bool, cause: int) -> None:
    """Open the case of a State that has learnt of an act against it, or against its ally."""
    model, i = run.model, about.holder
    severity = felt(model.react * G[rung] / 0.5)
    log_odds = model.b_intent + model.opening_mistrust * (run.mistrust(j, i) - 0.5)
    if wronged:
        log_odds += model.wronged
    culpable = i == about.incident.author or rung >= 7
    path = mix(act, run.path(j))
    factor = 1 / model.tempo
    case = Case(len(run.cases), path, j, about.incident, True, severity, [i], culpable, log_odds, factor)
    _open(run, case, cause, model.clock_act)
    asking.consult(run, case, i)
    procedures.after_act(run, case, i, rung)


def _open(run: Run, case: Case, cause: int, clock: Law) -> None:
    run.cases.append(case)
    value = None if case.suspect is None else case.log_odds
    case.seq = run.record("case_opened", case.holder, case.suspect, case=case, cause=cause, value=value)
    run.agenda.start(deciding.deliberate(run, case, clock))


def watch(run: Run, case: Case, j: int) -> None:
    """See forces of j, announced or not."""
    model, i, p = run.model, case.holder, run.policy(j).notifies
    k = run.credibility(i, j, model.kappa)
    u = run.u(Purpose.ANNOUNCES, case.path)
    announced = answer(p, 0, run.honesty(j, k), case.culpable, u) == "assurance"
    e = model.announced if announced and model.reassurance else 1
    run.set_tension(i, j, run.tension(i, j) + model.alarm * case.severity / 5 * e)
    if p == 0:
        return
    k = k if model.information else 0
    shift = assured(k) if announced else silent(min(p, model.most_certain), k, 0)
    kind = "announced" if announced else "unannounced"
    belief.learn(run, case, j, shift, run.record(kind, j, i, case=case, cause=case.seq, value=shift))
