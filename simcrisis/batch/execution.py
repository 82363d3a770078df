"""Where shards are made: here, in worker processes, or wherever an executor sends them."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from concurrent.futures import ProcessPoolExecutor as Pool
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing.connection import Connection
from typing import ParamSpec, TypeVar

from simcrisis.batch.work import Recipe, Shard, Task, give_up, run_task, versions
from simcrisis.batch.worker import prepare, starting
from simcrisis.errors import BatchError, SimcrisisError

WORTH_A_POOL = 4.0
"""Seconds of work from which starting worker processes pays."""
SHARD_SECONDS = 2.0
"""About how long a shard should take."""
LARGEST_SHARD = 5_000
"""Replications in a shard, however fast they are: their logs are held in memory."""
_WARM_UP = 0.4
"""Seconds that a shard must take to tell how long others will."""
_LONGEST_WARM_UP = 1.2
"""Seconds after which it is taken to be known, for shards of designs can be too small to tell."""
_WAKE_UP = 0.2
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
    rounds: Iterable[Iterable[Task]],
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    shard_size: int | None = None,
) -> Iterator[Shard]:
    """Yield the shards that fill gaps, as they come, round by round: the next is asked for when one is done.

    The first, small shards are made here: they tell how long runs take.
    A worker that dies costs its shard only: that is tried again, alone; if it kills its worker again it is halved, and
    a replication that does so by itself is given up as failed.

    Raises BatchError when workers cannot be started, or an executor handed in is gone.
    """
    pace = _Pace(shard_size, shard_size is not None and (workers is not None or executor is not None))
    hope, crew = _Hope(), None
    try:
        for gaps in rounds:
            left = deque(gaps)
            yield from _try_out(recipe, left, pace, hope)
            missing = sum(map(len, left))
            count = workers or (_ELSEWHERE if executor is not None else os.cpu_count() or 1)
            tasks = _cut(left, shard_size or _size(pace.each, missing, count))
            small = min(count, missing) <= 1 or (workers is None and missing * pace.each < WORTH_A_POOL)
            if not missing or (executor is None and crew is None and small):
                for task in tasks:
                    yield from _here(recipe, task, hope)
                continue
            if crew is None:
                crew = _Crew(min(count, missing), executor)
                crew.start()
            for shard in _spread(recipe, crew, tasks, hope):
                if shard.made_with != versions():
                    raise BatchError(f"a worker has other versions: {shard.made_with} there, {versions()} here")
                yield shard
    except BaseException:
        if crew is not None:
            crew.leave(at_once=True)
        raise
    if crew is not None:
        crew.leave()


@dataclass
class _Pace:
    """How long replications take."""

    size: int | None
    """Replications in a shard, where that is said."""
    told: bool
    """Whether nothing is left to find out."""
    each: float = 0.0
    """Seconds of a replication."""


def _try_out(recipe: Recipe, left: deque[Task], pace: _Pace, hope: _Hope) -> Iterator[Shard]:
    """Yield small shards made here, until they tell how long replications take.

    That is what a larger shard takes more than the one before it: a shard has a price of its own, however small it is.
    """
    size, spent, before, smaller = pace.size or 2, 0.0, 0.0, 0
    while left and not pace.told:
        began = time.perf_counter()
        yield from _here(recipe, task := _take(left, size), hope)
        took = time.perf_counter() - began
        spent += took
        pace.told = (took > _WARM_UP and pace.each > 0) or spent > _LONGEST_WARM_UP
        more = len(task) - smaller
        pace.each = (took - before) / more if more > 0 and took > before else took / len(task)
        most = max(size, round(SHARD_SECONDS / max(pace.each, 1e-6)))
        size, before, smaller = pace.size or min(16 * size, most), took, len(task)


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


class _Hope:
    """Ends a batch in which run after run is given up and none is done."""

    def __init__(self) -> None:
        self.done = 0
        self.given_up = 0

    def lost(self, reason: str) -> None:
        """Take note of a replication that is given up; raises BatchError when there is no hope left."""
        self.given_up += 1
        if self.given_up == _HOPELESS and not self.done:
            raise BatchError(f"no run can be done: {reason}")


def _here(recipe: Recipe, task: Task, hope: _Hope) -> Iterator[Shard]:
    """Yield the shard of a task, or those of its halves where something outside of a run goes wrong."""
    try:
        shard = run_task(recipe, task)
    except SimcrisisError:
        raise
    except Exception as error:
        if len(task) > 1:
            for half in task.halves():
                yield from _here(recipe, half, hope)
            return
        reason = f"{type(error).__name__}: {error}"
        hope.lost(reason)
        shard = give_up(recipe, task, reason)
    else:
        hope.done += 1
    yield shard


class _Crew:
    """Worker processes of our own, made anew when one of them dies; or an executor that was handed in."""

    def __init__(self, count: int, given: Executor | None) -> None:
        self.count = count
        self._given = given
        self._own: Pool | None = None
        self._leash: Connection | None = None
        """Workers hold the other end, and end when this one is closed, by us or by our end."""

    def start(self) -> None:
        """Have workers that answer; raises BatchError when there are none to be had."""
        for attempt in range(_TRIES):
            try:
                answer = self.send(versions)
                _first_of({answer})
                answer.result()
                return
            except BrokenExecutor as error:
                self.leave(at_once=True)
                if self._given is not None or attempt == _TRIES - 1:
                    raise BatchError(
                        "worker processes cannot be started: a script must lie in a file and call run_batch inside "
                        "`if __name__ == '__main__':`, and memory must suffice (fewer workers need less)"
                    ) from error

    def send(self, work: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> Future[_T]:
        """Have a piece of work done."""
        if self._given is not None:
            try:
                return self._given.submit(work, *arguments, **named)
            except (RuntimeError, OSError) as error:
                raise self.gone(error) from error
        if self._own is None:
            context = multiprocessing.get_context("spawn")
            theirs, self._leash = context.Pipe(duplex=False)
            self._own = Pool(self.count, context, initializer=prepare, initargs=(theirs,))
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
        self.leave(at_once=True)
        self.start()

    def gone(self, error: BaseException) -> BatchError:
        """Return what there is to say of an executor handed in that takes no more work."""
        told = f"{type(error).__name__}: {error}".rstrip(": ")
        return BatchError(f"the executor is gone ({told}); with a folder (out) the same call goes on")

    def leave(self, *, at_once: bool = False) -> None:
        """End the worker processes; at once means that what they are at is dropped."""
        if self._own is None or self._leash is None:
            return
        if at_once:
            self._leash.close()
        self._own.shutdown(wait=True, cancel_futures=True)
        self._leash.close()
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


def _spread(recipe: Recipe, crew: _Crew, tasks: Iterator[Task], hope: _Hope) -> Iterator[Shard]:
    """Keep every worker busy, and yield shards as they are done; what has cost a worker is tried again alone."""
    flying: dict[Future[Shard], _Attempt] = {}
    again: deque[_Attempt] = deque()
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
            for future in sorted(_first_of(flying), key=_failed):
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
                    hope.done += 1
                    yield shard
                    continue
                again.extend(follow)
                if not follow:
                    hope.lost(reason)
                    yield give_up(recipe, attempt.task, reason)
    finally:
        for future in flying:
            future.cancel()


def _first_of(flying: Collection[Future[_T]]) -> set[Future[_T]]:
    """Wait for the first of some futures, and return those that are done.

    Wakes up now and then: polars has system calls restarted after a signal, so that Ctrl-C would not end a long wait.
    """
    while True:
        done = wait(flying, timeout=_WAKE_UP, return_when=FIRST_COMPLETED).done
        if done:
            return done


def _failed(future: Future[Shard]) -> bool:
    """Return whether a future that is done brings no shard; those that bring one are taken first."""
    return future.cancelled() or future.exception() is not None
