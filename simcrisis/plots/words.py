"""Words that labels share: what a figure is of, and that it is of a model."""

from __future__ import annotations

import polars as pl

from simcrisis.catalogue import ladder

WITHIN_MODEL = "In this model, under these assumptions."


def act(rung: int) -> str:
    """Return what stands on a rung, in words."""
    return ladder()[rung].act


def or_above(rung: int) -> str:
    """Return a rung and all above it, in words."""
    return f"rung {rung} ({act(rung)}) or above" if rung < 10 else f"rung 10 ({act(rung)})"


def runs_of(table: pl.DataFrame) -> str:
    """Return of how many runs of each arm a table is: its column `n`."""
    counts = table["n"].unique().sort().to_list()
    return f"n = {' to '.join(f'{n:,}' for n in {counts[0], counts[-1]})} runs of each arm" if counts else "no runs"
