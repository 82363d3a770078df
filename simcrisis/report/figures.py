"""Plots as pictures in a page: SVG in a data address, so that a page needs no other file and nothing in it runs."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.axes import Axes

from simcrisis.plots import style


@dataclass(frozen=True)
class Picture:
    """A plot in a page."""

    address: str
    """A data address."""
    alt: str
    """What it shows, for those who do not see it."""


def picture(draw: Callable[[], Axes], alt: str) -> Picture:
    """Return a plot as a picture; it is drawn, kept and closed here."""
    import matplotlib.pyplot as plt

    with style(), plt.rc_context({"svg.hashsalt": alt}):
        figure = draw().figure
        stream = io.BytesIO()
        try:
            figure.savefig(stream, format="svg", metadata={"Date": None})
        finally:
            plt.close(figure.get_figure(root=True))
    return Picture(f"data:image/svg+xml;base64,{base64.b64encode(stream.getvalue()).decode()}", alt)
