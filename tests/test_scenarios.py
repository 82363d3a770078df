"""Files that are fine, and files that are not, with the exact words that they get."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path

import pytest

from simcrisis import ScenarioError, load
from simcrisis.scenario import shipped
from simcrisis.scenario.schema import json_schema
from simcrisis.scenario.shelf import FOLDERS, starter

HERE = Path(__file__).parent / "scenarios"
INVALID = sorted(HERE.glob("invalid/*.yaml"))
RENEW = os.environ.get("SIMCRISIS_RENEW_MESSAGES") == "1"


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_every_problem_is_named_in_exact_words(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    with pytest.raises(ScenarioError) as caught:
        load(path.name)
    expected = path.with_suffix(".txt")
    if RENEW:
        expected.write_text(f"{caught.value}\n", encoding="utf-8")
    assert str(caught.value) + "\n" == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(HERE.glob("valid/*.yaml")), ids=lambda path: path.stem)
def test_valid_files(path: Path) -> None:
    assert load(path).title


def test_shipped_scenarios_say_what_they_are_for() -> None:
    assert "belgrade_2015" in shipped()
    for name in shipped():
        scenario = load(name)
        assert scenario.question
        assert scenario.summary
        assert scenario.sources


def test_no_shipped_scenario_names_a_state_that_exists() -> None:
    for name in shipped():
        assert load(name).notice is None


def test_the_starter_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    path.write_text(starter(), encoding="utf-8")
    assert list(load(path).arms)


def test_the_schema_beside_the_scenarios_is_fresh() -> None:
    folder = next(folder for folder in FOLDERS if folder.is_dir())
    assert json.loads((folder / "schema.json").read_text(encoding="utf-8")) == json_schema()


def test_the_schema_explains_every_key() -> None:
    for name, definition in json_schema()["$defs"].items():
        for key, field in definition.get("properties", {}).items():
            assert field.get("description"), f"{name}.{key}"


def test_real_states_need_an_acknowledgement_and_carry_a_notice() -> None:
    data = dict(load(HERE / "valid" / "minimal.yaml").data)
    data["states"] = {**data["states"], "AT": {}, "EST": {"policy": {"answers": 0.5}}}
    with pytest.raises(ScenarioError, match="acknowledge: real-states"):
        load(data)
    scenario = load({**data, "acknowledge": "real-states"})
    assert scenario.notice
    assert scenario.states["AT"].name == "Austria"
    assert scenario.states["AT"].zone == "Europe/Vienna"
    assert scenario.states["EST"].profile == "high-capacity"
    assert scenario.states["EST"].cert.analysts == 6
    assert scenario.states["EST"].policy.answers == 0.5


def test_a_profile_fills_what_a_state_leaves_out() -> None:
    data = dict(load(HERE / "valid" / "minimal.yaml").data)
    data["states"] = {"Alderland": {"profile": "low-capacity", "cert": {"d": 0.9}}, "Brevia": None}
    data["model"] = {"wrong": 0.1, "patience": "20 h"}
    scenario = load(data)
    low = scenario.states["Alderland"]
    assert (low.cert.analysts, low.cert.d, low.policy.officers) == (2, 0.9, 1)
    assert low.doctrine.wrong == scenario.states["Brevia"].doctrine.wrong == 0.1
    assert scenario.with_({"model.wrong": 0.2}).states["Brevia"].doctrine.wrong == 0.2


def test_an_arm_changes_the_scenario_for_itself_only() -> None:
    scenario = load("belgrade_2015")
    assert {s.policy.answers for s in scenario.under("untested").states.values()} == {0.3}
    assert {s.policy.answers for s in scenario.states.values()} == {0.75}
    with pytest.raises(ScenarioError, match="did you mean 'both'"):
        scenario.under("bth")


def test_errors_survive_a_process_boundary() -> None:
    with pytest.raises(ScenarioError) as caught:
        load(HERE / "invalid" / "names.yaml")
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.problems == caught.value.problems


def test_a_name_that_is_no_file_is_explained() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'belgrade_2015'"):
        load("belgrade_2016")
