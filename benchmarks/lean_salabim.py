"""The story of `lean_simpy.py` on salabim: a component for whatever takes time, with `yield`, monitors off.

Numbers and arithmetic are those of the SimPy script, inherited; what takes time is written anew, as salabim wants it.
Processes with `yield` are the faster of salabim's two ways: the other changes stacks.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Generator
from math import exp, log
from typing import Any

import salabim as sim

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

Work = Generator[Any, Any, None]


class Activity(sim.Component):
    """Whatever takes time."""

    def process(self, does: Callable[..., Work], args: tuple[Any, ...]) -> Work:
        yield from does(self, *args)


class Clock:
    """The time, told as SimPy does."""

    def __init__(self, env: sim.Environment) -> None:
        self.tell = env.now

    @property
    def now(self) -> float:
        return float(self.tell())


class Crisis(lean_simpy.Crisis):
    """One run."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.salabim = sim.Environment(yieldless=False, set_numpy_random_seed=False)
        self.env: Any = Clock(self.salabim)
        self.certs: Any = [sim.Resource("", count, monitor=False, env=self.salabim) for count in ANALYSTS]
        self.desks: Any = [sim.Resource("", count, monitor=False, env=self.salabim) for count in OFFICERS]
        self.tension = [0.2, 0.2]
        self.eased = [0.0, 0.0]
        self.rung, self.raised = 0, 0.0
        self.peak = 0
        self.counts: Counter[str] = Counter()
        self.start(self.happens)

    def start(self, does: Callable[..., Work], *args: object) -> Activity:
        return Activity("", does=does, args=args, env=self.salabim)

    def happens(self, me: Activity) -> Work:
        yield me.hold(STRIKE)
        yield me.hold(self.lognormal(2.0))
        self.counts["detections"] += 1
        Case(self, ALDERLAND, SEVERITY, -1.0 + 2.0 * (MISTRUST - 0.5), culpable=False, of_act=False)


class Case(lean_simpy.Case):
    """One State's handling of the incident, or of an act against it."""

    crisis: Crisis

    def __init__(
        self, crisis: Crisis, actor: int, severity: float, odds: float, *, culpable: bool, of_act: bool
    ) -> None:
        self.crisis, self.env, self.random = crisis, crisis.env, crisis.random
        self.actor, self.other = actor, 1 - actor
        self.severity, self.odds, self.culpable, self.of_act = severity, odds, culpable, of_act
        self.waiting = self.heard = False
        self.cleared = self.asked = False
        self.silence = 0.0
        self.held: float | None = None
        self.decisions = 0
        self.ready: Activity | None = None
        crisis.counts["cases"] += 1
        crisis.start(self.runs_out)
        if not of_act:
            crisis.start(self.looks)
            crisis.start(self.asks_cert)
        if self.random.random() < ASKS:
            self.asked = self.waiting = True
            crisis.start(self.asks_desk)
            crisis.start(self.loses_patience)

    def learn(self, weight: float) -> None:
        if self.cleared:
            return
        self.odds += weight
        if self.odds < -3.0 and not self.of_act:
            self.cleared = True
        elif self.held is not None and self.decisions == 1 and (self.odds > 0.0) != (self.held > 0.0):
            self.crisis.start(self.decides_again)

    def looks(self, me: Activity) -> Work:
        crisis = self.crisis
        yield me.request((crisis.certs[self.actor], 1, -self.severity))
        for _ in range(6):
            yield me.hold(crisis.lognormal(FINDING[self.actor]))
            if self.cleared:
                break
            crisis.counts["findings"] += 1
            crisis.start(self.briefs, self.finding(D[self.actor]))
        me.release()

    def briefs(self, me: Activity, weight: float) -> Work:
        yield me.hold(self.crisis.lognormal(BRIEFING[self.actor]))
        self.crisis.counts["briefings"] += 1
        self.learn(weight)

    def asks_cert(self, me: Activity) -> Work:
        crisis, k = self.crisis, KAPPA * (1.0 - MISTRUST)
        crisis.counts["requests"] += 1
        answers = self.random.random() < ANSWERS * ((1.0 - k) if self.culpable else 1.0)
        crisis.start(self.waits_for_cert, k)
        if not answers:
            return
        yield me.hold(crisis.lognormal(0.5))
        yield me.request((crisis.certs[self.other], 1, -self.severity))
        yield me.hold(crisis.lognormal(24.0))
        me.release()
        yield me.hold(crisis.lognormal(0.5))
        yield me.hold(crisis.lognormal(BRIEFING[self.actor]))
        crisis.counts["answers"] += 1
        if self.heard:
            self.learn(-self.cert_silence(k))
        self.heard = True
        self.learn(log(1.0 - k) + self.finding(0.4))

    def waits_for_cert(self, me: Activity, k: float) -> Work:
        yield me.hold(PATIENCE)
        if not self.heard:
            self.heard = True
            self.crisis.counts["silences"] += 1
            self.learn(self.cert_silence(k))

    def asks_desk(self, me: Activity) -> Work:
        crisis, k = self.crisis, KAPPA * (1.0 - MISTRUST)
        crisis.counts["inquiries"] += 1
        yield me.hold(crisis.lognormal(0.5))
        luck = self.random.random()
        if self.other == BREVIA:
            if self.random.random() < 0.1:
                yield me.hold(crisis.lognormal(24.0))
            yield me.hold(self.until_open())
        answers = ANSWERS * (1.0 - FORMULAIC) * ((1.0 - k) if self.culpable else 1.0)
        if luck >= answers + ANSWERS * FORMULAIC:
            return
        desk, cert = crisis.desks[self.other], crisis.certs[self.other]
        yield me.request(desk)
        yield me.hold(TRANSLATION[self.other])
        if self.random.random() < 0.1:
            yield me.hold(crisis.lognormal(12.0))
        yield me.request((cert, 1, -self.severity))
        yield me.hold(crisis.lognormal(2.0))
        me.release(cert)
        yield me.hold(crisis.lognormal(REPLY[self.other], 2.2))
        me.release(desk)
        yield me.hold(crisis.lognormal(0.5))
        crisis.counts["replies"] += 1
        for state in (ALDERLAND, BREVIA):
            crisis.set_tension(state, 0.5 * crisis.tension_of(state))
        self.learn(-self.silence + (log(1.0 - k) if luck < answers else 0.0))
        self.silence = 0.0
        self.stop_waiting()

    def loses_patience(self, me: Activity) -> Work:
        yield me.hold(PATIENCE)
        if not self.waiting:
            return
        k, r = KAPPA * (1.0 - MISTRUST), ANSWERS * ARRIVES[self.other]
        self.silence = log((1.0 - r * (FORMULAIC + (1.0 - FORMULAIC) * (1.0 - k))) / (1.0 - r))
        self.crisis.counts["silences"] += 1
        self.learn(self.silence)
        self.stop_waiting()

    def stop_waiting(self) -> None:
        self.waiting = False
        if self.ready is not None and self.ready.ispassive():
            self.ready.activate(urgent=True)  # before the silence of the CERT, which falls on the same instant

    def runs_out(self, me: Activity) -> Work:
        clock = 72.0 if self.of_act else 96.0 * 3.0 / (2.0 + self.severity)
        yield me.hold(self.crisis.lognormal(clock, exp(1.0)))
        if self.waiting:
            self.ready = me
            yield me.passivate()
        self.decide_now()

    def decides_again(self, me: Activity) -> Work:
        self.decide_now()
        return
        yield me

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
            crisis.start(self.counters)
            return
        if rung > crisis.rung_now():
            crisis.rung = rung
        crisis.raised = self.env.now
        wronged = 1.0 if self.culpable else 1.6
        notice = 0.8 if self.asked else 1.0
        crisis.set_tension(other, crisis.tension_of(other) + 2.0 * GRAVITY[rung] * wronged * notice)
        crisis.set_tension(self.actor, crisis.tension_of(self.actor) + 0.3 * 2.0 * GRAVITY[rung])
        crisis.start(self.is_taken_up, rung)

    def is_taken_up(self, me: Activity, rung: int) -> Work:
        yield me.hold(6.0)
        odds = 0.11 + 2.0 * (MISTRUST - 0.5) + (0.0 if self.culpable else 0.6)
        severity = min(5.0, 4.4 * GRAVITY[rung] / 0.5)
        if self.crisis.rung < 10:
            Case(self.crisis, self.other, severity, odds, culpable=rung >= 7, of_act=True)

    def counters(self, me: Activity) -> Work:
        yield me.hold(self.crisis.lognormal(336.0, 3.0))
        severity = min(5.0, 4.4 * GRAVITY[7] / 0.5)
        Case(self.crisis, self.other, severity, -1.0 + 2.0 * (MISTRUST - 0.5), culpable=True, of_act=False)


def run(seed: int) -> Crisis:
    """Return a run that is over."""
    crisis = Crisis(seed)
    crisis.salabim.run(till=HORIZON)
    return crisis
