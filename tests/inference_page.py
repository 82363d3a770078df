"""The section of docs/validation.md on inference: coverage, stopping, and the runs that are saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from simcrisis import load, run_batch
from simcrisis.scenario import shipped
from simcrisis.stats.compensated import LEAST_HITS
from tests import coverage
from tests.coverage import Held
from tests.planted import ANSWERS, PLANTED, RIVAL, ranked_first

REPLICATIONS, OF_MANY_STATES = 3000, 300
PEEKED_BATCHES = 10_000
REPETITIONS = 100


def sections() -> Iterator[str]:
    """Yield the paragraphs and tables."""
    yield "## Inference"
    yield (
        "How often 95 % intervals hold the truth: the mean over shares within 20 % of the one named, and the least at "
        "any of them, in per cent. Asked for: a mean of 94.5 to 96.5 and never below 92 where five hits (of a "
        "difference: discordant pairs; of a ratio: hits in the arm with fewer) or more are expected; conservative "
        "intervals below that (in italics). Shares and differences are summed exactly over all outcomes, ratios and "
        "compensated estimates simulated. Methods and sources: `simcrisis/stats/intervals.py`."
    )
    yield "### A share of runs"
    yield _table("", "expected hits", coverage.shares())
    yield "### A difference of paired shares"
    yield _table("", "expected discordant pairs", coverage.paired_differences())
    yield "### A ratio of paired shares"
    yield _table("", "expected hits in the arm with fewer", coverage.paired_ratios())
    yield "### Compensated estimates"
    yield (
        "Simulated batches of runs of up to three decisions whose chances differ much; the other arm has 0.7 of the "
        "chances, under the same luck. Coverage in per cent."
    )
    yield _compensated()
    yield "### Stopping"
    yield _stopping()
    yield "### Which line matters"
    found = ranked_first(load(PLANTED), REPETITIONS, arm="lines")
    yield (
        f"In a crisis in which one line averts {1000 * ANSWERS * (1 - RIVAL):.0f} escalations in 1,000 runs by "
        "construction, another a fifth of that and all others none (`tests/planted.py`), `lines` with 60 runs of each "
        f"arm ranked the first line first in {found} of {REPETITIONS} repetitions with other luck."
    )
    yield "### Runs saved"
    yield (
        "By which factor pairing under common luck, and the compensator on top, cut the runs that the difference of "
        f"the last from the first arm needs for the same precision: {REPLICATIONS:,} replications ({OF_MANY_STATES} of "
        f"scenarios with twenty States or more), rungs with at least {LEAST_HITS} hits in both arms. Last column: "
        "the factor for the risk of the first arm by itself, from the compensator. Below 1, something was lost."
    )
    yield "\n".join(runs_saved())


def _table(what: str, expected: str, rows: Iterable[Held]) -> str:
    lines = [f"| {what} | {expected} | mean | least |", "|---|---|---|---|"]
    for held in rows:
        mark = "" if held.usual else "*"
        values = (f"{held.expected:,.1f}", f"{100 * held.mean:.1f}", f"{100 * held.least:.1f}")
        lines.append(f"| {held.what} | " + " | ".join(f"{mark}{value}{mark}" for value in values) + " |")
    return "\n".join(lines)


def _compensated() -> str:
    lines = ["| | expected hits | risk | difference |", "|---|---|---|---|"]
    for what, expected, of_risk, of_difference in coverage.compensated():
        lines.append(f"| {what} | {expected:.0f} | {100 * of_risk:.1f} | {100 * of_difference:.1f} |")
    return "\n".join(lines)


def _stopping() -> str:
    found = coverage.peeking(PEEKED_BATCHES)
    return (
        f"{PEEKED_BATCHES:,} batches of 2,000 pairs of arms that do not differ (a fifth of the pairs discordant), with "
        f"a look after every pair: `--until sign` stopped, wrongly, {100 * found.false_stops:.1f} % of them (less than "
        "5 % are allowed, however long one goes on); stopping as soon as the exact McNemar test has p < 0.05 stopped "
        f"{100 * found.naive:.0f} %. The confidence sequence of the difference ever left out 0 in "
        f"{100 * found.missed:.1f} % of 200 of them."
    )


def runs_saved() -> list[str]:
    """Return the table of factors, scenario by scenario."""
    lines = [
        "| Scenario | last arm against first | rung | hits | pairing | compensator | together | risk of the first |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in shipped():
        scenario = load(name)
        arms = list(scenario.arms)
        many = len(scenario.states) >= 20
        batch = run_batch(scenario, OF_MANY_STATES if many else REPLICATIONS, 1, arms=[arms[0], arms[-1]])
        risks = batch.risk.partition_by("arm", as_dict=True)
        first, last = (risks[(arm,)] for arm in (arms[0], arms[-1]))
        changes = batch.differences.filter(pl.col("arm") == arms[-1])
        enough = 0
        for row, of_first, hits in zip(
            changes.iter_rows(named=True), first.iter_rows(named=True), last["hits"], strict=True
        ):
            pairing, compensator = row["variance_ratio"], row["compensated_saved"]
            if min(of_first["hits"], hits) < LEAST_HITS or None in (pairing, compensator):
                continue
            enough += 1
            factors = (pairing, compensator, pairing * compensator, of_first["compensated_saved"])
            told = " | ".join(f"{factor:.1f}" for factor in factors)
            lines.append(f"| {name} | {arms[-1]} / {arms[0]} | {row['rung']} | {hits} / {of_first['hits']} | {told} |")
        if not enough:
            lines.append(f"| {name} | {arms[-1]} / {arms[0]} | - | fewer than {LEAST_HITS} | - | - | - | - |")
    return lines


if __name__ == "__main__":
    print("\n".join(runs_saved()))
