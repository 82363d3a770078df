"""The patterns that filter an ensemble, as people read them."""

from __future__ import annotations

from collections.abc import Sequence

from simcrisis.calibration.measured import Measured
from simcrisis.calibration.patterns import IMPLAUSIBLE, PATTERNS, Pattern

PATTERN_HEADS = ["pattern", "standing", "wanted", "may be off by", "the sets"]


def pattern_rows(measured: Sequence[Measured]) -> list[list[str]]:
    """Return a row a pattern: what it is, its standing, what is let in without any luck, and where the sets lie."""
    return [_row(pattern, measured) for pattern in PATTERNS]


def _row(pattern: Pattern, measured: Sequence[Measured]) -> list[str]:
    far = IMPLAUSIBLE * (pattern.observed**2 + pattern.discrepancy**2) ** 0.5
    values = sorted(each[pattern.name][0] for each in measured)
    least = "<= " if pattern.bound else ""
    off = f"a factor of {10**far:.0f}" if pattern.decades else f"{far:.3f}"
    reach = f"{values[0]:.2g} to {values[-1]:.2g}" if values else "-"
    return [pattern.what, pattern.standing, f"{least}{pattern.value:g}", off, reach]
