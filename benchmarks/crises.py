"""Crises of all sizes, made from `two_states.yaml` and the shipped osce_wide; the arm to run is called `both`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from benchmarks.worlds import TWO_STATES
from simcrisis import load

Data = dict[str, Any]
BOTH = {"both": {"cbms": [2, 8]}}
PAIRS = 50
"""Of neighbours, among whom incidents are spread: as many States however many incidents."""
TWO_YEARS = 720
"""Days."""


@cache
def two_states() -> Data:
    """Return the crisis of two States and one incident; not to be changed in place."""
    return dict(load(TWO_STATES).data)


def among_bystanders(count: int) -> Data:
    """Return it among so many States that take no part; measures stay with the two, diplomatic lines join all."""
    base = two_states()
    two = list(base["states"])
    bystanders: Data = {f"Bystander {n:03}": {} for n in range(count)}
    return {**base, "states": {**base["states"], **bystanders}, "arms": {"both": {"cbms": {2: two, 8: two}}}}


def neighbours(incidents: int) -> Data:
    """Return 50 pairs like the two States over two years, with so many incidents spread evenly over pairs and time."""
    base = two_states()
    one, other = base["states"]
    pairs = [(f"{one} {n:02}", f"{other} {n:02}") for n in range(PAIRS)]
    hours = (TWO_YEARS - 60) * 24
    return {
        **base,
        "horizon": f"{TWO_YEARS} days",
        "states": {name: base["states"][like] for pair in pairs for name, like in zip(pair, (one, other), strict=True)},
        "relations": [{**base["relations"][0], "between": list(pair)} for pair in pairs],
        "incidents": list(_spread(base["incidents"][0], incidents, pairs, hours)),
        "arms": BOTH,
    }


def _spread(incident: Data, count: int, pairs: list[tuple[str, str]], hours: int) -> Iterable[Data]:
    for n in range(count):
        victim, suspect = pairs[n % len(pairs)]
        at = f"{36 + n * hours // count} h"
        yield {**incident, "name": f"blackout {n:04}", "at": at, "victim": victim, "appears_from": [suspect]}


def lasting(days: int) -> Data:
    """Return the two States over so many days, with a drawn incident a month on average."""
    base = two_states()
    drawn = {"name": "monthly", "between": list(base["states"]), "rate": 12}
    return {**base, "horizon": f"{days} days", "incidents": [], "background": [drawn], "arms": BOTH}


def wide(rate: int) -> Data:
    """Return osce_wide with so many times its incidents and CBMs 2 and 8."""
    base = dict(load("osce_wide").data)
    return {**base, "background": [{**each, "rate": rate * each["rate"]} for each in base["background"]], "arms": BOTH}


def with_lines(count: int) -> Data:
    """Return the two States with so many lines of their own, half between CERTs, half between desks; all can fail."""
    base = two_states()
    fails = {"between": list(base["states"]), "uptime": {"mtbf": "20 days", "mttr": "12 h"}}
    kinds = ("technical", "policy")
    lines = [{**fails, "name": f"line {n:03}", "kind": kinds[n % 2]} for n in range(count)]
    return {**base, "lines": lines, "arms": BOTH}


def with_arms(count: int) -> Data:
    """Return the two States in so many arms, all with CBMs 2 and 8."""
    return {**two_states(), "arms": {f"arm {n:02}": BOTH["both"] for n in range(count)}}
