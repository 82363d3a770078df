"""Sensitivity analyses as people read them: the most important parameter first, in percentage points and per cent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from simcrisis.batch.discovery import Discovery
from simcrisis.batch.sensitivity import MUCH_LUCK, Sensitivity
from simcrisis.errors import isolated
from simcrisis.report.blocks import MARK, Block, in_words, luck_in_words, percentage
from simcrisis.report.discovery import HOW as HOW_BOXES
from simcrisis.report.discovery import discovery_blocks, discovery_headline
from simcrisis.report.phrases import act_in_words
from simcrisis.scenario.assumed import Ranged
from simcrisis.shown import ASSUMED

_NAMED = 4
"""Parameters that a sentence names."""
COLUMNS = {
    "mu_star": ("size of change, points (95 %)", "signed mean", "spread"),
    "total": ("alone, % of variance (95 %)", "with interactions, % (95 %)"),
}
"""By the column that says how important a parameter is."""
HOW = {
    "mu_star": "Size of change: mean over trajectories of how far the output moves, in percentage points, when the "
    "parameter crosses its whole range (Morris's mu*). A signed mean (mu) nearer to 0: it moves both ways. A spread "
    "(sigma) as large as the size: it hangs on the other parameters, or bends.",
    "total": "Of the output's variance over the ranges: what the parameter explains alone (first-order index), and "
    "with all that it does together with others (total index). Estimates can fall below 0 or sum to more than 100.",
}
MEASURED = (
    "Analysed is the mean compensator of the rung (each decision's chance of reaching it, summed): in expectation the "
    "share of runs that reach it, mostly with far less noise."
)
INTERVALS = "Intervals are over the sampled trajectories or rows, not over the luck."


def blocks(found: Sensitivity | Discovery, ranged: Ranged) -> list[Block]:
    """Return a table for each output: parameters with ranges, the most important first."""
    if isinstance(found, Discovery):
        return discovery_blocks(found, ranged)
    made = []
    for output in found.outputs.iter_rows(named=True):
        rows = [
            [row["parameter"], in_words(row["parameter"], ranged), *_figures(row)]
            for row in _ordered(found, output).iter_rows(named=True)
        ]
        made.append(Block(_title(output), ["parameter", "range", *COLUMNS[_order(found)]], rows))
    return made


def headline(found: Sensitivity | Discovery) -> str:
    """Return what was found, in words: of the risk in the reference, and of the effect of each other arm."""
    if isinstance(found, Discovery):
        return discovery_headline(found)
    reference, *others = found.outputs.iter_rows(named=True)
    asked = [reference, *(row for row in others if row["output"] == "effect")]
    told = [_most(found, row) for row in asked if not _lucky(row)]
    untold = " and ".join(_named(row) for row in asked if _lucky(row))
    if untold:
        told.append(f"luck does not let us tell what matters most to {untold}")
    return f"{ASSUMED}, of the parameters varied here, at rung {found.rung} or above: {'; '.join(told)}."


def notes(found: Sensitivity | Discovery, ranged: Ranged) -> list[str]:
    """Return what a reader of the tables must know, warnings last."""
    how = HOW_BOXES if isinstance(found, Discovery) else f"{HOW[_order(found)]} {INTERVALS}"
    return [how, MEASURED, *_assumed(ranged), *luck_warnings(found.outputs)]


def luck_warnings(outputs: pl.DataFrame) -> list[str]:
    """Return a warning where too much of what varies is luck."""
    much = [row for row in outputs.iter_rows(named=True) if _lucky(row)]
    if not much:
        return []
    of = ", ".join(f"{row['output']} with '{isolated(row['arm'])}' ({luck_in_words(row)})" for row in much)
    return [
        f"Warning: more than a third of what varies over the points is luck of {much[0]['replications']:,} "
        f"replications in: {of}. Their figures say little; ask for more --replications."
    ]


def tables(found: Sensitivity | Discovery) -> dict[str, Any]:
    """Return the tables of what was found, for JSON."""
    return {name: table.to_dicts() for name, table in found.tables.items()}


def range_rows(ranged: Ranged) -> list[dict[str, Any]]:
    """Return the ranges: parameter, low, high, scale, assumed."""
    return [
        {"parameter": path, **each.model_dump(), "assumed": path in ranged.assumed}
        for path, each in ranged.ranges.items()
    ]


def _order(found: Sensitivity) -> str:
    """Return the column that says how important a parameter is."""
    return next(name for name in COLUMNS if name in found.table.columns)


def _ordered(found: Sensitivity, output: Mapping[str, Any]) -> pl.DataFrame:
    here = found.table.filter(pl.col("output") == output["output"], pl.col("arm") == output["arm"])
    return here.sort(_order(found), descending=True, nulls_last=True, maintain_order=True)


def _most(found: Sensitivity, output: Mapping[str, Any]) -> str:
    by, ordered = _order(found), _ordered(found, output)
    most, of = ordered.row(0, named=True), _named(output)
    if not most[by]:
        return f"{of} hangs on none of them"
    alike = ordered.filter(pl.col(f"{by}_high") >= most[f"{by}_low"], pl.col(by) > 0)["parameter"].to_list()
    if len(alike) == 1:
        return f"{of} hangs most on {most['parameter']}"
    named = ", ".join(alike[:_NAMED]) + (f" and {len(alike) - _NAMED} more" if len(alike) > _NAMED else "")
    return f"{of} hangs most on {named}, in an order that their intervals leave open"


def _named(output: Mapping[str, Any]) -> str:
    what = "the risk with" if output["output"] == "risk" else "the effect of"
    return f"{what} '{isolated(output['arm'])}'"


def _lucky(output: Mapping[str, Any]) -> bool:
    """Return whether too much of what varies is luck."""
    return (output["luck_share"] or 0.0) > MUCH_LUCK


def _assumed(ranged: Ranged) -> Iterator[str]:
    if ranged.assumed:
        yield (
            f"{MARK} Range assumed (half way to both bounds for what lies between 0 and 1, else half to twice the "
            "value); what matters hangs on it: give your own, such as --parameters kappa=0.3..0.9."
        )


def _title(output: Mapping[str, Any]) -> str:
    rung, arm = output["rung"], output["arm"]
    if output["output"] == "risk":
        what, sign, unit = f"Risk of rung {rung} or above ({act_in_words(rung)}) with '{isolated(arm)}'", "", "%"
    else:
        what, sign, unit = (
            f"What '{isolated(arm)}' changes in the risk of rung {rung} or above, same luck",
            "+",
            "points",
        )
    mean, least, most = (percentage(output[name], sign) for name in ("mean", "least", "most"))
    spread = f"over the points: mean {mean} {unit}, from {least} to {most}"
    return f"{what}\n{spread}; of what varies, {luck_in_words(output)} is luck"


def _figures(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield the cells of a parameter's figures."""
    if "mu_star" in row:
        yield f"{percentage(row['mu_star'])} ({percentage(row['mu_star_low'])} to {percentage(row['mu_star_high'])})"
        yield percentage(row["mu"], "+")
        yield percentage(row["sigma"])
        return
    for name in ("first", "total"):
        value, low, high = (row[column] for column in (name, f"{name}_low", f"{name}_high"))
        yield "-" if value is None else f"{100 * value:.0f} ({100 * low:.0f} to {100 * high:.0f})"
