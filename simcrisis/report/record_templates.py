"""Records that are told by a template: their words do not depend on the case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from simcrisis.errors import isolated
from simcrisis.events import Kind, Record
from simcrisis.report.phrases import WORTH_COUNTING, in_hours, leaning, likely, signed
from simcrisis.report.teller import Teller

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


def from_template(teller: Teller, record: Record) -> str:
    """Return a record in the words of its template; raises KeyError where its kind has none."""
    return _TEMPLATES[record.kind].format_map(_Words(teller, record))


class _Words(Mapping[str, str]):
    """The words that a record lends to its template, made when the template asks for them."""

    def __init__(self, teller: Teller, record: Record) -> None:
        value = teller.number(record)
        self._make: dict[str, Callable[[], str]] = {
            "actor": lambda: teller.state(record.actor),
            "other": lambda: teller.suspect(record.counterpart),
            "line": lambda: teller.line(record),
            "incident": lambda: teller.incident(record),
            "detail": lambda: isolated(record.detail),
            "weight": lambda: signed(value),
            "sign": lambda: (
                f"counts as a sign ({value:+.2f})" if abs(value) >= WORTH_COUNTING else "is too early to mean anything"
            ),
            "leaning": lambda: leaning(value, teller.suspect(record.counterpart)),
            "time": lambda: in_hours(value),
            "likely": lambda: likely(value),
            "rung": lambda: f"{value:.0f}",
            "reply": lambda: "an assurance" if record.detail == Kind.ASSURANCE.label else "a formula",
            "procedure": lambda: teller.procedure(record),
            "success": lambda: "the meeting succeeds" if value else "no result",
            "heard": lambda: "answered" if value else "no answer",
        }

    def __getitem__(self, word: str) -> str:
        return self._make[word]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._make)

    def __len__(self) -> int:
        return len(self._make)
