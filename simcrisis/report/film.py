"""A run as a film that can be sent: GIF, MP4, or a page with a time slider."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from simcrisis.batch.network import network_tables
from simcrisis.batch.run import Run
from simcrisis.plots.film import as_gif, as_mp4, check_mp4
from simcrisis.plots.played import FRAMES_A_SECOND, Film, played
from simcrisis.report.player import player_page
from simcrisis.report.timeline import captions

ENDINGS = (".gif", ".html", ".mp4")


def check_ending(ending: str) -> None:
    """Raise FilmError where films with an ending cannot be made here."""
    if ending == ".mp4":
        check_mp4()


def film(run: Run, ending: str, frames_per_second: int = FRAMES_A_SECOND) -> bytes:
    """Return a run as a film, by one of ENDINGS; the same run gives the same bytes. Raises FilmError as above."""
    return _MAKERS[ending](run, frames_per_second)


def _gif(run: Run, frames_per_second: int) -> bytes:
    return as_gif(_animation(run, frames_per_second), frames_per_second)


def _mp4(run: Run, frames_per_second: int) -> bytes:
    return as_mp4(_animation(run, frames_per_second), frames_per_second)


def _page(run: Run, frames_per_second: int) -> bytes:
    return player_page(run).encode()


def _animation(run: Run, frames_per_second: int) -> Film:
    scenario = run.scenario
    return played(
        *network_tables(scenario, run.arm),
        run.events,
        captions(run),
        start=scenario.start,
        title=scenario.title,
        notice=scenario.notice or "",
        frames_per_second=frames_per_second,
    )


_MAKERS: Mapping[str, Callable[[Run, int], bytes]] = {".gif": _gif, ".html": _page, ".mp4": _mp4}
