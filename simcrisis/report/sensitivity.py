"""Sensitivity analyses as people read them: the most important parameter first, in percentage points and per cent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import polars as pl

from simcrisis.batch.sensitivity import MUCH_LUCK, Sensitivity
from simcrisis.report.standing import ASSUMED
from simcrisis.report.timeline import act_in_words
from simcrisis.scenario.assumed import Ranged
from simcrisis.scenario.experiment import Range

MARK = "*"
"""Behind a range that is assumed."""
COLUMNS = {
    "morris": ("size of change, points (95 %)", "signed mean", "spread"),
    "sobol": ("alone, % of variance (95 %)", "with interactions, % (95 %)"),
}
HOW = {
    "morris": "Size of change: mean over trajectories of how far the output moves, in percentage points, when the "
    "parameter crosses its whole range (Morris's mu*). A signed mean (mu) nearer to 0: it moves both ways. A spread "
    "(sigma) as large as the size: it hangs on the other parameters, or bends.",
    "sobol": "Of the output's variance over the ranges: what the parameter explains alone (first-order index), and "
    "with all that it does together with others (total index). Estimates can fall below 0 or sum to more than 100.",
}
MEASURED = (
    "Analysed is the mean compensator of the rung (each decision's chance of reaching it, summed): in expectation the "
    "share of runs that reach it, mostly with far less noise. Intervals are over the sampled points, not over the luck."
)


class Block(NamedTuple):
    """The table of one output."""

    title: str
    columns: list[str]
    rows: list[list[str]]


def blocks(method: str, found: Sensitivity, ranged: Ranged) -> list[Block]:
    """Return a table for each output: parameters with ranges, the most important first."""
    order, row = {"morris": ("mu_star", _screened), "sobol": ("total", _explained)}[method]
    made = []
    for output in found.outputs.iter_rows(named=True):
        here = found.table.filter(pl.col("output") == output["output"], pl.col("arm") == output["arm"])
        ordered = here.sort(order, descending=True, nulls_last=True, maintain_order=True)
        rows = [[*_named(one["parameter"], ranged), *row(one)] for one in ordered.iter_rows(named=True)]
        made.append(Block(_title(output), ["parameter", "range", *COLUMNS[method]], rows))
    return made


def headline(method: str, found: Sensitivity) -> str:
    """Return on what the risk in the reference, and the effect of each other arm, hang most, in words."""
    reference, *others = (row for row in found.outputs.iter_rows(named=True))
    told = [_most(method, found, row) for row in (reference, *(row for row in others if row["output"] == "effect"))]
    return f"{ASSUMED}, of the parameters varied here, at rung {found.rung} or above: {'; '.join(told)}."


def _most(method: str, found: Sensitivity, output: Mapping[str, Any]) -> str:
    column = {"morris": "mu_star", "sobol": "total"}[method]
    here = found.table.filter(pl.col("output") == output["output"], pl.col("arm") == output["arm"])
    most = here.sort(column, descending=True, nulls_last=True).row(0, named=True)
    of = f"the risk with '{output['arm']}'" if output["output"] == "risk" else f"the effect of '{output['arm']}'"
    if (output["luck_share"] or 0.0) > MUCH_LUCK:
        return f"luck does not let us tell on what {of} hangs most"
    return f"{of} hangs most on {most['parameter']}" if most[column] else f"{of} hangs on none of them"


def luck_warnings(outputs: pl.DataFrame) -> list[str]:
    """Return a warning where too much of what varies is luck."""
    much = [row for row in outputs.iter_rows(named=True) if (row["luck_share"] or 0.0) > MUCH_LUCK]
    if not much:
        return []
    of = ", ".join(f"{row['output']} with '{row['arm']}' ({100 * row['luck_share']:.0f} %)" for row in much)
    n = much[0]["replications"]
    return [
        f"Warning: more than a third of what varies over the points is luck of {n:,} replications in: {of}. "
        "Their figures say little; ask for more --replications."
    ]


def assumed_note(ranged: Ranged) -> str:
    """Return what stands behind the mark of assumed ranges; an empty text where all were given."""
    if not ranged.assumed:
        return ""
    return (
        f"{MARK} Range assumed (half way to both bounds for what lies between 0 and 1, else half to twice the value); "
        "what matters hangs on it: give your own, such as --parameters kappa=0.3..0.9."
    )


def range_rows(ranged: Ranged) -> list[dict[str, Any]]:
    """Return the ranges: parameter, low, high, scale, assumed."""
    return [
        {
            "parameter": path,
            "low": each.low,
            "high": each.high,
            "scale": each.scale,
            "assumed": path in ranged.assumed,
        }
        for path, each in ranged.ranges.items()
    ]


def percentage(share: float, sign: str = "") -> str:
    """Return a share times 100 with two decimals; exactly nothing as 0, and what rounds to nothing as almost so."""
    if share == 0.0:
        return "0"
    return f"{100 * share:{sign}.2f}" if abs(share) >= 0.00005 else "~0"


def _title(output: Mapping[str, Any]) -> str:
    rung, arm = output["rung"], output["arm"]
    if output["output"] == "risk":
        what, sign, unit = f"Risk of rung {rung} or above ({act_in_words(rung)}) with '{arm}'", "", "%"
    else:
        what, sign, unit = f"What '{arm}' changes in the risk of rung {rung} or above, same luck", "+", "points"
    mean, least, most = (percentage(output[name], sign) for name in ("mean", "least", "most"))
    luck = "-" if output["luck_share"] is None else f"{100 * output['luck_share']:.0f} %"
    return f"{what}\nover the points: mean {mean} {unit}, from {least} to {most}; of what varies, {luck} is luck"


def _named(path: str, ranged: Ranged) -> tuple[str, str]:
    return path, in_words(ranged.ranges[path]) + (f" {MARK}" if path in ranged.assumed else "")


def in_words(factor: Range) -> str:
    """Return a range as `--parameters` takes it."""
    scale = "" if factor.scale == "linear" else f" {factor.scale}"
    return f"{_bound(factor.low)}..{_bound(factor.high)}{scale}"


def _bound(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _screened(row: Mapping[str, Any]) -> Iterable[str]:
    interval = f"({percentage(row['mu_star_low'])} to {percentage(row['mu_star_high'])})"
    return f"{percentage(row['mu_star'])} {interval}", percentage(row["mu"], "+"), percentage(row["sigma"])


def _explained(row: Mapping[str, Any]) -> Iterable[str]:
    if row["total"] is None:
        return "-", "-"
    return tuple(
        f"{100 * row[name]:.0f} ({100 * row[f'{name}_low']:.0f} to {100 * row[f'{name}_high']:.0f})"
        for name in ("first", "total")
    )
