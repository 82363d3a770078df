"""A plot as a picture that stands in a page: the same plot gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Callable

import matplotlib as mpl
from matplotlib.axes import Axes

from simcrisis.plots.style import style


def as_svg(draw: Callable[[], Axes]) -> bytes:
    """Return a plot as SVG; it is drawn and closed here."""
    import matplotlib.pyplot as plt

    stream = io.BytesIO()
    with style(), mpl.rc_context({"svg.hashsalt": "simcrisis"}):
        figure = draw().get_figure(root=True)
        assert figure is not None
        try:
            figure.savefig(stream, format="svg", metadata={"Date": None})
        finally:
            plt.close(figure)
    return stream.getvalue()
