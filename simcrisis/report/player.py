"""One run to be played in a page: inline SVG that shows a still by itself, and a script of ours that moves it.

The texts of a scenario reach the page through autoescaping and as JSON; the script sets them as text only.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from math import ceil, isinf
from typing import Any

from simcrisis.batch.network import network_tables
from simcrisis.batch.run import Run
from simcrisis.errors import isolated
from simcrisis.plots.play import Play, Span, play_of
from simcrisis.plots.played import PACE, at_hour, stands_on
from simcrisis.report.player_svg import SHAPES, Drawn, drawing, inks
from simcrisis.report.rendered import rendered
from simcrisis.report.timeline import captions
from simcrisis.shown import ASSUMED

TICKS = 10
"""Positions of the slider for each second."""
_TEMPLATES = files("simcrisis.report") / "templates"
SCRIPT = (_TEMPLATES / "player.js").read_text(encoding="utf-8")
STYLE = "\n".join((_TEMPLATES.joinpath("player.css").read_text(encoding="utf-8"), *inks()))
POLICY = f"script-src 'sha256-{base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()}'"
"""What lets the script run, and no other."""
IN_TEMPLATES = {
    "player_script": SCRIPT,
    "player_style": STYLE,
    "player_policy": POLICY,
    "cross": SHAPES["X"],
    "star": SHAPES["*"],
    "pace": PACE,
}
"""What templates with players need besides them."""


@dataclass(frozen=True)
class Player:
    """A run to be played."""

    name: str
    """Of its elements in the page, for which it is unique."""
    what: str
    last: int
    """The last position of the slider."""
    still: int
    """The position at which it stands in print and without scripts."""
    said: str
    """The caption there."""
    when: str
    stands: str
    drawing: Drawn
    data: dict[str, Any]
    """What the script needs: for each position the moment and where the run stands; the captions with theirs."""


def player(run: Run, name: str = "player") -> Player:
    """Return a run to be played; `name` tells it from others in the same page."""
    words = captions(run)
    play = play_of(*network_tables(run.scenario, run.arm), run.events, words)
    last, still = _tick(play.clock.length), _tick(play.still)
    told = {caption.seq for caption in play.told}
    entries = [(_tick(play.clock.at[seq]), text, int(seq in told)) for seq, text in words.items()]
    ticks = list(_ticks(play, last, run.scenario.start))
    return Player(
        name=name,
        what=f"Run of arm {isolated(run.arm)}, replication {run.replication}, on the network",
        last=last,
        still=still,
        said=next((text for tick, text, of_note in reversed(entries) if tick <= still and of_note), ""),
        when=ticks[still][1],
        stands=ticks[still][2],
        drawing=drawing(play, still, _tick_span),
        data={"ticks": _packed(ticks), "entries": entries},
    )


def player_page(run: Run) -> str:
    """Return a page with one run to be played: it opens offline, fetches nothing, and runs no script but ours."""
    content = {"run": run, "scenario": run.scenario, "player": player(run), "standing": ASSUMED}
    return rendered("play.html", content | IN_TEMPLATES)


def _tick(second: float) -> int:
    """Return the first position at which a second has come."""
    return ceil(second * TICKS - 1e-6)


def _tick_span(span: Span) -> tuple[int, int]:
    """Return the positions at which something is seen: one at least."""
    start = _tick(span.start)
    return start, 10**6 if isinf(span.end) else max(_tick(span.end), start + 1)


def _ticks(play: Play, last: int, start: datetime) -> Iterator[tuple[float, str, str]]:
    """Yield for each position the share of the run that is over, the moment, and where it stands."""
    whole = max(play.clock.hours[-1], 1.0)
    for tick in range(last + 1):
        second = min(tick / TICKS, play.clock.length)
        hour = play.clock.hour(second)
        yield round(hour / whole, 4), at_hour(hour, start), stands_on(play, hour, second)


def _packed(ticks: Sequence[tuple[float, str, str]]) -> dict[str, Any]:
    """Return the positions with each text once: time stands still at many, and the run at most of them."""
    whens, stands = (list(dict.fromkeys(tick[n] for tick in ticks)) for n in (1, 2))
    when, stand = ({text: n for n, text in enumerate(texts)} for texts in (whens, stands))
    places = [[share, when[a], stand[b]] for share, a, b in ticks]
    return {"whens": whens, "stands": stands, "places": places}
