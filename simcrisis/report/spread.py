"""A batch over design points: which levels were compared, and from where to where its figures reach."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import polars as pl

from simcrisis.batch.batch import Batch
from simcrisis.errors import isolated
from simcrisis.report.standing import detectable
from simcrisis.report.tables import percent
from simcrisis.report.words import within
from simcrisis.scenario.experiment import Factor, Range
from simcrisis.shown import ASSUMED

_FACTORS, _LEVELS, _ARMS = 3, 5, 4
"""How many are named in a sentence; the others are counted."""


def over_points(batch: Batch, reference: pl.DataFrame, changes: pl.DataFrame) -> str:
    """Return the answer of a batch over its design points: rows of the reference's risk, and of what arms change."""
    shares = reference["probability"].to_list()
    share = _reach([percent(min(shares)), percent(max(shares))])
    counts = reference["n"].to_list()
    runs = _reach([f"{min(counts):,}", f"{max(counts):,}"])
    points = f"{len(batch.plan.points):,} design points of {runs} runs each ({levels_in_words(batch)})"
    told = (
        f"{ASSUMED}, force is threatened or used within {within(batch)} in {share} % of the runs with arm "
        f"'{isolated(batch.arms[0])}', over {points}."
    )
    parts = _changes(batch, changes)
    corrected = ", and corrected for the number of comparisons" if "p_adjusted" in changes.columns else ""
    return f"{told} Against that{corrected}, {'; '.join(parts)}." if parts else told


def levels_in_words(batch: Batch) -> str:
    """Return which levels of which factors a batch compares."""
    experiment = batch.scenario.experiment
    assert experiment is not None, "a batch with factors has an experiment"
    told = [f"{isolated(path)}: {factor_in_words(factor)}" for path, factor in experiment.vary.items()]
    return listed(told, _FACTORS, "factors", "; ")


def factor_in_words(factor: Factor) -> str:
    """Return the levels of a factor, or the range from which they are sampled."""
    if isinstance(factor, Range):
        scale = " (log scale)" if factor.scale == "log" else ""
        return f"{level_in_words(factor.low)} to {level_in_words(factor.high)}, sampled{scale}"
    if len(factor) <= _LEVELS:
        return ", ".join(map(level_in_words, factor))
    return f"{len(factor)} levels, the first {level_in_words(factor[0])}, the last {level_in_words(factor[-1])}"


def spread_rows(batch: Batch, rungs: Sequence[int]) -> list[list[str]]:
    """Return a row an arm: for each rung the least, the median and the largest share of runs over the design points."""
    return [
        [arm, *(_over(batch.risk, "probability", arm, rung, lambda share: f"{percent(share)} %") for rung in rungs)]
        for arm in batch.arms
    ]


def changes_over_points(batch: Batch, rungs: Sequence[int]) -> list[list[str]]:
    """Return a row an arm: for each rung the least, the median and the largest change, in percentage points."""
    return [
        [arm, *(_over(batch.differences, "difference", arm, rung, lambda by: f"{100 * by:+.1f}") for rung in rungs)]
        for arm in batch.arms[1:]
    ]


def listed(parts: Sequence[str], most: int, what: str, between: str = ", ") -> str:
    """Return texts in a row, and how many more of them there are."""
    if len(parts) <= most + 1:
        return f"{between.join(parts[:-1])} and {parts[-1]}" if between == ", " and parts[1:] else between.join(parts)
    return f"{between.join(parts[:most])}{between}and {len(parts) - most:,} other {what}"


def _changes(batch: Batch, changes: pl.DataFrame) -> list[str]:
    """Return what arms change, least to most over the design points, and at how many of them one can tell."""
    found, unknown, lost = [], [], []
    for arm in batch.arms[1:]:
        rows = changes.filter(pl.col("arm") == arm).drop_nulls("difference").to_dicts()
        name = f"'{isolated(arm)}'"
        if not rows:
            lost.append(name)
            continue
        each = [100 * row["difference"] for row in rows]
        reach = f"{_reach([f'{min(each):+.1f}', f'{max(each):+.1f}'])} percentage points"
        more, less = (sum(detectable(row) and (row["difference"] > 0) is up for row in rows) for up in (True, False))
        told = [f"{word} at {count:,}" for word, count in (("more often", more), ("less often", less)) if count]
        if told:
            found.append(f"with {name} the change is {reach}, detectably {' and '.join(told)} of {len(rows):,} points")
        else:
            unknown.append(f"{name} ({reach})")
    parts = [listed(found, _ARMS, "arms", "; ")] if found else []
    if unknown:
        with_them = listed(unknown, _ARMS, "arms")
        parts.append(
            f"no difference is detectable at any point with {with_them}, which does not say that there is none"
        )
    if lost:
        parts.append(f"no run came to its end with {listed(lost, _ARMS, 'arms')}")
    return parts


def _reach(ends: Sequence[str]) -> str:
    return " to ".join(dict.fromkeys(ends))


def _over(table: pl.DataFrame, column: str, arm: str, rung: int, told: Any) -> str:
    values = table.filter(pl.col("arm") == arm, pl.col("rung") == rung)[column].drop_nulls()
    return " / ".join(told(value) for value in (values.min(), values.median(), values.max())) if len(values) else "-"


def level_in_words(value: Any) -> str:
    """Return a level of a factor, or whatever else a scenario file may hold at a path."""
    return isolated(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
