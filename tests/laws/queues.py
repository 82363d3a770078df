"""Queues: work that comes at random waits as queueing theory says."""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import Any

from simpy import Event

from simcrisis import load
from simcrisis.draws import Luck, Purpose
from simcrisis.engine.acts import carry_out
from simcrisis.engine.clock import LEARN, WORLD, Deadline
from simcrisis.engine.compiler import compile_world
from simcrisis.engine.incidents import reached
from simcrisis.engine.run import simulate
from simcrisis.engine.simulation import Simulation
from simcrisis.events import Kind
from simcrisis.rules import availability
from tests.laws.law import Z_ALARM, Z_BOUND, Z_TOLERANCE, Outcome, law, z_of_mean
from tests.laws.settings import ONE_DYAD

ANALYSTS = 3
LOAD = 0.8
SERVICE = 10 * 3_600_000
WARM_UP, CUSTOMERS, REPLICATIONS = 400, 1200, 60


def erlang_c(servers: int, load: float) -> float:
    """Return the probability of having to wait (Erlang 1917), for offered work `load` x servers."""
    offered = servers * load
    tail = offered**servers / math.factorial(servers) / (1 - load)
    return tail / (math.fsum(offered**k / math.factorial(k) for k in range(servers)) + tail)


def waits_of(replication: int) -> list[float]:
    """Return the hours that requests to a CERT wait, with Poisson arrivals and exponential work, after a warm-up."""
    scenario = load(ONE_DYAD).with_({"states.*.cert.analysts": ANALYSTS, "incidents": []})
    sim = Simulation(compile_world(scenario, "none"), Luck(1, replication), carry_out, reached)
    waits: list[float] = []

    def customer(n: int) -> Generator[Event, Any, None]:
        came = sim.now
        with sim.analyst(0, 0.0) as turn:
            yield turn
            waits.append((sim.now - came) / 3_600_000)
            work = availability.exponential(SERVICE, sim.luck.normal(Purpose.PARTNER_WORK, 1, n))
            yield Deadline(sim.env, round(work), LEARN)

    def arrivals() -> Generator[Event, Any, None]:
        for n in range(WARM_UP + CUSTOMERS):
            gap = availability.exponential(SERVICE / ANALYSTS / LOAD, sim.luck.normal(Purpose.CLOCK, 1, n))
            yield Deadline(sim.env, round(gap), WORLD)
            sim.env.process(customer(n))

    sim.env.process(arrivals())
    sim.env.run()
    return waits[WARM_UP:]


@law(
    "Queues: Erlang C",
    "Poisson work with exponential service waits at a CERT of 3 analysts, load 0.8, as Erlang C says",
    tolerance=Z_TOLERANCE,
    false_alarm=Z_ALARM,
)
def waiting_time() -> Outcome:
    means = [math.fsum(waits) / len(waits) for waits in map(waits_of, range(REPLICATIONS))]
    expected = erlang_c(ANALYSTS, LOAD) * SERVICE / 3_600_000 / (ANALYSTS * (1 - LOAD))
    z = z_of_mean(means, expected)
    return Outcome(
        f"mean wait {math.fsum(means) / len(means):.2f} h (law {expected:.2f} h), z = {z:+.2f}", abs(z), Z_BOUND
    )


@law(
    "Queues: Pollaczek-Khinchine",
    "Incidents at random times wait for the one analyst, who takes 10 h for each, as the M/D/1 queue says",
    tolerance=Z_TOLERANCE,
    false_alarm=Z_ALARM,
)
def incidents_wait() -> Outcome:
    load_, count = 0.6, 1500
    luck = Luck(9, 0)
    means: list[float] = []
    for replication in range(24):
        at, incidents = 0.0, []
        for n in range(count):
            at += availability.exponential(10 / load_, luck.normal(Purpose.CLOCK, replication, n))
            incidents.append({**ONE_DYAD["incidents"][0], "name": f"i{n:04}", "at": f"{at:.6f} h"})
        changes = {
            "incidents": incidents,
            "horizon": f"{at + 1:.6f} h",
            "states.*.cert.analysts": 1,
            "states.*.cert.finding": "10 h",
            "model.findings": 1,
            "model.cleared": -50,
            "model.detection_public": "0 h",
            "model.lambda": 0.0,
            "model.rule": "scripted",
            "model.script": [{"rung": 0}],
        }
        log = simulate(compile_world(load(ONE_DYAD).with_(changes), "none"), 1, replication)
        waits = [r.value or 0.0 for r in log.records if r.kind is Kind.INVESTIGATION][200:]
        means.append(math.fsum(waits) / len(waits))
    expected = load_ * 10 / (2 * (1 - load_))
    z = z_of_mean(means, expected)
    return Outcome(
        f"mean wait {math.fsum(means) / len(means):.2f} h (law {expected:.2f} h), z = {z:+.2f}", abs(z), Z_BOUND
    )
