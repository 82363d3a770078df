"""Words that labels share: what a figure is of, and that it is of a model."""

from __future__ import annotations

import polars as pl

from simcrisis.catalogue import ladder

WITHIN_MODEL = "In this model, under these assumptions."
POINTS = "percentage points"
COMPENSATED = "Compensated estimates; p is of the pairs."
NOT_COMPENSATED = "Hollow: not compensated, for want of 30 hits and misses."


def act(rung: int) -> str:
    """Return what stands on a rung, in words."""
    return ladder()[rung].act


def or_above(rung: int) -> str:
    """Return a rung and all above it, in words."""
    return f"rung {rung} ({act(rung)}) or above" if rung < 10 else f"rung 10 ({act(rung)})"


def runs_of(table: pl.DataFrame, what: str = "runs of each arm") -> str:
    """Return of how many runs of each arm a table is: its column `n`."""
    counts = table["n"].drop_nulls().unique().sort().to_list()
    if not counts:
        return "No runs"
    return f"n = {' to '.join(f'{n:,}' for n in dict.fromkeys((counts[0], counts[-1])))} {what}"


def percent(share: float, position: object = None) -> str:
    """Return a share in per cent without needless decimals, as the formatter of an axis does."""
    return f"{number(100 * share)} %"


def number(value: float, position: object = None) -> str:
    """Return a number without needless decimals, with a minus sign that is one."""
    return f"{value + 0.0:.6g}".replace("-", "\u2212")


def signed(value: float, decimals: int = 1) -> str:
    """Return a number with its sign and so many decimals; nothing has no sign."""
    text = f"{value:+.{decimals}f}"
    return text[1:] if float(text) == 0 else text.replace("-", "\u2212")


def probability(p_value: float | None) -> str:
    """Return a p-value with two significant digits, or nothing."""
    if p_value is None:
        return ""
    return "< 0.001" if p_value < 0.001 else f"{p_value:.2g}" if p_value < 0.1 else f"{p_value:.2f}"


def shown(text: str) -> str:
    """Return text of a scenario as letters that can be seen: marks that only steer a printer are spelt out."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def line_words(kind: str, count: int) -> str:
    """Return what lines of a kind are called, and how many there are."""
    called = "memberships" if kind == "membership" else f"{kind.replace('_', ' ')} lines"
    return f"{called} ({count:,})"
