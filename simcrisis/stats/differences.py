"""What an arm changes against the reference, under the same luck."""

from __future__ import annotations

import numpy as np
import polars as pl

from simcrisis.events import EXCEEDED
from simcrisis.stats.intervals import contrast
from simcrisis.stats.tally import CHANGES, CONTRAST_VALUES, Counts, Floats, Question, Tally, tally

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


def differences(question: Question, counted: Tally) -> pl.DataFrame:
    """Return the difference in exceedance risk of each arm against the reference, rung by rung.

    Pairs are replications that failed in no arm. For each contrast of the question, rows `both - one - other +
    reference` are appended: 0 where the two add up.
    """
    if not counted.pairs:
        return pl.DataFrame(schema=SCHEMA)
    arms = [_of_arm(question, counted, arm) for arm in range(1, len(question.arms))]
    contrasts = [_of_contrast(question, counted, which) for which in range(len(question.contrasts))]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *arms, *contrasts])


def compare(runs: pl.DataFrame, reference: str, contrasts: tuple[tuple[str, str, str], ...] = ()) -> pl.DataFrame:
    """Return the differences in a table of runs of one design point, against any of its arms.

    `contrasts` are (one, other, both). Every replication stands once in every arm.
    """
    arms = runs["arm"].unique(maintain_order=True).to_list()
    question = Question((reference, *(arm for arm in arms if arm != reference)), contrasts, points=1)
    return differences(question, tally(runs, pl.DataFrame(schema=CHANGES), question, 0.0))


def _of_arm(question: Question, counted: Tally, arm: int) -> pl.DataFrame:
    """Return the rows of an arm, a rung each."""
    n, method = counted.pairs, question.method
    up, down, there, here = counted.up[arm], counted.down[arm], counted.paired_hits[arm], counted.paired_hits[0]
    low, high = method.difference(up, down, n)
    ratio, ratio_low, ratio_high = method.ratio(there - up, up, down, n)
    return _rows(
        arm=question.arms[arm],
        reference=question.arms[0],
        rung=list(EXCEEDED),
        n=n,
        difference=(up - down) / n,
        low=low,
        high=high,
        ratio=ratio,
        ratio_low=ratio_low,
        ratio_high=ratio_high,
        discordant_up=up,
        discordant_down=down,
        p_value=method.p_value(up, down),
        variance_ratio=saved(there / n, here / n, up / n, down / n),
        method=list(map(method.difference_name, up.tolist(), down.tolist(), (there + here).tolist())),
    )


def saved(there: Floats, here: Floats, up: Floats, down: Floats) -> Floats:
    """Return by which factor common luck lowered the variance of the differences of shares; NaN where none differs."""
    paired = up + down - (up - down) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(paired > 0, (there * (1 - there) + here * (1 - here)) / paired, np.nan)


def _of_contrast(question: Question, counted: Tally, which: int) -> pl.DataFrame:
    """Return the rows of a contrast, a rung each."""
    one, other, both = question.contrasts[which]
    found: Counts = counted.contrasts[which]
    values = np.array(CONTRAST_VALUES)
    mean, low, high = contrast(
        counted.pairs, found @ values, found @ values**2, CONTRAST_VALUES[-1], question.method.critical
    )
    return _rows(
        arm=f"{both} - {one} - {other} + {question.arms[0]}",
        reference=question.arms[0],
        rung=list(EXCEEDED),
        n=counted.pairs,
        difference=mean,
        low=low,
        high=high,
        method=f"interaction contrast, adjusted, {question.method.mean_name}",
    )


def _rows(**columns: object) -> pl.DataFrame:
    """Return rows with the columns of the table; those not given are null, and NaN is null."""
    table = pl.DataFrame(columns)
    return table.select(
        (pl.col(name).fill_nan(None) if dtype == pl.Float64 else pl.col(name)).cast(dtype)
        if name in table.columns
        else pl.lit(None, dtype).alias(name)
        for name, dtype in SCHEMA.items()
    )
