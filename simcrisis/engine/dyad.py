"""A dyad: tension each way, and the rung it stands on."""

from __future__ import annotations

from dataclasses import dataclass, field

from simcrisis.engine.world import Relation
from simcrisis.rules import tension


@dataclass(slots=True, eq=False)
class Dyad:
    """Two States, the lower id first; tension is kept as of an instant and decays from there."""

    members: tuple[int, int]
    relation: Relation
    half_life: int
    sway: float
    rung: int = 0
    stirs: int = 0
    """How often quiet has been broken: an old deadline for stepping down knows that it is stale."""
    _tension: dict[int, float] = field(default_factory=dict)
    _as_of: dict[int, int] = field(default_factory=dict)
    procedures: set[tuple[str, int]] = field(default_factory=set)
    """Procedures that are under way between the two; with who opened them, where they ask something of the other."""
    own_acts: dict[int, int] = field(default_factory=dict)
    """When each of the two last acted against the other (ms)."""
    committed: dict[int, int] = field(default_factory=dict)
    """The rung of each one's last public act against the other."""

    def __post_init__(self) -> None:
        self.rung = self.relation.rung

    def tension(self, holder: int, now: int) -> float:
        """Return the tension that one of the two holds towards the other."""
        level = self._tension.get(holder, self.relation.tension)
        return tension.decayed(level, now - self._as_of.get(holder, 0), self.half_life)

    def set_tension(self, holder: int, level: float, now: int) -> None:
        """Set the tension that one of the two holds towards the other."""
        self._tension[holder] = level
        self._as_of[holder] = now

    def ease(self, factor: float, now: int) -> None:
        """Multiply the tension that both hold by a factor."""
        for holder in self.members:
            self.set_tension(holder, self.tension(holder, now) * factor, now)

    def mistrust(self, holder: int, now: int, acquainted: float) -> float:
        """Return the mistrust of one of the two towards the other; acquaintance takes a share off its baseline."""
        return tension.mistrust(self.relation.mistrust * (1.0 - acquainted), self.tension(holder, now), self.sway)
