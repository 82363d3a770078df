"""Lines: up MTBF / (MTBF + MTTR) of the time, at any time."""

from __future__ import annotations

from simcrisis import load
from simcrisis.draws import Luck
from simcrisis.engine import lines as engine_lines
from simcrisis.engine.compiler import compile_world
from simcrisis.units import HOUR
from tests.laws.law import Z_ALARM, Z_BOUND, Z_TOLERANCE, Outcome, law, z_of_mean
from tests.laws.settings import ONE_DYAD

MTBF, MTTR = 30.0, 10.0
TIMES = (0.0, 5.0, 25.0, 400.0, 2000.0)


@law(
    "Lines: share of time up",
    "A line with 30 h between failures and 10 h to repair (means) is up three quarters of the time, from the start on",
    tolerance=Z_TOLERANCE,
    false_alarm=f"5 x {Z_ALARM}",
)
def share_up() -> Outcome:
    line = {
        "name": "hotline",
        "kind": "policy",
        "between": ["Aldmark", "Bexia"],
        "uptime": {"mtbf": f"{MTBF:g} h", "mttr": f"{MTTR:g} h"},
    }
    world = compile_world(load(ONE_DYAD).with_({"lines": [line]}), "cbm8")
    spec = next(line for line in world.lines if line.uptime)
    failures = [engine_lines.Failures(spec, Luck(1, replication)) for replication in range(3000)]
    z = [
        z_of_mean([float(each.down_until(round(t * HOUR)) is None) for each in failures], MTBF / (MTBF + MTTR))
        for t in TIMES
    ]
    return Outcome(
        f"z at {', '.join(f'{t:g} h: {v:+.2f}' for t, v in zip(TIMES, z, strict=True))}", max(map(abs, z)), Z_BOUND
    )
