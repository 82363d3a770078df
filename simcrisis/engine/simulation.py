"""The state of one run: what the processes share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simpy import Environment

from simcrisis.draws import Luck, mix, purposes
from simcrisis.engine.background import background
from simcrisis.engine.case import Case
from simcrisis.engine.clock import Starter
from simcrisis.engine.dyad import Dyad
from simcrisis.engine.lines import Lines
from simcrisis.engine.staff import Staff, Turn
from simcrisis.engine.world import IncidentWorld, LineWorld, Pair, Relation, StateWorld, World, pair_of
from simcrisis.events import NOBODY, Decision, EventLog, Kind, kinds
from simcrisis.rules import availability, belief
from simcrisis.units import Delay, Fixed, occasionally

NO_DELAY = Fixed(0)
CarryOut = Callable[["Simulation", Case, int, int], None]
"""What turns a decision (case, rung, number of its record) into an act: the seam between deciding and acting."""
Reached = Callable[["Simulation", int, int, int], None]
"""What happens when the cascade of an incident reaches a State (incident, State, cause): the seam to its case."""


class Simulation:
    """One run in the making: its world, its luck, its log and what changes in between."""

    def __init__(self, world: World, luck: Luck, carry_out: CarryOut, reached: Reached) -> None:
        self.world = world
        self.luck = luck
        self.carry_out = carry_out
        self.reached = reached
        self.affected: set[tuple[int, int]] = set()
        """Incidents and the States that their cascades have reached."""
        self.env = Environment(initial_time=0)
        self.start = Starter(self.env).start
        """Begins a procedure once the present step is over."""
        self.log = EventLog()
        self._rows = self.log.rows
        self.states: list[StateWorld] = list(world.states)
        """The States as they are by now."""
        self.lines = Lines(self.env, world.lines, luck, self.protection)
        self.incidents: dict[int, IncidentWorld] = dict(enumerate(world.incidents))
        """By number: those of the scenario, those drawn, and from `names.incidents` on counter-operations."""
        self.counter_operations = 0
        self.cases = 0
        self.decisions_of: dict[int, int] = {}
        """How many decisions each State has taken."""
        if world.background:
            self.incidents.update(background(world, luck))
        self._dyads: dict[Pair, Dyad] = {}
        """By pair, each pair both ways."""
        self._certs: dict[int, Staff] = {}
        self._desks: dict[int, Staff] = {}
        self._entries: dict[int, tuple[int, int]] = {}
        """For contact entries that checks have reached: when last, and how often."""
        self.checked: dict[tuple[int, int], tuple[int, int]] = {}
        """For checked pairs (who asks, who is asked): how often answered, how often asked."""

    def close(self) -> None:
        """Let go of all that the run holds; it cannot be used any more.

        Procedures that wait hold the run, and the run holds them: it would stay until the garbage collector comes,
        which then takes some percent of all time.
        """
        vars(self.env).clear()
        vars(self).clear()

    @property
    def now(self) -> int:
        """The time of the run, in ms from its start."""
        return self.env.now  # type: ignore[return-value]  # all delays are whole

    def record(
        self,
        kind: Kind,
        actor: int,
        counterpart: int = NOBODY,
        *,
        line: int = NOBODY,
        incident: int = NOBODY,
        case: int = NOBODY,
        cause: int = NOBODY,
        value: float | None = None,
        detail: str = "",
    ) -> int:
        """Write a record and return its number."""
        rows = self._rows
        rows.append((self.env.now, kind, actor, counterpart, line, incident, case, cause, value, detail))
        return len(rows) - 1

    def note(
        self,
        case: Case,
        kind: Kind,
        actor: int,
        counterpart: int = NOBODY,
        *,
        cause: int,
        line: int = NOBODY,
        value: float | None = None,
        detail: str = "",
    ) -> int:
        """Write a record that belongs to a case and return its number."""
        rows = self._rows
        rows.append((self.env.now, kind, actor, counterpart, line, case.incident, case.number, cause, value, detail))
        return len(rows) - 1

    def decided(self, decision: Decision) -> None:
        """Write a decision."""
        self.log.decisions.append(decision)

    def dyad(self, one: int, other: int) -> Dyad:
        """Return the dyad of two States."""
        dyad = self._dyads.get((one, other))
        if dyad is None:
            pair = pair_of(one, other)
            relation = self.world.relations.get(pair) or Relation(self.world.model.mistrust)
            dyad = Dyad(pair, relation, self.world.model.half_life, self.world.model.sway)
            self._dyads[one, other] = self._dyads[other, one] = dyad
        return dyad

    def adopt(self, state: int, becomes: StateWorld) -> None:
        """Let a State be another from now on."""
        self.states[state] = becomes

    def allies(self, state: int) -> tuple[int, ...]:
        """Return the present allies of a State, in the order of their ids."""
        if not self.world.alliances:
            return ()
        found = {
            member
            for hub in self.world.alliances
            if hub.has(state, self.now)
            for member in hub.members
            if hub.has(member, self.now)
        }
        return tuple(sorted(found - {state}))

    def protection(self, line: LineWorld) -> float:
        """Return how well the two ends of a line protect what is sent over it."""
        return min(self.states[line.a].policy.protection, self.states[line.b].policy.protection)

    def ease_by_contact(self, one: int, other: int) -> None:
        """Let contact between two States reassure both."""
        if self.world.model.reassurance:
            self.dyad(one, other).ease(self.world.model.reassure, self.now)

    def usable(self, case: Case, asked: int, lines: tuple[int, ...]) -> Iterator[int]:
        """Yield those of some lines that can be used and work, in their order; those found down are recorded."""
        rung = self.dyad(case.actor, asked).rung
        for line in lines:
            spec = self.world.lines[line]
            if self.now < spec.since or rung < spec.from_rung:
                continue
            if self.lines.works(line):
                yield line
            else:
                self.note(case, kinds.LINE_DOWN, case.actor, asked, line=line, cause=case.seq)

    def find_line(self, case: Case, asked: int, lines: tuple[int, ...]) -> int | None:
        """Return the first of some lines that can be used and works; those wanted and found down are recorded."""
        return next(self.usable(case, asked, lines), None) if lines else None

    def call_back(self, line: int) -> Delay:
        """Return the law of the time that it takes to make sure that a message over a line is genuine."""
        spec = self.world.lines[line]
        if spec.authentic == 1.0:
            return NO_DELAY
        return occasionally(self.world.model.call_back, (1.0 - spec.authentic) * (1.0 - self.protection(spec)))

    def credibility(self, holder: int, other: int, kappa: float) -> float:
        """Return the credibility k of what one State assures another of, if it is `kappa` without any mistrust."""
        return belief.credibility(kappa, self.mistrust(holder, other), self.world.model.most_certain)

    def honesty(self, state: int, credibility: float) -> float:
        """Return a State's cost h of a false assurance: where it has none of its own, that of the asker's reading."""
        own = self.states[state].policy.honesty
        return credibility if own is None else own

    def mistrust(self, holder: int, other: int) -> float:
        """Return the present mistrust of one State towards another."""
        mine, theirs = self.states[holder].policy.acquaintance, self.states[other].policy.acquaintance
        return self.dyad(holder, other).mistrust(holder, self.now, mine if mine < theirs else theirs)

    def analyst(self, state: int, severity: float) -> Turn:
        """Ask for an analyst of a State's CERT; the gravest work comes first (to a thousandth of severity)."""
        cert = self._certs.get(state)
        if cert is None:
            cert = self._certs[state] = Staff(self.env, self.states[state].cert.analysts)
        return cert.turn(round(1000 * severity))

    def officer(self, state: int) -> Turn:
        """Ask for an officer of a State's policy desk."""
        desk = self._desks.get(state)
        if desk is None:
            desk = self._desks[state] = Staff(self.env, self.states[state].policy.officers)
        return desk.turn()

    def _entry(self, state: int) -> tuple[int, int, int]:
        """Return the age of a State's entry in the contact list (ms), and how often it has been checked and renewed."""
        policy = self.states[state].policy
        confirmed, checks = self._entries.get(state, (-policy.freshness, 0))
        age = self.now - confirmed
        renewals, age = divmod(age, policy.renewed) if policy.renewed else (0, age)
        return age, checks, renewals

    def still_listed(self, state: int) -> float:
        """Return the probability that the entry of a State in the contact list is not stale by now, by its age."""
        return availability.still_valid(self._entry(state)[0], self.world.model.stale_half_life)

    def stale(self, state: int) -> bool:
        """Return whether the contact entry of a State is stale, so that nobody reads what is sent to it."""
        age, checks, renewals = self._entry(state)
        path = mix(self.world.states[state].path, checks) if checks else self.world.states[state].path
        valid = availability.still_valid(age, self.world.model.stale_half_life)
        return self.luck.uniform(purposes.ENTRY, path, renewals) >= valid

    def confirm_entry(self, state: int) -> None:
        """Put the contact entry of a State right, or find it right: from now on it ages anew."""
        _, checks = self._entries.get(state, (0, 0))
        self._entries[state] = (self.now, checks + 1)

    def answers(self, state: int, line: int) -> float:
        """Return the true probability that a State answers over a line: not where its entry is stale, or on paper."""
        return 0.0 if self.unheard(state, line) else self.answers_what_it_hears(state, line)

    def unheard(self, state: int, line: int) -> bool:
        """Return whether nobody reads what is sent to a State over a line, because its contact entry is stale."""
        return self.world.lines[line].listed and self.stale(state)

    def answers_what_it_hears(self, state: int, line: int) -> float:
        """Return the probability that a State answers what reaches it over a line."""
        return self.states[state].policy.answers * self.world.lines[line].practised_by(state)

    def believed_answers(self, asker: int, asked: int, *, listed: bool) -> float:
        """Return what a State believes another's answer probability to be, checks included."""
        policy = self.states[asked].policy
        believed = policy.believed_answers
        if believed is None:
            believed = policy.answers
            if listed:
                believed *= self.still_listed(asked)
        answered, asked_times = self.checked.get((asker, asked), (0, 0)) if listed else (0, 0)
        if not asked_times:
            return believed
        return availability.updated(believed, self.world.model.prior_checks, answered, asked_times)
