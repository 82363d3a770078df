"""Why a run went as far as it did, in words."""

from __future__ import annotations

from dataclasses import dataclass

from simcrisis.batch.counterfactual import Change, chain, nearest_change, peak_of
from simcrisis.batch.run import Run
from simcrisis.draws import Purpose
from simcrisis.events import FIREBREAK
from simcrisis.report.timeline import Entry, entry_of


@dataclass(frozen=True)
class Explanation:
    """The chain of causes from strike to peak, and the nearest message that would have prevented it."""

    peak: int
    below: int
    """The rung below which the changed run had to stay: the firebreak, or the peak if that was lower."""
    chain: list[Entry]
    change: Change | None
    sentence: str


def explain(run: Run) -> Explanation:
    """Return why a run reached its peak."""
    peak = peak_of(run.log)
    below = min(peak, FIREBREAK)
    if peak == 0:
        return Explanation(0, 0, [], None, "No State acted in public: there is nothing to explain.")
    change = nearest_change(run, below)
    links = [entry_of(run, seq) for seq in chain(run)]
    return Explanation(peak, below, links, change, _sentence(run, change, below))


_WHAT = {
    Purpose.SENT: "{actor}'s inquiry to {other}",
    Purpose.REPLY: "{other}'s reply to {actor}'s inquiry",
    Purpose.RETURNED: "{other}'s reply to {actor}'s inquiry, on its way back,",
    Purpose.PARTNER_WORK: "the answer of {other}'s CERT to {actor}'s",
    Purpose.BRIEFING: "the briefing of {actor}'s policy desk by its CERT",
}


def _sentence(run: Run, change: Change | None, below: int) -> str:
    if change is None:
        return f"No single message, earlier, later, added or answered, would have kept this run below rung {below}."
    record = run.log.records[change.message.seq]
    names = run.world.names
    words = {
        "actor": names.states[record.actor],
        "other": names.states[record.counterpart] if record.counterpart >= 0 else "nobody",
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
