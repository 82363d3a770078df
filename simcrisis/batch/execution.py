"""Where shards are made: here, in worker processes, or wherever an executor sends them."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from concurrent.futures import ProcessPoolExecutor as Pool
from dataclasses import dataclass, replace
from itertools import islice
from typing import ParamSpec, TypeVar

from simcrisis.batch.work import Recipe, Shard, Task, give_up, run_task, versions
from simcrisis.batch.worker import prepare, starting
from simcrisis.errors import BatchError

WORTH_A_POOL = 4.0
"""Seconds of work from which starting worker processes pays."""
SHARD_SECONDS = 2.0
"""About how long a shard should take."""
LARGEST_SHARD = 5_000
"""Replications in a shard, however fast they are: their logs are held in memory."""
_WARM_UP = 0.4
"""Seconds that a shard must take to tell how long others will."""
_TRIES = 3
"""How often in a row worker processes may fail to start."""
_ELSEWHERE = 32
"""Workers that an executor handed in is taken to have, where nobody says."""
_HOPELESS = 20
"""Runs given up, and none done, after which a batch ends."""

_P = ParamSpec("_P")
_T = TypeVar("_T")


def execute(
    recipe: Recipe,
    gaps: Iterable[Task],
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    shard_size: int | None = None,
) -> Iterator[Shard]:
    """Yield the shards that fill gaps, as they come. The first, small ones are made here: they tell how long runs take.

    A worker that dies costs its shard only: that is tried again, alone; if it kills its worker again it is halved, and
    a replication that does so by itself is given up as failed.

    Raises BatchError when workers cannot be started, or an executor handed in is gone.
    """
    left = deque(gaps)
    size, each = shard_size or 1, 0.0
    told = shard_size is not None and (workers is not None or executor is not None)  # nothing is left to find out
    while left and not told:
        began = time.perf_counter()
        shard = run_task(recipe, _take(left, size))
        took = time.perf_counter() - began
        told, each = took > _WARM_UP and each > 0, took / len(shard.task)
        size = shard_size or 4 * size
        yield shard
    missing = sum(map(len, left))
    count = workers or (_ELSEWHERE if executor is not None else os.cpu_count() or 1)
    tasks = _cut(left, shard_size or _size(each, missing, count))
    small = min(count, missing) <= 1 or (workers is None and missing * each < WORTH_A_POOL)
    if not missing or (executor is None and small):
        yield from (run_task(recipe, task) for task in tasks)
        return
    crew = _Crew(min(count, missing), executor)
    try:
        crew.start()
        for shard in _spread(recipe, crew, tasks):
            if shard.made_with != versions():
                raise BatchError(f"a worker has other versions: {shard.made_with} there, {versions()} here")
            yield shard
    finally:
        crew.leave()


def _size(each: float, missing: int, count: int) -> int:
    """Return how many replications make a shard: about two seconds of work, and of several workers four for each."""
    even = missing // (4 * count) if count > 1 else missing
    return max(1, min(LARGEST_SHARD, round(SHARD_SECONDS / max(each, 1e-6)), even))


def _take(left: deque[Task], size: int) -> Task:
    """Take a task of at most so many replications off the first gap."""
    gap = left.popleft()
    if len(gap) > size:
        left.appendleft(replace(gap, start=gap.start + size))
    return replace(gap, stop=min(gap.stop, gap.start + size))


def _cut(left: deque[Task], size: int) -> Iterator[Task]:
    while left:
        yield _take(left, size)


class _Crew:
    """Worker processes of our own, made anew when one of them dies; or an executor that was handed in."""

    def __init__(self, count: int, given: Executor | None) -> None:
        self.count = count
        self._given = given
        self._own: Pool | None = None

    def start(self) -> None:
        """Have workers that answer; raises BatchError when there are none to be had."""
        for attempt in range(_TRIES):
            try:
                self.send(versions).result()
                return
            except BrokenExecutor as error:
                self.leave()
                if self._given is not None or attempt == _TRIES - 1:
                    raise BatchError(
                        "worker processes cannot be started: a script must call run_batch inside "
                        "`if __name__ == '__main__':`, and memory must suffice (fewer workers need less)"
                    ) from error

    def send(self, work: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> Future[_T]:
        """Have a piece of work done."""
        if self._given is not None:
            try:
                return self._given.submit(work, *arguments, **named)
            except RuntimeError as error:
                raise self.gone(error) from error
        if self._own is None:
            self._own = Pool(self.count, multiprocessing.get_context("spawn"), initializer=prepare)
        with starting():
            try:
                return self._own.submit(work, *arguments, **named)
            except BrokenExecutor as error:  # a worker died since the last shard came
                failed: Future[_T] = Future()
                failed.set_exception(error)
                return failed

    def renew(self, error: BaseException) -> None:
        """Have new workers after one died."""
        if self._given is not None:
            raise self.gone(error) from error
        self.leave()
        self.start()

    def gone(self, error: BaseException) -> BatchError:
        """Return what there is to say of an executor handed in that takes no more work."""
        told = f"{type(error).__name__}: {error}".rstrip(": ")
        return BatchError(f"the executor is gone ({told}); with a folder (out) the same call goes on")

    def leave(self) -> None:
        """End the worker processes; what they have not begun is dropped."""
        if self._own is not None:
            self._own.shutdown(wait=True, cancel_futures=True)
            self._own = None


@dataclass(frozen=True)
class _Attempt:
    """A task on its way, and how many workers it has cost by itself."""

    task: Task
    deaths: int = 0

    def next(self) -> list[_Attempt]:
        """Return how to go on after one more death: again, then in halves; nothing once a single replication died."""
        if self.deaths == 0:
            return [_Attempt(self.task, 1)]
        return [_Attempt(half, 1) for half in self.task.halves()] if len(self.task) > 1 else []


def _spread(recipe: Recipe, crew: _Crew, tasks: Iterator[Task]) -> Iterator[Shard]:
    """Keep every worker busy, and yield shards as they are done; what has cost a worker is tried again alone."""
    flying: dict[Future[Shard], _Attempt] = {}
    again: deque[_Attempt] = deque()
    done, given_up = 0, 0
    try:
        while True:
            if again and not flying:
                ready = [again.popleft()]
            else:
                ready = [] if again else [_Attempt(task) for task in islice(tasks, 2 * crew.count - len(flying))]
            for attempt in ready:
                flying[crew.send(run_task, recipe, attempt.task)] = attempt
            if not flying:
                return
            for future in sorted(wait(flying, return_when=FIRST_COMPLETED).done, key=_failed):
                attempt = flying.pop(future)
                try:
                    shard = future.result()
                except (BrokenExecutor, CancelledError) as error:
                    lost = [attempt, *flying.values()]
                    flying.clear()
                    crew.renew(error)
                    if len(lost) > 1:
                        again.extend(lost)
                        break
                    reason, follow = "its worker process died", attempt.next()
                except Exception as error:  # what goes wrong in a worker outside of a run: a measure, its memory
                    reason, follow = f"{type(error).__name__}: {error}", attempt.next()
                else:
                    done += 1
                    yield shard
                    continue
                again.extend(follow)
                if not follow:
                    given_up += 1
                    if given_up == _HOPELESS and not done:
                        raise BatchError(f"no run can be done: {reason}")
                    yield give_up(recipe, attempt.task, reason)
    finally:
        for future in flying:
            future.cancel()


def _failed(future: Future[Shard]) -> bool:
    """Return whether a future that is done brings no shard; those that bring one are taken first."""
    return future.cancelled() or future.exception() is not None
