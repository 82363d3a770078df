"""The untested line: believed good, in truth dead. How often must it be drilled?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simcrisis import Batch, load, run_batch
from simcrisis.events import FIREBREAK
from simcrisis.scenario import Scenario
from simcrisis.units import DAY, format_duration, parse_duration
from tests.studies import DOCS, SEED, Mean, mean_of, table, write

WEEK = 7 * DAY
RUNS = 2000
INTERVALS = (None, "730 days", "365 days", "180 days", "90 days", "60 days", "30 days", "14 days", "7 days")
"""Between two drills; None: never."""
LEAD = 104 * WEEK
"""How long drills go on before the first incident strikes; to it comes half an interval, so that the last drill lies
that far back. Whole weeks: office hours stay where they are."""
LIVE: Mapping[str, Any] = {"states.*.policy.answers": 0.9}
CASES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "dead lines": (
        "All have adopted CBM 8 on paper: everybody believes that 9 inquiries of 10 are answered over its lines, none "
        "ever is; notes through the embassies are answered. A drill can only teach that a line is dead.",
        {"arms": {"lines": {"cbms": {8: {"all": "on paper"}}}}},
    ),
    "stale entries": (
        "Desks answer 9 of 10, but people move: entries of the contact list are three years old at first, age on, and "
        "are not renewed yearly. A drill finds those that are stale and renews them.",
        {
            "arms": {"lines": {"cbms": [8]}},
            "states.*.policy.believed_answers": 0.9,
            "states.*.policy.freshness": "1095 days",
            "effects.cbm8.yearly": "none",
        },
    ),
}
WORKING = "lines that work"
REFERENCES: Mapping[str, Mapping[str, Any]] = {
    "no lines but the embassies'": {"arms": {"lines": {"cbms": []}}},
    WORKING: {"arms": {"lines": {"cbms": [8]}}},
}
"""What dead and live lines are to be compared with."""


class Point(NamedTuple):
    """What a drill interval brings."""

    every: str | None
    misattributed: Mean
    change: Mean
    """In misattributed acts against no drills, under the same luck."""
    force: Mean
    """Share of runs that reach rung 8."""


def scenario(changes: Mapping[str, Any], every: str | None = None) -> Scenario:
    """Return belgrade_2015 with contact points only, its incidents after two years of drills."""
    base = load("belgrade_2015")
    lead = LEAD + (round(parse_duration(every) / 2 / WEEK) * WEEK if every else 0)
    later = {
        f"incidents.{incident.name}.at": format_duration(incident.at.offset(base.start) + lead)
        for incident in base.incidents
    }
    changes = {**LIVE, **changes}
    return load({**base.data, "arms": changes.pop("arms")}).with_(
        {
            **later,
            "horizon": format_duration(base.horizon + lead),
            **changes,
            **({"checks": {"every": every}} if every else {}),
        }
    )


def curve(changes: Mapping[str, Any]) -> list[Point]:
    """Return misattributed acts and the risk of force over drill intervals."""
    found: list[Point] = []
    never: list[float] = []
    for every in INTERVALS:
        batch = run_batch(scenario(changes, every), RUNS, SEED)
        runs = batch.runs.sort("replication")
        acts = runs["misattributed_acts"].cast(pl.Float64).to_list()
        never = never or acts
        found.append(
            Point(
                every,
                mean_of(acts),
                mean_of([act - before for act, before in zip(acts, never, strict=True)]),
                _force(batch),
            )
        )
    return found


def _force(batch: Batch) -> Mean:
    row = batch.risk.filter(pl.col("rung") == FIREBREAK).row(0, named=True)
    return Mean(row["probability"], row["low"], row["high"])


def draw(curves: Mapping[str, list[Point]], references: Mapping[str, Point]) -> None:
    """Draw the curves with their intervals: misattributed acts over the days between two drills."""
    figure = Figure(figsize=(7.2, 4.4), layout="constrained")
    axes = figure.subplots()
    styles = (("o", "#0072B2", -1), ("s", "#D55E00", 1))
    for (name, points), (marker, colour, side) in zip(curves.items(), styles, strict=True):
        never, *drilled = points
        days = [1.02**side * parse_duration(point.every or "") / DAY for point in drilled]
        acts = [point.misattributed for point in drilled]
        errors = [[a.value - a.low for a in acts], [a.high - a.value for a in acts]]
        axes.errorbar(
            days, [a.value for a in acts], errors, marker=marker, markersize=5, color=colour, capsize=3, label=name
        )
        _level(axes, f"{name}, never drilled", never, colour, ":")
    _level(axes, WORKING, references[WORKING], "0.3", "--", above=-11)
    axes.set_xscale("log")
    ticks = [7, 14, 30, 60, 90, 180, 365, 730]
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel("days between two communication checks")
    axes.set_ylabel("acts against innocent States, per run (95 %)")
    axes.set_ylim(0, 1.1 * max(never.misattributed.value for never, *_ in curves.values()))
    axes.legend(frameon=False, loc="lower right")
    figure.savefig(DOCS / "figures" / "untested_lines.svg", metadata={"Date": None})


def _level(axes: Axes, name: str, point: Point, colour: str, style: str, above: int = 3) -> None:
    axes.axhline(point.misattributed.value, color=colour, linestyle=style, linewidth=1)
    axes.annotate(
        name,
        (16, point.misattributed.value),
        xytext=(0, above),
        textcoords="offset points",
        color=colour,
        fontsize=8,
    )


def _rows(points: list[Point]) -> list[list[str]]:
    return [
        [
            point.every or "never",
            point.misattributed.told(".3f"),
            "-" if point.every is None else point.change.told("+.3f"),
            point.force.told(".1f", 100),
        ]
        for point in points
    ]


def main() -> None:
    """Write docs/untested_lines.md and its figure."""
    curves = {name: curve(changes) for name, (_, changes) in CASES.items()}
    references = {}
    for name, changes in REFERENCES.items():
        batch = run_batch(scenario(changes), RUNS, SEED)
        acts = mean_of(batch.runs["misattributed_acts"].cast(pl.Float64).to_list())
        references[name] = Point(None, acts, acts, _force(batch))
    draw(curves, references)
    heads = ["drill every", "misattributed acts per run (95 %)", "change against never", "force (rung 8), % of runs"]
    write(
        "untested_lines.md",
        "The untested line",
        "A line that nobody has tested, believed good and in truth dead, turns silence into false evidence. "
        f"`belgrade_2015` with contact points only (CBM 8), its incidents moved {LEAD // WEEK} weeks later, and half a "
        f"drill interval more, so that drills come first; {RUNS:,} replications of each row under the same luck; 95 % "
        "intervals.",
        "![Acts against innocent States over the interval between drills](figures/untested_lines.svg)",
        "To compare with: "
        + "; ".join(
            f"{name}, {point.misattributed.told('.3f')} misattributed acts per run, force in "
            f"{point.force.told('.1f', 100)} % of runs"
            for name, point in references.items()
        )
        + ".",
        *(
            f"## {name.capitalize()}\n\n{CASES[name][0]}\n\n{table(heads, _rows(points))}"
            for name, points in curves.items()
        ),
        "Two things work here, on two scales. A drill that is not answered lowers what the asker believes of that line "
        "(a Beta count that begins with the weight `model.prior_checks`): what matters is how many drills there have "
        "been, and most is won when a line is no longer believed in (below `model.ask_floor`) and a note through the "
        "embassy goes in its place, which here takes some seventy drills. A drill that finds a stale entry "
        "renews it: what matters is how long ago the last one was, against the half-life of entries "
        "(`model.stale_half_life`, three years, assumed).",
    )


if __name__ == "__main__":
    main()
