"""What an arm changes against the reference, under the same luck."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from simcrisis.events import EXCEEDED
from simcrisis.stats import intervals

Hits = npt.NDArray[np.bool_]

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
    wide = (
        runs.filter(~pl.col("failed"))
        .pivot(on="arm", index="replication", values="peak_rung")
        .drop_nulls()
        .sort("replication")
    )
    rows: list[dict[str, object]] = []
    if reference in wide.columns and len(wide):
        for arm in arms:
            if arm != reference:
                rows += [_difference(wide, arm, reference, rung) for rung in EXCEEDED]
        for (one, other), both in (interactions or {}).items():
            if {one, other, both} <= set(wide.columns):
                rows += [_contrast(wide, (both, one, other, reference), rung) for rung in EXCEEDED]
    return pl.DataFrame(rows, schema=SCHEMA)


def _difference(wide: pl.DataFrame, arm: str, reference: str, rung: int) -> dict[str, object]:
    there: Hits = (wide[arm] >= rung).to_numpy()
    here: Hits = (wide[reference] >= rung).to_numpy()
    n, up, down = len(wide), int((there & ~here).sum()), int((here & ~there).sum())
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


def _contrast(wide: pl.DataFrame, arms: tuple[str, str, str, str], rung: int) -> dict[str, object]:
    both, one, other, reference = ((wide[arm] >= rung).cast(pl.Int64).to_numpy() for arm in arms)
    centre, low, high = intervals.contrast((both - one - other + reference).astype(np.float64))
    return {
        "arm": f"{arms[0]} - {arms[1]} - {arms[2]} + {arms[3]}",
        "reference": arms[3],
        "rung": rung,
        "n": len(wide),
        "difference": centre,
        "low": low,
        "high": high,
        "method": CONTRAST,
    }
