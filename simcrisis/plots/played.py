"""One run played on the network, as a matplotlib animation."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from textwrap import fill

import numpy as np
import numpy.typing as npt
import polars as pl
from matplotlib.animation import FuncAnimation
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from simcrisis.plots.cast import Cast, cast_of, legend_of, lines_legend, set_names, stage
from simcrisis.plots.clock import HOLD
from simcrisis.plots.film import as_gif, pixels
from simcrisis.plots.play import Play, play_of
from simcrisis.plots.records import said_of, shown
from simcrisis.plots.stage import Layout
from simcrisis.plots.strip import cursor, strip
from simcrisis.plots.style import GREY, INK, SMALL, quiet
from simcrisis.plots.words import WITHIN_MODEL, act

FRAMES_A_SECOND = 6
_DPI = 96
_LETTERS = 96
_LINES = 2
_AFTERWARDS = 0.5
"""Seconds after which a caption turns grey: it tells of what is past."""
PACE = "Time stands still where something is told, and hurries through hours in which little happens."


class Film(FuncAnimation):
    """An animation that a notebook shows by itself, as GIF: `to_jshtml` of so many frames passes matplotlib's limit."""

    frames_per_second = FRAMES_A_SECOND

    def _repr_html_(self) -> str:
        made = base64.b64encode(as_gif(self, self.frames_per_second)).decode()
        return f'<img alt="One run, played on the network" src="data:image/gif;base64,{made}">'


@quiet
def played(
    nodes: pl.DataFrame,
    lines: pl.DataFrame,
    events: pl.DataFrame,
    captions: Mapping[int, str] | None = None,
    *,
    by: Layout = "circle",
    start: datetime | None = None,
    title: str = "One run, played",
    notice: str = "",
    frames_per_second: int = FRAMES_A_SECOND,
) -> Film:
    """Play one run on the network: messages on their way, decisions, incidents, outages, and how high it climbs.

    `nodes` and `lines` are `batch.network.network_tables`, `events` is `run.events`. `captions`: the words for records,
    by `seq`, such as `report.timeline.captions(run)`; the film stops for the dozen that matter most. `start`: when the
    run begins; without it, only days and hours are shown. `notice` stands beneath. The film lasts up to 40 seconds; its
    clock is uneven, and it says so. A silence is shown when patience ends; what happens at once is shown for a second
    or two.

    Raises ValueError where the tables hold several runs, none, or States that the network has not, and where a State
    without coordinates is to be set by geography.
    """
    play = play_of(nodes, lines, events, captions, by)
    foot = " ".join(filter(None, (f"{said_of(events)}.", play.left_out, PACE, WITHIN_MODEL, notice)))
    figure = _sheet()
    backdrop = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    backdrop.set_axis_off()
    backdrop.imshow(_backdrop(play, by, title, foot), aspect="auto", interpolation="nearest")
    cast = cast_of(stage(figure, play), play)
    moving = _Moving(figure, play, start)

    def draw(frame: int) -> Sequence[Artist]:
        second = min(frame / frames_per_second, play.clock.length)
        _draw_cast(cast, second)
        moving.show(second)
        return ()

    frames = int(play.clock.length * frames_per_second) + 1
    film = Film(figure, draw, frames=frames, init_func=lambda: (), interval=1000 / frames_per_second, repeat=False)
    film.frames_per_second = frames_per_second
    return film


def _sheet() -> Figure:
    figure = Figure(figsize=(10.0, 7.5), dpi=_DPI)
    figure.set_layout_engine("none")
    FigureCanvasAgg(figure)
    return figure


def _backdrop(play: Play, by: Layout, title: str, foot: str) -> npt.NDArray[np.uint8]:
    """Return a picture of all that stands still: drawn once, since letters are what takes time."""
    figure = _sheet()
    set_names(stage(figure, play), play, by)
    figure.text(0.02, 0.985, shown(title, 100), va="top", size=12, weight="bold", parse_math=False)
    figure.add_artist(legend_of(figure, play))
    figure.add_artist(lines_legend(figure, play))
    strip(figure, play)
    figure.text(0.02, 0.012, fill(foot, 170), size=SMALL - 0.5, color=GREY, va="bottom", parse_math=False)
    return pixels(figure)


def _draw_cast(cast: Cast, second: float) -> None:
    for artist, spans in cast.seen:
        artist.set_visible(any(span.holds(second) for span in spans))
    for artist, spans in cast.unless:
        artist.set_visible(not any(span.holds(second) for span in spans))
    for marker, path, span in cast.moving:
        if span.holds(second):
            share = (second - span.start) / (span.end - span.start)
            marker.set_data(*zip(path.at(share), strict=True))


class _Moving:
    """What changes beneath and above the network: clock, caption, rung, and where the run stands."""

    def __init__(self, figure: Figure, play: Play, start: datetime | None) -> None:
        self._play, self._start = play, start
        self._now = figure.text(0.02, 0.945, "", va="top", size=11, parse_math=False)
        self._rung = figure.text(0.02, 0.915, "", va="top", size=9.5, parse_math=False)
        self._caption = figure.text(0.5, 0.228, "", ha="center", va="center", size=10.5, parse_math=False)
        self._caption.set_bbox({"boxstyle": "round,pad=0.4", "facecolor": "#f4f4f4", "edgecolor": "none"})
        self._cursor = cursor(figure, play)

    def show(self, second: float) -> None:
        """Show a second of the film."""
        hour = self._play.clock.hour(second)
        self._now.set_text(at_hour(hour, self._start))
        self._rung.set_text(stands_on(self._play, hour, second))
        told = [caption for caption in self._play.told if caption.second <= second]
        if told:
            self._caption.set_color(INK if second < told[-1].second + HOLD + _AFTERWARDS else GREY)
        _say(self._caption, told[-1].text if told else "")
        self._cursor.set_xdata([hour, hour])


def _say(where: Text, text: str) -> None:
    where.set_text(fill(text, _LETTERS, max_lines=_LINES, placeholder=" …"))
    where.set_visible(bool(text))


def at_hour(hour: float, start: datetime | None) -> str:
    """Return day and hour of a run, and the date and time where its start is known."""
    into = f"Day {hour // 24 + 1:.0f}, hour {hour:,.0f}"
    if start is None:
        return into
    moment = start + timedelta(hours=hour)
    zone = moment.tzname() or ""
    return f"{into} · {moment:%a %d %b %Y %H:%M} {'UTC' if zone.startswith(('+', '-')) else ''}{zone}"


def stands_on(play: Play, hour: float, second: float) -> str:
    """Return the highest rung of any dyad at an hour, and the gravest act until a second of the film, in words."""
    now = max((step for step in play.rungs if step.hour <= hour), key=lambda step: step.hour)
    peak = round(max(step.height for step in play.acts if step.hour <= second))
    so_far = f"gravest act so far: {peak}, {act(peak)}" if peak else "no public act so far"
    return f"Highest rung now: {now.height:.0f}; {so_far}"


__all__ = ["FRAMES_A_SECOND", "PACE", "Film", "at_hour", "played", "stands_on"]
