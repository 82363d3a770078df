"""Overview, objectives, and what happened."""

from __future__ import annotations

from collections.abc import Iterator

from simcrisis import __version__
from simcrisis.events import Kind
from simcrisis.exercise.back.answers import counted
from simcrisis.exercise.blocks import Block, Bullets, Grid, Heading, Text
from simcrisis.exercise.debrief.material import Debriefing
from simcrisis.exercise.documents.sealed_truth import causes
from simcrisis.exercise.injects import sorts
from simcrisis.exercise.knowledge import Known, Matter, received
from simcrisis.exercise.programme import clock
from simcrisis.rules.situation import LOWEST_NAMING

_WIDTHS = (3, 8)
_PUBLIC = {"own_act": "act", "own_joined": "joined", "own_withdrawn": "withdrawn"}
"""What a State knows of its own public steps, and which text says it to all."""


def overview(of: Debriefing) -> Iterator[Block]:
    """Yield the overview."""
    public, run, key = of.public, of.sealed.run, "overview"
    to_fill, slots = of.text("to_fill"), public.slots
    status = [of.text("status.told", table=table, asked=len(of.answers.of(table)),
                      **{str(name): n for name, n in counted(of.answers.of(table)).items()})
              for table in public.tables]  # fmt: skip
    rows = [
        ("exercise", public.exercise.title),
        ("held", to_fill),
        ("organisers", to_fill),
        ("participants", to_fill),
        ("tables", public.words.text("lists.between").join(public.tables)),
        ("programme", of.text(f"{key}.moves", moves=public.exercise.moves, begins=clock(slots[0].begins),
                              ends=clock(slots[-1].ends))),
        ("asked", str(len(of.answers.decisions))),
        ("status", "\n".join(status)),
        ("story", of.text(f"{key}.run", scenario=run.scenario.title, arm=run.arm, seed=run.seed, pack=of.pack,
                          replication=run.replication, version=__version__)),
    ]  # fmt: skip
    yield Text(of.text("intro"))
    yield Heading(of.text(f"{key}.title"))
    yield Grid((), [(of.text(f"{key}.{name}"), told) for name, told in rows], _WIDTHS)


def objectives(of: Debriefing) -> Iterator[Block]:
    """Yield the objectives, with the cards on which each came up."""
    public = of.public
    rows = []
    for name in public.words.keys("objectives"):
        cards = [i.number for i in of.sealed.chosen.injects if any(_objective(of, each) == name for each in i.known)]
        rows.append((f"{name}: {public.text(f'objectives.{name}')}", ", ".join(map(str, cards)), ""))
    yield Heading(of.text("objectives.title"))
    head = (of.column("objective"), of.text("objectives.cards"), of.text("objectives.observed"))
    yield Grid(head, rows, (5, 2.4, 3.6), tall=1)


def _objective(of: Debriefing, known: Known) -> str:
    return of.public.text(f"groups.{sorts()[known.sort].group}.objective")


def happened(of: Debriefing) -> Iterator[Block]:
    """Yield what happened in the story, and what was behind it."""
    kinds = [record.kind for record in of.sealed.run.log.records]
    peak = of.sealed.chosen.counts()["peak"]
    yield Heading(of.text("happened.title"))
    yield Text(
        of.text(
            "happened.summary",
            steps=kinds.count(Kind.ACT),
            peak=peak,
            act=of.public.say.act(peak),
            inquiries=kinds.count(Kind.INQUIRY),
            silences=kinds.count(Kind.SILENCE),
        )
    )
    yield Heading(of.text("happened.story_title"), 3)
    rows = list(_public_story(of))
    if rows:
        yield Grid((of.column("story_time"), of.column("state"), of.column("what")), rows, (2.6, 2, 7))
    if all(kind is not Kind.ACT for kind in kinds):
        yield Text(of.text("happened.quiet"))
    yield Heading(of.text("happened.causes_title"), 3)
    yield Text(of.text("happened.causes"))
    yield Bullets(list(causes(of.sealed)))


def _public_story(of: Debriefing) -> Iterator[tuple[str, str, str]]:
    """Yield incidents as they were noticed by whom they struck, and public steps, in order of time."""
    told: list[tuple[int, int, str, str]] = []
    for state, known in received(of.sealed.run).items():
        for each in known:
            if each.sort == "detection":
                told.append((each.at, each.seq, state, of.public.say.say(each)))
            elif each.sort in _PUBLIC:
                told.append((each.at, each.seq, state, _public(of, each)))
    for at, _, state, what in sorted(told):
        yield of.public.say.moment(state, at), state, what


def _public(of: Debriefing, known: Known) -> str:
    """Return a public step as everybody saw it."""
    matter, other, rung = (known.facts.get(name) for name in ("matter", "other", "rung"))
    unnamed = known.sort == "own_act" and (other is None or (isinstance(rung, int) and rung < LOWEST_NAMING))
    key = f"happened.{_PUBLIC[known.sort]}" + ("_nobody" if unnamed else "")
    said = of.public.say.matter(matter) if isinstance(matter, Matter) else ""
    step = of.step(rung) if isinstance(rung, int) else ""
    return of.text(key, step=step, other=other or of.public.text("matters.nobody"), matter=said)
