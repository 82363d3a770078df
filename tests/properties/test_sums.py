"""Sums over runs are those of `math.fsum`, however many rows a run has."""

from __future__ import annotations

import math

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from simcrisis.measures.sums import summed

NUMBERS = st.floats(-1e300, 1e300)


@given(st.lists(st.lists(NUMBERS, min_size=1, max_size=5), max_size=8))
def test_sums_are_exact(runs: list[list[float]]) -> None:
    rows = [("a" if n % 2 else "b", n, value) for n, values in enumerate(runs) for value in values]
    schema = {"arm": pl.String, "replication": pl.Int64, "x": pl.Float64}
    found = summed(pl.DataFrame(rows, schema=schema, orient="row"), ["x"])
    assert found["x"].to_list() == [math.fsum(values) for values in runs]
    assert found["rows"].to_list() == [len(values) for values in runs]
    assert found["replication"].to_list() == list(range(len(runs)))
