"""Time in the engine: integer milliseconds, and what comes first at one instant."""

from __future__ import annotations

from collections.abc import Callable, Generator
from enum import IntEnum
from typing import Any, TypeVarTuple

from simpy import Environment, Event
from simpy.events import NORMAL, URGENT

Process = Generator[int | Event, None, None]
"""A procedure: it yields how long it waits (ms, to go on where States learn), or an event that it waits for."""

_Arguments = TypeVarTuple("_Arguments")


class Rank(IntEnum):
    """Order of events at one instant: what is begun starts, the world moves, States learn, notice silence, decide."""

    START = URGENT
    WORLD = NORMAL
    LEARN = NORMAL + 1
    SILENCE = NORMAL + 2
    DECIDE = NORMAL + 3


START, WORLD, LEARN, SILENCE, DECIDE = Rank


class Deadline(Event):
    """An event that happens after a delay (ms), at a stated rank among those of its instant."""

    _ok = True
    _value = None

    def __init__(self, env: Environment, delay: int, rank: Rank) -> None:
        self.env = env
        self.callbacks = []
        env.schedule(self, rank, delay)  # type: ignore[arg-type]  # a priority is any whole number


class Call(Event):
    """A call of a function after a delay (ms), at a stated rank."""

    _ok = True
    _value = None

    def __init__(
        self, env: Environment, delay: int, rank: Rank, function: Callable[..., object], arguments: tuple[Any, ...]
    ) -> None:
        self.env = env
        self.callbacks = _CALLED
        self.function = function
        self.arguments = arguments
        env.schedule(self, rank, delay)  # type: ignore[arg-type]  # a priority is any whole number


def _call(call: Call) -> None:
    call.function(*call.arguments)


_CALLED: list[Callable[[Any], None]] = [_call]
"""What a call has for callbacks; shared, for nobody else waits for one."""


def call_after(
    env: Environment, delay: int, rank: Rank, function: Callable[[*_Arguments], object], *arguments: *_Arguments
) -> None:
    """Call a function with some arguments after a delay (ms), at a stated rank."""
    Call(env, delay, rank, function, arguments)


def call_at(event: Event, function: Callable[[], None]) -> None:
    """Call a function when an event happens."""
    event.callbacks.append(lambda _: function())


class Starter:
    """What begins procedures once the present step is over, in order, before anything else of its instant.

    A SimPy process costs an event for its start and one for its end, which nobody waits for here: with those of queues,
    a third of the events of a run. What begins together is begun by one event, and the end makes none.
    """

    __slots__ = ("_env", "_waiting")

    def __init__(self, env: Environment) -> None:
        self._env = env
        self._waiting: list[Process] = []

    def start(self, process: Process) -> None:
        """Let a procedure begin."""
        if not self._waiting:
            call_after(self._env, 0, START, self._begin)
        self._waiting.append(process)

    def _begin(self) -> None:
        for process in self._waiting:
            _Course(self._env, process).go_on()
        self._waiting.clear()


class _Course(Event):
    """A procedure under way, and the event that its present wait is over; it happens once for each wait."""

    _ok = True
    _value = None

    def __init__(self, env: Environment, process: Process) -> None:
        self.env = env
        self.process = process

    def go_on(self, _: Event | None = None) -> None:
        """Take the procedure to its next wait, at its beginning or when what it waited for has happened."""
        wait = next(self.process, None)
        if isinstance(wait, int):
            self.callbacks = _GOING_ON
            self.env.schedule(self, LEARN, wait)  # type: ignore[arg-type]  # a priority is any whole number
        elif wait is not None:
            wait.callbacks.append(self.go_on)


_GOING_ON: list[Callable[[Any], None]] = [_Course.go_on]
"""What a course has for callbacks; shared, for nobody else waits for one."""
