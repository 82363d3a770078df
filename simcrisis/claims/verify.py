"""Recomputes a claim card, and says which of its figures are not those that come out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from simcrisis.claims.card import Card, read_card
from simcrisis.claims.claim import RULES, Asked, Told, assumptions, besides, reach, sentence
from simcrisis.claims.effects import effects
from simcrisis.claims.flips import movable, part_of
from simcrisis.errors import ClaimError
from simcrisis.scenario import Scenario, load, shipped

FIGURES = ("estimate", "low", "high", "risk", "reference_risk")


def verified(path: Path, told: Told = lambda _: None, *, ensemble: bool = True, trust_code: bool = False) -> Card:
    """Return a card of which every figure has been recomputed, those over the ensemble too unless told otherwise.

    What would reverse the sign is run anew where the card says that it turns; the search for it is not repeated, and
    versions in `made_with` are not compared. Raises
    ClaimError with a line for each figure that differs; ScenarioError or BatchError where nothing can be run.
    """
    card = read_card(path)
    scenario = scenario_of(card, path, trust_code)
    wrong = [
        f"{path}: {where}: {there!r} on the card, {here!r} recomputed"
        for where, there, here in _compared(card, scenario, told, ensemble)
        if there != here
    ]
    if wrong:
        made_with = card["made_with"].get("simcrisis")
        raise ClaimError("\n".join([*wrong, f"{path}: was made with simcrisis {made_with}"]))
    return card


def scenario_of(card: Card, path: Path, trust_code: bool) -> Scenario:
    """Return the scenario of a card; raises ClaimError where it is not the one that the card was made of."""
    name = card["scenario"]
    found = load(name if name in shipped() else path.parent / name, trust_code=trust_code)
    scenario = found.with_(card["changed"]) if card["changed"] else found
    if scenario.digest != card["scenario_sha256"]:
        raise ClaimError(
            f"{path}: scenario_sha256: {card['scenario_sha256'][:12]}... on the card, {name} has "
            f"{scenario.digest[:12]}...: the scenario is another one, or was changed"
        )
    unknown = [arm for arm in (card["reference"], card["arm"]) if arm not in scenario.arms]
    if unknown or list(scenario.arms).index(card["reference"]) >= list(scenario.arms).index(card["arm"]):
        raise ClaimError(f"{path}: arm, reference: the scenario has the arms {', '.join(scenario.arms)}, in this order")
    return scenario


def _compared(card: Card, scenario: Scenario, told: Told, ensemble: bool) -> Iterator[tuple[str, Any, Any]]:
    """Yield each figure: where it stands, as it is on the card, and as it is recomputed."""
    arm, pair = card["arm"], (card["reference"], card["arm"])
    rung, n, seed = card["rung"], card["replications"], card["seed"]
    told("effects")
    figure = effects(scenario, pair, rung, n, seed, None)[arm]
    for name in FIGURES:
        yield name, card[name], figure[name]  # type: ignore[literal-required]
    yield "claim", card["claim"], sentence(scenario, arm, card["reference"], rung, figure)
    yield "assumptions", card["assumptions"], assumptions(scenario)
    told("beside")
    expected = besides(scenario)
    yield "beside", [each["what"] for each in card["beside"]], [what for what, _ in expected]
    for number, (each, (_, changed)) in enumerate(zip(card["beside"], expected, strict=False)):
        yield f"beside.{number}.changed", each["changed"], changed
        yield from _effect(f"beside.{number}", each, scenario.with_(changed), card)
    flip, searched = card["flips_if"], card["searched"]
    yield "searched: is there a search behind flips_if", flip is None or searched is not None, True
    if searched is not None:
        yield "searched.parameters", searched["parameters"], list(movable(scenario))
    if flip is not None:
        told("what would reverse it")
        now = scenario.model.model_dump(mode="json", by_alias=True).get(flip["path"].removeprefix("model."))
        yield "flips_if.now", flip["now"], now
        part = part_of(scenario, flip["path"], flip["then"])
        yield "flips_if.part_of_the_way", flip["part_of_the_way"], None if part is None else round(part, 4)
        if part is not None:
            yield from _effect("flips_if", flip, scenario.with_({flip["path"]: flip["then"]}), card)
        yield "flips_if: does the sign turn", True, flip["estimate"] * figure["estimate"] < 0.0
    if not card["ensemble"]:
        return
    yield "ensemble: rules", [each["rule"] for each in card["ensemble"]], list(RULES)
    each_of = {each["replications"] for each in card["ensemble"]}
    yield "ensemble: is it of one number of replications", len(each_of), 1
    if ensemble and len(each_of) == 1 and len(card["ensemble"]) == len(RULES):
        asked = Asked(scenario, card["scenario"], pair, rung, n, seed, each_of.pop())
        for number, (rule, found) in enumerate(reach(asked, told)):
            for name, value in {"rule": rule, **found[arm]}.items():
                yield f"ensemble.{number}.{name}", card["ensemble"][number][name], value  # type: ignore[literal-required]


def _effect(where: str, there: Mapping[str, Any], scenario: Scenario, card: Card) -> Iterator[tuple[str, Any, Any]]:
    arm, pair = card["arm"], (card["reference"], card["arm"])
    here = effects(scenario, pair, card["rung"], card["replications"], card["seed"], None)[arm]
    for name in ("estimate", "low", "high"):
        yield f"{where}.{name}", there[name], here[name]
