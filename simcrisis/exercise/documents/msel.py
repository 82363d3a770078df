"""The master scenario events list (MSEL): every inject, for controllers."""

from __future__ import annotations

from simcrisis.exercise.documents.inject_cards import channel, message, moment, receiver, sender
from simcrisis.exercise.files.xlsx import Column, Sheet
from simcrisis.exercise.injects import Inject, sorts
from simcrisis.exercise.material import Sealed
from simcrisis.exercise.programme import Part, clock

NAME = "msel"
_COLUMNS = {
    "number": 6, "move": 6, "time": 8, "story_time": 20, "table": 14, "from": 22, "to": 22, "channel": 24,
    "subject": 28, "message": 60, "expected": 44, "objective": 10, "note": 40, "contingency": 40, "in_the_run": 30,
    "case": 8, "records": 16,
}  # fmt: skip


def msel(sealed: Sealed) -> Sheet:
    """Return the list; `records` are the numbers of the records of the log from which an inject was made."""
    heads = [Column(sealed.public.text(f"columns.{name}"), wide) for name, wide in _COLUMNS.items()]
    return Sheet(NAME.upper(), heads, [_row(sealed, inject) for inject in sealed.chosen.injects])


def _row(sealed: Sealed, inject: Inject) -> list[str | int | float | None]:
    public, text = sealed.public, sealed.public.text
    group = sorts()[inject.lead.sort].group
    matter = inject.lead.facts.get("matter")
    slot = next(s for s in public.slots if s.part is Part.MOVE and s.number == inject.move)
    return [
        inject.number,
        inject.move,
        clock(inject.minute),
        moment(public, inject),
        inject.state,
        sender(public, inject),
        receiver(public, inject),
        channel(public, inject),
        public.say.matter(matter, inject.state) if matter else "",  # type: ignore[arg-type]
        message(public, inject).replace("\n\n", "\n"),
        text(f"groups.{group}.expected"),
        text(f"groups.{group}.objective"),
        text(f"groups.{group}.note", minutes=slot.ends - inject.minute),
        text(f"groups.{group}.contingency"),
        _in_the_run(sealed, inject),
        inject.lead.case if inject.lead.case >= 0 else None,
        " ".join(str(known.seq) for known in inject.known),
    ]


def _in_the_run(sealed: Sealed, inject: Inject) -> str:
    """Return what the State chose in the run, where the inject asks for a decision."""
    if not inject.is_decision:
        return ""
    decision = next(d for d in sealed.run.log.decisions if d.seq == inject.lead.seq)
    return f"{decision.act}: {sealed.public.say.act(decision.act)}"
