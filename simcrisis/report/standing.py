"""When a change is told as one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ALPHA = 0.05
"""Corrected p-value below which a change is told as one."""


def detectable(change: Mapping[str, Any]) -> bool:
    """Return whether a row of differences is told as a change: its interval leaves out nothing.

    Where p-values are corrected, that has to hold as well.
    """
    if change["low"] is None:
        return False
    p_value = change.get("p_adjusted", 0.0)
    return (change["low"] > 0 or change["high"] < 0) and p_value is not None and p_value < ALPHA
