"""What may change in a file without changing what happens: names, order, the week, a bystander, the horizon."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from simcrisis import load, run
from simcrisis.units import DAY
from tests.crises import START, crises
from tests.happened import Row, happened

REPLICATIONS = range(2)
DATE = re.compile(r"2026-03-\d\d(T[^ ]*)?")
STILL_ZONES = {"Europe/Vienna": "Asia/Dubai", "America/Toronto": "America/Bogota"}
"""Zones without summer time, for those with it."""
few = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
"""To find the least crisis that shows a fault, add Phase.shrink: that takes minutes."""


def told(data: dict[str, Any]) -> list[list[Row]]:
    """Return what happens in a few runs of a crisis."""
    scenario = load(data)
    return [happened(run(scenario, "arm", 1, replication)) for replication in REPLICATIONS]


def mapped(data: Any, change: Callable[[str], str]) -> Any:
    """Return nested data with every text changed, keys included."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, dict):
        return {change(key) if isinstance(key, str) else key: mapped(value, change) for key, value in data.items()}
    return [mapped(value, change) for value in data] if isinstance(data, list) else data


@few
@given(crises())
def test_renaming_with_keys_kept_changes_names_only(data: dict[str, Any]) -> None:
    other = {name: f"Z{name[::-1].capitalize()}" for name in data["states"]}
    words = re.compile("|".join(other))

    def rename(text: str) -> str:
        return words.sub(lambda found: other[found[0]], text)

    renamed = mapped(data, rename)
    for name, new in other.items():
        renamed["states"][new] = {**renamed["states"][new], "key": name}
    assert told(renamed) == [[Row(*mapped(list(row), rename)) for row in each] for each in told(data)]


@few
@given(crises(), st.integers(0, 2**32))
def test_the_order_of_a_file_changes_nothing(data: dict[str, Any], seed: int) -> None:
    rng = random.Random(seed)
    keep = {"script", "reports", "between", "prefer", "appears_from"}

    def shuffled(part: Any, under: str = "") -> Any:
        if isinstance(part, dict):
            keys = rng.sample(list(part), len(part))
            return {key: shuffled(part[key], str(key)) for key in keys}
        if isinstance(part, list):
            items = [shuffled(item) for item in part]
            return (
                items
                if under in keep or not all(isinstance(item, dict | str) for item in items)
                else rng.sample(items, len(items))
            )
        return part

    turned = shuffled(data)
    for relation in turned["relations"]:
        relation["between"] = relation["between"][::-1]
    assert told(turned) == told(data)


@few
@given(crises(), st.integers(1, 200))
def test_whole_weeks_later_the_same_happens(data: dict[str, Any], weeks: int) -> None:
    def still(text: str) -> str:
        return STILL_ZONES.get(text, text)

    def later(text: str) -> str:
        if not DATE.fullmatch(text):
            return text
        moved = datetime.fromisoformat(text) + timedelta(weeks=weeks)
        return moved.isoformat() if "T" in text else moved.date().isoformat()

    here = mapped(data, still)
    assert told({**mapped(here, later), "start": later(START)}) == told(here)


@few
@given(crises(), st.sampled_from(("Aaland", "Bystand", "Zembla")))
def test_a_bystander_changes_nothing(data: dict[str, Any], name: str) -> None:
    """A State that takes no part: so what holds for `all` in a crisis is written for those who do."""
    everybody = list(data["states"])
    here = mapped(data, lambda text: "everybody" if text == "all" else text)
    here["groups"] = {**here["groups"], "everybody": everybody}
    here["hubs"] = [{"members": "everybody", **hub} for hub in here["hubs"]]
    adopted = here["arms"]["arm"]["cbms"]
    here["arms"]["arm"]["cbms"] = dict.fromkeys(adopted, "everybody") if isinstance(adopted, list) else adopted
    for part in ("lines", "background"):
        here[part] = [{**each, "among": ["everybody"]} if each.get("among") == "all" else each for each in here[part]]
    assert told({**here, "states": {name: {"zone": "Asia/Tokyo"}, **here["states"]}}) == told(here)


@few
@given(crises(), st.integers(1, 27))
def test_a_run_to_an_earlier_horizon_is_the_beginning_of_a_longer_one(data: dict[str, Any], days: int) -> None:
    start = load(data).start
    soon = [
        incident
        for incident, full in zip(data["incidents"], load(data).incidents, strict=True)
        if full.at.offset(start) < days * DAY
    ]
    assume(soon)
    short = {**data, "incidents": soon, "horizon": f"{days} days"}
    for beginning, whole in zip(told(short), told(data), strict=True):
        assert beginning == [row for row in whole if row.at < days * DAY]
