"""The luck of many replications, drawn together: most of them draw the same occasions, in every arm."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from simcrisis.draws import CELL, GAMMA, MASK, MIX_1, MIX_2, PLACES, Luck, Occasion, Purpose, quantile

_LOOKED_AT = 32
"""Replications after which it is known what most of them draw."""
_LEAST = 8
"""Replications that must have drawn an occasion before it counts as drawn by most."""
_FEW = 100
"""Fewer replications are not worth a table."""


class LuckTable:
    """Scores by occasion and replication: an occasion that half of the replications draw is drawn for all at once.

    That takes less than half of the time of drawing it for each, and further arms only look it up. What few draw, and
    what few replications there are, is drawn alone.
    """

    def __init__(self, seed: int, replications: range) -> None:
        self._alone = [Luck(seed, replication) for replication in replications]
        self._bases = np.array([luck.base for luck in self._alone], np.uint64)
        self.columns: dict[Occasion, array[float]] = {}
        """Scores of the occasions that are drawn by most, by place of the replication."""
        self._drawn: dict[Occasion, tuple[int, int]] = {}
        """Of the others: the last replication that has drawn it, by place, and how many have."""

    def __iter__(self) -> Iterator[Luck]:
        """Yield the luck of each replication."""
        if len(self._alone) < _FEW:
            yield from self._alone
            return
        for place, luck in enumerate(self._alone):
            yield _Tabled(luck, place, self.columns, self._missed if place < _LOOKED_AT else None)
            if place == _LOOKED_AT:
                self._drawn.clear()

    def _missed(self, occasion: Occasion, place: int) -> None:
        """Take note of a draw of an occasion that has no column; it gets one when it has earned it."""
        last, times = self._drawn.get(occasion, (-1, 0))
        if last == place:
            return
        self._drawn[occasion] = place, times + 1
        if times + 1 >= max(_LEAST, (place + 1) / 2):
            self.columns[occasion] = self.column(occasion)

    def column(self, occasion: Occasion) -> array[float]:
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
