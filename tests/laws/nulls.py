"""Nulls: with its effects switched off, a measure changes nothing but its own messages."""

from __future__ import annotations

from collections.abc import Mapping

from simcrisis.events import INQUIRY_EXCHANGE, TECHNICAL_EXCHANGE, EventLog, Kind
from tests.laws.law import Z_ALARM, Z_BOUND, Outcome, law, z_of_mean
from tests.laws.settings import belgrade, logs, visible

REPLICATIONS = 500
CBM8_OFF = {
    "model.information": False,
    "model.time": False,
    "model.reassurance": False,
    "model.notice": False,
    "model.ask_cert": False,
}
CBM2_OFF = {
    "model.partner_d": 0.0,
    "model.information": False,
    "model.partner_work": "0 h",
    "model.restoration": 1.0,
}


def differing(changes: Mapping[str, object], one: str, other: str, without: frozenset[Kind]) -> int:
    """Return in how many replications two arms differ in more than records of the kinds left out."""
    scenario = belgrade().with_(changes)
    pairs = zip(logs(scenario, one, REPLICATIONS), logs(scenario, other, REPLICATIONS), strict=True)
    return sum(visible(a, without) != visible(b, without) for a, b in pairs)


@law(
    "Null of CBM 8",
    "Information, time, reassurance and notice off, the counterpart's CERT not asked: CBM 8 changes nothing but the "
    "inquiry and its reply (belgrade_2015, none against cbm8)",
    tolerance="0 of 500 replications",
    false_alarm="none",
)
def null_of_cbm8() -> Outcome:
    n = differing(CBM8_OFF, "none", "cbm8", INQUIRY_EXCHANGE)
    return Outcome(f"{n} replications differ", n, 0)


@law(
    "Null of CBM 2",
    "partner_d 0, information off, no partner work, no gain in restoration: CBM 2 changes nothing but requests and "
    "answers (belgrade_2015, none against cbm2 and cbm8 against both)",
    tolerance="0 of 500 replications",
    false_alarm="none",
)
def null_of_cbm2() -> Outcome:
    n = differing(CBM2_OFF, "none", "cbm2", TECHNICAL_EXCHANGE)
    n += differing(CBM2_OFF, "cbm8", "both", TECHNICAL_EXCHANGE)
    return Outcome(f"{n} replications differ", n, 0)


@law(
    "Away from the nulls",
    "With the effects on, CBM 2 and CBM 8 each change some run (so that the two laws above can fail)",
    tolerance="at least 100 of 500 replications each",
    false_alarm="none at this distance",
)
def away_from_the_nulls() -> Outcome:
    two = differing({}, "none", "cbm2", TECHNICAL_EXCHANGE)
    eight = differing({}, "none", "cbm8", INQUIRY_EXCHANGE)
    return Outcome(f"CBM 2 changes {two} runs, CBM 8 {eight}", -min(two, eight), -100)


@law(
    "Dead lines: believed dead",
    "A line that is dead and believed dead is not asked",
    tolerance="0 inquiries in 500 replications",
    false_alarm="none",
)
def believed_dead() -> Outcome:
    scenario = belgrade().with_({"states.*.policy.answers": 0.0})
    asked = sum(r.kind.label == "inquiry" for log in logs(scenario, "cbm8", REPLICATIONS) for r in log.records)
    return Outcome(f"{asked} inquiries", asked, 0)


@law(
    "Dead lines: believed live",
    "A line that is dead and believed live raises acts against innocents",
    tolerance=f"z >= {Z_BOUND:g}",
    false_alarm=Z_ALARM,
)
def believed_live() -> Outcome:
    dead = belgrade().with_({"states.*.policy.answers": 0.0})
    trusted = dead.with_({"states.*.policy.believed_answers": 0.9})
    pairs = zip(logs(dead, "cbm8", REPLICATIONS), logs(trusted, "cbm8", REPLICATIONS), strict=True)
    more = [float(_misattributed(b) - _misattributed(a)) for a, b in pairs]
    z = z_of_mean(more)
    return Outcome(f"{sum(more) / len(more):+.3f} misattributed acts a run, z = {z:.1f}", -z, -Z_BOUND)


def _misattributed(log: EventLog) -> int:
    return sum(d.of_incident and not d.culpable and not d.private and d.act >= 4 for d in log.decisions)
