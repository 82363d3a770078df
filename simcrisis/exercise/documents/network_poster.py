"""The network of lines as a poster."""

from __future__ import annotations

from simcrisis.exercise.blocks import Document, Picture
from simcrisis.exercise.documents.shared import line_grid
from simcrisis.exercise.material import Public
from simcrisis.plots import network
from simcrisis.plots.svg import as_png

NAME = "network_poster"


def network_poster(public: Public) -> Document:
    """Return the poster."""
    text, key = public.text, f"documents.{NAME}"
    picture = Picture(as_png(lambda: network(public.nodes, public.lines)), text(f"{key}.alt"))
    return Document(NAME, text(f"{key}.title"), "GREEN", [picture, *line_grid(public)])
