"""The agenda, and what waits outside it: processes, holds, queues (docs/odd.md appendix B, 7.21)."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator
from dataclasses import dataclass, field

START, WORLD, LEARN, SILENCE, DECIDE = range(5)

Resume = Callable[[], None]
Wait = tuple[int, int] | Callable[[Resume], None]
"""What a process yields: a delay and a rank, or something that keeps how to resume it until it is time."""
Process = Generator[Wait, None, None]


class Agenda:
    """Entries (time, rank, number), worked off in that order."""

    def __init__(self) -> None:
        self.now = 0
        self.entries: list[tuple[int, int, int, Resume]] = []
        self.made = 0

    def enter(self, delay: int, rank: int, what: Resume) -> None:
        heapq.heappush(self.entries, (self.now + delay, rank, self.made, what))
        self.made += 1

    def start(self, process: Process) -> None:
        self.enter(0, START, lambda: self._advance(process))

    def _advance(self, process: Process) -> None:
        wait = next(process, None)
        if isinstance(wait, tuple):
            self.enter(*wait, lambda: self._advance(process))
        elif wait is not None:
            wait(lambda: self._advance(process))

    def work_off(self, horizon: int) -> None:
        while self.entries and self.entries[0][0] < horizon:
            self.now, _, _, what = heapq.heappop(self.entries)
            what()


@dataclass
class Hold:
    """What keeps a case from being decided."""

    agenda: Agenda
    lifted: bool = False
    waiting: list[Resume] = field(default_factory=list)

    def lift(self) -> None:
        if not self.lifted:
            self.lifted = True
            self.agenda.enter(0, WORLD, self._go_on)

    def wait(self, resume: Resume) -> None:
        self.waiting.append(resume)

    def _go_on(self) -> None:
        for resume in self.waiting:
            resume()


@dataclass
class Queue:
    """Analysts of a CERT, or officers of a desk, and what waits for them: the least priority first."""

    agenda: Agenda
    free: int
    waiting: list[tuple[int, int, int, Resume]] = field(default_factory=list)
    asked: int = 0

    def place(self, priority: int = 0) -> Callable[[Resume], None]:
        """Return the wait for a place."""

        def ask(resume: Resume) -> None:
            heapq.heappush(self.waiting, (priority, self.agenda.now, self.asked, resume))
            self.asked += 1
            self._give()

        return ask

    def give_back(self) -> None:
        self.free += 1
        self.agenda.enter(0, WORLD, self._give)

    def _give(self) -> None:
        if self.free and self.waiting:
            self.free -= 1
            self.agenda.enter(0, WORLD, heapq.heappop(self.waiting)[3])
