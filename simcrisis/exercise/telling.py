"""Which record of the log tells whom what: what stands neither here nor in `knowledge`, no table gets."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from typing import NamedTuple

from simcrisis.events import Kind


class By(Enum):
    """Which side of a record is told."""

    ACTOR = auto()
    COUNTERPART = auto()


class Told(NamedTuple):
    """What one record tells one side: as what, and which facts of it."""

    to: By
    sort: str
    facts: tuple[str, ...] = ()


def _actor(sort: str, *facts: str) -> tuple[Told, ...]:
    return (Told(By.ACTOR, sort, facts),)


def _counterpart(sort: str, *facts: str) -> tuple[Told, ...]:
    return (Told(By.COUNTERPART, sort, facts),)


TOLD: Mapping[Kind, tuple[Told, ...]] = {
    Kind.STRIKE: _actor("own_operation", "matter"),
    Kind.SECTOR_DOWN: _actor("sector_down", "service", "hours"),
    Kind.SECTOR_UP: _actor("sector_up", "service"),
    Kind.CASE_OPENED: _actor("first_thoughts", "matter", "other"),
    Kind.BRIEFING: _actor("finding", "matter", "other", "weight"),
    Kind.SUSPECT_CLEARED: _actor("suspect_cleared", "matter", "other"),
    Kind.SUSPECT_NAMED: _actor("suspect_named", "matter", "other"),
    Kind.REPORT: _actor("report", "matter", "other", "weight", "report"),
    Kind.INTELLIGENCE: _actor("intelligence", "matter", "other", "weight"),
    Kind.TECHNICAL_REQUEST: _actor("technical_request", "matter", "other", "line"),
    Kind.TECHNICAL_ANSWER: _actor("technical_answered", "matter", "other"),
    Kind.TECHNICAL_BRIEFING: _actor("technical_answer", "matter", "other", "suspect", "weight"),
    Kind.TECHNICAL_SILENCE: _actor("technical_silence", "matter", "other"),
    Kind.LINE_DOWN: _actor("line_down", "other", "line"),
    Kind.NOT_ASKED: _actor("not_asked", "matter", "other"),
    Kind.INQUIRY: _actor("inquiry_sent", "matter", "other", "line"),
    Kind.INQUIRY_READ: _actor("inquiry", "matter", "other", "line"),
    Kind.REPLY_SENT: _actor("reply_sent", "matter", "other", "line", "reply"),
    Kind.ASSURANCE: _counterpart("assurance", "matter", "sender", "line"),
    Kind.FORMULAIC: _counterpart("formulaic", "matter", "sender", "line"),
    Kind.SILENCE: _actor("silence", "matter", "other"),
    Kind.CALLED_BACK: _actor("called_back", "other", "hours"),
    Kind.DRILL: _actor("drill", "other", "heard"),
    Kind.ENTRY_RENEWED: _actor("entry_renewed"),
    Kind.CALLED_OFF: _actor("called_off", "other", "rung"),
    Kind.HELP_OFFERED: (*_actor("help_sent", "other"), *_counterpart("help_offered", "sender")),
    Kind.POLICE_REQUEST: _actor("police_request", "matter", "other"),
    Kind.POLICE_RESULT: _counterpart("police_result", "matter", "sender"),
    Kind.CONFERS: _actor("confers", "other", "hours"),
    Kind.PROCEDURE: (*_actor("procedure", "other", "procedure"), *_counterpart("procedure", "sender", "procedure")),
    Kind.EXPLANATION: (*_actor("explained", "other"), *_counterpart("explanation", "sender")),
    Kind.TERM_PASSED: _actor("term_passed", "other"),
    Kind.MEETING: (*_actor("meeting", "other", "met"), *_counterpart("meeting", "sender", "met")),
    Kind.ANNOUNCED: _counterpart("announced", "sender"),
    Kind.UNANNOUNCED: _counterpart("unannounced", "sender"),
    Kind.VISIT_GRANTED: _counterpart("visit_granted", "sender"),
    Kind.VISIT_REFUSED: _counterpart("visit_refused", "sender"),
    Kind.VISIT: _actor("visit", "other", "weight"),
}
"""Whom each record tells what. What is not here tells nobody: findings before the desk is briefed, what is
under way, where others' inquiries lie, what others decide in private. What a State chose itself, its table is told
when it acts. What it detects, and that it has to decide, `knowledge` tells."""
PUBLIC = {Kind.ACT: "act", Kind.JOINED: "joined", Kind.WITHDRAWN: "withdrawn"}
"""Records that all States come to know, unless the ladder says that nobody sees an act of that rung."""
