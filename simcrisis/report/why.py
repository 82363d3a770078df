"""Why a run went as far as it did, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from simcrisis.batch.counterfactual import Change, chain, nearest_change, peak_of
from simcrisis.batch.run import Run
from simcrisis.draws import Purpose
from simcrisis.errors import isolated
from simcrisis.events import EXCEEDED, FIREBREAK, NOBODY, Decision, Kind, Record
from simcrisis.report.timeline import Entry, entry_of


@dataclass(frozen=True)
class Explanation:
    """The chain of causes from strike to peak, and the nearest message that would have prevented it."""

    peak: int
    below: int
    """The rung below which the changed run had to stay: the firebreak, or the peak if that was lower."""
    chain: list[Entry]
    evidence: dict[int, str]
    """For each decision of the chain (by record) what its belief was made of, and how likely its choice was."""
    change: Change | None
    sentence: str


def explain(run: Run) -> Explanation:
    """Return why a run reached its peak."""
    peak = peak_of(run.log)
    below = min(peak, FIREBREAK)
    if peak == 0:
        return Explanation(0, 0, [], {}, None, "No State acted in public: there is nothing to explain.")
    change = nearest_change(run, below)
    links = chain(run)
    decisions = {d.seq: d for d in run.log.decisions}
    evidence = {seq: _evidence(run, decisions[seq]) for seq in links if seq in decisions}
    return Explanation(
        peak, below, [entry_of(run, seq) for seq in links], evidence, change, _sentence(run, change, below)
    )


_PARTS: dict[str, frozenset[Kind]] = {
    "first thoughts": frozenset({Kind.CASE_OPENED, Kind.SUSPECT_NAMED}),
    "own findings": frozenset({Kind.BRIEFING}),
    "other CERTs": frozenset({Kind.TECHNICAL_BRIEFING}),
    "police": frozenset({Kind.POLICE_RESULT}),
    "intelligence": frozenset({Kind.INTELLIGENCE}),
    "public reports": frozenset({Kind.REPORT}),
    "replies": frozenset({Kind.ASSURANCE}),
    "announcements": frozenset({Kind.ANNOUNCED, Kind.UNANNOUNCED}),
    "explanations": frozenset({Kind.EXPLANATION}),
    "visits": frozenset({Kind.VISIT, Kind.VISIT_GRANTED, Kind.VISIT_REFUSED}),
}
"""Where the log-odds of a belief come from."""


def evidence(run: Run, decision: Decision) -> Mapping[str, float]:
    """Return what the log-odds of a decision's belief were made of; the parts add up to them."""
    records = run.log.records
    about = [(seq, r) for seq, r in enumerate(records[: decision.seq]) if r.case == decision.case]
    since = max((seq for seq, r in about if r.kind is Kind.SUSPECT_NAMED), default=0)

    def counts(record: Record) -> bool:
        """Whether a record speaks of the present suspect: what comes in about a former one moves nothing."""
        if record.kind is Kind.TECHNICAL_BRIEFING:
            return records[record.cause_seq].cause_seq >= since
        return decision.about in {record.actor, record.counterpart}

    parts = {
        name: math.fsum(r.value or 0.0 for seq, r in about if seq >= since and r.kind in kinds and counts(r))
        for name, kinds in _PARTS.items()
    }
    return {**parts, "silence": decision.silence}


def _evidence(run: Run, decision: Decision) -> str:
    """Return in words what a decision's belief was made of, and how likely the choice was."""
    parts = evidence(run, decision) if decision.about != NOBODY else {}
    told = ", ".join(f"{name} {value:+.2f}" for name, value in parts.items() if abs(value) >= 0.005)
    chance = ""
    if decision.act >= EXCEEDED.start:
        reached = decision.chances[decision.act - EXCEEDED.start]
        chance = f"; in this situation the rule goes so far or further with probability {100 * reached:.1f} %"
    return f"belief from {told or 'nothing'} (log-odds){chance}"


_WHAT = {
    Purpose.SENT: "{actor}'s inquiry to {other}",
    Purpose.REPLY: "{other}'s reply to {actor}'s inquiry",
    Purpose.RETURNED: "{other}'s reply to {actor}'s inquiry, on its way back,",
    Purpose.PARTNER_WORK: "the answer of {other}'s CERT to {actor}'s",
    Purpose.BRIEFING: "the briefing of {actor}'s policy desk by its CERT",
}


def _sentence(run: Run, change: Change | None, below: int) -> str:
    if change is None:
        return (
            "No single inquiry, reply, request between CERTs or briefing, earlier, later, added or answered, would "
            f"have kept this run below rung {below}."
        )
    record = run.log.records[change.message.seq]
    names = run.world.names
    words = {
        "actor": isolated(names.states[record.actor]),
        "other": isolated(names.states[record.counterpart]) if record.counterpart >= 0 else "nobody",
    }
    purpose = change.message.occasion[0]
    entry = entry_of(run, change.message.seq)
    end = f"the run would have peaked at rung {change.peak} (record {change.message.seq}, {entry.when}: {entry.text})"
    if purpose is Purpose.ASKS:
        return "Had {actor} asked {other}, ".format(**words) + end + "."
    if purpose in {Purpose.ANSWERS, Purpose.PARTNER_ANSWERS}:
        whom = "{other}" if purpose is Purpose.ANSWERS else "{other}'s CERT"
        return f"Had {whom} answered {{actor}}, ".format(**words) + end + "."
    assert change.hours is not None
    when = f"{abs(change.hours):.1f} h {'later' if change.hours > 0 else 'earlier'}"
    return f"Had {_WHAT[purpose].format(**words)} come {when}, {end}."
