"""Many points at once: measured here, or in worker processes; what is known is not measured again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

from simcrisis.batch.worker import pool
from simcrisis.calibration.measured import Measured, Moment
from simcrisis.calibration.points import Points
from simcrisis.errors import CalibrationError

Changes = Mapping[str, Any]
Measure = Callable[[Changes, int], Measured]
"""Measures a parameter set with so many replications; a function of a module, or a partial of one."""
Progress = Callable[[int], None]
"""Told how many points have been measured so far."""


class Crew:
    """Measures points; used in a `with` statement."""

    def __init__(
        self, measure: Measure, points: Points, workers: int = 1, progress: Progress | None = None, *, luck: int = 1
    ) -> None:
        self._measure = measure
        self._points = points
        self._luck = luck
        """Seed of the luck of `measure`, by which points are told apart."""
        self._workers = workers
        self._progress = progress
        self._pool: ProcessPoolExecutor | None = None
        self._stack = ExitStack()
        self.measured = 0
        """Points measured here, those that were known already left out."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def one(self, changes: Changes, replications: int) -> Measured:
        """Return what is measured at a point."""
        return self.many([changes], replications)[0]

    def many(self, sets: Sequence[Changes], replications: int) -> list[Measured]:
        """Return what is measured at some points, in their order; raises CalibrationError where workers are lost."""
        keys = [key_of(changes, replications, self._luck) for changes in sets]
        missing = {key: changes for key, changes in zip(keys, sets, strict=True) if key not in self._points}
        try:
            for key, found in zip(missing, self._work(list(missing.values()), replications), strict=True):
                self._points.keep(key, found)
                self.measured += 1
                if self._progress:
                    self._progress(len(self._points))
        except BrokenExecutor:
            raise CalibrationError("a worker process died; what was measured is kept with --out, and goes on") from None
        return [{name: Moment(*each) for name, each in self._points[key].items()} for key in keys]

    def _work(self, sets: Sequence[Changes], replications: int) -> Any:
        if self._workers == 1 or len(sets) == 1:
            return (self._measure(changes, replications) for changes in sets)
        if self._pool is None:
            self._pool = self._stack.enter_context(pool(self._workers))
        return self._pool.map(self._measure, sets, [replications] * len(sets))


def key_of(changes: Changes, replications: int, luck: int) -> str:
    """Return what tells a measured point apart from others of one calibration."""
    return json.dumps([replications, luck, dict(sorted(changes.items()))], separators=(",", ":"))
