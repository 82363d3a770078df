"""A film as GIF or MP4: the same film gives the same bytes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.animation import AbstractMovieWriter, Animation, FFMpegWriter, writers
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

from simcrisis.errors import SimcrisisError
from simcrisis.plots.strokes import OUT, STROKES, STRUCK
from simcrisis.plots.style import INK, style

_GREYS, _TINTS = 32, 8


class FilmError(SimcrisisError):
    """A film that cannot be made here."""


def as_gif(film: Animation, frames_per_second: int) -> bytes:
    """Return a film as GIF, which plays again and again."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.gif"
        with style():
            film.save(path, writer=_Gif(frames_per_second))
        return path.read_bytes()


def check_mp4() -> None:
    """Raise FilmError where there is no ffmpeg."""
    if not writers.is_available("ffmpeg"):
        raise FilmError("ffmpeg makes .mp4 films and is not here; install it, or choose .gif or .html")


def as_mp4(film: Animation, frames_per_second: int) -> bytes:
    """Return a film as MP4; raises FilmError where there is no ffmpeg."""
    check_mp4()
    exact = ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-map_metadata", "-1", "-threads", "1"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        with style():
            film.save(path, writer=FFMpegWriter(fps=frames_per_second, codec="h264", extra_args=exact))
        return path.read_bytes()


def pixels(figure: Figure) -> npt.NDArray[np.uint8]:
    """Return a figure as it looks: rows, columns, red, green, blue and opacity."""
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    return np.array(canvas.buffer_rgba())


class _Gif(AbstractMovieWriter):
    """Like matplotlib's PillowWriter, but draws each frame once, in colours that are the same for all."""

    def setup(self, fig: Any, outfile: Any, dpi: float | None = None) -> None:
        super().setup(fig, outfile, dpi)
        self._frames: list[Image.Image] = []

    def grab_frame(self, **_: Any) -> None:
        frame = Image.fromarray(pixels(self.fig)).convert("RGB")
        self._frames.append(frame.quantize(palette=_palette(), dither=Image.Dither.NONE))

    def finish(self) -> None:
        whole = BytesIO()
        first, *rest = self._frames
        first.save(whole, "GIF", save_all=True, append_images=rest, duration=1000 // self.fps, loop=0, optimize=False)
        Path(self.outfile).write_bytes(whole.getvalue())


@cache
def _palette() -> Image.Image:
    """Return greys, and what the edges of coloured marks on white are made of."""
    image = Image.new("P", (1, 1))
    image.putpalette([round(255 * part) for colour in _colours() for part in colour])
    return image


def _colours() -> Iterator[tuple[float, float, float]]:
    for n in range(_GREYS):
        yield (n / (_GREYS - 1),) * 3
    for name in dict.fromkeys(
        (OUT, STRUCK, "#0072b2", "#e69f00", "#cc79a7", *(each.colour for each in STROKES.values()))
    ):
        if name not in {INK, "#000000"}:
            red, green, blue = to_rgb(name)
            for n in range(1, _TINTS + 1):
                share = n / _TINTS
                yield 1 - share * (1 - red), 1 - share * (1 - green), 1 - share * (1 - blue)
