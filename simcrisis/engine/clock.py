"""Time in the engine: integer milliseconds, and what comes first at one instant."""

from __future__ import annotations

from collections.abc import Callable, Generator
from enum import IntEnum
from typing import Any

from simpy import Environment, Event
from simpy.events import NORMAL, EventPriority

Process = Generator[Event, Any, None]


class Rank(IntEnum):
    """Order of events at one instant: the world moves, States learn, silence is noticed, States decide.

    SimPy's own events (a granted request, the start of a process) come no later than the first of them.
    """

    WORLD = NORMAL
    LEARN = NORMAL + 1
    SILENCE = NORMAL + 2
    DECIDE = NORMAL + 3


class Deadline(Event):
    """An event that happens after a delay (ms), at a stated rank among those of its instant."""

    def __init__(self, env: Environment, delay: int, rank: Rank) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        env.schedule(self, EventPriority(rank), delay)


def call_after(env: Environment, delay: int, rank: Rank, callback: Callable[[], object]) -> None:
    """Call a function after a delay (ms), at a stated rank."""
    deadline = Deadline(env, delay, rank)
    assert deadline.callbacks is not None

    def called(_: Event) -> None:
        callback()

    deadline.callbacks.append(called)
