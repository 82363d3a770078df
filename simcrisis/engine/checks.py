"""Communication checks: who answers is measured, contact entries are confirmed or renewed."""

from __future__ import annotations

from simcrisis.draws import mix, purposes
from simcrisis.engine.clock import Process
from simcrisis.engine.simulation import Simulation
from simcrisis.events import kinds


def check_lines(sim: Simulation, every: int) -> Process:
    """At each interval let both ends of every policy line test the other."""
    drill = 0
    while True:
        yield every
        for number, line in enumerate(sim.world.lines):
            if line.listed and sim.lines.works(number):
                for asker, asked in ((line.a, line.b), (line.b, line.a)):
                    _test(sim, asker, asked, number, drill)
        drill += 1


def _test(sim: Simulation, asker: int, asked: int, line: int, drill: int) -> None:
    path = mix(sim.world.lines[line].path, sim.world.states[asked].path)
    answers = sim.answers(asked, line)
    heard = sim.luck.uniform(purposes.DRILL, path, drill) < answers
    hits, times = sim.checked.get((asker, asked), (0, 0))
    sim.checked[asker, asked] = (hits + heard, times + 1)
    seq = sim.record(kinds.DRILL, asker, asked, line=line, value=float(heard))
    stale = sim.stale(asked)
    sim.confirm_entry(asked)
    if stale:
        sim.record(kinds.ENTRY_RENEWED, asked, line=line, cause=seq)
