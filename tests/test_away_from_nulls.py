"""What ships at its null does nothing there, and the stated thing away from it."""

from __future__ import annotations

from typing import Any

import pytest

from simcrisis import ScenarioError, load, run, run_batch
from simcrisis.batch.counterfactual import peak_of
from simcrisis.batch.run import Run
from simcrisis.events import Kind, Record
from simcrisis.rules.doctrines.logit import logit
from simcrisis.rules.situation import Situation, Weights
from simcrisis.scenario import Scenario
from simcrisis.units import HOUR
from tests.laws.settings import GUILTY, ONE_DYAD
from tests.staged import script, staged

N = 200


def runs(changes: dict[str, Any], arm: str = "cbm8", n: int = N, base: Scenario | None = None) -> list[Run]:
    scenario = (base or load("belgrade_2015")).with_(changes) if changes else base or load("belgrade_2015")
    return [run(scenario, arm, 1, replication) for replication in range(n)]


def of(told: Run, *kinds: Kind) -> list[Record]:
    return [record for record in told.log.records if record.kind in kinds]


@pytest.mark.parametrize(
    "null",
    [
        {"model.leads": 0.0},
        {"model.help": 0.0, "model.soothe": 1.0},
        {"model.aud": 0.0},
        {"model.det": 0.0, "states.*.capability": 1.0},
        {"model.tip": 0.0},
        {"incidents.blackout.reports": []},
    ],
    ids=lambda null: next(iter(null)),
)
def test_at_its_null_nothing_changes(null: dict[str, Any]) -> None:
    for here, there in zip(runs({}, n=30), runs(null, n=30), strict=True):
        assert here.log.records == there.log.records


def test_with_leads_acts_follow_decisions_and_can_be_called_off() -> None:
    called_off = 0
    for told in runs({"model.leads": 1.0}):
        for act in of(told, Kind.ACT):
            decision = told.log.records[act.cause_seq]
            lead = told.world.leads[int(act.value or 0)]
            assert act.at == decision.at + lead
        called_off += len(of(told, Kind.CALLED_OFF))
        assert told.outcome["carried_peak"].item() <= told.outcome["peak_rung"].item()
    assert called_off > 10
    assert all(run_.outcome["carried_peak"].item() == run_.outcome["peak_rung"].item() for run_ in runs({}, n=30))


def test_a_late_assurance_can_call_an_act_off() -> None:
    """With leads, belief that has fallen since the decision stops the act; with unchanged belief it goes ahead."""
    for told in runs({"model.leads": 1.0}):
        for off in of(told, Kind.CALLED_OFF):
            learned = [r for r in told.log.records if r.case == off.case and r.at <= off.at]
            assert learned


def test_another_decision_meanwhile_does_not_call_a_scripted_act_off() -> None:
    """The row of a script that speaks of a State's first decision still does when it is read again for its act."""
    strikes = [{**staged().data["incidents"][0], "name": f"strike at {at}", "at": at} for at in ("36 h", "60 h")]
    for told in runs({"model.leads": 1.0, "incidents": strikes}, "arm", 5, staged(script(5))):
        first, act = told.log.decisions[0], of(told, Kind.ACT)[0]
        assert (act.cause_seq, act.value, act.at) == (first.seq, 5.0, first.at + 5 * 24 * HOUR)
        assert first.at < told.log.decisions[1].at < act.at
        assert not of(told, Kind.CALLED_OFF)


def test_a_vendors_report_makes_a_covert_incident_known_and_speaks() -> None:
    report = {"incidents.ministry-intrusion.reports": [{"kind": "vendor", "after": "1 h", "d": 2.0}]}
    for told in runs(report, n=40):
        detection = next(r for r in of(told, Kind.DETECTION) if r.incident == 2)
        assert detection.at <= 9 * 24 * HOUR + HOUR
        (read,) = of(told, Kind.REPORT)
        assert read.detail == "vendor"
        assert read.value
    plain, informed = ([told.log for told in runs(changes, n=N)] for changes in ({}, {**report}))
    belief = [
        sum(d.belief for log in logs for d in log.decisions if d.of_incident and d.culpable)
        / sum(1 for log in logs for d in log.decisions if d.of_incident and d.culpable)
        for logs in (plain, informed)
    ]
    assert belief[1] > belief[0] + 0.1


def test_help_is_offered_to_those_held_innocent_and_soothes() -> None:
    helpful = runs({"model.help": 1.0, "model.help_below": 0.5, "model.soothe": 0.9})
    offers = [(told, r) for told in helpful for r in of(told, Kind.HELP_OFFERED)]
    assert len(offers) > 50
    for told, offer in offers:
        decision = next(d for d in told.log.decisions if d.seq == offer.cause_seq)
        assert decision.act <= 2
        assert decision.belief < 0.5
    plain = runs({})
    tension = [sum(d.tension for t in told for d in t.log.decisions) for told in (helpful, plain)]
    assert tension[0] < tension[1]


def test_audience_costs_keep_a_state_at_its_word() -> None:
    """In the same situations a State that has acted publicly chooses lower rungs less often."""
    weights = Weights(20, 1.6, 0.8, 0.65, 0.55, 0.9, 0.15, 3.6, 0.0, 0.0, 0.075, 0.5, 0.45)
    g = [0, 0.02, 0.05, 0.12, 0.2, 0.28, 0.38, 0.52, 0.7, 0.88, 1.0]
    bound = Situation(0.5, 3, 0.2, 4, committed=5)
    free, locked = logit(bound, weights, g), logit(bound, weights._replace(aud=1.0), g)
    assert sum(locked[:5]) < sum(free[:5])
    assert logit(bound._replace(committed=0), weights._replace(aud=1.0), g) == logit(bound, weights, g)
    changed = sum(a.log.records != b.log.records for a, b in zip(runs({}), runs({"model.aud": 2.0}), strict=True))
    assert changed > 20


def test_deterrence_lowers_answers_to_capable_states() -> None:
    weak, strong = (
        sum(peak_of(told.log) for told in runs({"model.det": 0.5, "states.*.capability": capability}))
        for capability in (0.0, 1.0)
    )
    assert strong < weak


def test_asking_tips_a_culprit_off() -> None:
    """Mean finding against the culprit: lower once it has been asked. The first suspect is culpable."""
    base = load(ONE_DYAD).with_({**GUILTY, "states.*.policy.asks": 1.0, "model.cleared": -50})
    sums = []
    for tip in (0.0, 1.0):
        findings = [
            r.value or 0.0
            for told in runs({"model.tip": tip}, base=base)
            for r in of(told, Kind.FINDING)
            if r.case == 0
        ]
        sums.append(sum(findings) / len(findings))
    assert sums[0] == pytest.approx(0.135, abs=0.03)
    assert sums[1] == 0.0
    innocent = base.with_({"incidents.strike.cause": {"kind": "criminal"}})
    for a, b in zip(runs({}, base=innocent, n=20), runs({"model.tip": 1.0}, base=innocent, n=20), strict=True):
        assert a.log.records == b.log.records


def test_honesty_apart_from_believed_credibility() -> None:
    """Culprits without scruples assure more often; what the asker makes of an assurance stays the same."""
    base = load(ONE_DYAD).with_({**GUILTY, "states.*.policy.asks": 1.0})
    counts = []
    for honesty in (0.0, 1.0):
        told = runs({"states.*.policy.honesty": honesty}, base=base)
        assurances = [r for t in told for r in of(t, Kind.ASSURANCE) if r.case == 0]
        counts.append(len(assurances))
        assert all((r.value or 0) < 0 for r in assurances)
    assert counts[0] > 80
    assert counts[1] == 0


def hawk(situation: Situation, weights: Weights, g: Any) -> list[float]:
    """A rule of the user's: attribution for certain when belief passes one half, else nothing."""
    return [0.0] * 4 + [1.0] + [0.0] * 6 if situation.belief > 0.5 else [1.0] + [0.0] * 10


def broken(situation: Situation, weights: Weights, g: Any) -> list[float]:
    return [0.5] * 11


def test_a_function_handed_to_run_decides() -> None:
    scenario = load("belgrade_2015")
    for replication in range(10):
        for decision in run(scenario, "both", 1, replication, rules=hawk).log.decisions:
            assert decision.act == (4 if decision.belief > 0.5 and decision.about >= 0 else 0)
    told = run(scenario, "both", 1, 0, rules={"Alderland": hawk})
    alderland = told.world.names.states.index("Alderland")
    assert {d.act for d in told.log.decisions if d.actor == alderland} <= {0, 4}
    with pytest.raises(ScenarioError, match="did you mean 'Alderland'"):
        run(scenario, "both", rules={"Alderlnd": hawk})
    with pytest.raises(ValueError, match="eleven chances that add up to one"):
        run(scenario, "both", rules=broken)


def test_a_function_goes_to_worker_processes_and_into_the_manifest(tmp_path: Any) -> None:
    scenario = load("belgrade_2015")
    one = run_batch(scenario, 8, rules=hawk, workers=1)
    two = run_batch(scenario, 8, rules=hawk, workers=2, out=tmp_path)
    assert one.runs.equals(two.runs)
    assert two.runs["peak_rung"].max() == 4
    assert "hawk" in (tmp_path / "manifest.json").read_text(encoding="utf-8")


def test_a_function_that_a_file_names_needs_trust() -> None:
    data = {**load("belgrade_2015").data, "model": {"rule": "tests.test_away_from_nulls:hawk"}}
    with pytest.raises(ScenarioError, match=r"model\.rule: 'tests\.test_away_from_nulls:hawk' is code"):
        load(data)
    trusted = load(data, trust_code=True)
    assert {d.act for d in run(trusted, "both").log.decisions} <= {0, 4}
    assert trusted.with_({"model.kappa": 0.1}).model.kappa == 0.1
    with pytest.raises(ScenarioError, match="cannot be imported"):
        load({**data, "model": {"rule": "tests.no_such_module:hawk"}}, trust_code=True)


def test_a_script_decides_where_it_speaks() -> None:
    script = [{"number": 1, "rung": 6}, {"of_act": True, "belief": [0.0, 1.0], "rung": 2}]
    scenario = load("belgrade_2015").with_(
        {"model.rule": "scripted", "model.script": script, "model.otherwise": "threshold"}
    )
    for replication in range(10):
        told = run(scenario, "both", 1, replication)
        seen: set[int] = set()
        for decision in told.log.decisions:
            if decision.actor not in seen:
                assert decision.act == (6 if decision.about >= 0 else decision.act)
            elif not decision.of_incident:
                assert decision.act == 2
            seen.add(decision.actor)
    with pytest.raises(ScenarioError, match="a scripted rule needs its table"):
        load("belgrade_2015").with_({"model.rule": "scripted"})
