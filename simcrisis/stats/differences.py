"""What an arm changes against the reference, under the same luck."""

from __future__ import annotations

import polars as pl

from simcrisis.events import EXCEEDED
from simcrisis.stats import intervals
from simcrisis.stats.tally import CHANGES, CONTRAST_VALUES, Question, Tally, tally

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


def differences(question: Question, counted: Tally) -> pl.DataFrame:
    """Return the difference in exceedance risk of each arm against the reference, rung by rung.

    Pairs are replications that failed in no arm. For each contrast of the question, rows `both - one - other +
    reference` are appended: 0 where the two add up.
    """
    rows: list[dict[str, object]] = []
    if counted.pairs:
        for arm in range(1, len(question.arms)):
            rows += [_difference(question, counted, arm, rung) for rung in EXCEEDED]
        for which in range(len(question.contrasts)):
            rows += [_contrast(question, counted, which, rung) for rung in EXCEEDED]
    return pl.DataFrame(rows, schema=SCHEMA)


def compare(runs: pl.DataFrame, reference: str, contrasts: tuple[tuple[str, str, str], ...] = ()) -> pl.DataFrame:
    """Return the differences in a table of runs of one design point, against any of its arms.

    `contrasts` are (one, other, both). Every replication stands once in every arm.
    """
    arms = runs["arm"].unique(maintain_order=True).to_list()
    question = Question((reference, *(arm for arm in arms if arm != reference)), contrasts, points=1)
    return differences(question, tally(runs, pl.DataFrame(schema=CHANGES), question, 0.0))


def _difference(question: Question, counted: Tally, arm: int, rung: int) -> dict[str, object]:
    n, at = counted.pairs, EXCEEDED.index(rung)
    there, here = int(counted.paired_hits[arm, at]), int(counted.paired_hits[0, at])
    up, down = int(counted.up[arm, at]), int(counted.down[arm, at])
    low, high = intervals.paired_difference(up, down, n)
    ratio = intervals.paired_ratio(there, here, up, down) or (None, None, None)
    return {
        "arm": question.arms[arm],
        "reference": question.arms[0],
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
        "variance_ratio": _saved(there / n, here / n, up / n, down / n),
        "method": PAIRED,
    }


def _saved(there: float, here: float, up: float, down: float) -> float | None:
    """Return by which factor common luck lowered the variance of the difference; None where nothing differs."""
    paired = up + down - (up - down) ** 2
    return float((there * (1 - there) + here * (1 - here)) / paired) if paired > 0 else None


def _contrast(question: Question, counted: Tally, which: int, rung: int) -> dict[str, object]:
    one, other, both = question.contrasts[which]
    reference = question.arms[0]
    values = dict(zip(CONTRAST_VALUES, counted.contrasts[which, EXCEEDED.index(rung)].tolist(), strict=True))
    centre, low, high = intervals.contrast(values)
    return {
        "arm": f"{both} - {one} - {other} + {reference}",
        "reference": reference,
        "rung": rung,
        "n": counted.pairs,
        "difference": centre,
        "low": low,
        "high": high,
        "method": CONTRAST,
    }
