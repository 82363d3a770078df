"""The inject cards of a table, to be cut out and handed over one by one."""

from __future__ import annotations

from simcrisis.exercise.blocks import Block, Card, Document, Heading, Text
from simcrisis.exercise.injects import Inject, sorts
from simcrisis.exercise.material import Public, Table
from simcrisis.exercise.programme import clock

NAME = "inject_cards"


def inject_cards(table: Table) -> Document:
    """Return the inject cards of a table."""
    public, key = table.public, f"documents.{NAME}"
    blocks: list[Block] = [Text(public.text(f"{key}.intro"), small=True)]
    move = 0
    for inject in table.injects:
        if inject.move != move:
            move = inject.move
            blocks.append(Heading(public.text(f"{key}.move", number=move)))
        blocks.append(_card(public, inject))
    return Document(NAME, public.text(f"{key}.title", state=table.state), "AMBER", blocks)


def sender(public: Public, inject: Inject) -> str:
    """Return from whom an inject is."""
    return _role(public, inject, sorts()[inject.lead.sort].sender)


def receiver(public: Public, inject: Inject) -> str:
    """Return to whom an inject is."""
    return _role(public, inject, sorts()[inject.lead.sort].receiver)


def channel(public: Public, inject: Inject) -> str:
    """Return over what an inject came: the line that the log names, where there is one."""
    line = inject.lead.facts.get("line")
    return public.text(f"channels.{line or sorts()[inject.lead.sort].channel}")


def message(public: Public, inject: Inject) -> str:
    """Return what an inject tells, a paragraph for each thing."""
    return "\n\n".join(public.say.tell(inject.known))


def moment(public: Public, inject: Inject) -> str:
    """Return when an inject is in the story, in the time of its State."""
    return public.text(f"documents.{NAME}.when", moment=public.say.moment(inject.state, inject.at))


def _role(public: Public, inject: Inject, role: str) -> str:
    other = inject.lead.facts.get("other", inject.lead.facts.get("sender"))
    return public.text(f"roles.{role}", other=other)


def _card(public: Public, inject: Inject) -> Card:
    text, key = public.text, f"documents.{NAME}"
    route = text(
        f"{key}.route",
        sender=sender(public, inject),
        receiver=receiver(public, inject),
        channel=channel(public, inject),
    )
    blocks = [Text(route, small=True), *map(Text, message(public, inject).split("\n\n"))]
    aside = text(f"{key}.aside", number=inject.number, time=clock(inject.minute))
    foot = text(
        f"{key}.foot", state=inject.state, move=inject.move, exercise=text("marks.exercise"), tlp=text("tlp.AMBER")
    )
    return Card(moment(public, inject), aside, blocks, foot)
