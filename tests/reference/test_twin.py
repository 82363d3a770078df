"""The engine and its naive twin agree, record for record and decision for decision."""

from __future__ import annotations

import ast
import math
from collections import Counter
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from simcrisis import Scenario, load, run
from simcrisis.scenario import shipped
from tests.crises import crises
from tests.happened import Choice, Row, decided, happened
from tests.reference import twin
from tests.reference.variants import heated, renamed, tied

ALLOWED = ("simcrisis.catalogue", "simcrisis.draws", "simcrisis.scenario")
"""What the twin shares with the package: data, luck, and the type of what it is given."""
NEVER = frozenset({"operator_report", "called_back", "joined", "confers", "withdrawn"})
"""Kinds that random crises are too tame for, or meet in a handful of runs; heated ones meet them."""


def same(one: Any, other: Any) -> bool:
    """Return whether two values agree: floats but for rounding, all else exactly."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    return type(one) is type(other) and bool(one == other)


def difference(ours: list[Row] | list[Choice], theirs: list[Row] | list[Choice]) -> str:
    """Return the first difference with what leads to it in both; empty where there is none."""
    for n, (one, other) in enumerate(zip_longest(ours, theirs)):
        if one is None or other is None or not same(tuple(one), tuple(other)):
            lines = [f"first difference at {n}"]
            for title, log in (("twin", ours), ("engine", theirs)):
                lines += [
                    f"{title} {place}: {tuple(log[place])}" for place in range(max(0, n - 3), min(n + 3, len(log)))
                ]
            return "\n".join(lines)
    return ""


def agree(scenario: Scenario, arm: str, seed: int, replication: int) -> set[str]:
    """Assert that engine and twin agree about a run; return the kinds of records that it holds."""
    by_engine = run(scenario, arm, seed, replication)
    rows, choices = twin(scenario, arm, seed, replication)
    found = difference(rows, happened(by_engine)) or difference(choices, decided(by_engine))
    assert not found, f"arm {arm}, seed {seed}, replication {replication}\n{found}"
    return {row.kind for row in rows}


def agree_on_random(number: int, *, variants: bool) -> Counter[str]:
    """Assert that they agree on random crises; return in how many runs each kind of record occurs."""
    kinds: Counter[str] = Counter()
    met = 0

    @settings(
        max_examples=number,
        derandomize=True,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        database=None,
    )
    @given(crises())
    def check(data: dict[str, Any]) -> None:
        nonlocal met
        met += 1
        for each in (renamed(data), heated(data, met), tied(data, met)) if variants else (data,):
            scenario = load(each)
            for replication in (0, 1):
                kinds.update(agree(scenario, "arm", 1, replication))

    check()
    assert met == number
    return kinds


def all_kinds() -> set[str]:
    """Return the kinds of records that docs/tables.md describes."""
    page = Path(__file__).parents[2].joinpath("docs", "tables.md").read_text(encoding="utf-8")
    table = page.split("| kind |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return {kind.strip() for row in table for kind in row.split("|")[1].split(",")}


@pytest.mark.parametrize("name", [name for name in shipped() if name != "osce_wide"])
def test_shipped(name: str) -> None:
    scenario = load(name)
    for arm in scenario.arms:
        for replication in range(4):
            agree(scenario, arm, 1, replication)


@pytest.mark.parametrize("arm", list(load("osce_wide").arms))
def test_osce_wide(arm: str) -> None:
    agree(load("osce_wide"), arm, 1, 0)


def test_years() -> None:
    """Background over years: sides that return, versions of States, desks that are seldom open."""
    states = ("Alderland", "Brevia", "Corvania")
    data: dict[str, Any] = {
        "simcrisis": 1,
        "title": "Years",
        "start": "2026-03-02T08:00:00+01:00",
        "horizon": "1500 days",
        "states": {state: {"zone": "Europe/Vienna", "policy": {"freshness": "900 days"}} for state in states},
        "background": [{"name": "rain", "among": "all", "rate": 2.0}],
        "checks": {"every": "700 days"},
        "arms": {
            "some": {
                "cbms": {2: {"all": "400 days"}, 8: {"Brevia": None, "all": "200 days"}, 11: {"all": {"practice": 0.4}}}
            },
            "all": {"cbms": {number: {"all": {"since": f"{60 * number} days"}} for number in range(1, 17)}},
        },
    }
    scenario = load(data)
    for arm in scenario.arms:
        for replication in range(2):
            agree(scenario, arm, 1, replication)


def test_lines_that_arms_add_and_cut() -> None:
    """With all that can be added and cut: pairs and classes, with names and keys or without, relays, embassies."""
    scenario = load(Path(__file__).parents[1] / "scenarios" / "valid" / "lines_moved.yaml")
    kinds: set[str] = set()
    for arm in scenario.arms:
        for replication in range(4):
            kinds |= agree(scenario, arm, 1, replication)
    assert {"inquiry", "technical_request", "police_request", "line_down"} <= kinds


def test_random_crises() -> None:
    agree_on_random(100, variants=False)


def test_heated_crises() -> None:
    agree_on_random(20, variants=True)


@pytest.mark.long
def test_many_random_crises() -> None:
    kinds = agree_on_random(500, variants=False)
    assert all_kinds() - set(kinds) <= NEVER


@pytest.mark.long
def test_many_heated_crises() -> None:
    kinds = agree_on_random(150, variants=True)
    assert set(kinds) == all_kinds()


def test_all_kinds_are_read() -> None:
    assert {"strike", "sector_up", "police_result", "asked_back", "entry_renewed"} <= all_kinds()
    assert len(all_kinds()) == 52


def test_a_difference_is_found() -> None:
    rows, choices = twin(load("belgrade_2015"), "both", 1, 0)
    assert not difference(rows, list(rows))
    assert difference(rows, rows[:-1])
    assert difference(rows, [rows[0]._replace(value=3.0 + 1e-6), *rows[1:]])
    assert difference(choices, [*choices[:-1], choices[-1]._replace(belief=0.5)])


@pytest.mark.parametrize("file", sorted(Path(__file__).parent.glob("*.py")), ids=lambda file: str(file.stem))
def test_shares_nothing_with_the_engine(file: Path) -> None:
    if file == Path(__file__):
        return
    imported: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(node.module or "")
    for module in imported:
        assert module.split(".")[0] not in {"simpy", "numpy", "scipy", "polars"}
        assert not module.startswith("simcrisis") or module in ALLOWED
        assert not module.startswith("tests.") or module.startswith("tests.reference") or module == "tests.happened"
