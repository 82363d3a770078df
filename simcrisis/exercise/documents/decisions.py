"""The decision sheet as a list to type into: a row for each decision of a table."""

from __future__ import annotations

from simcrisis.exercise.documents.inject_cards import moment
from simcrisis.exercise.files.xlsx import Column, Sheet
from simcrisis.exercise.material import Table
from simcrisis.exercise.programme import clock
from simcrisis.rules.situation import WAR

NAME = "decisions"
TYPED = ("channel", "belief", "reasons", "change", "dissent")
"""What is asked besides the step, as on paper."""


def decisions(table: Table) -> Sheet:
    """Return the list; the step is a rung of the ladder, the belief a number from 0 to 100."""
    text, key = table.public.text, "documents.decision_sheet"
    steps = [str(rung) for rung in range(WAR + 1)]
    columns = [
        Column(text("columns.number"), 6),
        Column(text("columns.time"), 8),
        Column(text("columns.story_time"), 18),
        Column(text("columns.matter"), 40),
        Column(text("columns.rung"), 8, steps),
        *(Column(text(f"{key}.{name}"), 26) for name in TYPED),
        Column(text("columns.decided_at"), 12),
    ]
    rows: list[list[str | int | float | None]] = [
        [
            i.number,
            clock(i.minute),
            moment(table.public, i),
            table.public.say.say(i.lead),
            None,
            *[None] * len(TYPED),
            None,
        ]
        for i in table.injects
        if i.is_decision
    ]
    return Sheet(NAME, text("documents.decision_sheet.title", state=table.state), columns, rows)
