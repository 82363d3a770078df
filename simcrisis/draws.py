"""Luck addressed by occasion: common random numbers by construction.

A draw is a standard normal score that depends on (seed, replication, purpose, path, ordinal) and on nothing else:
not on the order of calls, not on the arm. The 64-bit address is mixed with the finaliser of SplitMix64
(Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195) and turned into a score by the normal quantile
function; the caller turns the score into a variate by that variate's own quantile function.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from enum import IntEnum, unique
from functools import lru_cache
from hashlib import blake2b
from statistics import NormalDist

from simcrisis.members import members
from simcrisis.units import normal_cdf

# SplitMix64: 64-bit words, the step of its sequence, the factors of its finaliser.
MASK = (1 << 64) - 1
GAMMA = 0x9E3779B97F4A7C15
MIX_1 = 0xBF58476D1CE4E5B9
MIX_2 = 0x94D049BB133111EB
CELL = 2.0**-52
"""Probability of each of the cells of equal probability that addresses fall into."""
quantile = NormalDist().inv_cdf


@unique
class Purpose(IntEnum):
    """What a draw is for. Numbers are part of the address of luck: never reuse or renumber one."""

    DETECTION = 1
    FINDING = 2
    FINDING_TIME = 3
    BRIEFING = 4
    PARTNER_FINDING = 5
    PARTNER_WORK = 6
    PARTNER_ANSWERS = 7
    SENT = 8
    RETURNED = 9
    ASKS = 10
    ANSWERS = 11
    TRANSLATION = 12
    CHECK = 13
    REPLY = 14
    CLOCK = 15
    CHOICE = 16
    LEARN = 17
    UPTIME = 18
    ENTRY = 19
    DRILL = 20
    REPORT_TIME = 21
    REPORT = 22
    HELP = 23
    SURVIVES = 24
    DETOUR = 25
    CLARIFICATION = 26
    CALL_BACK = 27
    MISREAD = 28
    POLICE = 29
    POLICE_WORK = 30
    INTELLIGENCE = 31
    INTELLIGENCE_TIME = 32
    COALITION = 33
    JOINS = 34
    WITHDRAWS = 35
    INVOKES = 36
    EXPLAINS = 37
    EXPLANATION_TIME = 38
    SECONDS = 39
    CONSENTS = 40
    ATTENDS = 41
    MEETING_TIME = 42
    MEETING = 43
    SATISFIES = 44
    CASCADE = 45
    CASCADE_TIME = 46
    SOLIDARITY = 47
    BACKGROUND_RATE = 48
    BACKGROUND_TIME = 49
    BACKGROUND_SIDE = 50
    BACKGROUND_CAUSE = 51
    BACKGROUND_SEVERITY = 52
    BACKGROUND_SEEN = 53
    PATCHED = 54
    ANNOUNCES = 55
    ADMITS = 56
    VISIT_TIME = 57
    VISIT = 58
    REPORTS = 59
    AWARENESS = 60
    OPERATOR_REPORT = 61


purposes = members(Purpose)
"""Purposes as plain attributes, for the engine."""


def _finalise(z: int) -> int:
    z = (z ^ (z >> 30)) * MIX_1 & MASK
    z = (z ^ (z >> 27)) * MIX_2 & MASK
    return z ^ (z >> 31)


def _mix(parent: int, step: int) -> int:
    return _finalise((_finalise((parent + GAMMA) & MASK) ^ step) + GAMMA & MASK)


@lru_cache(maxsize=1 << 16)
def mix(parent: int, step: int) -> int:
    """Return the 64-bit path of an occasion that follows from `parent` by `step` (both 64-bit; order matters).

    Paths are those of States, lines and incidents, whatever the replication: the same ones come again in every run.
    """
    return _mix(parent, step)


def key_path(key: str) -> int:
    """Return the stable 64-bit path of a key (of a State, a line or an incident)."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big")


PLACES = tuple([(purpose << 40) * GAMMA & MASK for purpose in range(max(Purpose) + 1)])
"""Where the occasions of each purpose begin in the sequence."""


class Luck:
    """The luck of one replication: normal scores by occasion."""

    __slots__ = ("base", "replication")

    def __init__(self, seed: int, replication: int) -> None:
        self.replication = replication
        self.base = _mix(_mix(0, seed & MASK), replication & MASK)
        """What tells its addresses from those of other replications."""

    def normal(self, purpose: Purpose, path: int, ordinal: int = 0) -> float:
        """Return the standard normal score of one occasion."""
        z = (self.base ^ path) + PLACES[purpose] + ordinal * GAMMA & MASK
        z = (z ^ (z >> 30)) * MIX_1 & MASK
        z = (z ^ (z >> 27)) * MIX_2 & MASK
        return quantile((((z ^ (z >> 31)) >> 12) + 0.5) * CELL)

    def uniform(self, purpose: Purpose, path: int, ordinal: int = 0) -> float:
        """Return the score of one occasion as a probability in (0, 1)."""
        return normal_cdf(self.normal(purpose, path, ordinal))

    def first_uniforms(self, purpose: Purpose, paths: Sequence[int]) -> list[float]:
        """Return about `uniform` of the first occasions (ordinal 0) of many paths, for about a third of the cost.

        The last digits may differ: this is to rule out what cannot happen, not to draw what does.
        """
        base, place, found = self.base, PLACES[purpose], []
        for path in paths:
            z = (base ^ path) + place & MASK
            z = (z ^ (z >> 30)) * MIX_1 & MASK
            z = (z ^ (z >> 27)) * MIX_2 & MASK
            found.append((((z ^ (z >> 31)) >> 12) + 0.5) * CELL)
        return found


class ShiftedLuck(Luck):
    """The luck of a replication with every score of some purposes moved by a constant (importance sampling)."""

    __slots__ = ("_shifts",)

    def __init__(self, seed: int, replication: int, shifts: Mapping[Purpose, float]) -> None:
        super().__init__(seed, replication)
        self._shifts = shifts

    def normal(self, purpose: Purpose, path: int, ordinal: int = 0) -> float:
        """Return the standard normal score of one occasion, plus the purpose's shift."""
        return super().normal(purpose, path, ordinal) + self._shifts.get(purpose, 0.0)

    def first_uniforms(self, purpose: Purpose, paths: Sequence[int]) -> list[float]:
        """Return about `uniform` of the first occasions of many paths, shifts included."""
        if purpose not in self._shifts:
            return super().first_uniforms(purpose, paths)
        return [self.uniform(purpose, path) for path in paths]


Occasion = tuple[Purpose, int, int]
"""Purpose, path and ordinal: the address of one draw within a replication."""


class ChangedLuck(Luck):
    """The luck of a replication with the scores of a few occasions replaced, all else as it was."""

    __slots__ = ("_instead",)

    def __init__(self, seed: int, replication: int, instead: Mapping[Occasion, float]) -> None:
        super().__init__(seed, replication)
        self._instead = instead

    def normal(self, purpose: Purpose, path: int, ordinal: int = 0) -> float:
        """Return the score of one occasion, the replaced one where there is one."""
        replaced = self._instead.get((purpose, path, ordinal))
        return super().normal(purpose, path, ordinal) if replaced is None else replaced

    def first_uniforms(self, purpose: Purpose, paths: Sequence[int]) -> list[float]:
        """Return about `uniform` of the first occasions of many paths, replaced ones included."""
        found = super().first_uniforms(purpose, paths)
        changed = {path for which, path, ordinal in self._instead if which == purpose and ordinal == 0}
        return [self.uniform(purpose, path) if path in changed else u for path, u in zip(paths, found, strict=True)]


class RecordedLuck(Luck):
    """The luck of a replication, which remembers the occasions that a run draws; their scores are as they were.

    What `first_uniforms` looks at is not drawn: it rules out what cannot happen, and a run has nothing of it. What it
    does not rule out is drawn next, and remembered then.
    """

    __slots__ = ("drawn",)

    def __init__(self, seed: int, replication: int) -> None:
        super().__init__(seed, replication)
        self.drawn: set[Occasion] = set()

    def normal(self, purpose: Purpose, path: int, ordinal: int = 0) -> float:
        """Return the standard normal score of one occasion, and remember that it was drawn."""
        self.drawn.add((purpose, path, ordinal))
        return super().normal(purpose, path, ordinal)


class TracedLuck(Luck):
    """The luck of a replication, which remembers in which order a run draws its occasions, and what it only looks at.

    What `first_uniforms` looks at counts as drawn: under other scores it might not have been ruled out.
    """

    __slots__ = ("drawn",)

    def __init__(self, seed: int, replication: int) -> None:
        super().__init__(seed, replication)
        self.drawn: dict[Occasion, None] = {}

    def normal(self, purpose: Purpose, path: int, ordinal: int = 0) -> float:
        """Return the standard normal score of one occasion, and remember that it was drawn."""
        self.drawn[purpose, path, ordinal] = None
        return super().normal(purpose, path, ordinal)

    def first_uniforms(self, purpose: Purpose, paths: Sequence[int]) -> list[float]:
        """Return about `uniform` of the first occasions of many paths, and remember them all."""
        self.drawn.update(dict.fromkeys((purpose, path, 0) for path in paths))
        return super().first_uniforms(purpose, paths)


class TurnedLuck(Luck):
    """The luck of one replication up to a point, and that of another from there on.

    `kept` are the occasions that were drawn up to the point: they keep the scores of the first replication. All others
    have those of the second, so that courses that begin at one point share what comes after it, too.
    """

    __slots__ = ("_before", "_kept")

    def __init__(self, seed: int, replication: int, onwards: int, kept: Container[Occasion]) -> None:
        super().__init__(seed, onwards)
        self._before, self._kept = Luck(seed, replication), kept

    def normal(self, purpose: Purpose, path: int, ordinal: int = 0) -> float:
        """Return the score of one occasion: that of the first replication where it was drawn before the point."""
        if (purpose, path, ordinal) in self._kept:
            return self._before.normal(purpose, path, ordinal)
        return super().normal(purpose, path, ordinal)

    def first_uniforms(self, purpose: Purpose, paths: Sequence[int]) -> list[float]:
        """Return about `uniform` of the first occasions of many paths, kept ones as they were."""
        were, are = self._before.first_uniforms(purpose, paths), super().first_uniforms(purpose, paths)
        kept = [(purpose, path, 0) in self._kept for path in paths]
        return [was if stays else now for was, now, stays in zip(were, are, kept, strict=True)]
