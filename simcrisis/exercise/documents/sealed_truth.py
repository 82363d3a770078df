"""The sealed truth: what really happened in the run that is played."""

from __future__ import annotations

from collections.abc import Iterator

from simcrisis.events import Kind
from simcrisis.exercise.blocks import Block, Bullets, Document, Grid, Heading, Text
from simcrisis.exercise.material import Sealed
from simcrisis.exercise.phrases import display_names
from simcrisis.units import to_hours

NAME = "sealed_truth"


def sealed_truth(sealed: Sealed) -> Document:
    """Return the sealed truth."""
    text, key = sealed.public.text, f"documents.{NAME}"
    say, names = sealed.public.say, sealed.run.world.names
    head = [text(f"columns.{name}") for name in ("story_time", "state", "about", "rung", "step")]
    decided = [
        (
            say.moment(names.states[d.actor], d.at),
            names.states[d.actor],
            names.of(names.states, d.about) or text("matters.nobody"),
            str(d.act),
            say.act(d.act),
        )
        for d in sealed.run.log.decisions
    ]
    log = [
        (
            str(seq),
            say.number(to_hours(r.at), 1),
            text(f"records.{r.kind.label}"),
            names.of(names.states, r.actor) or "-",
            names.of(names.states, r.counterpart) or "-",
            "" if r.value is None else say.number(r.value, 2),
        )
        for seq, r in enumerate(sealed.run.log.records)
    ]
    blocks: list[Block] = [
        Text(text(f"{key}.intro"), strong=True),
        Heading(text(f"{key}.causes_title")),
        Bullets(list(causes(sealed))),
        Heading(text(f"{key}.decisions_title")),
        Grid(head, decided, (3, 2, 2.2, 1.4, 4)),
        Heading(text(f"{key}.log_title")),
        Text(text(f"{key}.log"), small=True),
        Grid([text(f"columns.{name}") for name in ("number", "hours", "kind_of_record", "from", "to", "value")], log,
             (1, 1.3, 4, 3, 3, 1.3)),
    ]  # fmt: skip
    return Document(NAME, text(f"{key}.title"), "RED", blocks)


def causes(sealed: Sealed) -> Iterator[str]:
    """Yield what was behind each incident that struck."""
    public, run = sealed.public, sealed.run
    specs, names = {spec.name: spec for spec in run.scenario.under(run.arm).incidents}, display_names(run)
    for record in run.log.records:
        if record.kind is not Kind.STRIKE:
            continue
        state = run.world.names.states[record.counterpart]
        author = run.world.names.of(run.world.names.states, record.actor)
        name = (
            run.world.names.of(run.world.names.incidents, record.incident)
            if record.incident < len(run.world.names.incidents)
            else None
        )
        spec = specs.get(name or "")
        sector = public.say.sector(str(spec.sector) if spec else None)
        struck = public.text(
            f"documents.{NAME}.strike", name=name or "-", state=state, sector=sector,
            moment=public.say.moment(state, record.at),
        )  # fmt: skip
        cause = str(spec.cause.kind) if spec else "state" if author else "criminal"
        by = author or (names.get(spec.cause.by or "") if spec else None) or "-"
        yield f"{struck}. {public.text(f'causes.{cause}', by=by)}"
