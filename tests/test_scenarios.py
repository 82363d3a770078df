"""Files that are fine, and files that are not, with the exact words that they get."""

from __future__ import annotations

import json
import os
import pickle
import time
from pathlib import Path

import pytest

from simcrisis import ScenarioError, load, run
from simcrisis.cli.app import app
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
    scenario = load(path)
    assert scenario.title
    for arm in scenario.arms:
        assert scenario.under(arm).states


def test_an_arm_stands_whatever_it_does_to_the_paths_of_others() -> None:
    scenario = load(HERE / "valid" / "overrides_together.yaml")
    assert scenario.under("none").lines[0].name == "renamed"
    assert scenario.under("cbm8").lines[0].name == "hotline"


def test_a_name_that_is_set_to_no_text_is_refused_whatever_comes_after_it() -> None:
    scenario = load("belgrade_2015")
    with pytest.raises(ScenarioError, match="nothing named 'black'; there are exchange-outage, ministry-intrusion"):
        scenario.with_({"incidents.blackout.name": 5, "incidents.black.severity": 1})


def _states(count: int) -> str:
    return "states: {" + ", ".join(f"State{n:04d}: {{}}" for n in range(count)) + "}"


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (f"{_states(2)}\ngroups: {{g: [{'State0000, ' * 8000}]}}", "is there twice"),
        (f"{_states(2)}\ngroups: {{g: [{', '.join(f'x{n}' for n in range(8000))}]}}", "no State or group named 'x0'"),
        (f"{_states(900)}\ngroups: {{g: [{', '.join(f'Stat{n:04d}x' for n in range(900))}]}}", "mean 'State0000'"),
        ("states: {" + ", ".join(f"S{n}: {{zone: Europe/Vina{n}}}" for n in range(900)) + "}", "mean 'Europe/Vienna'"),
        ("model: &a [" * 300, "nested deeper than 20 levels"),
        ("x: 0x" + "f" * 200_000, "is not a number that can be used"),
    ],
    ids=["again", "unknown", "misspelled", "zones", "deep", "digits"],
)
def test_large_files_are_refused_in_a_moment(tmp_path: Path, more: str, problem: str) -> None:
    path = tmp_path / "large.yaml"
    start = "simcrisis: 1\ntitle: A\nstart: 2026-03-02T08:00:00+01:00\nhorizon: 60 days\narms: {a: {}}\n"
    path.write_text(f"{start}{more}\n", encoding="utf-8")
    began = time.process_time()
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert time.process_time() - began < 10.0
    assert any(problem in found.message for found in caught.value.problems)
    assert len(caught.value.problems) <= 1001


def test_arms_that_share_many_overrides_load_in_a_moment(tmp_path: Path) -> None:
    parts = [f"states.{state}.policy.{part}" for state in "AB" for part in ("answers", "asks", "honesty", "formulaic")]
    shared = ", ".join(f"{path}: 0.5" for path in parts)
    arms = "".join(f"  a{n}: {{set: {'&s {' + shared + '}' if n == 0 else '*s'}}}\n" for n in range(100))
    path = tmp_path / "arms.yaml"
    start = "simcrisis: 1\ntitle: A\nstart: 2026-03-02T08:00:00+01:00\nhorizon: 60 days\n"
    path.write_text(f"{start}states: {{A: {{}}, B: {{}}}}\narms:\n{arms}", encoding="utf-8")
    began = time.process_time()
    assert len(load(path).arms) == 100
    assert time.process_time() - began < 3.0


def test_no_more_of_a_file_is_read_than_may_be() -> None:
    endless = Path("/dev/zero")
    if not endless.exists():
        pytest.skip("there is no /dev/zero here")
    with pytest.raises(ScenarioError, match="at most 1,000,000 bytes are read"):
        load(endless)


def test_shipped_scenarios_say_what_they_are_for() -> None:
    assert "belgrade_2015" in shipped()
    for name in shipped():
        scenario = load(name)
        assert scenario.question
        assert scenario.summary
        assert scenario.sources


def test_no_shipped_scenario_accuses_a_state_that_exists() -> None:
    """A State that exists is no cause, no suspect, no object of rumour and holds no bad desk: all is drawn alike."""
    for name in shipped():
        scenario = load(name)
        if scenario.notice is None:
            continue
        assert scenario.aggregates_only
        assert not [*scenario.incidents, *scenario.relations, *scenario.lines]
        assert {source.among for source in scenario.background} == {("all",)}
        assert all(state == {} for state in scenario.data["states"].values())
        assert not any(arm.set for arm in scenario.arms.values())


def test_what_shows_aggregates_only_tells_no_single_run(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("run", "why", "compare"):
        with pytest.raises(SystemExit) as caught:
            app([command, "osce_wide"], standalone_mode=True)
        assert caught.value.code == 2
        assert "tells no single one" in capsys.readouterr().err


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


def test_a_group_within_a_group_stands_for_its_states() -> None:
    nested = load(HERE / "valid" / "forces_and_duties.yaml")
    plain = load(
        {
            **nested.data,
            "groups": {
                "inner": ["Alderland", "Brevia"],
                "middle": ["Alderland", "Brevia", "Corvania"],
                "wider": ["Dunmere", "Alderland", "Brevia", "Corvania"],
            },
        }
    )
    assert {name: set(states) for name, states in nested.groups.items()} == {
        name: set(states) for name, states in plain.groups.items()
    }
    for arm in nested.arms:
        assert run(nested, arm, 1, 0).log.records == run(plain, arm, 1, 0).log.records
