from __future__ import annotations

import math
from typing import Any

import pytest

from tests.cbms import CBMS
from tests.golden import RUNS, Golden, kept, pair, rows_of


def same(one: Any, other: Any) -> bool:
    """Return whether two values agree: floats to 1e-9 (another C library), all else exactly."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    return bool(one == other) and type(one) is type(other)


@pytest.mark.parametrize("each", RUNS, ids=lambda each: each.name)
def test_golden(each: Golden) -> None:
    golden, now = kept(each), rows_of(each)
    for number, (was, is_) in enumerate(zip(golden, now, strict=False)):
        assert was.keys() == is_.keys()
        differing = {key: (was[key], is_[key]) for key in was if not same(was[key], is_[key])}
        assert not differing, f"row {number}: {differing}"
    assert len(golden) == len(now)


@pytest.mark.parametrize("number", CBMS)
def test_each_golden_pair_differs(number: int) -> None:
    without, with_it = (
        [{key: value for key, value in row.items() if key not in {"arm", "line"}} for row in kept(each)]
        for each in pair(number)
    )
    assert without != with_it
