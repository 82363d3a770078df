"""What changes in a run, and the rules that all others lean on (docs/odd.md 2, 7.2, 7.14, 7.18)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from simcrisis.catalogue import gravities
from simcrisis.draws import Luck, Purpose, mix
from simcrisis.scenario import Scenario
from tests.happened import Choice, Row
from tests.reference.agenda import WORLD, Agenda, Hold, Queue, Resume
from tests.reference.laws import Law, OfficeHours, clamp
from tests.reference.world import Incident, Line, World

HOUR = 3_600_000
G = gravities()


@dataclass
class Side:
    """What one State holds towards another."""

    level: float = 0.0
    since: int = 0
    last_act: int | None = None
    committed: int = 0


@dataclass
class Dyad:
    """What is between two States."""

    mistrust: float
    rung: int = 0
    stirs: int = 0
    under_way: set[tuple[str, int | None]] = field(default_factory=set)


@dataclass
class Entry:
    """The entry of a State in the contact list."""

    confirmed: int
    checks: int = 0


@dataclass
class Question:
    """What has been asked of the suspect: of its desk, CERT or police, or in a procedure."""

    word: str
    suspect: int
    sent: int
    k: float
    believed: float
    f: float
    way: tuple[Law, ...] | None
    rest: tuple[Law, ...]
    hours: OfficeHours | None
    holds: bool
    informs: bool
    answered: bool = False
    patience_ended: bool = False


@dataclass(eq=False)
class Outage:
    """A sector that is out."""

    until: int
    record: int
    incident: Incident
    waiting: list[Resume] = field(default_factory=list)
    over: bool = False


@dataclass(eq=False)
class Case:
    """What a State makes of an incident, or of an act."""

    number: int
    path: int
    holder: int
    incident: Incident
    of_act: bool
    severity: float
    suspects: list[int]
    culpable: bool
    log_odds: float
    factor: float
    place: int = 0
    seq: int = -1
    questions: list[Question] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    named: int | None = None
    inquired: bool = False
    tipped: int | None = None
    decisions: int = 0
    reopened: bool = False

    @property
    def suspect(self) -> int | None:
        return self.suspects[self.place] if self.place < len(self.suspects) else None


class Run:
    """A run: its world, its luck, its state and its log."""

    def __init__(self, scenario: Scenario, arm: str, seed: int, replication: int) -> None:
        self.world = World(scenario, arm)
        self.model, self.horizon = self.world.model, scenario.horizon
        self.agenda, self.luck = Agenda(), Luck(seed, replication)
        self.rows: list[Row] = []
        self.choices: list[Choice] = []
        states = self.world.states
        self.version = [state.versions[0] for state in states]
        self.certs = [Queue(self.agenda, version.cert.analysts) for version in self.version]
        self.desks = [Queue(self.agenda, version.policy.officers) for version in self.version]
        self.entries = [Entry(-version.policy.freshness) for version in self.version]
        self.decisions = [0] * len(states)
        self.dyads: dict[tuple[int, int], Dyad] = {}
        self.sides: dict[tuple[int, int], Side] = {}
        self.checked: dict[tuple[int, int], tuple[int, int]] = {}
        self.outages: dict[tuple[int, str], Outage] = {}
        self.cases: list[Case] = []
        self.counter_operations = 0
        self.spells: dict[int, list[int]] = {}

    # Luck and log

    def n(self, purpose: Purpose, path: int, n: int = 0) -> float:
        return self.luck.normal(purpose, path, n)

    def u(self, purpose: Purpose, path: int, n: int = 0) -> float:
        return self.luck.uniform(purpose, path, n)

    def delay(self, law: Law, purpose: Purpose, path: int, n: int = 0) -> int:
        return law.at(self.n(purpose, path, n))

    def name(self, state: int | None) -> str | None:
        return None if state is None else self.world.states[state].name

    def record(
        self,
        kind: str,
        actor: int | None,
        counterpart: int | None = None,
        *,
        case: Case | None = None,
        incident: Incident | None = None,
        line: Line | None = None,
        cause: int | None = None,
        value: float | None = None,
        detail: str = "",
    ) -> int:
        """Record something and return its number."""
        of = case.incident if case else incident
        self.rows.append(
            Row(
                self.agenda.now,
                kind,
                self.name(actor),
                self.name(counterpart),
                line.name if line else None,
                of.name if of else None,
                case.number if case else None,
                cause,
                None if value is None else float(value),
                detail,
            )
        )
        return len(self.rows) - 1

    # States as they are by now

    def path(self, state: int) -> int:
        return self.world.states[state].path

    def cert(self, state: int) -> Any:
        return self.version[state].cert

    def policy(self, state: int) -> Any:
        return self.version[state].policy

    def members(self, hub: Any) -> set[int]:
        return {state for state, since in hub.members.items() if since <= self.agenda.now}

    def allies(self, i: int) -> list[int]:
        found: set[int] = set()
        for hub in self.world.hubs:
            if hub.allied and i in self.members(hub):
                found |= self.members(hub)
        return sorted(found - {i})

    # Tension, mistrust, credibility, honesty

    def dyad(self, i: int, j: int) -> Dyad:
        return self.dyads.setdefault((min(i, j), max(i, j)), Dyad(self.model.mistrust))

    def side(self, i: int, j: int) -> Side:
        return self.sides.setdefault((i, j), Side())

    def tension(self, i: int, j: int) -> float:
        side = self.side(i, j)
        if side.level == 0:
            return 0.0
        return float(side.level * 0.5 ** ((self.agenda.now - side.since) / self.model.half_life))

    def set_tension(self, i: int, j: int, level: float) -> None:
        side = self.side(i, j)
        side.level, side.since = level, self.agenda.now

    def ease(self, i: int, j: int, factor: float) -> None:
        for a, b in ((min(i, j), max(i, j)), (max(i, j), min(i, j))):
            self.set_tension(a, b, self.tension(a, b) * factor)

    def mistrust(self, i: int, j: int) -> float:
        q = min(self.policy(i).acquaintance, self.policy(j).acquaintance)
        return clamp(self.dyad(i, j).mistrust * (1 - q) + self.model.sway * math.tanh(self.tension(i, j)), 0.0, 1.0)

    def credibility(self, i: int, j: int, kappa: float) -> float:
        return float(min(kappa * (1 - self.mistrust(i, j)), self.model.most_certain))

    def honesty(self, j: int, k: float) -> float:
        honesty = self.policy(j).honesty
        return k if honesty is None else float(honesty)

    # Rungs

    def _rung(self, i: int, j: int, cause: int | None, detail: str = "") -> int:
        low, high = min(i, j), max(i, j)
        return self.record("rung", low, high, cause=cause, value=self.dyad(i, j).rung, detail=detail)

    def impose_rung(self, i: int, j: int) -> None:
        self.watch_quiet(i, j, self._rung(i, j, None, "imposed"))

    def raise_rung(self, i: int, j: int, a: int, cause: int) -> None:
        dyad = self.dyad(i, j)
        if a > dyad.rung:
            dyad.rung = a
            self._rung(i, j, cause)
        self.watch_quiet(i, j, cause)

    def step_down(self, i: int, j: int, cause: int) -> None:
        dyad = self.dyad(i, j)
        if dyad.rung not in (0, 10):
            dyad.rung -= 1
            self.watch_quiet(i, j, self._rung(i, j, cause))

    def watch_quiet(self, i: int, j: int, cause: int) -> None:
        dyad = self.dyad(i, j)
        dyad.stirs += 1
        stirs = dyad.stirs

        def quiet() -> None:
            if dyad.stirs == stirs:
                self.step_down(i, j, cause)

        if dyad.rung > 0:
            self.agenda.enter(self.model.quiet, WORLD, quiet)

    # The contact list

    def _entry_age(self, j: int) -> tuple[int, int]:
        age, renewed = self.agenda.now - self.entries[j].confirmed, self.policy(j).renewed
        return (age, 0) if renewed is None else (age % renewed, age // renewed)

    def entry_valid(self, j: int) -> float:
        return float(0.5 ** (self._entry_age(j)[0] / self.model.stale_half_life))

    def stale(self, j: int) -> bool:
        checks = self.entries[j].checks
        path = mix(self.path(j), checks) if checks else self.path(j)
        return self.u(Purpose.ENTRY, path, self._entry_age(j)[1]) >= self.entry_valid(j)

    def believed_answers(self, i: int, j: int, line: Line) -> float:
        """Return how probable an answer of j is in the eyes of i."""
        believed = self.policy(j).believed_answers
        if believed is None:
            believed = self.policy(j).answers
            if line.kind == "policy":
                believed *= self.entry_valid(j)
        asked, answered = self.checked.get((i, j), (0, 0))
        if line.kind == "policy" and asked:
            w = self.model.prior_checks
            believed = (believed * w + answered) / (w + asked)
        return float(believed)
