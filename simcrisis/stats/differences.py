"""What an arm changes against the reference, under the same luck."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

import numpy as np
import numpy.typing as npt
import polars as pl

from simcrisis.events import EXCEEDED
from simcrisis.stats import intervals

Hits = npt.NDArray[np.bool_]
Peaks = dict[str, npt.NDArray[np.int64]]

SCHEMA = {
    "arm": pl.String,
    "reference": pl.String,
    "rung": pl.Int64,
    "n": pl.Int64,
    "difference": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "ratio": pl.Float64,
    "ratio_low": pl.Float64,
    "ratio_high": pl.Float64,
    "discordant_up": pl.Int64,
    "discordant_down": pl.Int64,
    "p_value": pl.Float64,
    "variance_ratio": pl.Float64,
    "method": pl.String,
}
PAIRED = "paired shares, adjusted Wald 95 % (Bonett-Price), exact McNemar"
CONTRAST = "interaction contrast, adjusted Wald 95 %"


def differences(
    runs: pl.DataFrame, reference: str, interactions: Mapping[tuple[str, str], str] | None = None
) -> pl.DataFrame:
    """Return the difference in exceedance risk of each arm against the reference, rung by rung.

    Pairs are replications that failed in no arm. `interactions` maps two arms to the arm that joins them; for each
    a contrast `both - one - other + reference` is appended: 0 where the two add up.
    """
    arms = runs["arm"].unique(maintain_order=True).to_list()
    peaks = _paired(runs.filter(~pl.col("failed")), arms)
    rows: list[dict[str, object]] = []
    if reference in peaks and len(peaks[reference]):
        for arm in arms:
            if arm != reference:
                rows += [_difference(peaks, arm, reference, rung) for rung in EXCEEDED]
        for (one, other), both in (interactions or {}).items():
            if {one, other, both} <= set(peaks):
                rows += [_contrast(peaks, (both, one, other, reference), rung) for rung in EXCEEDED]
    return pl.DataFrame(rows, schema=SCHEMA)


def _paired(runs: pl.DataFrame, arms: list[str]) -> Peaks:
    """Return the peaks of each arm, over the replications that all of them have, in one order."""
    by_arm = {arm: runs.filter(pl.col("arm") == arm).sort("replication") for arm in arms}
    common = reduce(np.intersect1d, (frame["replication"].to_numpy() for frame in by_arm.values()))
    return {
        arm: frame.filter(pl.col("replication").is_in(common.tolist()))["peak_rung"].to_numpy()
        for arm, frame in by_arm.items()
    }


def _difference(peaks: Peaks, arm: str, reference: str, rung: int) -> dict[str, object]:
    there: Hits = peaks[arm] >= rung
    here: Hits = peaks[reference] >= rung
    n, up, down = len(here), int((there & ~here).sum()), int((here & ~there).sum())
    low, high = intervals.paired_difference(up, down, n)
    ratio = intervals.paired_ratio(int(there.sum()), int(here.sum()), up, down) or (None, None, None)
    return {
        "arm": arm,
        "reference": reference,
        "rung": rung,
        "n": n,
        "difference": (up - down) / n,
        "low": low,
        "high": high,
        "ratio": ratio[0],
        "ratio_low": ratio[1],
        "ratio_high": ratio[2],
        "discordant_up": up,
        "discordant_down": down,
        "p_value": intervals.mcnemar(up, down),
        "variance_ratio": _saved(there.mean(), here.mean(), up / n, down / n),
        "method": PAIRED,
    }


def _saved(there: float, here: float, up: float, down: float) -> float | None:
    """Return by which factor common luck lowered the variance of the difference; None where nothing differs."""
    paired = up + down - (up - down) ** 2
    return float((there * (1 - there) + here * (1 - here)) / paired) if paired > 0 else None


def _contrast(peaks: Peaks, arms: tuple[str, str, str, str], rung: int) -> dict[str, object]:
    both, one, other, reference = ((peaks[arm] >= rung).astype(np.int64) for arm in arms)
    centre, low, high = intervals.contrast((both - one - other + reference).astype(np.float64))
    return {
        "arm": f"{arms[0]} - {arms[1]} - {arms[2]} + {arms[3]}",
        "reference": arms[3],
        "rung": rung,
        "n": len(both),
        "difference": centre,
        "low": low,
        "high": high,
        "method": CONTRAST,
    }
