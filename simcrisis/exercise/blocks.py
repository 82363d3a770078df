"""What a document is made of, apart from the format in which it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Tlp = Literal["CLEAR", "GREEN", "AMBER", "RED"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is that of the document."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str
    strong: bool = False
    small: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: heads (none: no head), rows, and how wide its columns are relative to each other."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    tall: int = 0
    """Lines that a row is high at least, to write in."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Empty lines to write on."""

    count: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG picture, as wide as the page."""

    png: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Sign:
    """A name to be read from across a room."""

    text: str


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows stands on a new page."""


@dataclass(frozen=True, slots=True)
class Card:
    """Something in a frame that stays on one page, to be cut out and handed over."""

    title: str
    aside: str
    """At the right of the title: a number, a time."""
    blocks: Sequence[Text | Bullets | Grid | Lines]
    foot: str = ""
    """What must stay on it once it is cut out: the marks, whose it is."""


Block = Heading | Text | Bullets | Grid | Lines | Picture | Sign | NewPage | Card


@dataclass(frozen=True, slots=True)
class Document:
    """A document: its file name without ending, its title, who may have it, what it says."""

    name: str
    title: str
    tlp: Tlp
    blocks: Sequence[Block]
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands on every page."""

    exercise: str
    tlp: str
    notice: str
    page: str
    """With `{page}` for its number."""
    language: str
    """Its code, for hyphenation and spelling."""
