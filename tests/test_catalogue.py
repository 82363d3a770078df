"""The packaged data: complete, sourced, and the pages made from it fresh."""

from __future__ import annotations

import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from simcrisis import ScenarioError, catalogue, load, run
from simcrisis.events import Kind
from simcrisis.units import DAY
from tests.catalogue_page import catalogue_document
from tests.validation import parameters_document

DOCS = Path(__file__).parent.parent / "docs"


def test_the_parameter_page_is_fresh() -> None:
    assert (DOCS / "parameters.md").read_text(encoding="utf-8") == parameters_document()


def test_the_catalogue_page_is_fresh() -> None:
    assert (DOCS / "catalogue.md").read_text(encoding="utf-8") == catalogue_document()


def test_every_parameter_says_what_it_does_and_where_it_comes_from() -> None:
    rows = catalogue.parameter_page()
    assert len(rows) > 60
    for row in rows:
        assert row.what.endswith("."), row.name
        assert row.source, row.name
        assert row.unit, row.name


def test_every_path_of_the_page_can_be_set_to_its_default() -> None:
    scenario = load("belgrade_2015")
    for row in catalogue.parameter_page():
        if row.default in {"none", "[]"} or row.default.startswith(("{", "[")):
            continue
        from simcrisis.scenario.text import read_yaml

        value = read_yaml(row.default.encode(), row.path).data
        scenario.with_({row.path: value})


def test_states_are_57_with_zones_and_unscored_indices() -> None:
    states = catalogue.participating_states()
    assert len({state.iso3 for state in states}) == len({state.iso2 for state in states}) == 57
    for state in states:
        ZoneInfo(state.zone)
        assert state.gci_2020 != 0
        assert state.ncsi != 0
    assert [state.name for state in states if state.gci_2020 is None] == ["Holy See"]
    assert [state.name for state in states if state.ncsi is None] == ["Andorra"]
    andorra = catalogue.state_by_code("AD")
    assert andorra is not None
    assert catalogue.profile_of(andorra) == "low-capacity"
    unscored = andorra.model_copy(update={"gci_2020": None})
    assert catalogue.profile_of(unscored) == "medium"


def test_the_ladder_rises() -> None:
    assert [rung.number for rung in catalogue.ladder()] == list(range(11))
    g = catalogue.gravities()
    assert (g[0], g[-1]) == (0.0, 1.0)
    assert list(g) == sorted(set(g))


def test_codes_and_names_find_the_same_state() -> None:
    assert catalogue.state_by_code("NO") == catalogue.state_by_code("NOR") == catalogue.state_by_name("norway")
    assert catalogue.state_by_code("XX") is None


@pytest.mark.parametrize("profile", sorted(catalogue.profiles()))
def test_profiles_hold_fields_that_exist(profile: str) -> None:
    data = dict(load("belgrade_2015").data)
    data["states"] = {name: {**state, "profile": profile} for name, state in data["states"].items()}
    assert {state.profile for state in load(data).states.values()} == {profile}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lever": "policy.translatoin"}, "no lever 'policy.translatoin'"),
        ({"lever": "desk.reply"}, "no lever 'desk.reply'"),
        ({"lever": "cert.analysts"}, "cannot be moved by 'times'"),
        ({"lever": "policy.reply", "how": "plus", "null": 0.0}, "cannot be moved by 'plus'"),
        ({"null": 0.0}, "does nothing at 1.0, not at 0.0"),
        ({"size": -1.0}, "should be between 0 and 100"),
    ],
    ids=str,
)
def test_a_slip_in_the_file_of_a_cbm_is_named(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, object], said: str
) -> None:
    effect = {"lever": "policy.reply", "how": "times", "size": 0.5, "null": 1.0, "source": "assumed", "what": "-"}
    cbm = {"number": 17, "title": "-", "paraphrase": "-", "acts_on": "-", "measure": "acts", "direction": "lower"}
    module = sys.modules["simcrisis.catalogue.cbms"]
    monkeypatch.setattr(module, "toml", lambda name: {**cbm, "evidence": "-", "effect": {"x": effect | change}})
    monkeypatch.setattr(module, "_FILES", ("17_new",))
    with pytest.raises(ValueError, match=rf"17_new\.toml: .*{said}"):
        catalogue.cbms.__wrapped__()


def test_the_partners_are_there_too_and_are_real_states() -> None:
    everybody = catalogue.real_states()
    assert len(everybody) == 68
    assert len({code for state in everybody for code in (state.iso2, state.iso3, state.name)}) == 3 * 68
    assert [partner.standing for partner in catalogue.partners()] == ["Asian Partner"] * 5 + [
        "Mediterranean Partner"
    ] * 6
    for partner in catalogue.partners():
        ZoneInfo(partner.zone)
        assert catalogue.profile_of(partner) == "medium"
    with pytest.raises(ScenarioError, match="acknowledge: real-states"):
        load("belgrade_2015").with_({"states.Brevia.name": "Morocco"})


def test_a_state_of_high_capacity_is_briefed_on_more() -> None:
    base = load("belgrade_2015")
    counts = {
        profile: sum(
            record.kind is Kind.BRIEFING and record.at < 5 * DAY
            for replication in range(60)
            for record in run(base.with_({"states.*.profile": profile}), "none", 1, replication).log.records
        )
        for profile in ("low-capacity", "medium", "high-capacity")
    }
    assert 1.2 * counts["low-capacity"] < counts["medium"]
    assert 1.1 * counts["medium"] < counts["high-capacity"]
