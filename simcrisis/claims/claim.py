"""Makes claim cards: the effects of arms, beside what they are without credibility, over the ensemble, and reversed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from typing import Any

from simcrisis.batch.work import versions
from simcrisis.batch.worker import pool
from simcrisis.catalogue import parameter_page
from simcrisis.claims.card import FORMAT, Assumption, Beside, Card, Flip, Reach, Searched
from simcrisis.claims.effects import effects, over_ensemble
from simcrisis.claims.flips import Search, movable
from simcrisis.errors import ClaimError
from simcrisis.events import FIREBREAK
from simcrisis.scenario import Scenario
from simcrisis.shown import ASSUMED

Told = Callable[[str], object]
"""Told what is being done."""
RULES = ("logit", "threshold")


@dataclass(frozen=True)
class Asked:
    """What cards are made of."""

    scenario: Scenario
    name: str
    """What the cards call the scenario."""
    arms: tuple[str, ...]
    """The reference first."""
    rung: int = FIREBREAK
    replications: int = 10_000
    seed: int = 1
    ensemble: int = 300
    """Replications of each set of the ensemble; 0: none."""
    tries: int = 1_000
    """Replications of each try for a change that reverses a sign; 0: none is looked for."""


def without_credibility(scenario: Scenario) -> dict[str, Any]:
    """Return what takes all credibility from answers, by path: of the model, and of lines that have their own."""
    own = {f"lines.{line.name}.credibility": 0.0 for line in scenario.lines if line.credibility is not None}
    return {"model.kappa": 0.0, **own}


def besides(scenario: Scenario) -> list[tuple[str, dict[str, Any]]]:
    """Return what every card shows beside its figure: what it is called, and what is changed for it, by path."""
    rule = scenario.model.rule
    others = [(f"decision rule {other}", {"model.rule": other}) for other in RULES if other != rule]
    return [("no answer is believed (credibility 0)", without_credibility(scenario)), *others]


def made(asked: Asked, told: Told = lambda _: None) -> dict[str, Card]:
    """Return a card for each arm but the reference.

    Raises ClaimError where the scenario varies something itself, BatchError where runs fail.
    """
    scenario, arms = asked.scenario, asked.arms
    if scenario.experiment is not None:
        raise ClaimError(f"{scenario.file}: varies something itself; a card is of one scenario as it stands")
    told("effects")
    figures = effects(scenario, arms, asked.rung, asked.replications, asked.seed, None)
    told("beside")
    beside = [
        (what, changed, effects(scenario.with_(changed), arms, asked.rung, asked.replications, asked.seed, None))
        for what, changed in besides(scenario)
    ]
    reaches = reach(asked, told) if asked.ensemble else []
    flips = _flips(asked, {arm: each["estimate"] for arm, each in figures.items()}, told)
    return {arm: _card(asked, arm, figures[arm], beside, reaches, flips) for arm in arms[1:]}


def reach(asked: Asked, told: Told) -> list[tuple[str, Mapping[str, Mapping[str, Any]]]]:
    """Return how far effects reach over the ensemble, under each decision rule."""
    found: list[tuple[str, Mapping[str, Mapping[str, Any]]]] = []
    for rule in RULES:
        told(f"ensemble, {rule}")
        under = asked.scenario.with_({"model.rule": rule})
        found.append((rule, over_ensemble(under, asked.arms, asked.rung, asked.ensemble, asked.seed)))
    return found


def _flips(asked: Asked, estimates: Mapping[str, float], told: Told) -> Mapping[str, Any]:
    if not asked.tries:
        return {}
    told("what would reverse it")
    data = json.dumps(dict(asked.scenario.data))
    search = Search(data, asked.arms, asked.rung, asked.seed, asked.tries, asked.replications)
    try:
        with pool(os.cpu_count() or 1) as workers:
            return search.nearest(estimates, workers)
    except BrokenExecutor:
        raise ClaimError("a worker process died; --tries 0 looks for nothing that reverses a sign") from None


def _card(
    asked: Asked,
    arm: str,
    figure: Mapping[str, float],
    beside: Sequence[tuple[str, Mapping[str, Any], Mapping[str, Mapping[str, float]]]],
    reaches: Sequence[tuple[str, Mapping[str, Mapping[str, Any]]]],
    flips: Mapping[str, Flip | None],
) -> Card:
    scenario = asked.scenario
    searched = Searched(parameters=list(movable(scenario)), replications=asked.tries) if arm in flips else None
    return Card(
        card=FORMAT,
        claim=sentence(scenario, arm, asked.arms[0], asked.rung, figure),
        scenario=asked.name,
        scenario_sha256=scenario.digest,
        changed=dict(scenario.changes),
        arm=arm,
        reference=asked.arms[0],
        rung=asked.rung,
        seed=asked.seed,
        replications=asked.replications,
        estimate=figure["estimate"],
        low=figure["low"],
        high=figure["high"],
        risk=figure["risk"],
        reference_risk=figure["reference_risk"],
        beside=[
            Beside(
                what=what,
                changed=dict(changed),
                estimate=found[arm]["estimate"],
                low=found[arm]["low"],
                high=found[arm]["high"],
            )
            for what, changed, found in beside
        ],
        ensemble=[Reach(rule=rule, replications=asked.ensemble, **found[arm]) for rule, found in reaches],  # type: ignore[typeddict-item]
        flips_if=flips.get(arm),
        searched=searched,
        assumptions=assumptions(scenario),
        made_with=dict(versions()),
    )


def sentence(scenario: Scenario, arm: str, reference: str, rung: int, figure: Mapping[str, float]) -> str:
    """Return a claim in words."""
    points = {name: 100 * figure[name] for name in ("estimate", "low", "high")}
    shares = f"{100 * figure['reference_risk']:.2f} to {100 * figure['risk']:.2f} %"
    changed = f", with {len(scenario.changes)} values changed," if scenario.changes else ""
    of = f"the share of runs of “{scenario.title}”{changed} that reach rung {rung}"
    if not points["estimate"]:
        return f"{ASSUMED}, arm {arm} does not change {of} ({shares}), against arm {reference}."
    verb = "lowers" if points["estimate"] < 0 else "raises"
    doubt = "" if points["low"] > 0 or points["high"] < 0 else ", which luck alone could do"
    by = f"{abs(points['estimate']):.2f} points ({points['low']:+.2f} to {points['high']:+.2f})"
    return f"{ASSUMED}, arm {arm} {verb} {of} by {by}{doubt}, from {shares}, against arm {reference}."


def assumptions(scenario: Scenario) -> list[Assumption]:
    """Return the parameters of the model as they stand in a scenario, each with its source."""
    values = scenario.model.model_dump(mode="json", by_alias=True)
    stated = set(scenario.data.get("model") or {})
    return [
        Assumption(
            parameter=row.path,
            value=values[row.name],
            standing="stated in the scenario" if row.name in stated else row.source,
        )
        for row in parameter_page()
        if row.path.startswith("model.") and row.name in values
    ]
