"""A run from its initialisation to its horizon (docs/odd.md 5, 7.14)."""

from __future__ import annotations

from simcrisis.draws import Purpose, mix
from simcrisis.scenario import Scenario
from tests.reference import contacts, outages
from tests.reference.agenda import LEARN, WORLD, Process
from tests.reference.state import Dyad, Run
from tests.reference.world import Version


def play(scenario: Scenario, arm: str, seed: int, replication: int) -> Run:
    """Return a run that has ended."""
    run = Run(scenario.under(arm), arm, seed, replication)
    _relations(run)
    background = outages.draw_background(run)
    changes = [(version.since, state.id, version) for state in run.world.states for version in state.versions]
    for since, state, version in sorted(changes, key=lambda change: change[:2]):
        if since > 0:
            _change(run, since, state, version)
    for incident in (*run.world.incidents, *background):
        run.agenda.start(outages.unfold(run, incident))
    for a, b in sorted(run.dyads):
        if run.dyad(a, b).rung:
            run.impose_rung(a, b)
    if run.world.scenario.checks is not None:
        run.agenda.start(_checks(run, run.world.scenario.checks.every))
    run.agenda.work_off(run.horizon)
    return run


def _relations(run: Run) -> None:
    for relation in run.world.scenario.relations:
        a, b = sorted(run.world.ids[word] for word in relation.between)
        mistrust = run.model.mistrust if relation.mistrust is None else relation.mistrust
        run.dyads[a, b] = Dyad(mistrust, relation.rung)
        run.side(a, b).level = run.side(b, a).level = relation.tension


def _change(run: Run, since: int, state: int, version: Version) -> None:
    def change() -> None:
        run.version[state] = version

    run.agenda.enter(since, WORLD, change)


def _checks(run: Run, every: int) -> Process:
    d = 0
    while True:
        yield every, LEARN
        for line in run.world.lines:
            if line.kind == "policy" and contacts.works(run, line):
                a, b = line.ends
                for asker, asked in ((a, b), (b, a)):
                    stale = run.stale(asked)
                    chance = 0.0 if stale else run.policy(asked).answers * line.practice[asked]
                    answered = run.u(Purpose.DRILL, mix(line.path, run.path(asked)), d) < chance
                    before = run.checked.get((asker, asked), (0, 0))
                    run.checked[asker, asked] = before[0] + 1, before[1] + answered
                    drill = run.record("drill", asker, asked, line=line, value=answered)
                    entry = run.entries[asked]
                    entry.confirmed, entry.checks = run.agenda.now, entry.checks + 1
                    if stale:
                        run.record("entry_renewed", asked, line=line, cause=drill)
        d += 1
