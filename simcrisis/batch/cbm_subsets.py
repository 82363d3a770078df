"""Every subset of some CBMs as an arm: what each CBM contributes, and which subset is best under a budget."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
import numpy.typing as npt
import polars as pl

from simcrisis import stats
from simcrisis.batch.batch import Batch
from simcrisis.batch.line_arms import Regime
from simcrisis.errors import BatchError
from simcrisis.scenario.adoption import ALL, parse_cbm

MOST_CBMS = 7
"""CBMs of which every subset is run: 128 arms."""
UNASKED = 6
"""CBMs of an arm up to which it is done without being asked for."""
THOUSAND = 1000.0
VALUES = {
    "cbm": pl.Int64,
    "averted_per_1000": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "alone_per_1000": pl.Float64,
    "alone_low": pl.Float64,
    "alone_high": pl.Float64,
    "last_per_1000": pl.Float64,
    "last_low": pl.Float64,
    "last_high": pl.Float64,
    "runs": pl.Int64,
    "rung": pl.Int64,
}
PORTFOLIOS = {
    "cbms": pl.String,
    "arm": pl.String,
    "cost": pl.Float64,
    "best": pl.Boolean,
    "apart_from_best": pl.Boolean,
    "risk_chosen_on": pl.Float64,
    "risk": pl.Float64,
    "risk_low": pl.Float64,
    "risk_high": pl.Float64,
    "averted_per_1000": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "p_value": pl.Float64,
    "p_holm": pl.Float64,
    "runs": pl.Int64,
    "rung": pl.Int64,
}


@dataclass(frozen=True)
class Subsets:
    """Some CBMs, and the arm of each of their subsets."""

    cbms: tuple[int, ...]
    arms: tuple[str, ...]
    """By subset: CBM `cbms[i]` is adopted in arm s if `s >> i & 1`."""

    def named(self, subset: int) -> str:
        """Return the CBMs of a subset in words."""
        return _named(self.cbms, subset)


def _named(cbms: Sequence[int], subset: int) -> str:
    return ", ".join(str(cbm) for i, cbm in enumerate(cbms) if subset >> i & 1) or "none"


def chosen_cbms(regime: Regime, asked: Iterable[int] | None) -> tuple[int, ...]:
    """Return the CBMs whose subsets are run: those asked for, else those of an arm unless they are too many.

    Raises BatchError for one that is not known, and for too many.
    """
    if asked is None:
        adopted = sorted(map(int, regime["cbms"]))
        return tuple(adopted) if len(adopted) <= UNASKED else ()
    try:
        found = tuple(sorted(set(map(parse_cbm, asked))))
    except ValueError as error:
        raise BatchError(f"cbms: {error}") from None
    if len(found) > MOST_CBMS:
        raise BatchError(f"cbms: {len(found)} CBMs have {2 ** len(found):,} subsets; name at most {MOST_CBMS}")
    return found


def subset_arms(regime: Regime, cbms: Sequence[int]) -> list[tuple[str, Regime]]:
    """Return name and regime of each subset of CBMs, by subset; all else is as the regime has it.

    A CBM is adopted as in the regime, by all where the regime does not have it.
    """
    others = {number: how for number, how in regime["cbms"].items() if int(number) not in cbms}
    ways = {str(number): regime["cbms"].get(str(number), ALL) for number in cbms}
    arms: list[tuple[str, Regime]] = []
    for subset in range(2 ** len(cbms)):
        adopted = {str(cbm): ways[str(cbm)] for i, cbm in enumerate(cbms) if subset >> i & 1}
        words = f"CBMs {_named(cbms, subset)}" if not others else f"CBMs {_named(cbms, subset)} and the others"
        arms.append((words, {**regime, "cbms": dict(sorted({**others, **adopted}.items(), key=_number))}))
    return arms


def _number(item: tuple[str, object]) -> int:
    return int(item[0])


def cbm_values(batch: Batch, subsets: Subsets, rung: int) -> pl.DataFrame:
    """Return a row a CBM, the highest first: its Shapley value, what it averts alone, and on top of all others.

    In escalations to a rung averted per 1,000 runs, with 95 % intervals; the values of all CBMs add up to what they
    avert together. Replications that failed in an arm of a subset are left out.
    """
    reached, _ = _reached(batch, subsets, rung)
    if not reached.shape[1]:
        return pl.DataFrame(schema=VALUES)
    everything = len(reached) - 1
    rows = []
    for i, value in enumerate(stats.shapley(reached)):
        alone = stats.averted(reached[0], reached[1 << i])
        last = stats.averted(reached[everything & ~(1 << i)], reached[everything])
        shares = (THOUSAND * number for each in (value, alone, last) for number in (each.value, each.low, each.high))
        rows.append((subsets.cbms[i], *shares, reached.shape[1], rung))
    table = pl.DataFrame(rows, schema=VALUES, orient="row")
    return table.sort("averted_per_1000", "cbm", descending=[True, False])


def check_budget(subsets: Collection[int], budget: float | None, costs: Mapping[int, float]) -> None:
    """Raise BatchError where a budget or a cost makes no sense."""
    for number, cost in costs.items():
        if number not in subsets:
            told = f"there are {', '.join(map(str, sorted(subsets)))}" if subsets else "there are none"
            raise BatchError(f"cost: CBM {number} is not among those whose subsets are compared; {told}")
        if not (isfinite(cost) and cost >= 0):
            raise BatchError(f"cost: {cost:g} of CBM {number} should be a number from 0")
    if budget is None and costs:
        raise BatchError("cost: costs go with a budget")
    if budget is not None and not subsets:
        raise BatchError("budget: say which CBMs it could be spent on (cbms)")
    if budget is not None and not (isfinite(budget) and budget >= 0):
        raise BatchError(f"budget: {budget:g} should be a number from 0")


def best_portfolios(
    batch: Batch, subsets: Subsets, rung: int, budget: float, costs: Mapping[int, float]
) -> pl.DataFrame:
    """Return a row for each subset of CBMs that a budget pays for, the best first, the others by their risk.

    `costs` by CBM, 1 where it names none. The best is chosen on the even replications; risk, what is averted against
    none of the CBMs, and p-values against the best are of the odd ones (docs/batches.md).
    """
    reached, replications = _reached(batch, subsets, rung)
    if not {0, 1} <= {replication % 2 for replication in replications}:
        raise BatchError("budget: the best is chosen on one half of the replications and judged on the other; run more")
    each = [costs.get(cbm, 1.0) for cbm in subsets.cbms]
    rows = [
        (
            subsets.named(one.subset),
            subsets.arms[one.subset],
            one.cost,
            n == 0,
            one.apart,
            one.risk_chosen_on,
            one.risk,
            one.low,
            one.high,
            THOUSAND * one.averted,
            THOUSAND * one.averted_low,
            THOUSAND * one.averted_high,
            one.p_value,
            one.p_holm,
            one.n,
            rung,
        )
        for n, one in enumerate(stats.portfolios(reached, replications, each, budget))
    ]
    return pl.DataFrame(rows, schema=PORTFOLIOS, orient="row")


def _reached(batch: Batch, subsets: Subsets, rung: int) -> tuple[npt.NDArray[np.bool_], list[int]]:
    """Return [subset, replication] whether a rung was reached, and the replications that failed in no subset's arm."""
    runs = batch.scan("runs").select("arm", "replication", "failed", pl.col("peak_rung") >= rung)
    runs = runs.filter(pl.col("arm").is_in(list(set(subsets.arms)))).sort("arm", "replication")
    of_arm = {str(key[0]): each for key, each in runs.collect().group_by("arm")}
    fine = np.array([~of_arm[arm]["failed"].to_numpy() for arm in subsets.arms]).all(axis=0)
    reached = np.array([of_arm[arm]["peak_rung"].fill_null(value=False).to_numpy()[fine] for arm in subsets.arms])
    return reached, of_arm[subsets.arms[0]]["replication"].to_numpy()[fine].tolist()
