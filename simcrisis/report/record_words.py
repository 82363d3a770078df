"""Records whose words depend on the case: strikes, decisions, acts, inquiries, what follows from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from simcrisis.catalogue import procedures
from simcrisis.errors import isolated
from simcrisis.events import NOBODY, Kind, Record
from simcrisis.report.phrases import WORTH_COUNTING, act_in_words, in_hours, likely, signed
from simcrisis.report.teller import ACTS, Teller
from simcrisis.scenario.happenings import IncidentKind
from simcrisis.units import to_hours


def _strike(t: Teller, r: Record, seq: int) -> str:
    spec = t.spec(r)
    if spec and spec.kind is IncidentKind.MILITARY_ACTIVITY:
        end = "they prepare for more" if r.actor != NOBODY else "they are at practice"
        seen = f"watches {isolated(spec.appears_from[0])}'s forces: {t.incident(r)} ({spec.sector})"
        return f"{seen}, severity {t.number(r):.2g} of 5 [hidden truth: {end}]"
    sector = f" in the {spec.sector} sector" if spec else ""
    if r.actor != NOBODY:
        truth = f"{t.state(r.actor)} is behind it"
    else:
        truth = f"behind it is no State ({spec.cause.kind})" if spec else "behind it is no State"
    return f"is hit by {t.incident(r)}{sector}, severity {t.number(r):.2g} of 5 [hidden truth: {truth}]"


def _decision(t: Teller, r: Record, seq: int) -> str:
    d = t.decisions[seq]
    question = "guilty" if d.of_incident and not t.is_activity(r) else "hostile"
    nobody = "fears nobody's forces" if t.is_activity(r) else "no suspect"
    why = nobody if d.about == NOBODY else f"holds {t.state(d.about)} {likely(d.belief)} {question}"
    parts = [why, f"severity {d.severity:.1f}", f"tension {d.tension:.2f}", f"rung so far {d.rung_before}"]
    if d.pending:
        parts.append(f"still waiting for: {isolated(d.pending)}")
    if abs(d.silence) >= WORTH_COUNTING:
        parts.append(f"silence counts {signed(d.silence)} in that belief")
    private = " [kept private]" if d.private else ""
    what = f"on {t.incident(r)}" if d.of_incident else f"how to answer {t.state(d.about)}'s act over {t.incident(r)}"
    return f"decides {what}: rung {d.act}, {act_in_words(d.act)}{private} - {'; '.join(parts)}"


def _act(t: Teller, r: Record, seq: int) -> str:
    rung = int(t.number(r))
    at = f" against {t.state(r.counterpart)}" if r.counterpart != NOBODY and rung > 3 else ""
    return f"ACT, rung {rung}{at}: {act_in_words(rung)}"


def _opened(t: Teller, r: Record, seq: int) -> str:
    act = t.records[r.cause_seq]
    if act.kind in ACTS:
        other = t.state(r.counterpart)
        return (
            f"learns of {other}'s act, rung {t.number(act):.0f}: was it meant as an attack? (log-odds {r.value:+.2f})"
        )
    if r.value is None:
        return f"opens a case on {t.incident(r)}, without a suspect"
    if t.is_activity(r):
        return f"asks itself what {t.state(r.counterpart)} means by {t.incident(r)} (log-odds {r.value:+.2f})"
    return f"opens a case on {t.incident(r)}; first thoughts go to {t.state(r.counterpart)} (log-odds {r.value:+.2f})"


def _inquiry(t: Teller, r: Record, seq: int) -> str:
    what = "what its forces are about" if _opens_on_activity(t, r) else "what it knows"
    return f"asks {t.state(r.counterpart)} {what} ({t.line(r)})"


def _opens_on_activity(t: Teller, r: Record) -> bool:
    """Return whether a record belongs to a case about a military activity, and not about an act that followed."""
    return t.is_activity(r) and r.case not in t.on_acts


def _cleared(t: Teller, r: Record, seq: int) -> str:
    other = t.state(r.counterpart)
    return f"no longer fears {other}'s forces" if t.is_activity(r) else f"drops {other} as a suspect"


def _detection(t: Teller, r: Record, seq: int) -> str:
    verbs = ("sees", "began") if t.is_activity(r) else ("detects", "struck")
    return f"{verbs[0]} {t.incident(r)}, {in_hours(t.number(r))} after it {verbs[1]}"


def _opened_procedure(t: Teller, r: Record, seq: int) -> str:
    other, (name, _, hub) = t.state(r.counterpart), r.detail.partition(" of ")
    if procedures()[name].opened_by == "hub":
        return f"{isolated(hub)} offers {name.replace('-', ' ')} to it and {other}"
    return f"calls for {name.replace('-', ' ')} with {other}" + (f" ({isolated(hub)})" if hub else "")


def _explanation(t: Teller, r: Record, seq: int) -> str:
    taken = in_hours(to_hours(r.at - t.records[r.cause_seq].at))
    weight = f" ({signed(r.value)})" if r.value else ""
    what = t.procedure(r)
    return f"explains itself to {t.state(r.counterpart)}{weight}, {taken} after it was asked to ({what})"


def _term_passed(t: Teller, r: Record, seq: int) -> str:
    sign = f"; that counts as a sign ({signed(r.value)})" if r.value else ""
    return f"has no explanation from {t.state(r.counterpart)} within the term ({t.procedure(r)}){sign}"


def _sector_down(t: Teller, r: Record, seq: int) -> str:
    told = f"{r.detail} goes out, for about {in_hours(t.number(r))}"
    cause = t.records[r.cause_seq]
    if cause.kind is not Kind.SECTOR_DOWN:
        return told
    whose = "its" if cause.actor == r.actor else f"{t.state(cause.actor)}'s"
    return f"{told}, because {whose} {cause.detail} is out"


def _withdrawn(t: Teller, r: Record, seq: int) -> str:
    why = "no longer suspects it" if r.value is None else f"holds it {likely(r.value)} guilty by now"
    return f"withdraws its attribution of {t.incident(r)} to {t.state(r.counterpart)}: {why}"


TELLING: Mapping[Kind, Callable[[Teller, Record, int], str]] = {
    Kind.STRIKE: _strike,
    Kind.DETECTION: _detection,
    Kind.INQUIRY: _inquiry,
    Kind.SUSPECT_CLEARED: _cleared,
    Kind.EXPLANATION: _explanation,
    Kind.TERM_PASSED: _term_passed,
    Kind.CASE_OPENED: _opened,
    Kind.DECISION: _decision,
    Kind.ACT: _act,
    Kind.PROCEDURE: _opened_procedure,
    Kind.WITHDRAWN: _withdrawn,
    Kind.SECTOR_DOWN: _sector_down,
}
"""How the others are told."""
