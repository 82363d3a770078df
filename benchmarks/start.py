"""(d) What starting costs: CPU seconds, user and system, of whole processes, as medians of processes in turn."""

from __future__ import annotations

import resource
import subprocess
import sys

from benchmarks.results import Result, Size, quartiles
from benchmarks.worlds import TWO_STATES

PROCESSES = {Size.FULL: 10, Size.QUICK: 5, Size.TINY: 1}
COMMANDS: dict[str, tuple[list[str], float | None]] = {
    "python -c pass": (["-c", "pass"], None),
    "import simcrisis": (["-c", "import simcrisis"], None),
    "simcrisis --help": (["-m", "simcrisis", "--help"], 0.25),
    "simcrisis run two_states.yaml": (["-m", "simcrisis", "run", str(TWO_STATES)], 0.7),
}
"""With the most that each may take."""


def measure(size: Size) -> Result:
    """Return the CPU seconds of each command; a first process of each, which may write byte code, is not counted."""
    for words, _ in COMMANDS.values() if size is not Size.TINY else ():
        seconds(words)
    rounds = [[seconds(words) for words, _ in COMMANDS.values()] for _ in range(PROCESSES[size])]
    return Result(
        [
            quartiles(name, [each[n] for each in rounds], "s", most=most)
            for n, (name, (_, most)) in enumerate(COMMANDS.items())
        ]
    )


def seconds(words: list[str]) -> float:
    """Return the CPU seconds, user and system, of a Python process with these arguments."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
