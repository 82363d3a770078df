"""Scripted decisions: a table says what a State chooses, another rule decides where the table is silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simcrisis.rules.situation import Rule, Situation, Weights


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table. It applies where every condition that is set holds."""

    rung: int
    number: int | None = None
    of_act: bool | None = None
    belief: tuple[float, float] = (0.0, 1.0)
    rung_before: tuple[int, int] = (0, 10)

    def applies(self, situation: Situation) -> bool:
        """Return whether the row speaks of this situation."""
        return (
            (self.number is None or self.number == situation.number)
            and (self.of_act is None or self.of_act == situation.of_act)
            and self.belief[0] <= situation.belief <= self.belief[1]
            and self.rung_before[0] <= situation.rung <= self.rung_before[1]
        )


@dataclass(frozen=True, slots=True)
class Scripted:
    """A rule: the first row that applies decides for certain; where none does, `otherwise` decides."""

    rows: tuple[Row, ...]
    otherwise: Rule

    def __call__(self, situation: Situation, weights: Weights, g: Sequence[float]) -> Sequence[float]:
        """Return certainty on the rung of the first row that applies, else what the other rule says."""
        for row in self.rows:
            if row.applies(situation):
                return [1.0 if rung == row.rung else 0.0 for rung in range(len(g))]
        return self.otherwise(situation, weights, g)
