from __future__ import annotations

import json
import math
from typing import Any

import pytest

from tests.golden import FOLDER, RUNS, name_of, rows_of


def same(one: Any, other: Any) -> bool:
    """Return whether two values agree: floats to 1e-9 (another C library), all else exactly."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    return bool(one == other) and type(one) is type(other)


@pytest.mark.parametrize("each", RUNS, ids=lambda each: name_of(*each))
def test_golden(each: tuple[str, str, int, int]) -> None:
    golden = [json.loads(line) for line in (FOLDER / name_of(*each)).read_text(encoding="utf-8").splitlines()]
    now = rows_of(*each)
    for number, (was, is_) in enumerate(zip(golden, now, strict=False)):
        assert was.keys() == is_.keys()
        differing = {key: (was[key], is_[key]) for key in was if not same(was[key], is_[key])}
        assert not differing, f"row {number}: {differing}"
    assert len(golden) == len(now)
