"""A case: one State's handling of one incident, or of one act against it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from simpy import Event

from simcrisis.events import NOBODY
from simcrisis.rules import availability, belief
from simcrisis.rules.availability import Nodes


@dataclass(frozen=True, slots=True)
class Terms:
    """What is known of a question before it is asked."""

    awaits: str
    """What the case waits for, in words."""
    most_certain: float
    formulaic: float
    """Share of formulaic replies."""
    rest: Nodes
    """Law of all from reading to the arrival of the answer."""
    out: Nodes = availability.AT_ONCE
    """Law of the way there."""
    opens: Callable[[int], float] | None = None
    """The first office hour not before an instant; None: round the clock."""
    holds: bool = False
    """Whether the decision waits for it while patience lasts."""
    informs: bool = True
    """Whether what comes back, or does not, moves belief."""


@dataclass(slots=True, eq=False)
class Ask:
    """A question to the suspect that an answer may come to: an inquiry, or a request to its CERT."""

    suspect: int
    sent: int
    credibility: float
    believed_answers: float
    terms: Terms
    hold: Event | None = None
    """What the decision waits for, where it does."""
    over: bool = False
    """Whether patience has ended."""
    answered: bool = False
    _readings: Nodes | None = None
    _read_at: int = -1
    _shift: float = 0.0

    def silence(self, now: int) -> float:
        """Return the log-odds shift of not having heard by now; 0 once answered."""
        if self.answered or not self.terms.informs or (self.terms.holds and not self.over):
            return 0.0
        if now != self._read_at:
            self._read_at, self._shift = now, self._silence(now)
        return self._shift

    def _silence(self, now: int) -> float:
        if self._readings is None:
            self._readings = availability.readings(self.sent, self.terms.out, self.terms.opens)
        in_time = availability.answered_by(now, self._readings, self.terms.rest)
        r = min(self.believed_answers * in_time, self.terms.most_certain)
        return belief.silence_shift(r, self.credibility, self.terms.formulaic)


@dataclass(slots=True, eq=False)
class Case:
    """What a State knows and has done about one incident or act."""

    number: int
    path: int
    actor: int
    incident: int
    author: int
    """The State that authored the incident at the root of it; nobody if no State did."""
    of_act: bool
    severity: float
    suspects: tuple[int, ...]
    culpable: bool
    """Truth: whether the present suspect is culpable, or the act was hostile."""
    log_odds: float
    """Of the present suspect's culpability, silences apart."""
    seq: int
    """The last record that moved the case."""
    suspect: int
    """The present suspect; nobody when all are cleared or there never was one."""
    clock_factor: float = 1.0
    """What the case's circumstances do to its decision clock."""
    cleared: int = 0
    """How many suspects have been cleared."""
    asks: list[Ask] = field(default_factory=list)
    holds: list[Event] = field(default_factory=list)
    """What the decision waits for, each until it has happened."""
    named: int = NOBODY
    """Whom its holder has publicly attributed the incident to."""
    inquired: bool = False
    """Whether its holder asked before it acted."""
    tipped: int = NOBODY
    """The suspect that has been asked, and so warned if it is culpable."""
    decisions: int = 0
    counts: list[int] = field(default_factory=list)
    """For each of them: how many decisions its holder had taken by then, this one included."""
    reopened: bool = False

    def clear(self) -> None:
        """Drop the present suspect, and turn to the next if there is one."""
        self.cleared += 1
        self.suspect = self.suspects[self.cleared] if self.cleared < len(self.suspects) else NOBODY

    def belief(self, now: int) -> float:
        """Return the probability, as its holder sees it, that the present suspect is culpable."""
        return belief.logistic(self.log_odds_at(now)) if self.suspect != NOBODY else 0.0

    def log_odds_at(self, now: int) -> float:
        """Return the log-odds with what present silence says."""
        total, suspect = self.log_odds, self.suspect
        for ask in self.asks:
            if ask.suspect == suspect and not ask.answered:
                total += ask.silence(now)
        return total

    def pending(self) -> str:
        """Return in words what the case still waits for."""
        waiting = {ask.terms.awaits for ask in self.asks if ask.suspect == self.suspect and not ask.answered}
        return ", ".join(sorted(waiting))

    def hold(self) -> Event | None:
        """Return something that the decision still waits for; None if nothing."""
        return next((hold for hold in self.holds if not hold.triggered), None)

    def release(self) -> None:
        """Let the decision go ahead, whatever it waited for."""
        for hold in self.holds:
            release(hold)


def release(hold: Event | None) -> None:
    """Let what waits for something wait no more."""
    if hold is not None and not hold.triggered:
        hold.succeed()
