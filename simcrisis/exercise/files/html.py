"""Documents as one HTML page: it loads nothing, runs nothing and holds its pictures; every text is escaped."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from simcrisis.exercise.blocks import Document, Marks
from simcrisis.exercise.files.plain import plain

_HERE = files("simcrisis.exercise.files")


def html(document: Document, marks: Marks) -> bytes:
    """Return a document as HTML; of blocks, those that reports are made of."""
    widths = "".join(f".w{n} {{ width: {n}%; }}\n" for n in range(1, 101))
    style = _HERE.joinpath("page.css").read_text(encoding="utf-8") + widths
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    made = _template().render(
        document=plain(document),
        marks=plain(marks),
        style=Markup(style),
        style_hash=f"sha256-{digest}",
        shares=_shares,
    )
    return made.encode()


def _shares(widths: Sequence[float]) -> list[int]:
    """Return how wide columns are, in per cent: as classes, for a policy that allows no style of a single element."""
    return [max(1, round(100 * width / sum(widths))) for width in widths]


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    environment.filters["base64"] = lambda content: b64encode(content).decode()
    return environment.from_string(_HERE.joinpath("page.html").read_text(encoding="utf-8"))
