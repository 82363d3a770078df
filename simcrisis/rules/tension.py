"""Tension of a State towards another, the mistrust it feeds, and the clocks of decisions."""

from __future__ import annotations

import math


def decayed(tension: float, elapsed: float, half_life: float) -> float:
    """Return what is left of tension after a time (same unit as the half-life)."""
    return tension * 0.5 ** (elapsed / half_life) if tension else 0.0


def mistrust(baseline: float, tension: float, sway: float) -> float:
    """Return mistrust in [0, 1]: the baseline, moved by tension."""
    moved = baseline + sway * math.tanh(tension)
    return 0.0 if moved < 0.0 else 1.0 if moved > 1.0 else moved


def felt_severity(react: float, gravity: float) -> float:
    """Return the severity (0 to 5) that an act of a gravity is felt to have."""
    return felt(react * gravity / 0.5)


def felt(severity: float) -> float:
    """Return a severity within its scale, 0 to 5."""
    return 0.0 if severity < 0.0 else 5.0 if severity > 5.0 else severity


def provoked(dx: float, gravity: float, innocent: float, forewarned: float) -> float:
    """Return the tension that an act raises in its target (factors 1 where they do not apply)."""
    return dx * gravity * innocent * forewarned


def alarmed(alarm: float, severity: float, announced: float) -> float:
    """Return the tension that a military activity raises in the State that watches it (`alarm` at severity 5)."""
    return alarm * severity / 5.0 * announced


def incident_clock(severity: float, half: float, covert: float, rumour: float, haste: float, tempo: float) -> float:
    """Return the factor on the decision clock of an incident."""
    return (1.0 + half) / (half + severity) * covert * (1.0 - haste * rumour) / tempo
