"""Plots of fixed small tables. `python -m tests.pictures` renews the pictures in tests/baseline, on purpose.

Pictures hold no text: fonts, hinting and shaping differ among versions of matplotlib; text is tested as text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.text import Text

from simcrisis import plots

BASELINE = Path(__file__).parent / "baseline"
DPI = 60
ARMS = ("none", "lines", "both")
RUNGS = range(3, 11)
EVERY = "checks.every"
REPLY = "states.*.policy.reply"

RISK = pl.DataFrame(
    [
        {
            "arm": arm, "rung": rung, "n": 400, "probability": p, "low": 0.8 * p, "high": 1.2 * p + 0.01,
            "compensated": 0.9 * p if rung < 8 else None,
            "compensated_low": 0.85 * p if rung < 8 else None,
            "compensated_high": 0.95 * p if rung < 8 else None,
        }
        for k, arm in enumerate(ARMS)
        for rung in RUNGS
        for p in [0.0 if (arm, rung) == ("both", 10) else round(0.6 / (1 + k) / (rung - 2), 4)]
    ]
)  # fmt: skip
DIFFERENCES = pl.DataFrame(
    [
        ("lines", 8, -0.05, -0.08, -0.021, 3, 23, 0.00009, -0.045, -0.06, -0.03),
        ("both", 8, 0.0123, -0.01, 0.034, 12, 7, 0.36, None, None, None),
        ("both - lines - x + none", 8, 0.06, 0.02, 0.1, None, None, None, None, None, None),
    ],
    schema=[
        "arm", "rung", "difference", "low", "high", "discordant_up", "discordant_down", "p_value", "compensated",
        "compensated_low", "compensated_high",
    ],
    orient="row",
).with_columns(reference=pl.lit("none"), n=pl.lit(400))  # fmt: skip
CURVES = pl.DataFrame(
    [
        {
            "arm": arm, "hour": float(hour), "rung": rung, "n": 400, "exceeded": p, "low": 0.8 * p, "high": 1.2 * p,
            "mean_rung": 5 * p, "mean_rung_low": 4.5 * p, "mean_rung_high": 5.5 * p,
        }
        for k, arm in enumerate(ARMS)
        for rung in (4, 8)
        for hour in range(0, 481, 24)
        for p in [hour / 480 * 0.4 / (1 + k) / (rung / 4)]
    ]
)  # fmt: skip
SURVIVAL = pl.DataFrame(
    [
        (
            arm,
            8,
            hour,
            400 - 20 * n,
            20,
            1 - 0.05 * n / (1 + k),
            0.98 - 0.06 * n / (1 + k) if n else None,
            1.0 if n else None,
        )
        for k, arm in enumerate(ARMS)
        for n, hour in enumerate((0.0, 30.0 + k, 70.0, 100.0))
    ],
    schema=["arm", "rung", "hour", "at_risk", "reached", "survival", "low", "high"],
    orient="row",
)
POINTS = pl.DataFrame(
    [
        {
            "arm": arm, "point": 3 * a + b, REPLY: reply, EVERY: every, "rung": 8, "n": 100, "probability": p,
            "low": 0.8 * p, "high": 1.2 * p,
        }
        for k, arm in enumerate(ARMS)
        for a, reply in enumerate(("6 h", "30 min", "2 days"))
        for b, every in enumerate(("never", "7 days, then never", "30 days, and never again after the first"))
        for p in [0.02 * (1 + a) * (1 + b) / (1 + k)]
    ]
)  # fmt: skip
CHANGES = POINTS.filter(pl.col("arm") != "none").with_columns(
    pl.lit("none").alias("reference"), pl.lit(3).alias("discordant_up"),
    (pl.col("probability") - 0.05).alias("difference"), pl.col("low", "high") - 0.05,
).drop("probability")  # fmt: skip
MORRIS = pl.DataFrame(
    [
        (output, arm, 8, name, 40, 100, size, 0.8 * size, 1.3 * size, sign * size)
        for output, arm in (("risk", "none"), ("risk", "lines"), ("effect", "lines"))
        for name, size, sign in (("model.kappa", 0.01, 1), ("model.lambda", 0.04, -0.5), ("horizon", 0.02, -1))
    ],
    schema=[
        "output",
        "arm",
        "rung",
        "parameter",
        "points",
        "replications",
        "mu_star",
        "mu_star_low",
        "mu_star_high",
        "mu",
    ],
    orient="row",
)
SOBOL = MORRIS.select(
    "output", "arm", "rung", "parameter", "points", "replications",
    *[(20 * pl.col(f"mu_star{bound}")).alias(f"total{bound}") for bound in ("", "_low", "_high")],
    (10 * pl.col("mu_star")).alias("first"),
)  # fmt: skip
LINES = pl.DataFrame(
    [
        (f"{kind} Alderland / Brevia {n}", change, 30.0 - 12 * n, 10.0 - 12 * n, 50.0 - 12 * n, 0.01 * (1 + n), 400, 8)
        for n, (kind, change) in enumerate(
            [("policy", "cut"), ("technical", "added"), ("network", "cut"), ("policy", "cut")]
        )
    ],
    schema=["line", "change", "averted_per_1000", "low", "high", "p_holm", "runs", "rung"],
    orient="row",
)
ENSEMBLE = pl.DataFrame(
    [
        {
            "output": output, "arm": arm, "reference": "none", "rung": rung, "replications": 100, "sets": 40,
            "default": value, "default_low": value - 0.02, "default_high": value + 0.021, "median": 0.8 * value,
            "low": value - 0.015, "high": value + 0.03, "least": value - 0.033, "most": value + 0.045,
            "same_sign": holds, "clearly_raises": 0.125, "clearly_lowers": 0.05, "luck_share": luck,
        }
        for output in ("risk", "effect")
        for rung in (4, 8)
        for arm, value, holds, luck in (
            ("lines", -0.012, 0.725, 0.44), ("both", 0.0, 0.0, None), ("untested", 0.05 - rung / 400, 1.0, 0.06),
        )
    ]
)  # fmt: skip

PICTURES: Mapping[str, Callable[[Axes | None], Axes]] = {
    "dose_response_categories": lambda ax: plots.dose_response(of(POINTS, REPLY, "6 h"), EVERY, ax=ax),
    "dose_response_change": lambda ax: plots.dose_response(of(CHANGES, EVERY, "never"), REPLY, ax=ax, log=True),
    "dose_response_risk": lambda ax: plots.dose_response(of(POINTS, EVERY, "never"), REPLY, ax=ax),
    "ensemble_ranges": lambda ax: plots.ensemble_ranges(ENSEMBLE, ax=ax),
    "escalation_curves": lambda ax: plots.escalation_curves(CURVES, 4, ax),
    "exceedance": lambda ax: plots.exceedance(RISK, ax),
    "exceedance_compensated": lambda ax: plots.exceedance(RISK, ax, compensated=True),
    "exceedance_log": lambda ax: plots.exceedance(RISK, ax, log=True),
    "forest": lambda ax: plots.forest(DIFFERENCES, ax=ax),
    "forest_compensated": lambda ax: plots.forest(DIFFERENCES, ax=ax, compensated=True),
    "heat_map_change": lambda ax: plots.heat_map(CHANGES, REPLY, EVERY, ax=ax, arm="lines"),
    "heat_map_risk": lambda ax: plots.heat_map(POINTS, REPLY, EVERY, ax=ax),
    "line_ranking": lambda ax: plots.line_ranking(LINES, ax),
    "mean_rung": lambda ax: plots.mean_rung(CURVES, ax),
    "scatter_change": lambda ax: plots.scatter(CHANGES, REPLY, ax=ax, log=True),
    "scatter_names": lambda ax: plots.scatter(POINTS, EVERY, ax=ax),
    "survival": lambda ax: plots.survival(SURVIVAL, ax),
    "tornado_morris": lambda ax: plots.tornado(MORRIS, "effect", ax=ax),
    "tornado_sobol": lambda ax: plots.tornado(SOBOL, ax=ax, top=2),
}
"""Name of the picture, and the plot."""


def of(table: pl.DataFrame, factor: str, level: str) -> pl.DataFrame:
    """Return the rows of a level of a factor."""
    return table.filter(pl.col(factor) == level)


def save(ax: Axes, path: Path) -> None:
    """Save what a plot draws: without text, a layout that makes room for it, or legends and scales beside the Axes."""
    figure = ax.figure
    assert isinstance(figure, Figure)
    figure.set_layout_engine("none")
    for each in figure.findobj(lambda artist: isinstance(artist, Text | Legend)):
        each.set_visible(False)
    for beside in figure.axes[1:]:
        beside.set_visible(False)
    figure.savefig(path, dpi=DPI, metadata={"Software": None})


def main() -> None:
    """Renew the pictures."""
    mpl.use("agg")
    BASELINE.mkdir(exist_ok=True)
    for name, draw in PICTURES.items():
        save(draw(None), BASELINE / f"{name}.png")
        plt.close("all")


if __name__ == "__main__":
    main()
