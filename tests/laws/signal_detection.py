"""Signal detection: after n briefed findings L is Normal(L0 +- n d^2/2, n d^2)."""

from __future__ import annotations

import math

from simcrisis import load
from simcrisis.engine.compiler import compile_world
from simcrisis.engine.run import simulate
from simcrisis.events import Kind
from tests.laws.law import Z_ALARM, Z_BOUND, Z_TOLERANCE, Outcome, law, z_of_mean
from tests.laws.settings import GUILTY, ONE_DYAD

FINDINGS = 6


@law(
    "Signal detection",
    "After 6 briefed findings the log-odds have moved by Normal(+-6 d^2/2, 6 d^2), + for a culpable suspect",
    tolerance=Z_TOLERANCE,
    false_alarm=f"4 x {Z_ALARM}",
)
def signal_detection() -> Outcome:
    z: list[float] = []
    told: list[str] = []
    for sign, truth in ((1, GUILTY), (-1, {})):
        scenario = load(ONE_DYAD).with_({"model.cleared": -50, "states.*.cert.analysts": 5, **truth})
        world = compile_world(scenario, "none")
        d = world.states[0].cert.d
        sums: list[float] = []
        for replication in range(3000):
            records = simulate(world, 1, replication).records
            shifts = [r.value or 0.0 for r in records if r.kind is Kind.BRIEFING and r.case == 0]
            if len(shifts) == FINDINGS:
                sums.append(math.fsum(shifts))
        mean, variance = sign * FINDINGS * d * d / 2, FINDINGS * d * d
        z += [z_of_mean(sums, mean), z_of_mean([(s - mean) ** 2 for s in sums], variance)]
        got = math.fsum(sums) / len(sums)
        told.append(f"{'culpable' if sign > 0 else 'innocent'}: mean {got:+.3f} (law {mean:+.3f}), n {len(sums)}")
    return Outcome("; ".join(told), max(map(abs, z)), Z_BOUND)
