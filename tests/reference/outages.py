"""What strikes, what goes out, and who notices (docs/odd.md 7.4, 7.5, 7.6)."""

from __future__ import annotations

from simcrisis.draws import Purpose, mix
from tests.reference import belief, cases
from tests.reference.agenda import LEARN, WORLD, Process
from tests.reference.laws import YEAR, Law, expo, felt, scaled
from tests.reference.state import HOUR, Case, Outage, Run
from tests.reference.world import BackgroundDyad, Dependency, Incident


def draw_background(run: Run) -> list[Incident]:
    found = [incident for dyad in run.world.background for incident in _of_dyad(run, dyad)]
    found.sort(key=lambda incident: (incident.instant, incident.path))
    for n, incident in enumerate(found):
        incident.name = f"background {n + 1}"
    return found


def _of_dyad(run: Run, dyad: BackgroundDyad) -> list[Incident]:
    given, path, found = dyad.given, dyad.path, list[Incident]()
    rate = given.rate * run.n(Purpose.BACKGROUND_RATE, path) ** 2
    if rate <= 0:
        return []
    t = 0
    last: tuple[int, int] | None = None
    while True:
        n = len(found)
        t += round(expo(YEAR / rate, run.n(Purpose.BACKGROUND_TIME, path, n)))
        if t >= run.horizon:
            return found
        u = run.u(Purpose.BACKGROUND_SIDE, path, n)
        if last is not None and t - last[0] <= YEAR:
            initiator = last[1] if u < given.returns else dyad.a + dyad.b - last[1]
        else:
            initiator = dyad.b if u >= 0.5 else dyad.a
        last = (t, initiator)
        by_state = run.u(Purpose.BACKGROUND_CAUSE, path, n) < given.states
        severity, running, v = 5, 0.0, run.u(Purpose.BACKGROUND_SEVERITY, path, n)
        for s, part in enumerate(given.severities, 1):
            running += part
            if v < running:
                severity = s
                break
        found.append(
            Incident(
                "",
                mix(path, n + 1),
                t,
                dyad.a + dyad.b - initiator,
                initiator if by_state else None,
                float(severity),
                run.u(Purpose.BACKGROUND_SEEN, path, n) >= given.public,
                [initiator],
                str(given.sector),
                criminal=not by_state,
                drawn=True,
            )
        )


def unfold(run: Run, incident: Incident, cause: int | None = None) -> Process:
    yield incident.instant - run.agenda.now, WORLD
    victim = incident.victim
    cert = run.cert(victim)
    if incident.drawn and run.u(Purpose.PATCHED, incident.path) < cert.patched:
        return
    exposure = 1 if incident.accident or incident.activity else cert.exposure
    severity = felt(incident.severity * exposure)
    strike = run.record("strike", incident.author, victim, incident=incident, cause=cause, value=severity)
    for sector in sorted(incident.cuts):
        cut(run, victim, sector, incident.cuts[sector], incident, strike)
    # Who will know of it, and when.
    struck, path, model = run.agenda.now, incident.path, run.model
    law = model.detection_covert if incident.covert else model.detection_public
    own = run.delay(law if incident.activity else scaled(law, cert.detection), Purpose.DETECTION, path)
    published = [run.delay(after, Purpose.REPORT_TIME, path, n) for n, (_, after, _) in enumerate(incident.reports)]
    delays = [own, *published]
    known: int | None = None
    if cert.reporting and not incident.activity and run.u(Purpose.REPORTS, path) < cert.reporting:
        known = run.delay(model.awareness, Purpose.AWARENESS, path) if incident.covert else 0
        delays.append(known + model.early_warning)
    delay = min(delays)
    yield delay, LEARN
    detection = run.record("detection", victim, incident=incident, cause=strike, value=delay / HOUR)
    case = cases.open_incident(run, victim, incident, severity, incident.covert and delay not in published, detection)
    for n, when in enumerate(published):
        _report(run, case, n, max(0, when - delay), strike)
    if known is not None:
        run.agenda.start(_operator(run, case, struck + known + model.incident_report, case.seq))


def _report(run: Run, case: Case, n: int, delay: int, strike: int) -> None:
    kind, _, d = case.incident.reports[n]

    def published() -> None:
        value = 0.0
        if case.suspect is not None:
            value = belief.finding(d, case.culpable, run.n(Purpose.REPORT, case.incident.path, n))
        record = run.record("report", case.holder, case.suspect, case=case, cause=strike, value=value, detail=kind)
        if case.suspect is not None:
            belief.learn_finding(run, case, case.suspect, value, record)

    run.agenda.enter(delay, LEARN, published)


def _operator(run: Run, case: Case, at: int, cause: int) -> Process:
    yield max(0, at - run.agenda.now), LEARN
    value = 0.0
    if case.suspect is not None:
        d = belief.strength(run, case, run.cert(case.holder).d)
        value = belief.finding(d, case.culpable, run.n(Purpose.OPERATOR_REPORT, case.path))
    record = run.record("operator_report", case.holder, case.suspect, case=case, cause=cause, value=value)
    if case.suspect is not None:
        belief.brief(run, case, 50, case.suspect, value, record)


def cut(run: Run, i: int, sector: str, length: int, incident: Incident, cause: int) -> int | None:
    """Put a sector out; return the record, if there was one."""
    length = round(length * run.cert(i).outages)
    until = run.agenda.now + length
    there = run.outages.get((i, sector))
    if there is not None:
        there.until = max(there.until, until)
        return None
    record = run.record("sector_down", i, incident=incident, cause=cause, value=length / HOUR, detail=sector)
    outage = run.outages[i, sector] = Outage(until, record, incident)
    run.agenda.enter(length, WORLD, lambda: restore(run, i, sector))
    for dependency in run.world.dependencies:
        state, on = dependency.on
        if on == sector and (state is None or state == i):
            dependent = i if dependency.of[0] is None else dependency.of[0]
            _strain(run, dependency, dependent, outage)
    return record


def _strain(run: Run, dependency: Dependency, i: int, outage: Outage) -> None:
    incident = outage.incident
    path = mix(mix(dependency.path, run.path(i)), incident.path)
    if not run.u(Purpose.CASCADE, path) < dependency.probability * run.cert(i).cascades:
        return

    def gives_way() -> None:
        if not outage.over:
            record = cut(run, i, dependency.of[1], dependency.lasts, incident, outage.record)
            if record is not None:
                _reach(run, incident, i, record)

    delay: Law = dependency.after
    run.agenda.enter(run.delay(delay, Purpose.CASCADE_TIME, path), WORLD, gives_way)


def restore(run: Run, i: int, sector: str) -> None:
    outage = run.outages.get((i, sector))
    if outage is None:
        return
    left = outage.until - run.agenda.now
    if left > 0:
        run.agenda.enter(left, WORLD, lambda: restore(run, i, sector))
        return
    del run.outages[i, sector]
    outage.over = True
    run.record("sector_up", i, incident=outage.incident, cause=outage.record, detail=sector)

    def go_on() -> None:
        for resume in outage.waiting:
            resume()

    run.agenda.enter(0, WORLD, go_on)


def hasten(run: Run, i: int, incident: Incident) -> None:
    """Shorten the outages of a State by an incident, in the order in which they began."""
    for (state, sector), outage in list(run.outages.items()):
        if state == i and outage.incident is incident:
            left = round((outage.until - run.agenda.now) * run.model.restoration)
            outage.until = run.agenda.now + left
            run.agenda.enter(left, WORLD, lambda sector=sector: restore(run, i, sector))  # type: ignore[misc]


def _reach(run: Run, incident: Incident, i: int, cause: int) -> None:
    if i in (incident.victim, incident.author) or i in incident.reached:
        return
    incident.reached.add(i)
    run.agenda.start(_reached(run, incident, i, cause))


def _reached(run: Run, incident: Incident, i: int, cause: int) -> Process:
    law = scaled(run.model.detection_public, run.cert(i).detection)
    delay = run.delay(law, Purpose.DETECTION, mix(incident.path, run.path(i)))
    yield delay, LEARN
    detection = run.record("detection", i, incident=incident, cause=cause, value=delay / HOUR)
    cases.open_incident(run, i, incident, incident.severity * run.model.spillover, False, detection)
