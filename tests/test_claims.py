"""Claim cards: made, recomputed, refused when a digit is another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from simcrisis import load
from simcrisis.claims import claim, flips
from simcrisis.claims.card import read_card, write_card
from simcrisis.claims.claim import Asked, made, without_credibility
from simcrisis.claims.flips import Move, movable, moved
from simcrisis.claims.verify import scenario_of, verified
from simcrisis.cli.app import app
from simcrisis.errors import ClaimError

ROOT = Path(__file__).parent.parent
CARDS = sorted((ROOT / "docs" / "cards").glob("*.json"))
TWO_STATES = ROOT / "benchmarks" / "two_states.yaml"


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A card of few runs, with a search over two parameters."""
    folder = tmp_path_factory.mktemp("cards")
    path = folder / "card.json"
    with pytest.MonkeyPatch.context() as patch:
        for part in (claim, flips):
            patch.setattr(part, "movable", lambda scenario: iter(("kappa", "opening")))
        asked = Asked(load(TWO_STATES), str(TWO_STATES), ("none", "both"), 4, 300, 4, ensemble=0, tries=60)
        write_card(made(asked)["both"], path)
    return path


@pytest.fixture
def same_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simcrisis.claims.verify.movable", lambda scenario: iter(("kappa", "opening")))


@pytest.mark.usefixtures("same_search")
def test_a_card_is_recomputed_to_the_digit(card: Path) -> None:
    found = verified(card)
    assert found["estimate"] == pytest.approx(found["risk"] - found["reference_risk"], abs=2e-6)
    assert found["low"] < found["estimate"] < found["high"]
    assert found["beside"][0]["changed"] == {"model.kappa": 0.0}
    assert found["beside"][1]["changed"] == {"model.rule": "threshold"}


@pytest.mark.usefixtures("same_search")
@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        (("estimate_true",), -0.5, "estimate_true: Extra inputs are not permitted"),
        (("beside", 0, "note"), "so", "beside.0.note: Extra inputs"),
        (("searched",), None, "searched: is there a search behind flips_if"),
        (("flips_if", "part_of_the_way"), -7.0, "flips_if.part_of_the_way: -7.0 on the card"),
        (("flips_if", "path"), "model.rule", "flips_if"),
        (("flips_if", "now"), 0.123, "flips_if.now"),
        (("assumptions", 0, "value"), "9 h", "assumptions"),
        (("ensemble",), [{"rule": "logit"}], "ensemble.0.sets: Field required"),
        (("claim",), "All is well.", "claim: "),
    ],
)
def test_nothing_can_be_slipped_into_a_card(
    card: Path, tmp_path: Path, place: tuple[str | int, ...], value: Any, told: str
) -> None:
    bad = json.loads(card.read_text(encoding="utf-8"))
    holder = bad
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = value
    path = tmp_path / "card.json"
    path.write_text(json.dumps(bad), encoding="utf-8")
    done = CliRunner().invoke(app, ["verify", str(path), "--quiet"])
    assert done.exit_code == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def _figures(card: dict[str, Any], path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield where a card holds figures that runs make."""
    for key in ("estimate", "low", "high", "risk", "reference_risk"):
        yield (key,)
    for n in range(len(card["beside"])):
        yield "beside", n, "estimate"
        yield "beside", n, "high"
    if card["flips_if"]:
        yield "flips_if", "estimate"


@pytest.mark.usefixtures("same_search")
def test_every_digit_counts(card: Path, tmp_path: Path) -> None:
    good = json.loads(card.read_text(encoding="utf-8"))
    bad = json.loads(json.dumps(good))
    places = list(_figures(good))
    for place in places:
        holder = bad
        for step in place[:-1]:
            holder = holder[step]
        holder[place[-1]] = round(holder[place[-1]] + 1e-6, 6)
    path = tmp_path / "card.json"
    path.write_text(json.dumps(bad), encoding="utf-8")
    with pytest.raises(ClaimError) as error:
        verified(path)
    told = str(error.value)
    for place in places:
        assert f"{path}: {'.'.join(map(str, place))}: " in told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"scenario_sha256": "0" * 64}, "scenario_sha256: 000000000000... on the card"),
        ({"arm": "nobody"}, "arm, reference: the scenario has the arms"),
        ({"arm": "none"}, "arm, reference"),
        ({"rung": 2}, "rung: Input should be greater than or equal to 3"),
        ({"estimate": "a lot"}, "estimate: Input should be a valid number"),
        ({"card": 7}, "card: of format 7"),
        ({"scenario": "no_such_scenario"}, "no_such_scenario"),
    ],
)
def test_a_card_that_cannot_be_of_this_is_refused_with_its_place(
    card: Path, tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    path = tmp_path / "card.json"
    path.write_text(json.dumps({**json.loads(card.read_text(encoding="utf-8")), **change}), encoding="utf-8")
    done = CliRunner().invoke(app, ["verify", str(path), "--quiet"])
    assert done.exit_code == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_no_card_at_all(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    done = CliRunner().invoke(app, ["verify", str(tmp_path / "broken.json"), str(tmp_path / "none.json"), "--json"])
    assert done.exit_code == 2
    assert [each["holds"] for each in json.loads(done.stdout)] == [False, False]


def test_what_turns_the_sign_is_the_nearest_of_those_that_do(card: Path) -> None:
    """The change that the card names turns the sign; moved a good deal less far, the same parameter does not."""
    found = read_card(card)
    flip = found["flips_if"]
    if flip is None:
        pytest.fail("nothing turns: choose another seed, for this tells nothing")
    assert flip["estimate"] * found["estimate"] < 0.0
    assert 0.0 < flip["part_of_the_way"] <= 1.0
    assert flip["now"] != flip["then"]


def test_shares_move_to_their_ends_and_others_by_a_factor() -> None:
    scenario = load("belgrade_2015").with_({"model.kappa": 0.6, "model.wrong": 0.8, "model.learn": "6 h"})
    assert moved(scenario, Move("kappa", True, 0.5)) == pytest.approx(0.8)
    assert moved(scenario, Move("kappa", False, 1.0)) == 0.0
    assert moved(scenario, Move("wrong", True, 0.5)) == pytest.approx(1.6)
    assert moved(scenario, Move("wrong", False, 1.0)) == pytest.approx(0.2)
    assert moved(scenario, Move("learn", True, 1.0)) == "24 h"
    assert moved(scenario, Move("opening", True, 0.5)) == pytest.approx(2 * scenario.model.opening)
    assert moved(scenario.with_({"model.kappa": 1.0}), Move("kappa", True, 0.5)) is None


def test_switches_and_what_is_off_are_not_moved() -> None:
    found = set(movable(load("belgrade_2015")))
    assert {"kappa", "ten", "clock_act", "learn"} <= found
    assert not {"time", "information", "rule", "norm", "aud", "protected_sectors"} & found


def test_without_credibility_lines_have_none_of_their_own_either() -> None:
    scenario = load("hotline_down")
    own = [line.name for line in scenario.lines if line.credibility is not None]
    changed = scenario.with_(without_credibility(scenario))
    assert changed.model.kappa == 0.0
    assert all(line.credibility in (0.0, None) for line in changed.lines)
    assert len(without_credibility(scenario)) == 1 + len(own)


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
def test_shipped_cards_are_of_shipped_scenarios(path: Path) -> None:
    card = read_card(path)
    scenario_of(card, path, trust_code=False)
    assert any("credibility 0" in each["what"] for each in card["beside"])
    assert [each["rule"] for each in card["ensemble"]] == ["logit", "threshold"]
    assert card["searched"] is not None


@pytest.mark.long
@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
def test_shipped_cards_are_recomputed(path: Path) -> None:
    verified(path)


def test_the_command_names_arms_that_are_not_there(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["claim", "belgrade_2015", "--arms", "cbm9", "--out", str(tmp_path)])
    assert done.exit_code == 2
    assert "there are none, cbm2, cbm8" in done.stderr
    assert not list(tmp_path.iterdir())


def test_the_sentence_says_when_luck_alone_could_do_it() -> None:
    scenario = load("belgrade_2015")
    figure = {"estimate": -0.01, "low": -0.02, "high": 0.001, "risk": 0.01, "reference_risk": 0.02}
    assert "which luck alone could do" in claim.sentence(scenario, "cbm8", "none", 8, figure)
    assert "luck" not in claim.sentence(scenario, "cbm8", "none", 8, {**figure, "high": -0.001})
    assert "1 values changed" in claim.sentence(scenario.with_({"model.kappa": 0.0}), "cbm8", "none", 8, figure)


def test_there_are_cards() -> None:
    assert {path.stem for path in CARDS} == {f"belgrade_2015-{arm}" for arm in ("cbm2", "cbm8", "both", "untested")}
