"""The luck of many replications, drawn together: most of them draw the same occasions, in every arm."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from simcrisis.draws import CELL, GAMMA, MASK, MIX_1, MIX_2, PLACES, Luck, Occasion, Purpose, quantile

_LOOKED_AT = 64
"""Replications after which it is known what most of them draw."""
_LEAST = 8
"""Times that an occasion must have been drawn before it counts as drawn by most."""


class LuckTable:
    """Scores by occasion and replication: an occasion that half of the replications draw is drawn for all at once.

    A score of such an occasion costs a fifth of one drawn alone, and nothing in further arms; the rest are drawn alone.
    """

    def __init__(self, seed: int, replications: range) -> None:
        self._alone = [Luck(seed, replication) for replication in replications]
        self._bases = np.array([luck.base for luck in self._alone], np.uint64)
        self.columns: dict[Occasion, array[float]] = {}
        """Scores of the occasions that are drawn by most, by place of the replication."""
        self._drawn: dict[Occasion, int] = {}
        """How often the others have been drawn so far."""

    def __iter__(self) -> Iterator[Luck]:
        """Yield the luck of each replication."""
        for place, luck in enumerate(self._alone):
            yield _Tabled(luck, place, self.columns, self._missed if place < _LOOKED_AT else None)
        self._drawn.clear()

    def _missed(self, occasion: Occasion, place: int) -> None:
        """Take note of a draw of an occasion that has no column; it gets one when it has earned it."""
        times = self._drawn[occasion] = self._drawn.get(occasion, 0) + 1
        if times >= max(_LEAST, (place + 1) / 2):
            self.columns[occasion] = self._column(occasion)

    def _column(self, occasion: Occasion) -> array[float]:
        """Return the scores of an occasion; the sums are those of `Luck.normal`, which unsigned numbers wrap alike."""
        purpose, path, ordinal = occasion
        z = (self._bases ^ np.uint64(path)) + np.uint64(PLACES[purpose] + ordinal * GAMMA & MASK)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(MIX_1)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(MIX_2)
        cells = (z ^ (z >> np.uint64(31))) >> np.uint64(12)
        return array("d", map(quantile, ((cells + 0.5) * CELL).tolist()))


class _Tabled(Luck):
    """The luck of one replication, from the table where it is there."""

    __slots__ = ("_columns", "_missed", "_place")

    def __init__(
        self,
        luck: Luck,
        place: int,
        columns: Mapping[Occasion, Sequence[float]],
        missed: Callable[[Occasion, int], None] | None,
    ) -> None:
        self.base, self.replication = luck.base, luck.replication
        self._place, self._columns, self._missed = place, columns, missed

    def normal(self, purpose: Purpose, path: int, ordinal: int = 0) -> float:
        """Return the standard normal score of one occasion."""
        column = self._columns.get((purpose, path, ordinal))
        if column is not None:
            return column[self._place]
        if self._missed is not None:
            self._missed((purpose, path, ordinal), self._place)
        return Luck.normal(self, purpose, path, ordinal)
