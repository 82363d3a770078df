"""Infrastructure: what goes out with what, whom that reaches, and what holds it up."""

from __future__ import annotations

from collections import Counter
from typing import Any

import networkx as nx

from simcrisis import load, run
from simcrisis.batch.run import Run
from simcrisis.draws import Luck
from simcrisis.engine.acts import carry_out
from simcrisis.engine.compiler import compile_world
from simcrisis.engine.incidents import reached, unfold
from simcrisis.engine.network import build
from simcrisis.engine.simulation import Simulation
from simcrisis.events import Kind, Record
from simcrisis.scenario import Scenario
from simcrisis.units import HOUR
from tests.laws.settings import ONE_DYAD

N = 40
GRID = {"name": "grid", "of": {"sector": "telecom"}, "on": {"sector": "energy"}, "probability": 1.0, "after": "2 h"}
BORDER = {
    "name": "border",
    "of": {"state": "Corland", "sector": "energy"},
    "on": {"state": "Aldmark", "sector": "energy"},
    "probability": 1.0,
    "after": "3 h",
    "lasts": "5 h",
}


def crisis(*dependencies: dict[str, Any], **changes: Any) -> Scenario:
    """Return one incident that puts energy out for 10 h; Aldmark is struck, Bexia suspected, Corland a neighbour."""
    strike = {**ONE_DYAD["incidents"][0], "cuts": {"energy": "10 h"}, "appears_from": ["Corland", "Bexia"]}
    data = {
        **ONE_DYAD,
        "states": {**ONE_DYAD["states"], "Corland": {}},
        "incidents": [{**strike, **changes}],
        "dependencies": list(dependencies),
    }
    return load(data)


def runs(scenario: Scenario, n: int = N, arm: str = "none") -> list[Run]:
    return [run(scenario, arm, 1, replication) for replication in range(n)]


def of(told: Run, kind: Kind) -> list[Record]:
    return [record for record in told.log.records if record.kind is kind]


def test_what_depends_on_a_sector_that_is_out_goes_out_after_it_has_held_out() -> None:
    (told,) = runs(crisis(GRID), 1)
    energy, telecom = of(told, Kind.SECTOR_DOWN)
    assert (energy.detail, telecom.detail) == ("energy", "telecom")
    assert telecom.at == energy.at + 2 * HOUR
    assert telecom.actor == energy.actor
    assert told.log.records[telecom.cause_seq] is energy
    assert telecom.value == 8.0


def test_restored_in_time_nothing_goes_out_with_it() -> None:
    for told in runs(crisis({**GRID, "after": "11 h"}), 5):
        assert [r.detail for r in of(told, Kind.SECTOR_DOWN)] == ["energy"]


def test_it_goes_out_with_its_probability_and_less_often_with_fewer_cascades() -> None:
    half = crisis({**GRID, "probability": 0.5})
    often, seldom = (
        sum(len(of(told, Kind.SECTOR_DOWN)) - 1 for told in runs(each, 200))
        for each in (half, half.with_({"states.*.cert.cascades": 0.3}))
    )
    assert 75 <= often <= 125
    assert 15 <= seldom <= 46


def test_at_its_null_a_dependency_changes_nothing() -> None:
    for here, there in zip(
        runs(crisis(), 20), runs(crisis({**GRID, "probability": 0.0}, BORDER | {"probability": 0.0}), 20), strict=True
    ):
        assert here.log.records == there.log.records


def test_a_cascade_across_a_border_makes_a_second_victim_with_a_case_of_its_own() -> None:
    scenario = crisis(BORDER)
    aldmark, bexia, corland = (scenario_names(scenario).index(name) for name in ("Aldmark", "Bexia", "Corland"))
    for told in runs(scenario):
        first, second = (next(r for r in of(told, Kind.CASE_OPENED) if r.actor == who) for who in (aldmark, corland))
        assert (first.actor, first.counterpart) == (aldmark, corland)
        assert (second.actor, second.counterpart) == (corland, bexia)
        assert first.incident == second.incident == 0
        (down,) = (r for r in of(told, Kind.SECTOR_DOWN) if r.actor == corland)
        noticed = told.log.records[second.cause_seq]
        assert noticed.kind is Kind.DETECTION
        assert told.log.records[noticed.cause_seq] is down
    severities = [
        tuple(next(d.severity for d in told.log.decisions if d.actor == who) for who in (aldmark, corland))
        for told in runs(scenario.with_({"states.*.cert.misread": 0.0}), 5)
    ]
    assert all(struck == 3.0 and abs(reached - 2.4) < 1e-9 for struck, reached in severities)


def scenario_names(scenario: Scenario) -> tuple[str, ...]:
    return run(scenario, "none").world.names.states


def test_the_author_of_an_incident_opens_no_case_when_it_comes_back_to_it() -> None:
    guilty = crisis(BORDER, cause={"kind": "state", "by": "Corland"})
    for told in runs(guilty, 10):
        corland = told.world.names.states.index("Corland")
        assert any(r.actor == corland for r in of(told, Kind.SECTOR_DOWN))
        assert not any(r.actor == corland and r.cause_seq == 0 for r in of(told, Kind.CASE_OPENED))
        assert all(r.actor != corland for r in of(told, Kind.DETECTION) if r.incident == 0)


def test_infrastructure_that_needs_each_other_comes_to_rest() -> None:
    both = [GRID, {**GRID, "name": "back", "of": GRID["on"], "on": GRID["of"]}]
    for told in runs(crisis(*both), 5):
        assert len(of(told, Kind.SECTOR_DOWN)) == len(of(told, Kind.SECTOR_UP)) <= 4


def test_technical_answers_hold_a_cascade_up() -> None:
    slow = {"model.restoration": 0.0, "model.partner_work": "0 h", "states.*.policy.answers": 1.0}
    helped = crisis({**GRID, "after": "9 h 30 min"}).with_({**slow, "model.detection_public": "0 h"})
    alone, together = (sum(len(of(t, Kind.SECTOR_DOWN)) - 1 for t in runs(helped, 10, arm)) for arm in ("none", "cbm2"))
    assert alone == 10
    assert together == 0


def test_lines_go_down_with_what_the_sector_they_ride_on_depends_on() -> None:
    lines = [{"name": "hotline", "kind": "policy", "between": ["Aldmark", "Corland"], "rides_on": "telecom"}]
    soon = crisis({**GRID, "after": "0 h"}).with_({"model.detection_public": "1 h"})
    for told in runs(load({**soon.data, "lines": lines}), 5, "cbm8"):
        assert of(told, Kind.LINE_DOWN)
    for told in runs(load({**soon.data, "lines": lines, "dependencies": []}), 5, "cbm8"):
        assert not of(told, Kind.LINE_DOWN)


def test_the_graph_holds_dependencies() -> None:
    graph = build(crisis(GRID, BORDER), "none")
    kinds = nx.get_node_attributes(graph, "kind")
    assert sum(kind == "sector" for kind in kinds.values()) == 6
    assert graph.get_edge_data("Corland/energy", "Aldmark/energy")[0]["kind"] == "dependency"
    assert graph.get_edge_data("Bexia/telecom", "Bexia/energy")[0]["probability"] == 1.0


def test_allies_take_up_what_is_done_to_one_of_them() -> None:
    script = {"rule": "scripted", "script": [{"number": 1, "rung": 8}], "otherwise": "threshold"}
    hubs = {"hubs": [{"name": "Pact", "members": ["Bexia", "Corland"], "allied": True}]}
    base = crisis(appears_from=["Bexia"]).with_({"states.Aldmark.doctrine": script, "model.solidarity": 1.0})
    allied = base.with_(hubs)
    taken = [of(told, Kind.TAKES_UP) for told in runs(allied, 100)]
    assert 20 <= sum(map(len, taken)) <= 60
    for told in runs(allied, 100):
        for record in of(told, Kind.TAKES_UP):
            names = told.world.names.states
            assert (names[record.actor], names[record.counterpart], record.detail) == ("Corland", "Aldmark", "Bexia")
            (case,) = (r for r in of(told, Kind.CASE_OPENED) if told.log.records[r.cause_seq] is record)
            assert (case.actor, case.counterpart) == (record.actor, record.counterpart)
    assert not any(of(told, Kind.TAKES_UP) for told in runs(base, 20))
    assert not any(of(told, Kind.TAKES_UP) for told in runs(allied.with_({"model.solidarity": 0.0}), 20))


def counter_operations(scenario: Scenario) -> Counter[str]:
    """Return how often each sector is struck in answer, by the sector of what is answered."""
    sectors = [incident.sector for incident in sorted(scenario.incidents, key=lambda incident: incident.name)]
    acts = [r for told in runs(scenario, 150, "cbm2") for r in of(told, Kind.ACT) if r.value == 7]
    return Counter(str(sectors[r.incident]) for r in acts if r.incident < len(sectors))


def test_a_norm_holds_back_counter_operations_against_protected_sectors_under_both_rules() -> None:
    for rule in ("logit", "threshold"):
        free = load("belgrade_2015").with_({"model.rule": rule})
        kept = free.with_({"model.norm": 1.0, "model.protected_sectors": ["energy", "finance"]})
        before, after = counter_operations(free), counter_operations(kept)
        assert before["government"] > 3
        assert before["energy"] + before["finance"] > 3
        assert after["energy"] + after["finance"] == 0
        assert after["government"] > 3


def test_a_norm_that_protects_nothing_changes_nothing() -> None:
    free = load("belgrade_2015")
    bare = free.with_({"model.norm": 1.0, "model.protected_sectors": []})
    for here, there in zip(runs(free, 30, "cbm2"), runs(bare, 30, "cbm2"), strict=True):
        assert here.log.records == there.log.records


def test_a_counter_operation_strikes_the_sector_of_what_it_answers() -> None:
    script = {"rule": "scripted", "script": [{"number": 1, "rung": 7}], "otherwise": "threshold"}
    base = crisis(appears_from=["Bexia"], sector="water").with_({"states.Aldmark.doctrine": script})
    world = compile_world(base, "none")
    sim = Simulation(world, Luck(1, 0), carry_out, reached)
    unfold(sim, 0)
    sim.env.run(until=world.horizon)
    assert {incident.sector for incident in sim.incidents.values()} == {"water"}
    assert len(sim.incidents) >= 2


def test_a_place_without_a_state_means_every_state_by_itself() -> None:
    for victim, suspect in (("Aldmark", "Bexia"), ("Corland", "Bexia")):
        for told in runs(crisis(GRID, victim=victim, appears_from=[suspect]), 3):
            down = of(told, Kind.SECTOR_DOWN)
            assert [r.detail for r in down] == ["energy", "telecom"]
            assert {told.world.names.states[r.actor] for r in down} == {victim}
