"""A run as a dated timeline that a diplomat can read: who learned, asked, answered and decided what, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from simcrisis.batch.run import Run
from simcrisis.catalogue import ladder, procedures
from simcrisis.events import NOBODY, Decision, Kind, Record
from simcrisis.frames import incident_names
from simcrisis.scenario.happenings import IncidentKind
from simcrisis.scenario.lines import by_key
from simcrisis.units import to_hours


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline."""

    seq: int
    when: str
    """Local date and time of the State that acts or learns."""
    who: str
    text: str
    grave: bool
    """Whether it is a strike, a public act or a change of the dyad's rung."""
    minor: bool
    """Whether a timeline leaves it out."""


def timeline(run: Run) -> Iterator[Entry]:
    """Yield the entries of a run, in order; the hidden truth is marked as such."""
    for seq in range(len(run.log.records)):
        entry = entry_of(run, seq)
        if not entry.minor:
            yield entry


def entry_of(run: Run, seq: int) -> Entry:
    """Return the entry of one record."""
    teller, record = _teller(run), run.log.records[seq]
    seat = teller.state(teller.seat(record))
    minor = record.kind is Kind.INVESTIGATION and teller.number(record) < _WORTH_TELLING
    return Entry(seq, teller.when(record), seat, _tell(teller, record, seq), record.kind in _GRAVE, minor)


@lru_cache(maxsize=4)
def _teller(run: Run) -> _Teller:
    return _Teller(run)


_ACTS = {Kind.ACT, Kind.TAKES_UP}
_GRAVE = {Kind.ACT, Kind.RUNG, Kind.STRIKE}
_TOLD_TO_OTHERS = {
    Kind.STRIKE,
    Kind.TECHNICAL_ANSWER,
    Kind.POLICE_RESULT,
    Kind.ASSURANCE,
    Kind.FORMULAIC,
    Kind.ANNOUNCED,
    Kind.UNANNOUNCED,
    Kind.VISIT_GRANTED,
    Kind.VISIT_REFUSED,
}
"""Records whose counterpart learns."""


class _Teller:
    """Words for ids, local times, and the decisions by the number of their record."""

    def __init__(self, run: Run) -> None:
        self.names = run.world.names
        self.records = run.log.records
        self.incidents = incident_names(self.names)
        self.start = run.scenario.start
        stands = run.scenario.under(run.arm)
        self.zones = [ZoneInfo(stands.states[word].zone) for word in by_key(stands)]
        self.decisions: Mapping[int, Decision] = {decision.seq: decision for decision in run.log.decisions}
        self.specs = {spec.name: spec for spec in stands.incidents}
        self.on_acts = {
            record.case
            for record in self.records
            if record.kind is Kind.CASE_OPENED and self.records[record.cause_seq].kind in _ACTS
        }
        """Cases about an act, and not about an incident."""

    def state(self, number: int) -> str:
        return self.names.states[number] if number != NOBODY else "-"

    def suspect(self, number: int) -> str:
        return self.names.states[number] if number != NOBODY else "nobody in particular"

    def incident(self, record: Record) -> str:
        return self.incidents[min(record.incident, len(self.incidents) - 1)]

    def is_activity(self, record: Record) -> bool:
        spec = self.specs.get(self.incident(record))
        return spec is not None and spec.kind is IncidentKind.MILITARY_ACTIVITY

    def line(self, record: Record) -> str:
        return self.names.lines[record.line]

    def seat(self, record: Record) -> int:
        """Return the State in whose capital the entry is dated: the one that acts or learns."""
        if record.kind in _TOLD_TO_OTHERS:
            return record.counterpart
        return record.actor

    def when(self, record: Record) -> str:
        instant: datetime = self.start + timedelta(milliseconds=record.at)
        seat = self.seat(record)
        local = instant.astimezone(self.zones[seat]) if seat != NOBODY else instant
        return f"{local:%a %d %b %H:%M %Z}"

    def number(self, record: Record) -> float:
        return 0.0 if record.value is None else record.value


def act_in_words(rung: int) -> str:
    """Return what an act of a rung is."""
    return ladder()[rung].act


def _leaning(weight: float, suspect: str) -> str:
    if abs(weight) < 0.05:
        return f"that says next to nothing about {suspect}"
    strength = "strongly " if abs(weight) >= 1.0 else "" if abs(weight) >= 0.4 else "slightly "
    return f"that speaks {strength}{'against' if weight > 0 else 'for the innocence of'} {suspect} ({_signed(weight)})"


def _signed(weight: float) -> str:
    """Return log-odds with their sign; what rounds to nothing is nothing."""
    return f"{weight:+.2f}" if abs(weight) >= 0.005 else "0"


def _likely(belief: float) -> str:
    return f"{round(100 * belief)} % likely"


def _hours(hours: float) -> str:
    if hours < 1.0:
        return f"{round(60 * hours)} min"
    if hours < 10.0:
        return f"{hours:.1f} h"
    return f"{hours:.0f} h" if hours < 72 else f"{hours / 24:.0f} days"


def _strike(t: _Teller, r: Record, seq: int) -> str:
    spec = t.specs.get(t.incident(r))
    if spec and spec.kind is IncidentKind.MILITARY_ACTIVITY:
        end = "they prepare for more" if r.actor != NOBODY else "they are at practice"
        seen = f"watches {spec.appears_from[0]}'s forces: {t.incident(r)} ({spec.sector})"
        return f"{seen}, severity {t.number(r):.2g} of 5 [hidden truth: {end}]"
    sector = f" in the {spec.sector} sector" if spec else ""
    if r.actor != NOBODY:
        truth = f"{t.state(r.actor)} is behind it"
    else:
        truth = f"behind it is no State ({spec.cause.kind})" if spec else "behind it is no State"
    return f"is hit by {t.incident(r)}{sector}, severity {t.number(r):.2g} of 5 [hidden truth: {truth}]"


def _decision(t: _Teller, r: Record, seq: int) -> str:
    d = t.decisions[seq]
    question = "guilty" if d.of_incident and not t.is_activity(r) else "hostile"
    nobody = "fears nobody's forces" if t.is_activity(r) else "no suspect"
    why = nobody if d.about == NOBODY else f"holds {t.state(d.about)} {_likely(d.belief)} {question}"
    parts = [why, f"severity {d.severity:.1f}", f"tension {d.tension:.2f}", f"rung so far {d.rung_before}"]
    if d.pending:
        parts.append(f"still waiting for: {d.pending}")
    if abs(d.silence) >= _WORTH_COUNTING:
        parts.append(f"silence counts {_signed(d.silence)} in that belief")
    private = " [kept private]" if d.private else ""
    what = f"on {t.incident(r)}" if d.of_incident else f"how to answer {t.state(d.about)}'s act over {t.incident(r)}"
    return f"decides {what}: rung {d.act}, {act_in_words(d.act)}{private} - {'; '.join(parts)}"


def _act(t: _Teller, r: Record, seq: int) -> str:
    rung = int(t.number(r))
    at = f" against {t.state(r.counterpart)}" if r.counterpart != NOBODY and rung > 3 else ""
    return f"ACT, rung {rung}{at}: {act_in_words(rung)}"


def _opened(t: _Teller, r: Record, seq: int) -> str:
    act = t.records[r.cause_seq]
    if act.kind in _ACTS:
        other = t.state(r.counterpart)
        return (
            f"learns of {other}'s act, rung {t.number(act):.0f}: was it meant as an attack? (log-odds {r.value:+.2f})"
        )
    if r.value is None:
        return f"opens a case on {t.incident(r)}, without a suspect"
    if t.is_activity(r):
        return f"asks itself what {t.state(r.counterpart)} means by {t.incident(r)} (log-odds {r.value:+.2f})"
    return f"opens a case on {t.incident(r)}; first thoughts go to {t.state(r.counterpart)} (log-odds {r.value:+.2f})"


def _inquiry(t: _Teller, r: Record, seq: int) -> str:
    what = "what its forces are about" if _opens_on_activity(t, r) else "what it knows"
    return f"asks {t.state(r.counterpart)} {what} ({t.line(r)})"


def _opens_on_activity(t: _Teller, r: Record) -> bool:
    """Return whether a record belongs to a case about a military activity, and not about an act that followed."""
    return t.is_activity(r) and r.case not in t.on_acts


def _cleared(t: _Teller, r: Record, seq: int) -> str:
    other = t.state(r.counterpart)
    return f"no longer fears {other}'s forces" if t.is_activity(r) else f"drops {other} as a suspect"


def _detection(t: _Teller, r: Record, seq: int) -> str:
    verbs = ("sees", "began") if t.is_activity(r) else ("detects", "struck")
    return f"{verbs[0]} {t.incident(r)}, {_hours(t.number(r))} after it {verbs[1]}"


def _procedure(t: _Teller, r: Record) -> str:
    """Return which procedure a record belongs to."""
    return r.detail if r.kind is Kind.MEETING else t.records[r.cause_seq].detail


def _opened_procedure(t: _Teller, r: Record, seq: int) -> str:
    other, (name, _, hub) = t.state(r.counterpart), r.detail.partition(" of ")
    if procedures()[name].opened_by == "hub":
        return f"{hub} offers {name.replace('-', ' ')} to it and {other}"
    return f"calls for {name.replace('-', ' ')} with {other}" + (f" ({hub})" if hub else "")


def _explanation(t: _Teller, r: Record, seq: int) -> str:
    taken = _hours(to_hours(r.at - t.records[r.cause_seq].at))
    weight = f" ({_signed(r.value)})" if r.value else ""
    what = _procedure(t, r).replace("-", " ")
    return f"explains itself to {t.state(r.counterpart)}{weight}, {taken} after it was asked to ({what})"


def _term_passed(t: _Teller, r: Record, seq: int) -> str:
    sign = f"; that counts as a sign ({_signed(r.value)})" if r.value else ""
    return (
        f"has no explanation from {t.state(r.counterpart)} within the term ({_procedure(t, r).replace('-', ' ')}){sign}"
    )


def _sector_down(t: _Teller, r: Record, seq: int) -> str:
    told = f"{r.detail} goes out, for about {_hours(t.number(r))}"
    cause = t.records[r.cause_seq]
    if cause.kind is not Kind.SECTOR_DOWN:
        return told
    whose = "its" if cause.actor == r.actor else f"{t.state(cause.actor)}'s"
    return f"{told}, because {whose} {cause.detail} is out"


def _withdrawn(t: _Teller, r: Record, seq: int) -> str:
    why = "no longer suspects it" if r.value is None else f"holds it {_likely(r.value)} guilty by now"
    return f"withdraws its attribution of {t.incident(r)} to {t.state(r.counterpart)}: {why}"


class _Words(Mapping[str, str]):
    """The words that a record lends to its template, made when the template asks for them."""

    def __init__(self, teller: _Teller, record: Record) -> None:
        value = teller.number(record)
        self._make: dict[str, Callable[[], str]] = {
            "actor": lambda: teller.state(record.actor),
            "other": lambda: teller.suspect(record.counterpart),
            "line": lambda: teller.line(record),
            "incident": lambda: teller.incident(record),
            "detail": lambda: record.detail,
            "weight": lambda: _signed(value),
            "sign": lambda: (
                f"counts as a sign ({value:+.2f})" if abs(value) >= _WORTH_COUNTING else "is too early to mean anything"
            ),
            "leaning": lambda: _leaning(value, teller.suspect(record.counterpart)),
            "time": lambda: _hours(value),
            "likely": lambda: _likely(value),
            "rung": lambda: f"{value:.0f}",
            "reply": lambda: "an assurance" if record.detail == Kind.ASSURANCE.label else "a formula",
            "procedure": lambda: _procedure(teller, record).replace("-", " "),
            "success": lambda: "the meeting succeeds" if value else "no result",
            "heard": lambda: "answered" if value else "no answer",
        }

    def __getitem__(self, word: str) -> str:
        return self._make[word]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._make)

    def __len__(self) -> int:
        return len(self._make)


_TEMPLATES: Mapping[Kind, str] = {
    Kind.SECTOR_UP: "{detail} works again",
    Kind.INVESTIGATION: "its CERT takes up the case, {time} after it was asked to",
    Kind.FINDING: "its CERT finds something {leaning}; the desk does not know yet",
    Kind.BRIEFING: "the policy desk is briefed on a finding {leaning}",
    Kind.SUSPECT_NAMED: "turns to {other} as the next suspect (log-odds {weight})",
    Kind.TECHNICAL_REQUEST: "its CERT asks the CERT of {other} ({line})",
    Kind.TECHNICAL_ANSWER: "the CERT of {actor} answers with a finding ({weight}); the desk does not know yet",
    Kind.TECHNICAL_BRIEFING: "the policy desk is briefed on the answer of {other}'s CERT ({weight})",
    Kind.TECHNICAL_SILENCE: "has no answer from {other}'s CERT; the silence {sign}",
    Kind.LINE_DOWN: "wants to reach {other} and finds the line down: {line}",
    Kind.NOT_ASKED: "does not ask {other}: {detail}",
    Kind.INQUIRY_READ: "the desk reads {other}'s inquiry, {time} after it was sent",
    Kind.REPLY_SENT: "replies to {other}: {reply}",
    Kind.ASSURANCE: "receives {actor}'s assurance ({weight})",
    Kind.FORMULAIC: "receives a reply from {actor} that says nothing",
    Kind.SILENCE: "stops waiting for {other}; the silence {sign}",
    Kind.RUNG: "{actor} and {other} now stand on rung {rung}",
    Kind.REOPENED: "reopens its case on {incident}: holds {other} {likely} guilty by now",
    Kind.REPORT: "reads a public report ({detail}) {leaning}",
    Kind.CALLED_OFF: "calls off what it had decided against {other} (rung {rung})",
    Kind.HELP_OFFERED: "offers {other} help",
    Kind.POLICE_REQUEST: "its police asks the police of {other} ({line})",
    Kind.POLICE_RESULT: "the police of {actor} has found those behind {incident} ({weight})",
    Kind.INTELLIGENCE: "receives intelligence of {detail} {leaning}",
    Kind.JOINED: "joins an ally: attributes {incident} to {other} (rung {rung})",
    Kind.PROCEDURE_ENDED: "nothing comes of it with {other} ({procedure}): {detail}",
    Kind.MEETING: "meets {other} ({procedure}): {success}",
    Kind.MISDIRECTED: "the inquiry of {other} is at the wrong desk; it takes {time} to the right one",
    Kind.ASKED_BACK: "asks {other} what its inquiry means, which takes {time}",
    Kind.CALLED_BACK: "calls {other} back to make sure that the message is genuine, which takes {time}",
    Kind.TAKES_UP: "takes up, as an ally of {detail}, what {other} has done (rung {rung})",
    Kind.CONFERS: "takes its attribution to {other} to its allies first; it is to follow in {time}",
    Kind.ANNOUNCED: "{actor} had announced it as an exercise ({weight})",
    Kind.UNANNOUNCED: "{actor} had not announced it; that {sign}",
    Kind.VISIT_GRANTED: "{actor} will let visitors in ({weight})",
    Kind.VISIT: "visits the forces of {other} and sees something {leaning}",
    Kind.VISIT_REFUSED: "{actor} lets no visitors in; that {sign}",
    Kind.OPERATOR_REPORT: "the operator reports to its CERT something {leaning}; the desk does not know yet",
    Kind.DRILL: "tests the line to {other}: {heard}",
    Kind.ENTRY_RENEWED: "its stale entry in the contact list is found and renewed",
}
"""How records are told whose words do not depend on the case."""
_TELLING: Mapping[Kind, Callable[[_Teller, Record, int], str]] = {
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
_WORTH_COUNTING = 0.05
"""Log-odds of silence below which nobody would be moved."""
LEGEND = (
    "Rungs run from 0 (routine co-operation) to 10 (war); 8 is the first that threatens force.",
    "Percentages: how likely a State holds its suspect guilty (of an incident) or hostile (an act, its forces).",
    "Numbers in brackets: weight of evidence in log-odds; +0.7 doubles the odds of guilt, -0.7 halves them.",
    "Tension: 0 is none; each act adds to it, and it halves in two weeks.",
)
"""What a reader must know of the numbers."""
_WORTH_TELLING = 0.05
"""Hours in a queue below which nobody needs to hear of them."""


def _tell(teller: _Teller, record: Record, seq: int) -> str:
    telling = _TELLING.get(record.kind)
    return telling(teller, record, seq) if telling else _TEMPLATES[record.kind].format_map(_Words(teller, record))


def hours_into(run: Run, seq: int) -> float:
    """Return the hour of a record."""
    return to_hours(run.log.records[seq].at)


def captions(run: Run) -> dict[int, str]:
    """Return the entries of a run by the seq of their record, for a film: when, who, what."""
    return {entry.seq: f"{entry.when}, {entry.who}: {entry.text}" for entry in timeline(run)}
