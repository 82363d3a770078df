"""The sixteen CBMs: nothing at the null, the stated thing away from it; adopted by whom, from when, how far."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import simcrisis
from simcrisis import load, run
from simcrisis.catalogue import Cert, Policy, cbms
from simcrisis.engine.compiler import compile_world
from simcrisis.engine.treatments import versions
from simcrisis.scenario import Scenario
from simcrisis.scenario.adoption import parse_adoption
from simcrisis.scenario.lines import adopters
from simcrisis.units import DAY, HOUR
from tests.cbms import CBMS, differing, movement, null_of, sixteen
from tests.laws.law import Z_BOUND


@pytest.mark.parametrize("number", CBMS)
def test_at_its_null_a_cbm_changes_no_event(number: int) -> None:
    assert differing(number, null_of(cbms()[number]), 40) == 0


@pytest.mark.parametrize("number", [number for number in CBMS if number != 4])
def test_at_its_size_a_cbm_changes_events(number: int) -> None:
    assert differing(number, {}, 40) >= 4


@pytest.mark.parametrize("number", CBMS)
def test_away_from_its_null_a_cbm_moves_its_measure_as_stated(number: int) -> None:
    """Seed 1; false alarm 3e-5 for a measure that does not move at all."""
    moved = movement(cbms()[number])
    assert moved.z >= Z_BOUND, moved


def test_every_effect_has_a_null_a_lever_and_a_source() -> None:
    for cbm in cbms().values():
        assert cbm.direction in {"higher", "lower"}
        assert cbm.effect or cbm.line
        for effect in cbm.effect.values():
            part, field = effect.lever.split(".")
            assert field in (Cert.model_fields if part == "cert" else Policy.model_fields)
            assert part in {"cert", "policy"}
            effect.parse(effect.null)
            assert effect.source


def with_arm(arm: Any) -> Scenario:
    return load({**sixteen().data, "arms": {"lines": {"cbms": [2, 8]}, "one": arm}})


def asks(scenario: Scenario, arm: str = "one") -> dict[str, list[tuple[int, float]]]:
    """Return the probability of asking of each State, with the instants (ms) from which it holds."""
    return {
        word: [(v.since, round(v.policy.asks, 9)) for v in found] for word, found in versions(scenario, arm).items()
    }


def test_a_cbm_is_adopted_by_a_state_by_a_group_from_a_date_in_part_or_on_paper() -> None:
    scenario = load(
        {
            **sixteen().data,
            "groups": {"east": ["Dolmark", "Everast"]},
            "arms": {
                "one": {
                    "cbms": {
                        12: {
                            "Ardmoor": None,
                            "Belvania": {"since": "10 days", "practice": 0.5},
                            "Castren": "on paper",
                            "east": "2026-04-23T08:00:00+02:00",
                            "Everast": {"practice": 0.2},
                        }
                    }
                }
            },
        }
    )
    assert asks(scenario) == {
        "Ardmoor": [(0, 0.85)],
        "Belvania": [(0, 0.7), (10 * DAY, 0.775)],
        "Castren": [(0, 0.7)],
        "Dolmark": [(0, 0.7), (10 * DAY, 0.85)],
        "Everast": [(0, 0.73)],
    }


def test_the_size_of_an_effect_can_be_set_and_swept() -> None:
    scenario = with_arm({"cbms": [12]})
    assert asks(scenario.with_({"effects.cbm12.asks": 1.0}))["Castren"] == [(0, 1.0)]
    assert asks(scenario.with_({"effects.cbm12.asks": 0.0}))["Castren"] == [(0, 0.7)]


def test_a_change_in_force_from_a_date_changes_nothing_before_it() -> None:
    late = with_arm({"cbms": {2: "all", 8: "all", 12: {"all": "12 days"}}})
    for replication in range(10):
        before, after = (run(late, arm, 1, replication).log.records for arm in ("lines", "one"))
        here, there = ([r for r in records if r.at < 12 * DAY] for records in (before, after))
        assert here == there
    assert any(
        run(late, "lines", 1, replication).log.records != run(late, "one", 1, replication).log.records
        for replication in range(10)
    )


def test_on_paper_the_line_is_there_others_rely_on_it_and_nobody_answers() -> None:
    paper = with_arm({"cbms": {8: {"all": "on paper"}}}).with_(
        {"states.*.policy.freshness": "0 h", "states.*.policy.asks": 1.0, "model.diplomatic": False}
    )
    real = load({**paper.data, "arms": {"one": {"cbms": [8]}}})
    silent = heard = 0
    for replication in range(20):
        mute, live = (run(each, "one", 1, replication).log.records for each in (paper, real))
        first_of_each = [next(r for r in records if r.kind.label == "inquiry") for records in (mute, live)]
        assert first_of_each[0] == first_of_each[1]
        silent += sum(r.kind.label in {"assurance", "formulaic"} for r in mute)
        heard += sum(r.kind.label in {"assurance", "formulaic"} for r in live)
    assert silent == 0
    assert heard > 20


def test_a_state_s_own_entry_counts_before_its_group_s_and_that_before_all() -> None:
    scenario = load({**sixteen().data, "groups": {"east": ["Dolmark", "Everast"]}})
    adoption = parse_adoption({"all": "5 days", "east": "1 h", "Dolmark": "20 days"})
    since = {word: entry.at for word, entry in adopters(scenario, adoption).items()}
    assert since == {
        "Ardmoor": 5 * DAY,
        "Belvania": 5 * DAY,
        "Castren": 5 * DAY,
        "Dolmark": 20 * DAY,
        "Everast": HOUR,
    }


def test_effects_never_leave_the_range_of_their_lever() -> None:
    wild = sixteen().with_({"effects.cbm9.unclear": 100.0, "effects.cbm15.misread": 100.0})
    for state in compile_world(wild, "all").states:
        assert state.policy.unclear == 1.0
        assert state.cert.misread == 5.0


def test_a_seventeenth_cbm_is_one_file_and_one_line(tmp_path: Path) -> None:
    """As docs/how_to_add_a_cbm.md says; in a copy of the package."""
    package = tmp_path / "simcrisis"
    shutil.copytree(Path(simcrisis.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    guide = (Path(__file__).parent.parent / "docs" / "how_to_add_a_cbm.md").read_text(encoding="utf-8")
    file, line = guide.split("```toml\n")[1].split("```")[0], guide.split("```python\n")[1].split("```")[0]
    (package / "catalogue" / "data" / "cbms" / "17_liaison_officers.toml").write_text(file, encoding="utf-8")
    index = package / "catalogue" / "cbms.py"
    last = '    "16_vulnerabilities",\n'
    index.write_text(index.read_text(encoding="utf-8").replace(last, last + line), encoding="utf-8")
    scenario = {**sixteen().data, "arms": {"lines": {"cbms": [2, 8]}, "plus17": {"cbms": [2, 8, 17]}}}
    (tmp_path / "scenario.yaml").write_text(json.dumps(scenario), encoding="utf-8")

    def told(*arguments: str) -> str:
        command = [sys.executable, "-m", "simcrisis", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "Liaison officers" in told("catalogue", "cbms")
    assert "effects.cbm17.translation" in told("catalogue", "parameters", "--json")
    one, other = (told("run", "scenario.yaml", "--arm", arm, "--seed", "1") for arm in ("lines", "plus17"))
    null = told("run", "scenario.yaml", "--arm", "plus17", "--seed", "1", "--set", "effects.cbm17.translation=1.0")
    assert one.splitlines()[3:] != other.splitlines()[3:]
    assert one.splitlines()[3:] == null.splitlines()[3:]
