"""Plots as pictures in a page: SVG in a data address, so that a page needs no other file and nothing in it runs."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simcrisis.plots.svg import as_svg


@dataclass(frozen=True)
class Picture:
    """A plot in a page."""

    address: str
    """A data address."""
    alt: str
    """What it shows, for those who do not see it."""
    note: str = ""
    """What it leaves out."""


def picture(draw: Callable[[], Any], alt: str, note: str = "") -> Picture:
    """Return a plot as a picture."""
    return Picture(f"data:image/svg+xml;base64,{base64.b64encode(as_svg(draw)).decode()}", alt, note)
