"""What a run of osce_wide costs: by States that take no part, by what happens, and in runs a second."""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from common import Compiled, exponent, in_turn, spread, variants
from rich.console import Console
from rich.table import Table

from simcrisis import load, run_batch

ROUNDS, REPLICATIONS = 50, 10
"""Many short rounds: other work on the machine then weighs on all variants of a round alike."""
STATES = (57, 114, 228, 456, 912)
RATES = (1, 2, 4, 8)
WORKERS, BATCH_REPLICATIONS = 2, 250
ARMS = ("none", "all")
AREA = "area"
console = Console(width=100)


def wide(states: int = 57, rate: int = 1) -> dict[str, Any]:
    """Return osce_wide with so many States, those added taking no part, and so many times the incidents.

    Incidents and measures stay with the 57. Diplomatic lines join all, as they do wherever nobody writes any.
    """
    data = dict(load("osce_wide").data)
    added: dict[str, Any] = {f"Bystander {n:03}": {} for n in range(states - len(data["states"]))}
    return {
        **data,
        "states": {**data["states"], **added},
        "background": [{**one, "among": AREA, "rate": rate * one["rate"]} for one in data["background"]],
        "arms": {"none": {"cbms": []}, "all": {"cbms": {2: AREA, 8: AREA}}},
    }


def by_states(arm: str) -> None:
    """Show what a run costs among more and more States that take no part."""
    with variants([(wide(states=states), arm) for states in STATES]) as several:
        first, *others = (variant.logs(REPLICATIONS) for variant in several)
        if any(logs != first for logs in others):
            sys.exit(f"arm {arm}: bystanders change what happens, so the costs cannot be compared")
        rounds = in_turn(several, REPLICATIONS, ROUNDS)
        compiled = [variant.compiled for variant in several]
    records = statistics.mean(map(len, first))
    title = f"osce_wide, arm {arm}, among States that take no part"
    show(title, "States", STATES, [records] * len(STATES), rounds, compiled)
    console.print(f"exponent of the cost of a run in States: {spread([exponent(STATES, each) for each in rounds])}")
    each = [one.seconds for one in compiled]
    console.print(f"exponent of compiling, once an arm, in States: {exponent(STATES, each):.2f}\n")


def by_events(arm: str) -> None:
    """Show what a run of the same 57 States costs with more and more incidents."""
    with variants([(wide(rate=rate), arm) for rate in RATES]) as several:
        records = [statistics.mean(map(len, variant.logs(REPLICATIONS))) for variant in several]
        rounds = in_turn(several, REPLICATIONS, ROUNDS)
    show(f"osce_wide, arm {arm}, at higher rates of incidents", "times", RATES, records, rounds)
    console.print(f"exponent of the cost of a run in records: {spread([exponent(records, each) for each in rounds])}\n")


def show(
    title: str,
    head: str,
    sizes: Sequence[int],
    records: Sequence[float],
    rounds: Sequence[Sequence[float]],
    compiled: Sequence[Compiled] = (),
) -> None:
    """Print a table with a row for each size; ratios are those to the first size in the same round."""
    table = Table(title=title, title_justify="left")
    costs = ("lines", "compiling, s", "MB") if compiled else ()
    for name in (head, "records", "ms a run", "ratio", "quartiles", *costs):
        table.add_column(name, justify="right", no_wrap=True)
    for n, size in enumerate(sizes):
        milliseconds = 1000 * statistics.median(each[n] for each in rounds)
        low, middle, high = statistics.quantiles([each[n] / each[0] for each in rounds], n=4)
        row = [str(size), f"{records[n]:.0f}", f"{milliseconds:.1f}", f"{middle:.2f}", f"{low:.2f} to {high:.2f}"]
        if compiled:
            seconds, megabytes, lines = compiled[n]
            row += [f"{lines:,}", f"{seconds:.2f}", f"{megabytes:.0f}"]
        table.add_row(*row)
    console.print(table)


def runs_a_second(data: Mapping[str, Any]) -> None:
    """Show how many runs of osce_wide as shipped are done in a second."""
    arms = list(data["arms"])
    with variants([(data, arm) for arm in arms]) as several:
        rounds = in_turn(several, REPLICATIONS, ROUNDS)
    table = Table(title="osce_wide as shipped, one core", title_justify="left")
    for name in ("arm", "runs a CPU second (quartiles)"):
        table.add_column(name, justify="right")
    for n, arm in enumerate(arms):
        low, middle, high = statistics.quantiles([1 / each[n] for each in rounds], n=4)
        table.add_row(arm, f"{middle:.0f} ({low:.0f} to {high:.0f})")
    console.print(table)
    began, spent = time.perf_counter(), workers_spent()
    run_batch(load(data), BATCH_REPLICATIONS, workers=WORKERS)
    took, spent = time.perf_counter() - began, workers_spent() - spent
    runs = BATCH_REPLICATIONS * len(arms)
    console.print(
        f"batch of {runs:,} runs in {len(arms)} arms, {WORKERS} workers, their start and the measuring included: "
        f"{runs / took:.0f} runs a second, {runs / spent:.0f} runs a CPU second of the workers"
    )


def workers_spent() -> float:
    """Return the CPU seconds of all processes started from here that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print all three."""
    for arm in ARMS:
        by_states(arm)
    for arm in ARMS:
        by_events(arm)
    runs_a_second(load("osce_wide").data)


if __name__ == "__main__":
    main()
