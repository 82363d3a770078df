"""What is in a pack, for whom, and how it was made."""

from __future__ import annotations

from collections.abc import Sequence

from simcrisis import __version__
from simcrisis.exercise.blocks import Block, Bullets, Document, Grid, Heading, Text
from simcrisis.exercise.material import Public, Sealed
from simcrisis.exercise.story import Candidate

NAME = "start_here"
_WIDTHS = (2.9, 2.4, 2, 2.4, 2.4, 2.4, 2.4, 2.4)


def start_here(sealed: Sealed, files: Sequence[tuple[str, str, str]]) -> Document:
    """Return the first sheet; `files`: of each the path without ending, its name, and whom it is for."""
    public, text, key = sealed.public, sealed.public.text, f"documents.{NAME}"
    run, peak = sealed.run, sealed.chosen.counts()["peak"]
    wish = text(f"{key}.wishes_{sealed.wish}") if sealed.wish else ""
    head = [text(f"columns.{name}") for name in ("file", "what", "for_whom", "copies")]
    rows = [(path, text(f"files.{name}.what"), whom, text(f"files.{name}.copies")) for path, name, whom in files]
    blocks: list[Block] = [
        Text(public.exercise.title, strong=True),
        Heading(text(f"{key}.print")),
        Grid(head, rows, (4, 4.2, 2.2, 3.4)),
        Heading(text(f"{key}.paper_title")),
        Bullets(public.items(f"{key}.paper")),
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
        Text(text(f"{key}.{'chosen' if sealed.wish else 'named'}", wish=wish, peak=peak, act=public.say.act(peak))),
        candidate_grid(public, sealed.candidates),
    ]
    return Document(NAME, text(f"{key}.title"), "RED", blocks)


def candidate_grid(public: Public, candidates: Sequence[Candidate]) -> Grid:
    """Return what candidates are like, a row each."""
    names = public.words.keys("candidates")
    rows = []
    for candidate in candidates:
        counts = candidate.counts()
        rows.append([str(counts[name]) for name in names])
    return Grid([public.text(f"candidates.{name}") for name in names], rows, _WIDTHS)
