"""A calibration as people read it: the fit table, parameters with intervals, and what cannot be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from simcrisis.calibration.calibrate import Calibration
from simcrisis.calibration.targets import FitTarget, fit_targets

FIT_HEADS = ["target", "used", "published (se)", "default (95 %)", "fitted (95 %)", "z", "met"]
PARAMETER_HEADS = ["parameter", "default", "fitted", "95 % interval", "range", "verdict"]
DIRECTION_HEADS = ["standard error, whole ranges", "combination", "known"]
KNOWN = 0.25
"""Standard error of a combination, in whole ranges, up to which its 95 % interval is narrower than the range."""
_DAYS_FROM = 48.0
"""Hours from which a duration is told in days."""
_NAMED, _COUNTS = 4, 0.2
"""Parameters of a combination that are named, and the least weight of one that is."""
NOTES = (
    "Published: value and standard error of the published figure. z: distance over the standard error of the published "
    "figure, the model's stated discrepancy and the luck of the runs together; met: |z| at most 2. Held back: not used "
    "in the fit. Simulated figures are of runs under other luck than that of the search.",
    "Intervals of parameters are where the profile of the objective (least over all others, on quadratic surfaces of "
    "the moments) lies within 3.84 of its minimum. Not identified: the interval is the whole range; such a parameter's "
    "fitted value says nothing.",
    "The scale of the utility is fixed by its first term: lambda and the weights are told apart by that alone.",
)


def fit_rows(fit: pl.DataFrame) -> list[list[str]]:
    """Return a row a target."""
    return [_fit_row(row) for row in fit.iter_rows(named=True)]


def _fit_row(row: dict[str, Any]) -> list[str]:
    at_most = "<= " if row["bound"] else ""
    return [
        row["target"],
        "held" if row["held_back"] else "fitted",
        f"{at_most}{_number(row['published'])} ({row['published_error']:.2g})",
        *(
            f"{_number(row[name])} ({row[f'{name}_low']:.2g}-{row[f'{name}_high']:.2g})"
            for name in ("default", "fitted")
        ),
        f"{row['fitted_z']:+.1f}",
        "yes" if row["fitted_met"] else "no",
    ]


def parameter_rows(parameters: pl.DataFrame) -> list[list[str]]:
    """Return a row a parameter."""
    return [
        [
            row["parameter"],
            _short(row["default"]),
            _short(row["fitted"]),
            f"{_short(row['low'])} to {_short(row['high'])}",
            f"{_short(row['range_low'])} to {_short(row['range_high'])}",
            row["verdict"],
        ]
        for row in parameters.iter_rows(named=True)
    ]


def direction_rows(directions: pl.DataFrame) -> list[list[str]]:
    """Return a row a combination of parameters: its standard error, what it is made of, whether data tell it."""
    rows = []
    for row in directions.iter_rows(named=True):
        error = row.pop("error")
        largest = sorted(row.items(), key=lambda item: -abs(item[1]))[:_NAMED]
        sign = 1.0 if largest[0][1] > 0 else -1.0
        made = ", ".join(f"{sign * weight:+.2f} {path}" for path, weight in largest if abs(weight) >= _COUNTS)
        rows.append([f"{error:.2f}" if error < 100 else "> 100", made, "yes" if error <= KNOWN else "no"])
    return rows


def summary(found: Calibration) -> str:
    """Return how many targets are met, by the default and by the fit, in a sentence."""
    told = [
        f"{_met(found.fit, name, held)} of the {_number_of(found.fit, held)} targets that were "
        f"{'held back' if held else 'fitted'}"
        for name in ("default", "fitted")
        for held in (False, True)
    ]
    return (
        f"The default meets {told[0]} and {told[1]}; the fitted parameters meet {told[2]} and {told[3]}. The objective "
        f"falls from {found.default_objective:.1f} to {found.objective:.1f} over {found.evaluated:,} points of "
        f"{found.replications} replications."
    )


def target_rows(targets: Sequence[FitTarget] | None = None) -> list[list[str]]:
    """Return a row a target: name, what it is, published value, errors, weight, source, standing, use."""
    return [
        [
            each.name,
            each.what,
            f"{'<= ' if each.bound else ''}{_number(each.published)}",
            _number(each.sampling),
            _number(each.discrepancy),
            f"{each.weight:,.0f}",
            each.source,
            each.standing,
            "held back" if each.held_back else "fitted",
        ]
        for each in targets or fit_targets()
    ]


def _met(fit: pl.DataFrame, name: str, held: bool) -> int:
    return int(fit.filter(pl.col("held_back") == held)[f"{name}_met"].sum())


def _number_of(fit: pl.DataFrame, held: bool) -> int:
    return len(fit.filter(pl.col("held_back") == held))


def _number(value: float) -> str:
    if value == 0.0:
        return "0"
    return f"{value:.4f}" if abs(value) < 0.01 else f"{value:.3f}" if abs(value) < 1 else f"{value:.2f}"


def _short(text: str) -> str:
    """Return a number, or a duration, with three digits that count."""
    number, _, unit = text.partition(" ")
    try:
        value = float(number)
    except ValueError:
        return text
    if unit == "h" and value >= _DAYS_FROM:
        value, unit = value / 24.0, "days"
    return f"{value:.3g} {unit}".strip()
