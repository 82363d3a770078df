"""The story of `two_states.yaml`, arm `both`, as somebody would write it who needs this one study and nothing else.

Bare SimPy: generator processes, `random.Random`, counters. No log, no luck by occasion, no other States, lines, rules
or procedures; numbers stand in the code. It is what simcrisis is to be compared with, was
written before simcrisis was made faster, and is not to be changed to look better or worse.

    python benchmarks/lean_simpy.py 20000
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Generator
from math import exp, log, sqrt
from typing import Any

import simpy

Process = Generator[simpy.Event, Any, None]

HORIZON, PATIENCE = 60 * 24.0, 36.0
STRIKE, SEVERITY, MISTRUST = 36.0, 4.0, 0.6
ALDERLAND, BREVIA = 0, 1
ANALYSTS, OFFICERS = (6, 4), (4, 2)
D, FINDING, BRIEFING = (0.62, 0.52), (30.0, 36.0), (8.0, 12.0)
REPLY, TRANSLATION = (8.0, 10.0), (0.5, 1.0)
ANSWERS, FORMULAIC, ASKS, KAPPA = 0.75, 0.2, 0.9, 0.7
BREVIA_IS_AHEAD = 1.0
"""Hours from the clock of the scenario to that of Brevia, which works from nine to five on five days."""
GRAVITY = (0.0, 0.02, 0.05, 0.12, 0.2, 0.28, 0.38, 0.52, 0.7, 0.88, 1.0)
LAMBDA, TEN, WRONG, COST, LIN, HAB, FIRE, PROP = 20.0, 1.6, 0.8, 0.65, 0.55, 0.9, 0.15, 3.6
ARRIVES = (0.87, 0.62)
"""Probability that an answer of Alderland, of Brevia arrives before patience ends, as the other believes."""
CERT_ARRIVES = 0.45


class Crisis:
    """One run."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.env = simpy.Environment()
        self.certs = [simpy.PriorityResource(self.env, count) for count in ANALYSTS]
        self.desks = [simpy.Resource(self.env, count) for count in OFFICERS]
        self.tension = [0.2, 0.2]
        self.eased = [0.0, 0.0]
        self.rung, self.raised = 0, 0.0
        self.peak = 0
        self.counts: Counter[str] = Counter()

    def lognormal(self, median: float, spread: float = 2.0) -> float:
        return median * exp(log(spread) * self.random.gauss(0.0, 1.0))

    def tension_of(self, state: int) -> float:
        return self.tension[state] * 0.5 ** ((self.env.now - self.eased[state]) / 336.0)

    def set_tension(self, state: int, value: float) -> None:
        self.tension[state], self.eased[state] = value, self.env.now

    def rung_now(self) -> int:
        return max(0, self.rung - int((self.env.now - self.raised) / 240.0))

    def strike(self) -> Process:
        yield self.env.timeout(STRIKE)
        yield self.env.timeout(self.lognormal(2.0))
        self.counts["detections"] += 1
        Case(self, ALDERLAND, SEVERITY, -1.0 + 2.0 * (MISTRUST - 0.5), culpable=False, of_act=False)


class Case:
    """One State's handling of the incident, or of an act against it."""

    def __init__(
        self, crisis: Crisis, actor: int, severity: float, odds: float, *, culpable: bool, of_act: bool
    ) -> None:
        self.crisis, self.env, self.random = crisis, crisis.env, crisis.random
        self.actor, self.other = actor, 1 - actor
        self.severity, self.odds, self.culpable, self.of_act = severity, odds, culpable, of_act
        self.hold: simpy.Event | None = None
        self.cleared = self.asked = False
        self.silence = 0.0
        self.held: float | None = None
        self.decisions = 0
        crisis.counts["cases"] += 1
        self.env.process(self.decide())
        if not of_act:
            self.env.process(self.investigate())
            self.env.process(self.ask_cert())
        if self.random.random() < ASKS:
            self.asked = True
            self.hold = self.env.event()
            self.env.process(self.ask_desk())
            self.env.process(self.lose_patience())

    def finding(self, d: float) -> float:
        mean = d * d / 2.0
        return self.random.gauss(mean if self.culpable else -mean, d)

    def learn(self, weight: float) -> None:
        if self.cleared:
            return
        self.odds += weight
        if self.odds < -3.0 and not self.of_act:
            self.cleared = True
        elif self.held is not None and self.decisions == 1 and (self.odds > 0.0) != (self.held > 0.0):
            self.env.process(self.decide(again=True))

    def investigate(self) -> Process:
        with self.crisis.certs[self.actor].request(priority=-self.severity) as turn:
            yield turn
            for _ in range(6):
                yield self.env.timeout(self.crisis.lognormal(FINDING[self.actor]))
                if self.cleared:
                    return
                self.crisis.counts["findings"] += 1
                self.env.process(self.brief(self.finding(D[self.actor])))

    def brief(self, weight: float) -> Process:
        yield self.env.timeout(self.crisis.lognormal(BRIEFING[self.actor]))
        self.crisis.counts["briefings"] += 1
        self.learn(weight)

    def ask_cert(self) -> Process:
        self.crisis.counts["requests"] += 1
        k = KAPPA * (1.0 - MISTRUST)
        answers = self.random.random() < ANSWERS * ((1.0 - k) if self.culpable else 1.0)
        answered = self.env.event()
        self.env.process(self.wait_for_cert(answered, k))
        if not answers:
            return
        yield self.env.timeout(self.crisis.lognormal(0.5))
        with self.crisis.certs[self.other].request(priority=-self.severity) as turn:
            yield turn
            yield self.env.timeout(self.crisis.lognormal(24.0))
        yield self.env.timeout(self.crisis.lognormal(0.5))
        yield self.env.timeout(self.crisis.lognormal(BRIEFING[self.actor]))
        self.crisis.counts["answers"] += 1
        if not answered.triggered:
            answered.succeed()
        else:
            self.learn(-self.cert_silence(k))
        self.learn(log(1.0 - k) + self.finding(0.4))

    def cert_silence(self, k: float) -> float:
        r = ANSWERS * CERT_ARRIVES
        return log((1.0 - r * (1.0 - k)) / (1.0 - r))

    def wait_for_cert(self, answered: simpy.Event, k: float) -> Process:
        yield answered | self.env.timeout(PATIENCE)
        if not answered.triggered:
            answered.succeed()
            self.crisis.counts["silences"] += 1
            self.learn(self.cert_silence(k))

    def ask_desk(self) -> Process:
        crisis, k = self.crisis, KAPPA * (1.0 - MISTRUST)
        crisis.counts["inquiries"] += 1
        yield self.env.timeout(crisis.lognormal(0.5))
        luck = self.random.random()
        if self.other == BREVIA:
            if self.random.random() < 0.1:
                yield self.env.timeout(crisis.lognormal(24.0))
            yield self.env.timeout(self.until_open())
        answers = ANSWERS * (1.0 - FORMULAIC) * ((1.0 - k) if self.culpable else 1.0)
        if luck >= answers + ANSWERS * FORMULAIC:
            return
        with crisis.desks[self.other].request() as turn:
            yield turn
            yield self.env.timeout(TRANSLATION[self.other])
            if self.random.random() < 0.1:
                yield self.env.timeout(crisis.lognormal(12.0))
            with crisis.certs[self.other].request(priority=-self.severity) as analyst:
                yield analyst
                yield self.env.timeout(crisis.lognormal(2.0))
            yield self.env.timeout(crisis.lognormal(REPLY[self.other], 2.2))
        yield self.env.timeout(crisis.lognormal(0.5))
        crisis.counts["replies"] += 1
        for state in (ALDERLAND, BREVIA):
            crisis.set_tension(state, 0.5 * crisis.tension_of(state))
        self.learn(-self.silence + (log(1.0 - k) if luck < answers else 0.0))
        self.silence = 0.0
        self.stop_waiting()

    def until_open(self) -> float:
        local = self.env.now + 8.0 + BREVIA_IS_AHEAD  # the story begins on a Monday at eight
        day, hour = divmod(local, 24.0)
        if day % 7 < 5 and hour < 17.0:
            return max(0.0, 9.0 - hour)
        ahead = 1 if day % 7 < 4 else 7 - int(day % 7)
        return 24.0 * ahead + 9.0 - hour

    def lose_patience(self) -> Process:
        yield self.env.timeout(PATIENCE)
        if self.hold is None or self.hold.triggered:
            return
        k, r = KAPPA * (1.0 - MISTRUST), ANSWERS * ARRIVES[self.other]
        self.silence = log((1.0 - r * (FORMULAIC + (1.0 - FORMULAIC) * (1.0 - k))) / (1.0 - r))
        self.crisis.counts["silences"] += 1
        self.learn(self.silence)
        self.stop_waiting()

    def stop_waiting(self) -> None:
        if self.hold is not None and not self.hold.triggered:
            self.hold.succeed()

    def decide(self, again: bool = False) -> Process:
        clock = 72.0 if self.of_act else 96.0 * 3.0 / (2.0 + self.severity)
        if not again:
            yield self.env.timeout(self.crisis.lognormal(clock, exp(1.0)))
            if self.hold is not None and not self.hold.triggered:
                yield self.hold
        self.decisions += 1
        self.held = self.odds
        self.crisis.counts["decisions"] += 1
        rung = self.choose()
        self.crisis.peak = max(self.crisis.peak, rung)
        if rung >= 3:
            self.act(rung)

    def choose(self) -> int:
        crisis = self.crisis
        p = 0.0 if self.cleared else 1.0 / (1.0 + exp(-self.odds))
        x, s, present = crisis.tension_of(self.actor), self.severity, crisis.rung_now()
        worth = []
        for rung in range(4 if self.cleared else 11):
            g = GRAVITY[rung]
            beyond = max(0.0, g - HAB * GRAVITY[present])
            excess = max(0.0, g - max(0.075 * s, GRAVITY[present]))
            crossed = sum(present < t <= rung for t in (8, 9, 10))
            worth.append(
                LAMBDA
                * (s / 3.0 * (1.0 + TEN * x) * p * g - WRONG * (1.0 - p) * g - COST * beyond * beyond - LIN * beyond
                   - FIRE * crossed - PROP * excess * excess)
            )  # fmt: skip
        best = max(worth)
        return self.random.choices(range(len(worth)), [exp(each - best) for each in worth])[0]

    def act(self, rung: int) -> None:
        crisis, other = self.crisis, self.other
        crisis.counts["acts"] += 1
        if self.cleared or rung == 3:
            return
        if rung == 7:
            self.env.process(self.counter())
            return
        if rung > crisis.rung_now():
            crisis.rung = rung
        crisis.raised = self.env.now
        wronged = 1.0 if self.culpable else 1.6
        notice = 0.8 if self.asked else 1.0
        crisis.set_tension(other, crisis.tension_of(other) + 2.0 * GRAVITY[rung] * wronged * notice)
        crisis.set_tension(self.actor, crisis.tension_of(self.actor) + 0.3 * 2.0 * GRAVITY[rung])
        self.env.process(self.answered(rung))

    def answered(self, rung: int) -> Process:
        yield self.env.timeout(6.0)
        odds = 0.11 + 2.0 * (MISTRUST - 0.5) + (0.0 if self.culpable else 0.6)
        severity = min(5.0, 4.4 * GRAVITY[rung] / 0.5)
        if self.crisis.rung < 10:
            Case(self.crisis, self.other, severity, odds, culpable=rung >= 7, of_act=True)

    def counter(self) -> Process:
        yield self.env.timeout(self.crisis.lognormal(336.0, 3.0))
        severity = min(5.0, 4.4 * GRAVITY[7] / 0.5)
        opening = -1.0 + 2.0 * (MISTRUST - 0.5)
        Case(self.crisis, self.other, severity, opening, culpable=True, of_act=False)


def run(seed: int) -> Crisis:
    """Return a run that is over."""
    crisis = Crisis(seed)
    crisis.env.process(crisis.strike())
    crisis.env.run(until=HORIZON)
    return crisis


def main() -> None:
    """Print what so many runs come to, and how many are done in a second of CPU."""
    runs = int(sys.argv[1])
    began = time.process_time()
    counts: Counter[str] = Counter()
    reached = Counter[int]()
    for seed in range(runs):
        crisis = run(seed)
        counts.update(crisis.counts)
        reached.update(rung for rung in (3, 4, 6, 8) if crisis.peak >= rung)
    spent = time.process_time() - began
    print(f"{runs / spent:,.0f} runs a second of CPU")
    print(", ".join(f"{name} {count / runs:.2f}" for name, count in sorted(counts.items())))
    half = {rung: 1.96 * sqrt(count / runs * (1 - count / runs) / runs) for rung, count in reached.items()}
    print(", ".join(f"P(>= {r}) {100 * c / runs:.1f} +- {100 * half[r]:.1f} %" for r, c in sorted(reached.items())))


if __name__ == "__main__":
    main()
