"""What bystanders cost: belgrade_2015 alone and among 200 States that take no part, interleaved, worlds compiled."""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from simcrisis.engine.compiler import compile_world
from simcrisis.engine.run import simulate
from simcrisis.engine.world import World
from tests.laws.scale import BYSTANDERS, among_bystanders

ROUNDS, REPLICATIONS = 25, 60


def seconds(world: World) -> float:
    """Return the CPU seconds of some replications."""
    began = time.process_time()
    for replication in range(REPLICATIONS):
        simulate(world, 1, replication)
    return time.process_time() - began


def main() -> None:
    """Print the median ratio of paired rounds, with quartiles."""
    began = time.process_time()
    alone, crowded = (compile_world(among_bystanders(n), "both") for n in (0, BYSTANDERS))
    print(f"compiling both worlds: {time.process_time() - began:.2f} s of CPU")
    for world in (alone, crowded):
        seconds(world)
    ratios = []
    for n in range(ROUNDS):
        pair = (alone, crowded) if n % 2 else (crowded, alone)
        took = {id(world): seconds(world) for world in pair}
        ratios.append(took[id(crowded)] / took[id(alone)])
    low, middle, high = statistics.quantiles(ratios, n=4)
    print(f"{BYSTANDERS} bystanders / none: median {middle:.3f}, quartiles {low:.3f} to {high:.3f} ({ROUNDS} pairs)")


if __name__ == "__main__":
    main()
