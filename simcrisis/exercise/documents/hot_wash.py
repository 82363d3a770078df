"""Questions for a hot wash, each tied to a card that a table has just had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simcrisis.exercise.injects import Inject, sorts
from simcrisis.exercise.knowledge import Known
from simcrisis.exercise.material import Public
from simcrisis.exercise.programme import clock

_CBMS = {
    2: ("technical_silence", "technical_answer", "technical_answered", "technical_request"),
    8: ("line_down", "silence", "formulaic", "assurance", "inquiry", "inquiry_sent", "not_asked"),
}
"""What happens under a CBM, by sort: of what happened in a move, the first in this order is asked about."""
_SECRET = "secret"
"""The group of what only one table knows, which nobody is asked about before others."""
_MOST = 5
"""Questions offered for a hot wash."""


def questions(public: Public, injects: Sequence[Inject]) -> Iterator[str]:
    """Yield the questions of a move: one for each CBM of the exercise, then one for each group, the loudest first."""
    asked = {_SECRET}
    for cbm, order in _CBMS.items():
        found = _first(injects, order)
        if found is None:
            yield public.text(f"washes.none_{cbm}")
            continue
        inject, known = found
        group = sorts()[known.sort].group
        asked.add(group)
        other = known.facts.get("other", known.facts.get("sender")) or public.text("matters.nobody")
        yield _asked(public, inject, group, public.text(f"washes.{known.sort}", other=other))
    left = _MOST - len(_CBMS)
    for inject in sorted(injects, key=lambda inject: (-sorts()[inject.lead.sort].loud, inject.number)):
        group = sorts()[inject.lead.sort].group
        if group not in asked and left:
            asked.add(group)
            left -= 1
            yield _asked(public, inject, group, public.text(f"groups.{group}.expected"))


def _first(injects: Sequence[Inject], order: Sequence[str]) -> tuple[Inject, Known] | None:
    told = [(inject, known) for inject in injects for known in inject.known if known.sort in order]
    return min(told, key=lambda each: order.index(each[1].sort), default=None)


def _asked(public: Public, inject: Inject, group: str, question: str) -> str:
    return public.text(
        "documents.facilitator_guide.question",
        question=question,
        table=inject.state,
        number=inject.number,
        time=clock(inject.minute),
        objective=public.text(f"groups.{group}.objective"),
    )
