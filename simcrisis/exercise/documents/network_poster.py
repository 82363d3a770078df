"""The network of lines as a poster."""

from __future__ import annotations

from typing import Any

import polars as pl

from simcrisis.exercise.blocks import Document, Picture
from simcrisis.exercise.documents.shared import line_grid
from simcrisis.exercise.material import Public
from simcrisis.plots import network
from simcrisis.plots.svg import as_png

NAME = "network_poster"
_FROM_AFAR, _FEW = 15, 8
"""Size of the names (points) to be read on a wall, and how many there may be for it."""


def network_poster(public: Public) -> Document:
    """Return the poster."""
    text, key = public.text, f"documents.{NAME}"
    picture = Picture(as_png(lambda: drawn(public)), text(f"{key}.alt"))
    return Document(NAME, text(f"{key}.title"), "GREEN", [picture, *line_grid(public)])


def drawn(public: Public) -> Any:
    """Return the network with its words in the language; how well others keep to what they promised, nobody knows."""
    kept = public.lines.with_columns(practice_a=pl.lit(1.0), practice_b=pl.lit(1.0))
    axes = network(public.nodes, kept)
    axes.set_title("")
    legend = axes.get_legend()
    assert legend is not None
    kinds = {kind.replace("_", " "): kind for kind in kept["kind"].unique()}
    told = []
    for label in legend.get_texts():
        kind, _, count = label.get_text().rpartition(" ")
        name = public.text(f"channels.{kinds[kind]}")
        told.append(public.text(f"documents.{NAME}.counted", kind=name, n=count.strip("()")))
    title = public.text(f"documents.{NAME}.note")
    handles = [each for each in legend.legend_handles if each is not None]
    axes.legend(handles, told, title=title, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncol=2)
    for each in axes.texts if len(public.states) <= _FEW else ():
        each.set_fontsize(_FROM_AFAR)
    return axes
