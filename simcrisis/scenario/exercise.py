"""What an exercise made from a scenario shows to participants, and how long it takes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from simcrisis.scenario.words import CLOCK_PATTERN, LINE_PATTERN, Name, Text
from simcrisis.spec import PositiveDuration, Spec

Minutes = Annotated[int, Field(ge=0, le=240)]


class Exercise(Spec):
    """What participants may read of a scenario, and the programme of the day. Give nothing of the hidden truth away."""

    title: Annotated[str, Field(min_length=1, max_length=200, pattern=LINE_PATTERN)]
    """One line, on every sheet."""

    situation: Text
    """The background as everybody knows it."""

    tables: Annotated[tuple[Name, ...], Field(max_length=5)] = ()
    """The States that are played, one to five; default: those to which most happens, four at most."""

    span: PositiveDuration | None = None
    """How much of the story is played, from its first event; default: all."""

    moves: Annotated[int, Field(ge=1, le=6)] = 3
    """Parts into which the story is divided."""

    opening: Minutes = 15
    """Minutes of welcome and rules."""

    move: Annotated[int, Field(ge=15, le=240)] = 40
    """Minutes of play in a move."""

    hot_wash: Minutes = 15
    """Minutes in which each move is talked over."""

    rest: Minutes = 15
    """Minutes of a break after the first half of the moves."""

    plenary: Minutes = 30
    """Minutes of the closing discussion."""

    begins: Annotated[str, Field(pattern=CLOCK_PATTERN)] = "09:30"
    """Time of day at which it begins."""
