"""Complement or substitute: do CBMs 2 and 8 together do more, or less, than the two apart?"""

from __future__ import annotations

from functools import cache

import polars as pl

from simcrisis import Batch, load, run_batch
from simcrisis.rules.doctrines import RULES
from simcrisis.scenario.shelf import shipped
from simcrisis.stats import compare
from tests.studies import SEED, table, write

RUNS, OF_MANY_STATES = 2000, 300
RUNGS = (4, 6, 8)
ARMS = {"none": {"cbms": []}, "cbm2": {"cbms": [2]}, "cbm8": {"cbms": [8]}, "both": {"cbms": [2, 8]}}
CONTRAST = "both - cbm2 - cbm8 + none"


@cache
def batch_of(name: str, rule: str) -> Batch:
    """Return the four arms of a shipped scenario under a decision rule."""
    scenario = load({**load(name).data, "arms": ARMS}).with_({"model.rule": rule})
    return run_batch(scenario, RUNS if len(scenario.states) < 20 else OF_MANY_STATES, SEED)


def contrast(name: str, rule: str, rung: int) -> dict[str, float]:
    """Return the interaction contrast of a rung with its interval, in shares of runs."""
    rows = compare(batch_of(name, rule).runs, "none", (("cbm2", "cbm8", "both"),))
    found = rows.filter((pl.col("arm") == CONTRAST) & (pl.col("rung") == rung)).row(0, named=True)
    return {key: found[key] for key in ("difference", "low", "high")}


def verdict(found: dict[str, float]) -> str:
    """Return what a contrast says where more risk is worse: together less than the sum is a complement."""
    return "complements" if found["high"] < 0 else "substitutes" if found["low"] > 0 else "neither seen"


def main() -> None:
    """Write docs/complement_or_substitute.md."""
    rows = []
    for name in shipped():
        for rung in RUNGS:
            cells = [name, str(rung)]
            for rule in RULES:
                found = contrast(name, rule, rung)
                low, value, high = (100 * found[key] for key in ("low", "difference", "high"))
                cells += [f"{value:+.1f} ({low:+.1f} to {high:+.1f})", verdict(found)]
            rows.append(cells)
    heads = ["scenario", "rung"]
    for rule in RULES:
        heads += [f"{rule}: points (95 %)", "so they are"]
    write(
        "complement_or_substitute.md",
        "Complement or substitute?",
        "The interaction contrast `both - cbm2 - cbm8 + none` of CBMs 2 and 8, in percentage points of the share of "
        f"runs that reach a rung: {RUNS:,} replications of each of four arms ({OF_MANY_STATES} where there are 57 "
        "States), under the same luck, in every shipped scenario and under both decision rules. Each scenario keeps "
        "its States, incidents and written lines; only its arms are replaced. Below zero the two together lower the "
        "risk by more (or raise it by less) than the sum of each alone: complements. Above zero: substitutes.",
        table(heads, rows),
        f"Of {2 * len(rows)} contrasts about {round(0.05 * 2 * len(rows))} would be told from zero by chance alone. A "
        "finding that holds under one rule only is a property of that rule.",
    )


if __name__ == "__main__":
    main()
