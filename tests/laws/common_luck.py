"""Common luck: what is not used changes nothing, and arms agree up to the first event that differs by cause."""

from __future__ import annotations

from typing import Any

from simcrisis import load
from simcrisis.events import INQUIRY_EXCHANGE, TECHNICAL_EXCHANGE
from simcrisis.scenario import Scenario
from tests.laws.law import Outcome, law
from tests.laws.settings import belgrade, identity, logs

REPLICATIONS = 200
LINES = [
    {"name": "certs", "kind": "technical", "between": ["Alderland", "Brevia"]},
    {"name": "hotline", "kind": "policy", "between": ["Alderland", "Brevia"], "rides_on": "telecom"},
]
UNUSED: list[dict[str, Any]] = [
    {
        "name": "unused",
        "kind": "policy",
        "between": ["Faraway", "Elsewhere"],
        "latency": "3 h",
        "uptime": {"mtbf": "2 days", "mttr": "2 days"},
    }
]


def with_lines(lines: list[dict[str, Any]]) -> Scenario:
    """Return belgrade_2015 with two more States, in whose affairs nothing happens, and written lines."""
    data = dict(belgrade().data)
    data["states"] = {**data["states"], "Faraway": {}, "Elsewhere": {}}
    return load({**data, "lines": lines})


def differing(one: Scenario, other: Scenario, arm: str = "both") -> int:
    """Return in how many replications the events of two scenarios differ, line numbers and names apart."""
    pairs = zip(logs(one, arm, REPLICATIONS), logs(other, arm, REPLICATIONS), strict=True)
    return sum(
        [r._replace(line=min(r.line, 0)) for r in a.records] != [r._replace(line=min(r.line, 0)) for r in b.records]
        for a, b in pairs
    )


@law(
    "Common luck: unused line",
    "A line that is never used changes no event",
    tolerance="0 of 200 replications",
    false_alarm="none",
)
def unused_line() -> Outcome:
    n = differing(with_lines(LINES), with_lines(LINES + UNUSED))
    return Outcome(f"{n} replications differ", n, 0)


@law(
    "Common luck: attributes of an unused line",
    "Latency, uptime and credibility of a line that is never used shift no luck",
    tolerance="0 of 200 replications",
    false_alarm="none",
)
def attributes_of_an_unused_line() -> Outcome:
    base = with_lines(LINES + UNUSED)
    changes = {"lines.unused.latency": "40 h", "lines.unused.uptime.mtbf": "1 h", "lines.unused.credibility": 0.1}
    n = differing(base, base.with_(changes))
    return Outcome(f"{n} replications differ", n, 0)


@law(
    "Common luck: first difference",
    "Two arms agree, record by record, until the first record that a channel makes",
    tolerance="0 of 200 replications, each of 4 arms against 'none'",
    false_alarm="none",
)
def first_difference() -> Outcome:
    channel = INQUIRY_EXCHANGE | TECHNICAL_EXCHANGE
    wrong = parted = 0
    for arm in ("cbm2", "cbm8", "both", "untested"):
        pairs = zip(logs(belgrade(), "none", REPLICATIONS), logs(belgrade(), arm, REPLICATIONS), strict=True)
        for here, there in pairs:
            for a, b in zip(here.records, there.records, strict=False):
                if identity(a._replace(line=0)) != identity(b._replace(line=0)):
                    parted += 1
                    wrong += not ({a.kind, b.kind} & channel)
                    break
    return Outcome(
        f"{parted} pairs of runs part, {wrong} of them at a record that no channel made", wrong if parted else 1, 0
    )
