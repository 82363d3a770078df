"""What the tables of a sensitivity analysis share: ranges, percentage points, luck."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from simcrisis.scenario.assumed import Ranged

MARK = "*"
"""Behind a range that is assumed."""


class Block(NamedTuple):
    """A table: title, heads (the first two of texts, the others of numbers), rows."""

    title: str
    columns: list[str]
    rows: list[list[str]]


def in_words(path: str, ranged: Ranged) -> str:
    """Return the range of a parameter as `--parameters` takes it, marked where it is assumed."""
    each = ranged.ranges[path]
    scale = "" if each.scale == "linear" else f" {each.scale}"
    mark = f" {MARK}" if path in ranged.assumed else ""
    return f"{_bound(each.low)}..{_bound(each.high)}{scale}{mark}"


def percentage(share: float, sign: str = "") -> str:
    """Return a share times 100 with two decimals; exactly nothing as 0, and what rounds to nothing as almost so."""
    if share == 0.0:
        return "0"
    return f"{100 * share:{sign}.2f}" if abs(share) >= 0.00005 else "~0"


def luck_in_words(output: Mapping[str, Any]) -> str:
    """Return the share of luck in an output."""
    return "-" if output["luck_share"] is None else f"{100 * output['luck_share']:.0f} %"


def _bound(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
