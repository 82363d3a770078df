"""Who may know of which record of a log, and from when: a naive statement.

Written from docs/odd.md (sections 4 and 7, appendix C) and the meanings in `simcrisis.events`, by what each record says
of whom; it shares nothing with what makes exercises, and is there to disagree with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simcrisis.events import NOBODY, Kind, Record
from simcrisis.units import HOUR

OWN = frozenset({
    Kind.SECTOR_DOWN, Kind.SECTOR_UP, Kind.DETECTION, Kind.CASE_OPENED, Kind.BRIEFING, Kind.SUSPECT_CLEARED,
    Kind.SUSPECT_NAMED, Kind.TECHNICAL_REQUEST, Kind.TECHNICAL_ANSWER, Kind.TECHNICAL_BRIEFING, Kind.TECHNICAL_SILENCE,
    Kind.LINE_DOWN, Kind.NOT_ASKED, Kind.INQUIRY, Kind.INQUIRY_READ, Kind.REPLY_SENT, Kind.SILENCE, Kind.DECISION,
    Kind.DRILL, Kind.ENTRY_RENEWED, Kind.REPORT, Kind.CALLED_OFF, Kind.POLICE_REQUEST, Kind.INTELLIGENCE,
    Kind.CALLED_BACK, Kind.CONFERS, Kind.TERM_PASSED, Kind.VISIT,
})  # fmt: skip
"""What its actor sees, does or is told at home. The author of a STRIKE is one too, if a State is behind it."""
ARRIVES = frozenset({
    Kind.ASSURANCE, Kind.FORMULAIC, Kind.POLICE_RESULT, Kind.ANNOUNCED, Kind.UNANNOUNCED, Kind.VISIT_GRANTED,
    Kind.VISIT_REFUSED,
})  # fmt: skip
"""What reaches the counterpart, and what comes of it is no matter of the actor's any more."""
BETWEEN = frozenset({Kind.HELP_OFFERED, Kind.PROCEDURE, Kind.EXPLANATION, Kind.MEETING})
"""What both sides do together, or one hands to the other at once."""
PUBLIC = frozenset({Kind.ACT, Kind.JOINED, Kind.WITHDRAWN})
NOBODY_HEARS = frozenset({
    Kind.INVESTIGATION, Kind.FINDING, Kind.OPERATOR_REPORT, Kind.RUNG, Kind.REOPENED, Kind.MISDIRECTED, Kind.ASKED_BACK,
    Kind.PROCEDURE_ENDED, Kind.TAKES_UP,
})  # fmt: skip
"""What no desk is told of as such: findings before a briefing, what is under way, books that the model keeps."""
CONCERN, UNSEEN = 3, 7
"""The public rung that names nobody, and the one that nobody sees (docs/catalogue.md, the ladder)."""


def hearing(records: Sequence[Record], states: int) -> list[dict[int, int]]:
    """Return for each record the States that may know of it, each with the instant (ms) from which it may."""
    found: list[dict[int, int]] = []
    learnt = _learnt(records)
    named: dict[int, int] = {}
    for seq, record in enumerate(records):
        at, hears = record.at, dict[int, int]()
        if record.kind in OWN or record.kind in BETWEEN or record.kind is Kind.STRIKE:
            hears[record.actor] = at
        if record.kind in ARRIVES or record.kind in BETWEEN:
            hears[record.counterpart] = at
        if record.kind is Kind.CALLED_BACK:
            hears[record.actor] = at + round((record.value or 0.0) * HOUR)
        if record.kind in PUBLIC:
            hears = _of_public(seq, record, range(states), learnt, named)
        hears.pop(NOBODY, None)
        found.append(hears)
    return found


def _of_public(
    seq: int, record: Record, states: Sequence[int], learnt: Mapping[int, int], named: dict[int, int]
) -> dict[int, int]:
    """Whoever acts in public knows at once; others not before the State that it is about has learnt of it (7.17)."""
    rung = round(record.value or 0.0)
    act = seq
    if record.kind is Kind.ACT:
        if rung == CONCERN:
            return dict.fromkeys(states, record.at)
        if rung == UNSEEN:
            return {record.actor: record.at}
        named[record.case] = seq
    elif record.kind is Kind.JOINED:
        act = record.cause_seq
    else:
        act = named[record.case]
    heard = dict.fromkeys(states, max(record.at, learnt[act])) if act in learnt else {}
    return {**heard, record.actor: record.at}


def _learnt(records: Sequence[Record]) -> dict[int, int]:
    """Return when the first State opened a case on an act, by the number of the act."""
    found: dict[int, int] = {}
    for record in records:
        if record.kind is Kind.CASE_OPENED:
            act = record.cause_seq
            if records[act].kind is Kind.TAKES_UP:
                act = records[act].cause_seq
            if records[act].kind is Kind.ACT:
                found.setdefault(act, record.at)
    return found
