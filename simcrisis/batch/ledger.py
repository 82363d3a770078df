"""What a folder holds of a batch, while it is being filled: round after round, until enough is known."""

from __future__ import annotations

from collections.abc import Iterator

from simcrisis import stats
from simcrisis.batch.folder import BatchFolder, Kept
from simcrisis.batch.work import Shard, Task
from simcrisis.stats import Tally


class Ledger:
    """The shards of a folder that belong to the batch as far as it goes, and the counts of their runs."""

    def __init__(self, folder: BatchFolder) -> None:
        plan = folder.plan
        self._folder = folder
        self._later = list(folder.kept())
        """Shards that are there already, beyond the replications of the present round."""
        self.replications = 0
        """Of the present round: in the end, those of the batch."""
        self.kept: list[Kept] = []
        self.counted: list[Tally] = [stats.nothing(plan.question) for _ in plan.points]
        """By design point."""

    def rounds(self) -> Iterator[list[Task]]:
        """Yield what is missing, up to the next look at it; ends when what was asked for is known."""
        plan = self._folder.plan
        for self.replications in plan.looks:
            self._reach(self.replications)
            yield self.missing()
            if plan.until and all(plan.until.met(plan.question, counted) for counted in self.counted):
                return

    def take(self, shard: Shard) -> None:
        """Keep a shard that is done."""
        self._enter(self._folder.keep(shard), shard.tally)

    def missing(self) -> list[Task]:
        """Return what is missing of the present round."""
        return self._folder.missing(sorted(self.kept), self.replications)

    @property
    def total(self) -> int:
        """Runs of the present round, or of this job's share of them."""
        plan, (first, last) = self._folder.plan, self._folder.span(self.replications)
        return len(plan.arms) * len(plan.points) * (last - first)

    @property
    def done(self) -> int:
        """Runs of them that are there."""
        return self.total - len(self._folder.plan.arms) * sum(map(len, self.missing()))

    def _reach(self, replications: int) -> None:
        """Enter what is there up to so many replications, but for shards of which a part was run again meanwhile."""
        within = [held for held in self._later if held[0].stop <= replications]
        self._later = [held for held in self._later if held[0].stop > replications]
        for kept, tally in within:
            if not any(kept.overlaps(other) for other in self.kept):
                self._enter(kept, tally)

    def _enter(self, kept: Kept, tally: Tally) -> None:
        self.kept.append(kept)
        self.counted[kept.point] = self.counted[kept.point] + tally
