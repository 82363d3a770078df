"""The programme of the day: moves, hot washes, a break, a plenary; and when in a move something is handed out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from simcrisis.scenario.exercise import Exercise

_QUIET = 0.15
"""Share of a move, at its end, in which nothing new comes in."""
_NOTHING_LOST = 0.35
"""How far a move may be shorter or longer than an even share of the story, for the sake of a quiet place to cut."""


class Part(StrEnum):
    """What a stretch of the day is for."""

    OPENING = "opening"
    MOVE = "move"
    HOT_WASH = "hot_wash"
    REST = "rest"
    PLENARY = "plenary"


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of the day."""

    part: Part
    number: int
    """Of a move, and of the hot wash after it, from 1; 0 otherwise."""
    begins: int
    """Minutes after midnight."""
    minutes: int

    @property
    def ends(self) -> int:
        """Minutes after midnight."""
        return self.begins + self.minutes


def programme(of: Exercise) -> list[Slot]:
    """Return the day, in order."""
    parts: list[tuple[Part, int, int]] = [(Part.OPENING, 0, of.opening)]
    for number in range(1, of.moves + 1):
        parts += [(Part.MOVE, number, of.move), (Part.HOT_WASH, number, of.hot_wash)]
        if number == (of.moves + 1) // 2 and number < of.moves:
            parts.append((Part.REST, 0, of.rest))
    parts.append((Part.PLENARY, 0, of.plenary))
    hours, minutes = map(int, of.begins.split(":"))
    now, slots = 60 * hours + minutes, []
    for part, number, lasts in parts:
        if lasts:
            slots.append(Slot(part, number, now, lasts))
        now += lasts
    return slots


def clock(minute: int) -> str:
    """Return minutes after midnight as a time of day."""
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def cut(times: Sequence[int], weights: Sequence[float], moves: int) -> list[int]:
    """Return where a story is cut into moves: the place of the first event of each but the first.

    `times` are those of its events, in order, and `weights` how long each takes to play. Cuts lie where nothing happens
    for longest, near the even shares. Raises ValueError where there are fewer different times than moves.
    """
    places = [n for n in range(1, len(times)) if times[n] > times[n - 1]]
    if len(places) < moves - 1:
        raise ValueError("too little happens for so many moves")
    total, reached = sum(weights), 0.0
    shares = []
    for weight in weights:
        shares.append(reached / total)
        reached += weight
    cuts: list[int] = []
    for number in range(1, moves):
        later = [n for n in places if n > (cuts[-1] if cuts else 0)]
        left = moves - 1 - number
        later = later[: len(later) - left] if left else later
        even = number / moves
        near = [n for n in later if abs(shares[n] - even) <= _NOTHING_LOST / moves]
        if near:
            cuts.append(max(near, key=lambda n: times[n] - times[n - 1]))
        else:
            cuts.append(min(later, key=lambda n: abs(shares[n] - even)))
    return cuts


def spread(weights: Sequence[float], slot: Slot) -> list[int]:
    """Return when in a slot each of some events comes (minutes after midnight): each has as long as its weight says."""
    usable, total, reached = round(slot.minutes * (1.0 - _QUIET)), sum(weights), 0.0
    found = []
    for weight in weights:
        found.append(slot.begins + int(usable * reached / total))
        reached += weight
    return found
