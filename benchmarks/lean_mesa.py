"""The story of `lean_simpy.py` on Mesa's event scheduler: callbacks, for Mesa has neither processes nor resources.

Numbers and arithmetic are those of the SimPy script, inherited; what takes time is written anew, as Mesa wants it.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from math import exp, log
from operator import attrgetter
from typing import Any

import mesa
from mesa.experimental.devs import DEVSimulator, Priority

from benchmarks import lean_simpy
from benchmarks.lean_simpy import (
    ALDERLAND,
    ANALYSTS,
    ANSWERS,
    ARRIVES,
    ASKS,
    BREVIA,
    BRIEFING,
    FINDING,
    FORMULAIC,
    GRAVITY,
    HORIZON,
    KAPPA,
    MISTRUST,
    OFFICERS,
    PATIENCE,
    REPLY,
    SEVERITY,
    STRIKE,
    TRANSLATION,
    D,
)


class Simulator(DEVSimulator):
    """Mesa's scheduler of events, which tells the time as SimPy does."""

    now = property(attrgetter("time"))


class Pool:
    """So many analysts or officers; who waits is served by priority, then in turn."""

    def __init__(self, free: int) -> None:
        self.free = free
        self.waiting: list[tuple[float, int, Callable[[], None]]] = []
        self.turns = count()

    def take(self, priority: float, then: Callable[[], None]) -> None:
        if self.free:
            self.free -= 1
            then()
        else:
            heappush(self.waiting, (priority, next(self.turns), then))

    def give_back(self) -> None:
        if self.waiting:
            heappop(self.waiting)[2]()
        else:
            self.free += 1


class Crisis(lean_simpy.Crisis):
    """One run."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.env: Any = Simulator()
        self.env.setup(mesa.Model(seed=seed))
        self.after = self.env.schedule_event_relative
        self.analysts = [Pool(number) for number in ANALYSTS]
        self.officers = [Pool(number) for number in OFFICERS]
        self.tension = [0.2, 0.2]
        self.eased = [0.0, 0.0]
        self.rung, self.raised = 0, 0.0
        self.peak = 0
        self.counts: Counter[str] = Counter()
        self.cases: list[Case] = []
        """Kept, for the scheduler holds what it is to call by weak references."""

    def begin(self) -> None:
        self.after(self.detect, STRIKE + self.lognormal(2.0))

    def detect(self) -> None:
        self.counts["detections"] += 1
        Case(self, ALDERLAND, SEVERITY, -1.0 + 2.0 * (MISTRUST - 0.5), culpable=False, of_act=False)


class Case(lean_simpy.Case):
    """One State's handling of the incident, or of an act against it."""

    crisis: Crisis

    def __init__(
        self, crisis: Crisis, actor: int, severity: float, odds: float, *, culpable: bool, of_act: bool
    ) -> None:
        self.crisis, self.env, self.random, self.after = crisis, crisis.env, crisis.random, crisis.after
        self.actor, self.other = actor, 1 - actor
        self.severity, self.odds, self.culpable, self.of_act = severity, odds, culpable, of_act
        self.waiting = self.ready = self.heard = False
        self.cleared = self.asked = False
        self.silence = 0.0
        self.held: float | None = None
        self.decisions = self.found = 0
        crisis.cases.append(self)
        crisis.counts["cases"] += 1
        clock = 72.0 if of_act else 96.0 * 3.0 / (2.0 + severity)
        self.after(self.clock_ends, crisis.lognormal(clock, exp(1.0)))
        if self.random.random() < ASKS:  # first, for both silences fall on one instant: a State decides between them
            self.asked = self.waiting = True
            self.ask_the_desk()
            self.after(self.patience_ends, PATIENCE)
        if not of_act:
            crisis.analysts[actor].take(-severity, self.look)
            self.ask_the_cert()

    def learn(self, weight: float) -> None:
        if self.cleared:
            return
        self.odds += weight
        if self.odds < -3.0 and not self.of_act:
            self.cleared = True
        elif self.held is not None and self.decisions == 1 and (self.odds > 0.0) != (self.held > 0.0):
            self.after(self.decide_now, 0.0, Priority.HIGH)

    def look(self) -> None:
        self.after(self.finds, self.crisis.lognormal(FINDING[self.actor]))

    def finds(self) -> None:
        crisis = self.crisis
        if self.cleared:
            crisis.analysts[self.actor].give_back()
            return
        crisis.counts["findings"] += 1
        self.found += 1
        weight = self.finding(D[self.actor])
        self.after(self.briefed, crisis.lognormal(BRIEFING[self.actor]), function_args=[weight])
        if self.found < 6:
            self.look()
        else:
            crisis.analysts[self.actor].give_back()

    def briefed(self, weight: float) -> None:
        self.crisis.counts["briefings"] += 1
        self.learn(weight)

    def ask_the_cert(self) -> None:
        crisis = self.crisis
        crisis.counts["requests"] += 1
        self.k = KAPPA * (1.0 - MISTRUST)
        self.after(self.cert_is_silent, PATIENCE)
        if self.random.random() < ANSWERS * ((1.0 - self.k) if self.culpable else 1.0):
            self.after(self.cert_reads, crisis.lognormal(0.5))

    def cert_reads(self) -> None:
        self.crisis.analysts[self.other].take(-self.severity, self.cert_works)

    def cert_works(self) -> None:
        self.after(self.cert_sends, self.crisis.lognormal(24.0))

    def cert_sends(self) -> None:
        crisis = self.crisis
        crisis.analysts[self.other].give_back()
        self.after(self.cert_answers, crisis.lognormal(0.5) + crisis.lognormal(BRIEFING[self.actor]))

    def cert_answers(self) -> None:
        self.crisis.counts["answers"] += 1
        if self.heard:
            self.learn(-self.cert_silence(self.k))
        self.heard = True
        self.learn(log(1.0 - self.k) + self.finding(0.4))

    def cert_is_silent(self) -> None:
        if not self.heard:
            self.heard = True
            self.crisis.counts["silences"] += 1
            self.learn(self.cert_silence(self.k))

    def ask_the_desk(self) -> None:
        self.crisis.counts["inquiries"] += 1
        self.after(self.arrives, self.crisis.lognormal(0.5))

    def arrives(self) -> None:
        luck = self.random.random()
        if self.other != BREVIA:
            self.read(luck)
        elif self.random.random() < 0.1:
            self.after(self.found_desk, self.crisis.lognormal(24.0), function_args=[luck])
        else:
            self.found_desk(luck)

    def found_desk(self, luck: float) -> None:
        self.after(self.read, self.until_open(), function_args=[luck])

    def read(self, luck: float) -> None:
        k = KAPPA * (1.0 - MISTRUST)
        answers = ANSWERS * (1.0 - FORMULAIC) * ((1.0 - k) if self.culpable else 1.0)
        self.assures = luck < answers
        if luck < answers + ANSWERS * FORMULAIC:
            self.crisis.officers[self.other].take(0.0, self.translate)

    def translate(self) -> None:
        clarifies = self.crisis.lognormal(12.0) if self.random.random() < 0.1 else 0.0
        self.after(self.asks_own_cert, TRANSLATION[self.other] + clarifies)

    def asks_own_cert(self) -> None:
        self.crisis.analysts[self.other].take(-self.severity, self.checks)

    def checks(self) -> None:
        self.after(self.writes, self.crisis.lognormal(2.0))

    def writes(self) -> None:
        self.crisis.analysts[self.other].give_back()
        self.after(self.sends, self.crisis.lognormal(REPLY[self.other], 2.2))

    def sends(self) -> None:
        self.crisis.officers[self.other].give_back()
        self.after(self.reply_arrives, self.crisis.lognormal(0.5))

    def reply_arrives(self) -> None:
        crisis = self.crisis
        crisis.counts["replies"] += 1
        for state in (ALDERLAND, BREVIA):
            crisis.set_tension(state, 0.5 * crisis.tension_of(state))
        self.learn(-self.silence + (log(1.0 - KAPPA * (1.0 - MISTRUST)) if self.assures else 0.0))
        self.silence = 0.0
        self.stop_waiting()

    def patience_ends(self) -> None:
        if not self.waiting:
            return
        k, r = KAPPA * (1.0 - MISTRUST), ANSWERS * ARRIVES[self.other]
        self.silence = log((1.0 - r * (FORMULAIC + (1.0 - FORMULAIC) * (1.0 - k))) / (1.0 - r))
        self.crisis.counts["silences"] += 1
        self.learn(self.silence)
        self.stop_waiting()

    def stop_waiting(self) -> None:
        if self.waiting:
            self.waiting = False
            if self.ready:
                self.decide_now()

    def clock_ends(self) -> None:
        self.ready = True
        if not self.waiting:
            self.decide_now()

    def decide_now(self) -> None:
        self.decisions += 1
        self.held = self.odds
        self.crisis.counts["decisions"] += 1
        rung = self.choose()
        self.crisis.peak = max(self.crisis.peak, rung)
        if rung >= 3:
            self.act(rung)

    def act(self, rung: int) -> None:
        crisis, other = self.crisis, self.other
        crisis.counts["acts"] += 1
        if self.cleared or rung == 3:
            return
        if rung == 7:
            self.after(self.countered, crisis.lognormal(336.0, 3.0))
            return
        if rung > crisis.rung_now():
            crisis.rung = rung
        crisis.raised = self.env.now
        wronged = 1.0 if self.culpable else 1.6
        notice = 0.8 if self.asked else 1.0
        crisis.set_tension(other, crisis.tension_of(other) + 2.0 * GRAVITY[rung] * wronged * notice)
        crisis.set_tension(self.actor, crisis.tension_of(self.actor) + 0.3 * 2.0 * GRAVITY[rung])
        self.after(self.taken_up, 6.0, function_args=[rung])

    def taken_up(self, rung: int) -> None:
        odds = 0.11 + 2.0 * (MISTRUST - 0.5) + (0.0 if self.culpable else 0.6)
        severity = min(5.0, 4.4 * GRAVITY[rung] / 0.5)
        if self.crisis.rung < 10:
            Case(self.crisis, self.other, severity, odds, culpable=rung >= 7, of_act=True)

    def countered(self) -> None:
        severity = min(5.0, 4.4 * GRAVITY[7] / 0.5)
        Case(self.crisis, self.other, severity, -1.0 + 2.0 * (MISTRUST - 0.5), culpable=True, of_act=False)


def run(seed: int) -> Crisis:
    """Return a run that is over."""
    crisis = Crisis(seed)
    crisis.begin()
    crisis.env.run_until(HORIZON)
    return crisis
