"""Communication: questions, silences, delays, lines unused, and which line mattered when."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from simcrisis.exercise.back.talk import Inquiry, Mattered
from simcrisis.exercise.blocks import Block, Grid, Heading, Lines, Text
from simcrisis.exercise.debrief.material import Debriefing


def communication(of: Debriefing) -> Iterator[Block]:
    """Yield the section on communication."""
    talk = of.talk
    yield Heading(of.text("talk.title"))
    yield Heading(of.text("talk.inquiries_title"), 3)
    hours = [each.hours for each in talk.inquiries if each.hours is not None]
    if not talk.inquiries:
        yield Text(of.text("talk.inquiries_none"))
    else:
        key, facts = _counted(of, "inquiries", len(talk.inquiries), len(hours), median(hours) if hours else None)
        yield Text(of.text(key, **facts))
        head = (of.column("story_time"), of.text("talk.sent"), of.text("talk.way"), of.text("talk.became"))
        yield Grid(head, [_inquiry(of, each) for each in talk.inquiries], (2.6, 3, 3, 5))
    yield Heading(of.text("talk.technical_title"), 3)
    if talk.technical:
        key, facts = _counted(of, "technical", talk.technical, talk.technical_answers, talk.technical_hours)
        yield Text(of.text(key, **facts))
    else:
        yield Text(of.text("talk.technical_none"))
    if talk.down:
        yield Text(of.text("talk.down", n=talk.down))
    yield Heading(of.text("talk.unused_title"), 3)
    if talk.unused:
        lines = [_line(of, kind, a, b) for kind, a, b in talk.unused]
        yield Text(of.text("talk.unused", lines=of.public.text("lists.between").join(lines)))
    else:
        yield Text(of.text("talk.unused_none"))
    if talk.mattered:
        yield Heading(of.text("talk.mattered_title"), 3)
        yield Text(of.text("talk.mattered"))
        head = (of.column("kind"), of.text("talk.used"), of.text("talk.first"), of.text("talk.peak"))
        rows = [(_line(of, each.kind, *each.between), str(each.used), _first(of, each), of.step(each.peak))
                for each in talk.mattered]  # fmt: skip
        yield Grid(head, rows, (3.4, 1.6, 4.6, 3))
    yield Text(of.text("talk.observed"), strong=True)
    yield Lines(3)


def _counted(
    of: Debriefing, what: str, asked: int, answered: int, hours: float | None
) -> tuple[str, dict[str, object]]:
    if hours is None:
        return f"talk.{what}_unanswered", {"asked": asked}
    return f"talk.{what}", {"asked": asked, "answered": answered, "hours": of.public.say.lasting(hours)}


def _line(of: Debriefing, kind: str, a: str, b: str) -> str:
    return of.text("talk.line", kind=of.public.text(f"channels.{kind}"), a=a, b=b)


def _inquiry(of: Debriefing, each: Inquiry) -> tuple[str, ...]:
    say = of.public.say
    if each.reply is not None and each.hours is not None:
        became = of.text("talk.answered", reply=of.text(f"talk.{each.reply}"), hours=say.lasting(each.hours))
        became = of.text("talk.given_up", what=became) if each.given_up else became
    elif each.read is not None:
        became = of.text("talk.silent_read", hours=say.lasting(each.read))
    else:
        became = of.text("talk.silent_unread")
    way = of.public.text(f"channels.{each.kind}")
    return say.moment(each.asker, each.at), f"{each.asker} \u2192 {each.asked}", way, became


def _first(of: Debriefing, each: Mattered) -> str:
    if each.decision is None:
        return of.text("talk.unchanged")
    state = of.sealed.run.world.names.states[each.decision.actor]
    facts = {"moment": of.public.say.moment(state, each.decision.at), "state": state, "act": each.decision.act}
    if each.instead is None:
        return of.text("talk.dropped", **facts)
    return of.text("talk.changed", instead=each.instead, **facts)
