"""Measures: tables of events and decisions of many runs in, a row a run out; a concept a file.

A new measure is one file with a function of type `Measure`, and one entry in `MEASURES`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from simcrisis.frames import RUN
from simcrisis.measures.acts import acts
from simcrisis.measures.belief import brier
from simcrisis.measures.communication import communication
from simcrisis.measures.compensator import compensators
from simcrisis.measures.incidents import incidents
from simcrisis.measures.peak import peak
from simcrisis.measures.rungs import rung_changes, rung_hours

__all__ = ["MEASURES", "Tables", "outcomes", "rung_changes"]


class Tables(NamedTuple):
    """What measures are computed from: the events and decisions of some runs, and the runs themselves."""

    events: pl.DataFrame
    decisions: pl.DataFrame
    runs: pl.DataFrame
    """Columns arm, replication: also runs in which nothing happened."""
    horizon_hours: float


Measure = Callable[[Tables], pl.DataFrame]
MEASURES: tuple[Measure, ...] = (
    lambda t: peak(t.events),
    lambda t: rung_hours(t.events, t.horizon_hours),
    lambda t: acts(t.events, t.decisions),
    lambda t: communication(t.events),
    lambda t: incidents(t.events, t.horizon_hours),
    lambda t: brier(t.decisions),
    lambda t: compensators(t.events, t.decisions),
)
"""Each returns columns arm, replication and its own; a run that it says nothing of gets the fill below."""
_ZERO_IF_NOTHING = (
    "_hours",
    "_acts",
    "acts",
    "counter_operations",
    "inquiries",
    "assurances",
    "silences",
    "meetings",
    "withdrawn",
    "_briefed",
    "_down",
    "peak_rung",
    "carried_peak",
)


def outcomes(tables: Tables) -> pl.DataFrame:
    """Return one row a run with every measure."""
    arms = pl.Enum(tables.runs["arm"].unique(maintain_order=True))  # joined in less time than words are
    events, decisions, rows = (each.with_columns(pl.col("arm").cast(arms)) for each in tables[:3])
    coded = Tables(events, decisions, rows, tables.horizon_hours)
    for measure in MEASURES:
        rows = rows.join(measure(coded), on=RUN, how="left", maintain_order="left")
    rows = rows.with_columns(pl.col("arm").cast(pl.String))
    counts = [name for name in rows.columns if name.endswith(_ZERO_IF_NOTHING) or name.startswith("chance_")]
    return rows.with_columns(pl.col(counts).fill_null(0), pl.col("crossed_firebreak").fill_null(value=False))
