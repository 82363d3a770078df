"""The network of an arm, against graphs whose figures are known by hand or found by taking lines away one by one."""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest
from typer.testing import CliRunner, Result

from simcrisis import load
from simcrisis.catalogue import participating_states, state_by_code
from simcrisis.cli.app import app
from simcrisis.engine.graphml import exported, graphml
from simcrisis.engine.network import build
from simcrisis.engine.topology import Level, Loss, losses, reaches, shape
from simcrisis.report.network import line_rows, network_of, reach_rows, shape_rows
from simcrisis.scenario import Scenario
from simcrisis.scenario.contacts import LineKindName
from simcrisis.units import DAY, HOUR

FOREVER = math.inf


def crisis(states: Iterable[str], *lines: dict[str, Any], arms: dict[str, Any] | None = None, **more: Any) -> Scenario:
    """Return a scenario with these States and lines; without `arms`, one arm in which just these lines are in use."""
    written = {line["kind"] for line in lines}
    cbms = [number for kind, number in (("technical", 2), ("policy", 8), ("network", 10)) if kind in written]
    return load(
        {
            "simcrisis": 1,
            "title": "Small",
            "start": "2026-03-02T08:00:00+01:00",
            "horizon": "60 days",
            "states": {word: {} for word in states},
            "lines": [{"name": f"line {n}", **line} for n, line in enumerate(lines)],
            "arms": arms or {"one": {"cbms": cbms}},
            **more,
        }
    )


def line(ends: Iterable[str], kind: str = "policy", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "between": list(ends), **more}


def lost(scenario: Scenario, arm: str = "one") -> dict[str, Loss]:
    return {loss.line.name: loss for loss in losses(build(scenario, arm), scenario.horizon)}


CHAIN = crisis("ABC", line("AB", "technical"), line("BC"))


def test_in_a_chain_the_middle_is_the_articulation_point_and_each_line_a_bridge() -> None:
    whole = shape(build(CHAIN, "one"), Level.ANY, FOREVER)
    assert (whole.lines, whole.pairs, whole.parts) == (2, 2, (("A", "B", "C"),))
    assert (whole.articulation, whole.isolated) == (("B",), ())
    technical = shape(build(CHAIN, "one"), Level.TECHNICAL, FOREVER)
    assert (technical.parts, technical.isolated, technical.articulation) == ((("A", "B"), ("C",)), ("C",), ())
    first, second = lost(CHAIN)["line 0"], lost(CHAIN)["line 1"]
    assert (first.overall.pairs, first.overall.states) == (2, ("A",))
    assert (second.overall.pairs, second.overall.states) == (2, ("C",))
    assert (first.at_level.pairs, second.at_level.pairs) == (1, 1)
    assert first.betweenness == second.betweenness == pytest.approx(2 / 3)


def test_reach_names_kinds_dates_and_the_shortest_route() -> None:
    scenario = crisis(
        "ABCDE", line("AB"), line("AB", "leader"), line("BC", "network"), line("CD"), line("BD", "technical"), arms={
            "one": {"cbms": {8: "all", 10: {"B": "2026-03-01", "C": "10 days"}, 2: {"B": "2 h", "D": "5 h"}}}
        },
    )  # fmt: skip
    found = {one.a + one.b: one for one in reaches(build(scenario, "one"), scenario.horizon)}
    assert len(found) == 10
    assert found["AB"].since == {LineKindName.POLICY: 0, LineKindName.LEADER: 0, LineKindName.DIPLOMATIC: 0}
    assert found["BC"].since[LineKindName.NETWORK] == 10 * DAY
    assert found["BD"].since == {LineKindName.TECHNICAL: 5 * HOUR, LineKindName.DIPLOMATIC: 0}
    assert found["BD"].routes == {Level.TECHNICAL: ("B", "D"), Level.POLICY: ("B", "C", "D")}
    assert found["AD"].routes == {Level.POLICY: ("A", "B", "C", "D")}
    assert found["AE"].routes == {}
    assert set(found["AE"].since) == {LineKindName.DIPLOMATIC}


def test_a_line_counts_from_the_moment_it_comes_into_use() -> None:
    scenario = crisis("AB", line("AB"), arms={"one": {"cbms": {8: {"A": "2026-03-12T08:00:00+01:00", "B": "1 h"}}}})
    world = build(scenario, "one")
    assert shape(world, Level.ANY, 10 * DAY).lines == 0
    assert shape(world, Level.ANY, 10 * DAY + 1).lines == 1
    late = crisis("AB", line("AB"), arms={"one": {"cbms": {8: {"A": "2026-12-01", "B": "1 h"}}}})
    network = network_of(late, "one")
    assert (network.losses, network.too_late) == ((), 1)


def test_an_arm_without_cbms_has_only_diplomatic_lines_and_these_can_be_off() -> None:
    none = network_of(load("belgrade_2015"), "none")
    assert none.losses == ()
    assert none.diplomatic == 6
    assert all(set(one.since) == {LineKindName.DIPLOMATIC} and not one.routes for one in none.reaches)
    assert [len(one.isolated) for one in none.shapes] == [4, 4, 4]
    off = network_of(load("belgrade_2015").with_({"model.diplomatic": False}), "none")
    assert off.diplomatic == 0
    assert not any(one.since for one in off.reaches)


def test_betweenness_of_a_path_of_six_is_i_times_n_minus_i() -> None:
    scenario = crisis("ABCDEF", *(line(a + b) for a, b in zip("ABCDE", "BCDEF", strict=True)))
    found = lost(scenario)
    assert [found[f"line {n}"].betweenness for n in range(5)] == pytest.approx(
        [i * (6 - i) / 15 for i in range(1, 6)], abs=1e-12
    )
    assert [found[f"line {n}"].overall.pairs for n in range(5)] == [i * (6 - i) for i in range(1, 6)]


def test_betweenness_of_a_ring_and_of_full_meshes() -> None:
    ring = lost(crisis("ABCD", line("AB"), line("BC"), line("CD"), line("DA")))
    assert [loss.betweenness for loss in ring.values()] == pytest.approx([1 / 3] * 4)
    assert all(loss.overall.pairs == loss.at_level.pairs == 0 for loss in ring.values())
    one, two = (losses(build(load("belgrade_2015"), arm), FOREVER) for arm in ("cbm2", "both"))
    assert [loss.betweenness for loss in one] == pytest.approx([1 / 6] * 6)
    assert [loss.betweenness for loss in two] == pytest.approx([1 / 12] * 12)
    assert all(loss.beside == 0 for loss in two)


def test_lines_side_by_side_share_betweenness_and_the_loss_of_one_costs_nothing() -> None:
    found = lost(crisis("ABC", line("AB"), line("AB", "network"), line("AB", "technical"), line("BC")))
    shared = [found[f"line {n}"] for n in range(3)]
    assert [loss.betweenness for loss in shared] == pytest.approx([2 / 9] * 3)
    assert [loss.beside for loss in shared] == [1, 1, 0]
    assert [loss.overall.pairs for loss in shared] == [0, 0, 0]
    # The technical line is the last of its level, so it parts A and B there although policy desks still talk.
    assert [loss.at_level.pairs for loss in shared] == [0, 0, 1]
    assert found["line 3"].overall.states == ("C",)


def _reaching(scenario: Scenario, level: set[str], without: str = "") -> set[frozenset[str]]:
    """Return the pairs of States that reach each other, by flooding: an oracle that shares no code with the product."""
    steps = [set(one.between) for one in scenario.lines if one.between and one.kind in level and one.name != without]
    found = set()
    for state in scenario.states:
        seen, grown = {state}, True
        while grown:
            grown = False
            for step in steps:
                if len(step & seen) == 1:
                    seen |= step
                    grown = True
        found |= {frozenset((state, other)) for other in seen - {state}}
    return found


@pytest.mark.parametrize("seed", range(25))
def test_what_is_lost_is_what_taking_the_line_away_shows(seed: int) -> None:
    luck = random.Random(seed)
    kinds = ("technical", "policy", "network", "leader")
    pairs = list(combinations("ABCDEFG", 2))
    lines = [line(luck.choice(pairs), luck.choice(kinds)) for _ in range(luck.randint(1, 10))]
    scenario = crisis("ABCDEFG", *lines)
    policy = {"policy", "network", "leader"}
    for name, loss in lost(scenario).items():
        level = policy if loss.level is Level.POLICY else {"technical"}
        for cut, kinds_left in ((loss.at_level, level), (loss.overall, policy | {"technical"})):
            gone = _reaching(scenario, kinds_left) - _reaching(scenario, kinds_left, without=name)
            assert cut.pairs == len(gone)
            assert all(len(pair & set(cut.states)) == 1 for pair in gone)
            assert len(cut.states) <= 3
    whole = shape(build(scenario, "one"), Level.ANY, FOREVER)
    assert sum(math.comb(len(part), 2) for part in whole.parts) == len(_reaching(scenario, policy | {"technical"}))
    assert sum(loss.betweenness * loss.overall.pairs > 0 for loss in lost(scenario).values()) == sum(
        loss.overall.pairs > 0 for loss in lost(scenario).values()
    )


REAL = crisis(
    ("ALB", "Brevia"),
    line(("ALB", "Brevia"), name="hot", latency={"low": "1 h", "mode": "2 h", "high": "3 h"}),
    line(("ALB", "Brevia"), "network", name="cold"),
    arms={"one": {"cbms": {8: "all", 10: {"ALB": "36 h", "Brevia": "1 h"}}}},
    acknowledge="real-states",
)


def by_key(graph: nx.Graph[str]) -> dict[str, dict[str, Any]]:
    assert isinstance(graph, nx.MultiGraph)
    return {key: data for *_, key, data in graph.edges(keys=True, data=True)}


def test_graphml_comes_back_with_every_line_once(tmp_path: Path) -> None:
    path = tmp_path / "world.graphml"
    path.write_bytes(graphml(REAL, "one"))
    back = nx.read_graphml(path, force_multigraph=True)
    sent = exported(REAL, "one")
    assert not back.is_directed()
    assert {node: back.nodes[node] for node in back} == {node: sent.nodes[node] for node in sent}
    edges = by_key(back)
    assert edges == by_key(sent)
    # Two internal links and a membership a State, and three lines: hot, cold and the embassies'.
    assert len(edges) == back.number_of_edges() == 2 * 3 + 3
    named = {data["name"]: data for data in edges.values()}
    assert named["hot"] == {"kind": "policy", "name": "hot", "latency_median_hours": 2.0, "since_hours": 0.0}
    assert (named["cold"]["since_hours"], named["cold"]["latency_median_hours"]) == (36.0, 0.25)
    assert back.number_of_edges("ALB/desk", "Brevia/desk") == 3
    albania = state_by_code("ALB")
    assert albania is not None
    assert back.nodes["ALB/CERT"]["label"] == "Albania CERT"
    assert (back.nodes["ALB"]["lat"], back.nodes["ALB"]["lon"]) == (albania.capital_lat, albania.capital_lon)
    assert "lat" not in back.nodes["Brevia"]
    assert {data["kind"] for _, data in back.nodes(data=True)} == {"state", "cert", "desk", "hub"}


def test_graphml_keeps_clear_of_what_gephi_misreads() -> None:
    tree = ElementTree.fromstring(graphml(REAL, "one"))
    space = "{http://graphml.graphdrawing.org/xmlns}"
    keys = [(key.get("id"), key.get("for")) for key in tree.iter(f"{space}key")]
    assert len(set(keys)) == len({name for name, _ in keys}) == len(keys) == 9
    assert not {"d3", "d7"} & {name for name, _ in keys}
    assert {scope for _, scope in keys} == {"node", "edge"}
    about = tree.findtext(f"{space}desc")
    assert about is not None
    assert REAL.digest in about
    assert "States that exist take part" in about


def test_names_that_xml_cannot_hold_are_written_out() -> None:
    odd = crisis(("A\ufffe", "A\uffff", '<&">'), title="odd \ufffe")
    tree = ElementTree.fromstring(graphml(odd, "one"))
    found = {node.get("id") for node in tree.iter("{http://graphml.graphdrawing.org/xmlns}node")}
    assert {"A\\ufffe", "A\\uffff", '<&">'} < found
    assert len(found) == 10


def call(*words: str) -> Result:
    return CliRunner().invoke(app, ["network", *words])


@pytest.fixture
def mixed(tmp_path: Path) -> str:
    """Return the file of a network in which one State hangs on one line and one is joined by nothing."""
    path = tmp_path / "mixed.yaml"
    path.write_text(
        """
simcrisis: 1
title: Small [bold]
start: 2026-03-02T08:00:00+01:00
horizon: 60 days
states: {Alder: {}, Brevia: {}, Corvania: {}, "[red]Elm": {}}
lines:
  - {name: hotline, kind: policy, between: [Alder, Brevia]}
  - {name: south, kind: policy, between: [Brevia, Corvania], latency: 6 h}
arms: {none: {}, some: {cbms: {2: {Alder: 2026-03-01, Brevia: 2026-03-10}, 8: all}}}
""",
        encoding="utf-8",
    )
    return str(path)


def row(told: str, *starts: str) -> str:
    """Return the one row of a table whose cells begin so."""
    squeezed = [" ".join(text.split()) for text in told.splitlines()]
    (found,) = [text for text in squeezed if text.startswith(" ".join(starts))]
    return found


def test_the_command_tells_reach_articulation_and_loss(mixed: str) -> None:
    told = call(mixed).stdout
    assert "Small [bold]" in told
    assert row(told, "Alder / Brevia").endswith("diplomatic only technical from 10 Mar 2026; policy")
    assert row(told, "Alder / Corvania").endswith("diplomatic only policy via Brevia")
    assert row(told, "Corvania / [red]Elm").endswith("diplomatic only diplomatic only")
    only = call(mixed, "--arm", "some").stdout
    assert row(only, "policy-level") == "policy-level 2 2 of 6 2 [red]Elm Brevia"
    assert row(only, "diplomatic") == "diplomatic 6 6 of 6"
    squeezed = " ".join(only.split())
    assert "policy south (Brevia / Corvania) 6 h the start 33 % the only policy-level line of" in squeezed
    assert "cuts off Corvania at every level (2 pairs)" in squeezed
    assert "technical Alder / Brevia 30 min 10 Mar 2026 17 %" in squeezed
    assert (
        "Diplomatic lines (notes through embassies) and those of the police are listed, and left out of every other"
        in told
    )


def test_arms_with_the_same_lines_are_told_once() -> None:
    told = call("belgrade_2015").stdout
    assert told.count("What is lost with each line: arms both, untested") == 1
    assert told.count("How the States hang together") == 4
    assert row(told, "technical all pairs 30 min the start 8.3 %").endswith("the only technical line of the two")


def test_json_holds_every_pair_and_every_line(mixed: str) -> None:
    document = json.loads(call(mixed, "--json").stdout)
    assert [arm["arm"] for arm in document["arms"]] == ["none", "some"]
    some = document["arms"][1]
    assert len(some["pairs"]) == 6
    assert some["pairs"][0] == {
        "a": "Alder",
        "b": "Brevia",
        "since_hours": {"technical": 184.0, "policy": 0.0, "diplomatic": 0.0},
        "routes": {"technical": ["Alder", "Brevia"], "policy": ["Alder", "Brevia"]},
    }
    policy = next(one for one in some["levels"] if one["level"] == "policy")
    assert policy == {
        "level": "policy",
        "lines": 2,
        "pairs_joined": 2,
        "pairs": 6,
        "parts": [["Alder", "Brevia", "Corvania"], ["[red]Elm"]],
        "isolated": ["[red]Elm"],
        "articulation_points": ["Brevia"],
    }
    south = some["lines"][0]
    assert south["name"] == "south"
    assert south["latency_median_hours"] == 6.0
    assert south["lost_at_every_level"] == {"pairs": 2, "cut_off": ["Corvania"]}


def test_the_command_writes_graphml_of_the_arm_that_is_named(mixed: str, tmp_path: Path) -> None:
    out = tmp_path / "world.graphml"
    told = call(mixed, "--arm", "some", "--graphml", str(out), "--set", "lines.south.latency=3 h", "--quiet")
    assert told.exit_code == 0
    back = nx.read_graphml(out, force_multigraph=True)
    assert {d["name"]: d.get("latency_median_hours") for *_, d in back.edges(data=True)}["south"] == 3.0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mixed.yaml", "world.graphml"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--graphml", "OUT/w.graphml"], "--graphml: a graph is that of one arm; add --arm, one of none, some"),
        (["--graphml", "OUT/w.xml", "--arm", "some"], "must end in .graphml"),
        (["--graphml", "OUT/no/w.graphml", "--arm", "some"], "there is no folder"),
        (["--arm", "sme"], "no arm named 'sme'; did you mean 'some'?"),
        (["--set", "lines.south.latenc=1 h"], "latenc"),
    ],
)
def test_wrong_input_exits_2_and_writes_nothing(mixed: str, tmp_path: Path, words: list[str], message: str) -> None:
    told = call(mixed, *(word.replace("OUT", str(tmp_path)) for word in words))
    assert told.exit_code == 2
    assert message in told.stderr
    assert not told.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["mixed.yaml"]


def test_a_graph_that_cannot_take_its_place_leaves_nothing_behind(mixed: str, tmp_path: Path) -> None:
    taken = tmp_path / "taken.graphml"
    taken.mkdir()
    told = call(mixed, "--arm", "some", "--graphml", str(taken))
    assert told.exit_code == 2
    assert "Traceback" not in told.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mixed.yaml", "taken.graphml"]


def test_a_single_state_has_nobody_to_reach(tmp_path: Path) -> None:
    path = tmp_path / "alone.yaml"
    path.write_text(json.dumps(dict(crisis("A").data)), encoding="utf-8")
    told = call(str(path))
    assert told.exit_code == 0
    assert row(told.stdout, "policy-level").startswith("policy-level 0 0 of 0 1 A")


def test_fifty_seven_states_in_full_mesh_are_summed_up_in_seconds(tmp_path: Path) -> None:
    words = [state.iso3 for state in participating_states()]
    europe = [state.iso3 for state in participating_states() if state.eu]
    arms = {"all": {"cbms": [2, 8, 10]}, "some": {"cbms": {2: europe, 8: "all"}}}
    path = tmp_path / "all.yaml"
    path.write_text(json.dumps(dict(crisis(words, arms=arms, acknowledge="real-states").data)), encoding="utf-8")
    begun = time.process_time()
    told = call(str(path))
    assert time.process_time() - begun < 10
    assert told.exit_code == 0
    assert len(told.stdout.splitlines()) < 80
    assert row(told.stdout, "technical; policy; network") == "technical; policy; network 1,596 0"
    joined = math.comb(len(europe), 2)
    assert row(told.stdout, "technical; policy ").split()[-2:] == ["0", str(joined)]
    assert row(told.stdout, "either 4,788") == "either 4,788 1,596 of 1,596 1 - -"
    assert f"technical {joined} {joined} of 1,596 {57 - len(europe) + 1} Albania, Andorra, Armenia and" in " ".join(
        told.stdout.split()
    )
    assert "States that exist take part" in told.stdout


def test_what_is_on_paper_or_in_part_is_said_and_police_lines_are_listed() -> None:
    adoption = {"A": None, "B": "on paper", "C": {"practice": 0.5}}
    told = network_of(crisis("ABC", arms={"one": {"cbms": {8: adoption, 6: ["A", "B"]}}}), "one")
    assert [row[1] for row in reach_rows([told])] == [
        "policy (B: on paper); law enforcement",
        "policy (C: in part, 50 %)",
        "policy (B: on paper, C: in part, 50 %)",
    ]
    assert ["law enforcement", "1", "1 of 3", "", "", ""] in list(shape_rows(told))


def test_lines_that_open_at_a_rung_say_so() -> None:
    leader = {"name": "capitals", "kind": "leader", "between": ["A", "B"]}
    told = network_of(crisis("AB", leader, arms={"one": {"cbms": []}}), "one")
    assert [row[3] for row in line_rows(told)] == ["the start, at rung 6 or above"]
