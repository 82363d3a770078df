"""The situation manual: what everybody reads before."""

from __future__ import annotations

from datetime import datetime

from simcrisis.exercise.blocks import Block, Bullets, Document, Grid, Heading, Text
from simcrisis.exercise.documents.shared import line_grid, others, programme_grid
from simcrisis.exercise.material import Public
from simcrisis.rules.situation import WAR

NAME = "situation_manual"


def situation_manual(public: Public) -> Document:
    """Return the situation manual."""
    text, say = public.text, public.say
    key = f"documents.{NAME}"
    zones = [(name, _offset(say.start.astimezone(zone))) for name, zone in sorted(say.zones.items())]
    ladder = [(str(rung), say.act(rung)) for rung in range(WAR + 1)]
    blocks: list[Block] = [
        Text(public.exercise.title, strong=True),
        Heading(text(f"{key}.what_title")),
        Text(text(f"{key}.what")),
        Heading(text(f"{key}.situation_title")),
        Text(public.exercise.situation),
        Heading(text(f"{key}.states_title")),
        Text(text(f"{key}.states", tables=", ".join(public.tables))),
        *([Text(text(f"{key}.others", states=", ".join(others(public))))] if others(public) else []),
        Grid((text("columns.state"), text("columns.local_time")), zones, (1, 1)),
        Heading(text(f"{key}.lines_title")),
        *line_grid(public),
        Heading(text(f"{key}.objectives_title")),
        Bullets([text(f"objectives.{name}") for name in public.words.keys("objectives")]),
        Heading(text(f"{key}.ladder_title")),
        Text(text(f"{key}.ladder")),
        Grid((text("columns.rung"), text("columns.step")), ladder, (1, 9)),
        Heading(text(f"{key}.programme_title")),
        programme_grid(public),
        Heading(text(f"{key}.rules_title")),
        Bullets(public.items(f"{key}.rules")),
    ]
    return Document(NAME, text(f"{key}.title"), "GREEN", blocks)


def _offset(local: datetime) -> str:
    """Return how far a local time is from UTC, such as UTC+2 or UTC+5:30."""
    hours, minutes = f"{local:%z}"[:3], f"{local:%z}"[3:5]
    return f"UTC{int(hours):+d}" + (f":{minutes}" if minutes != "00" else "")
