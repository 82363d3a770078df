"""The facilitator guide: the day move by move, with questions tied to the moment at which they matter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simcrisis.exercise.blocks import Block, Bullets, Document, Grid, Heading, NewPage, Text
from simcrisis.exercise.documents.hot_wash import questions
from simcrisis.exercise.documents.inject_cards import moment
from simcrisis.exercise.documents.shared import others, programme_grid
from simcrisis.exercise.injects import Inject
from simcrisis.exercise.material import Sealed
from simcrisis.exercise.programme import Part, clock

NAME = "facilitator_guide"


def facilitator_guide(sealed: Sealed, stale: Sequence[str]) -> Document:
    """Return the facilitator guide; `stale` are the entries of the contact sheet that are out of date."""
    public, text, key = sealed.public, sealed.public.text, f"documents.{NAME}"
    away = [text(f"{key}.cast_others", others=", ".join(others(public)))] if others(public) else []
    aims = [(name, text(f"objectives.{name}")) for name in public.words.keys("objectives")]
    blocks: list[Block] = [
        Text(public.exercise.title, strong=True),
        Heading(text(f"{key}.objectives_title")),
        Grid((), aims, (1, 12)),
        Heading(text(f"{key}.cast_title")),
        Bullets([*public.items(f"{key}.cast"), *away]),
        Heading(text(f"{key}.day_title")),
        programme_grid(public),
        Heading(text(f"{key}.before_title")),
        Bullets(public.items(f"{key}.before", stale=public.say.joined(stale))),
    ]
    for slot in public.slots:
        mine = [inject for inject in sealed.chosen.injects if inject.move == slot.number]
        if slot.part is Part.MOVE:
            begins, ends = clock(slot.begins), clock(slot.ends)
            blocks.append(NewPage())
            blocks.append(Heading(text(f"{key}.move_title", number=slot.number, begins=begins, ends=ends)))
            blocks += _move(sealed, mine)
        elif slot.part is Part.HOT_WASH:
            blocks.append(Heading(text(f"{key}.wash_title", number=slot.number), 3))
            blocks += [Text(text(f"{key}.wash", minutes=slot.minutes)), Bullets(list(questions(public, mine)))]
        elif slot.part is Part.PLENARY:
            blocks += [Heading(text(f"{key}.plenary_title")), Bullets(public.items(f"{key}.plenary"))]
    blocks += [Heading(text(f"{key}.fallback_title")), Bullets(public.items(f"{key}.fallback"))]
    return Document(NAME, text(f"{key}.title"), "RED", blocks)


def _move(sealed: Sealed, injects: Sequence[Inject]) -> Iterator[Block]:
    """Yield what comes in a move."""
    public, text, key = sealed.public, sealed.public.text, f"documents.{NAME}"
    yield Text(text(f"{key}.move_story", first=moment(public, injects[0]), last=moment(public, injects[-1])))
    idle = [state for state in public.tables if state not in {inject.state for inject in injects}]
    if idle:
        yield Text(text(f"{key}.idle", tables=", ".join(idle)))
    head = [text(f"columns.{name}") for name in ("number", "time", "table", "message")]
    rows = [(str(i.number), clock(i.minute), i.state, public.say.say(i.lead)) for i in injects]
    yield Grid(head, rows, (1, 1.5, 2.5, 10))
