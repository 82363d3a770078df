"""What is in a pack, for whom, and how it was made."""

from __future__ import annotations

from collections.abc import Sequence

from simcrisis import __version__
from simcrisis.exercise.blocks import Block, Bullets, Document, Grid, Heading, Text
from simcrisis.exercise.material import Public, Sealed
from simcrisis.exercise.story import Candidate

NAME = "start_here"


def start_here(sealed: Sealed, files: Sequence[tuple[str, str]]) -> Document:
    """Return the first sheet; `files` are those to print, each with whom it is for."""
    public, text, key = sealed.public, sealed.public.text, f"documents.{NAME}"
    run = sealed.run
    told = [sentence(public, candidate) for candidate in sealed.candidates]
    blocks: list[Block] = [
        Text(public.exercise.title, strong=True),
        Heading(text(f"{key}.print")),
        Grid((text("columns.file"), text("columns.for_whom")), files, (6, 4)),
        Text(text(f"{key}.paper")),
        Text(text(f"{key}.edit")),
        Heading(text(f"{key}.made_title")),
        Text(
            text(
                f"{key}.made",
                title=run.scenario.title,
                arm=run.arm,
                seed=run.seed,
                replication=run.replication,
                digest=run.scenario.digest[:16],
                version=__version__,
            )
        ),
        Text(text(f"{key}.chosen", wish=text(f"{key}.wishes_{sealed.wish}"))),
        Bullets(told),
    ]
    return Document(NAME, text(f"{key}.title"), "RED", blocks)


def sentence(public: Public, candidate: Candidate) -> str:
    """Return what a candidate is like."""
    counts = candidate.counts()
    return public.text("story.candidate", act=public.say.act(counts["peak"]), **counts)
