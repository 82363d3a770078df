"""People who take up one thing at a time: the analysts of a CERT, the officers of a desk."""

from __future__ import annotations

from heapq import heappop, heappush
from types import TracebackType

from simpy import Environment, Event

from simcrisis.engine.clock import WORLD, call_after


class Turn(Event):
    """A place in the queue: happens when somebody takes the work up. As a context, it gives the place back."""

    _ok = True
    _value = None

    def __init__(self, staff: Staff) -> None:
        self.env = staff.env
        self.callbacks = []
        self._staff = staff

    def __enter__(self) -> Turn:
        """Return the turn, to wait for."""
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        """Set free who did the work, unless it was broken off because the run is over."""
        if kind is None:
            self._staff.give_back()


class Staff:
    """So many people; work that finds none free waits, the gravest first, then in its order (docs/odd.md, 7.21).

    SimPy's `PriorityResource` does the same for more where somebody is free, as nearly always: it queues and sorts all
    the same, and makes an event for each return.
    """

    __slots__ = ("_asked", "_free", "_waiting", "env")

    def __init__(self, env: Environment, count: int) -> None:
        self.env = env
        self._free = count
        self._asked = 0
        self._waiting: list[tuple[int, int, Turn]] = []

    def turn(self, gravity: int = 0) -> Turn:
        """Ask for somebody; the work of the highest gravity comes first."""
        turn = Turn(self)
        if self._free and not self._waiting:
            self._take_up(turn)
        else:
            self._asked += 1
            heappush(self._waiting, (-gravity, self._asked, turn))
            self._next()
        return turn

    def give_back(self) -> None:
        """Set somebody free, who then takes up what waits."""
        self._free += 1
        if self._waiting:
            call_after(self.env, 0, WORLD, self._next)

    def _next(self) -> None:
        if self._free and self._waiting:
            self._take_up(heappop(self._waiting)[-1])

    def _take_up(self, turn: Turn) -> None:
        self._free -= 1
        self.env.schedule(turn, WORLD)  # type: ignore[arg-type]  # a priority is any whole number
