"""Amounts in words: evidence, belief, time, rungs."""

from __future__ import annotations

from simcrisis.catalogue import ladder

WORTH_COUNTING = 0.05
"""Log-odds of silence below which nobody would be moved."""


def act_in_words(rung: int) -> str:
    """Return what an act of a rung is."""
    return ladder()[rung].act


def leaning(weight: float, suspect: str) -> str:
    """Return what evidence of a weight, in log-odds, says about a suspect."""
    if abs(weight) < 0.05:
        return f"that says next to nothing about {suspect}"
    strength = "strongly " if abs(weight) >= 1.0 else "" if abs(weight) >= 0.4 else "slightly "
    return f"that speaks {strength}{'against' if weight > 0 else 'for the innocence of'} {suspect} ({signed(weight)})"


def signed(weight: float) -> str:
    """Return log-odds with their sign; what rounds to nothing is nothing."""
    return f"{weight:+.2f}" if abs(weight) >= 0.005 else "0"


def likely(belief: float) -> str:
    """Return a belief, 0 to 1, in words."""
    return f"{round(100 * belief)} % likely"


def in_hours(hours: float) -> str:
    """Return a time in the unit that a reader thinks in: minutes, hours or days."""
    if hours < 1.0:
        return f"{round(60 * hours)} min"
    if hours < 10.0:
        return f"{hours:.1f} h"
    return f"{hours:.0f} h" if hours < 72 else f"{hours / 24:.0f} days"
