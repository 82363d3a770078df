"""A plot as a picture that stands in a page: the same plot gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes

from simcrisis.plots.style import style

DPI = 200


def as_svg(draw: Callable[[], Axes]) -> bytes:
    """Return a plot as SVG; it is drawn and closed here."""
    return _saved(draw, format="svg", metadata={"Date": None})


def as_png(draw: Callable[[], Axes]) -> bytes:
    """Return a plot as PNG, for files that hold no SVG; it is drawn and closed here."""
    return _saved(draw, format="png", dpi=DPI, metadata={"Software": None})


def _saved(draw: Callable[[], Axes], **how: Any) -> bytes:
    import matplotlib.pyplot as plt

    stream = io.BytesIO()
    with style(), mpl.rc_context({"svg.hashsalt": "simcrisis"}):
        figure = draw().get_figure(root=True)
        assert figure is not None
        try:
            figure.savefig(stream, **how)
        finally:
            plt.close(figure)
    return stream.getvalue()
