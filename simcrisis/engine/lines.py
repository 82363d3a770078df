"""Which line works when: adoption dates, outages of the sector it rides on, failure and repair."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from simpy import Environment, Event

from simcrisis.draws import Luck, mix, purposes
from simcrisis.engine.clock import WORLD, Deadline, Process
from simcrisis.engine.world import LineWorld
from simcrisis.rules import availability


class Outage:
    """A sector of a State that is out, until it is restored."""

    __slots__ = ("incident", "path", "restored", "seq", "until")

    def __init__(self, until: int, restored: Event, seq: int, incident: int, path: int) -> None:
        self.until = until
        self.restored = restored
        self.seq = seq
        self.incident = incident
        self.path = path


class Failures:
    """When one line fails and is repaired, drawn as far as anybody asks: luck that nobody uses costs nothing."""

    __slots__ = ("_ends", "_luck", "_path", "_up_first", "_uptime")

    def __init__(self, line: LineWorld, luck: Luck) -> None:
        assert line.uptime is not None
        self._uptime = line.uptime
        self._luck = luck
        self._path = line.path
        self._up_first = luck.uniform(purposes.UPTIME, line.path) < availability.share_up(*line.uptime)
        self._ends: list[int] = []

    def down_until(self, at: int) -> int | None:
        """Return when the failure that lasts at `at` is repaired (ms); None if the line works."""
        while not self._ends or self._ends[-1] <= at:
            n = len(self._ends)
            mean = self._uptime[0 if (n % 2 == 0) == self._up_first else 1]
            score = self._luck.normal(purposes.UPTIME, self._path, n + 1)
            before = self._ends[-1] if self._ends else 0
            self._ends.append(before + max(1, round(availability.exponential(mean, score))))
        spell = bisect_right(self._ends, at)
        return None if (spell % 2 == 0) == self._up_first else self._ends[spell]


class Lines:
    """The state of lines and sectors in one run."""

    def __init__(
        self, env: Environment, lines: tuple[LineWorld, ...], luck: Luck, protection: Callable[[LineWorld], float]
    ) -> None:
        self._env = env
        self._protection = protection
        self._lines = lines
        self._luck = luck
        self._failures: dict[int, Failures] = {}
        self.outages: dict[tuple[int, str], Outage] = {}

    def works(self, line: int) -> bool:
        """Return whether a line can be used now."""
        return self._outage(line) is None and self._wait(line) is None

    def until_working(self, line: int) -> Process:
        """Wait until a line works: for its sector to be restored, for its repair."""
        while True:
            outage = self._outage(line)
            if outage is not None:
                yield outage.restored
                continue
            wait = self._wait(line)
            if wait is None:
                return
            yield Deadline(self._env, wait, WORLD)

    def _outage(self, line: int) -> Outage | None:
        spec = self._lines[line]
        if spec.rides_on is None or not self.outages:
            return None
        for end in (spec.a, spec.b):
            outage = self.outages.get((end, spec.rides_on))
            if outage is not None and not self._survives(spec, outage):
                return outage
        return None

    def _survives(self, spec: LineWorld, outage: Outage) -> bool:
        """Return whether a line works although the sector that it rides on is out."""
        share = self._protection(spec)
        return share > 0.0 and self._luck.uniform(purposes.SURVIVES, mix(spec.path, outage.path)) < share

    def _wait(self, line: int) -> int | None:
        """Return how long (ms) the line is not there yet or under repair; None if it is neither."""
        spec, now = self._lines[line], int(self._env.now)
        if now < spec.since:
            return spec.since - now
        if spec.uptime is None:
            return None
        if line not in self._failures:
            self._failures[line] = Failures(spec, self._luck)
        until = self._failures[line].down_until(now)
        return None if until is None else until - now
