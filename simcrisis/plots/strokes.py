"""How messages between States are drawn, in lanes and on the network: told apart by colour, dash and mark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from simcrisis.plots.lanes import Message

STRUCK = "#aa3377"
OUT = "#d55e00"


class Stroke(NamedTuple):
    """How messages of a sort are drawn."""

    colour: str
    width: float
    dash: Any
    head: str
    """Of an arrow between lanes."""
    label: str
    marker: str
    """Of what is on its way over the network."""


STROKES: Mapping[Message, Stroke] = {
    "inquiry": Stroke("#0072b2", 1.5, "-", "-|>", "inquiry", "o"),
    "reply": Stroke("#56b4e9", 2.6, "-", "-|>", "reply", "s"),
    "request": Stroke("#009e73", 0.7, "-", "->", "request between CERTs", "^"),
    "answer": Stroke("#009e73", 1.2, "-", "->", "technical answer", "D"),
    "silence": Stroke("#d55e00", 1.5, (0, (4, 3)), "->", "silence: no answer", "X"),
    "briefing": Stroke("#8a8a8a", 0.8, "-", "-", "own finding, desk briefed", "."),
    "act": Stroke("#000000", 2.2, "-", "-|>", "act, rung 3 or above", "P"),
}
