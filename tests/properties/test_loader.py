from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simcrisis import ScenarioError, load
from simcrisis.scenario import Scenario, shipped
from simcrisis.scenario.text import read_yaml

SHIPPED = sorted(shipped())
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=20),
    st.sampled_from(["36 h", "-1 h", "1e9 days", "all", "Brevia", "2026-03-02", "0001-01-01T00:00:00+23:59"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def plain(name: str) -> dict[str, Any]:
    data = read_yaml(shipped()[name].read_bytes(), name).data
    assert isinstance(data, dict)
    return data


def places(data: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [here] if here else []
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        found += places(value, (*here, key))
    return found


@pytest.mark.parametrize("name", SHIPPED)
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_mutated_scenario_is_valid_or_has_located_problems(name: str, data: st.DataObject) -> None:
    mutated = copy.deepcopy(plain(name))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from(places(mutated)))
        holder = mutated
        for step in place[:-1]:
            holder = holder[step]
        if data.draw(st.booleans()):
            holder[place[-1]] = data.draw(VALUES)
        elif isinstance(holder, dict):
            holder[data.draw(st.text(max_size=8))] = holder.pop(place[-1])
    outcome: Scenario | ScenarioError
    try:
        outcome = load(mutated)
    except ScenarioError as error:
        outcome = error
    if isinstance(outcome, ScenarioError):
        assert outcome.problems
        assert all(str(problem).startswith("<dict>: ") for problem in outcome.problems)


@given(content=st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_refused_with_a_place(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "x.yaml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert all(problem.line >= 1 and problem.column >= 1 for problem in caught.value.problems)


@pytest.mark.parametrize("name", SHIPPED)
def test_with_changes_by_path_and_leaves_the_original(name: str) -> None:
    scenario = load(name)
    changed = scenario.with_({"model.kappa": 0.25, "states.*.policy.answers": 0.5})
    assert changed.model.kappa == 0.25
    assert {state.policy.answers for state in changed.states.values()} == {0.5}
    assert load(name) == scenario
    assert changed.digest != scenario.digest


def test_what_a_file_says_survives_a_round_trip(tmp_path: Path) -> None:
    import json

    for name in SHIPPED:
        path = tmp_path / f"{name}.yaml"
        path.write_text(json.dumps(dict(load(name).data)), encoding="utf-8")
        assert load(path).digest == load(name).digest
