"""Boxes of parameter space as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from simcrisis.batch.discovery import Discovery
from simcrisis.errors import isolated
from simcrisis.report.blocks import Block, in_words, luck_in_words, percentage
from simcrisis.report.phrases import act_in_words
from simcrisis.scenario.assumed import Ranged
from simcrisis.shown import ASSUMED

HOW = (
    "Boxes are found by PRIM (Friedman and Fisher 1999). Density: share of the box's points at which the arm does so; "
    "coverage: share of all such points that the box holds. Quasi-p: how easily chance would do what the restriction "
    "does. Halves: in which share of random halves of the points the parameter is restricted too; where that is low, "
    "the box hangs on few points. Clear of luck: by 1.96 standard errors or more."
)


def discovery_blocks(found: Discovery, ranged: Ranged) -> list[Block]:
    """Return a table for each arm: the parameters that its box restricts, and how firmly."""
    made = []
    for box, output in zip(found.boxes.iter_rows(named=True), found.outputs.iter_rows(named=True), strict=True):
        here = found.restrictions.filter(pl.col("arm") == box["arm"])
        rows = [
            [
                row["parameter"],
                in_words(row["parameter"], ranged),
                _bounds(row),
                "< 0.001" if row["quasi_p"] < 0.001 else f"{row['quasi_p']:.3f}",
                f"{100 * row['reproduced']:.0f} %",
            ]
            for row in here.sort("quasi_p", maintain_order=True).iter_rows(named=True)
        ]
        title = f"{_where(found, box)}; of what varies, {luck_in_words(output)} is luck"
        made.append(Block(title, ["parameter", "range", "box", "quasi-p", "halves"] if rows else [], rows))
    return made


def discovery_headline(found: Discovery) -> str:
    """Return in which box each arm does harm, in words."""
    told = [_sentence(found, box) for box in found.boxes.iter_rows(named=True)]
    return f"{ASSUMED}: {'; '.join(told)}."


def _where(found: Discovery, box: Mapping[str, Any]) -> str:
    at = f"at {box['cases']:,} of {box['points']:,} points ({box['clear_cases']:,} clear of luck)"
    act = act_in_words(found.rung)
    return f"Where '{isolated(box['arm'])}' {_harm(found)} rung {found.rung} or above ({act}):\n{at}"


def _harm(found: Discovery) -> str:
    if found.threshold == 0.0:
        return "raises the risk of"
    return f"adds more than {percentage(found.threshold)} points to the risk of"


def _sentence(found: Discovery, box: Mapping[str, Any]) -> str:
    does = f"'{isolated(box['arm'])}' {_harm(found)} rung {found.rung} or above"
    if not box["cases"]:
        return f"{does} at none of {box['points']:,} points"
    here = found.restrictions.filter(pl.col("arm") == box["arm"]).sort("quasi_p", maintain_order=True)
    everywhere = f"{does} at {box['cases']:,} of {box['points']:,} points"
    if not box["clear_cases"]:
        return f"{everywhere}, at none of them clear of luck, so where it does is not told"
    if not len(here):
        return f"{everywhere}, and no part of these ranges stands out"
    where = " and ".join(f"{row['parameter']} is {_bounds(row)}" for row in here.iter_rows(named=True))
    weak = "" if box["density"] >= found.dense else f", short of the {100 * found.dense:.0f} % wanted"
    return (
        f"{does} at {box['cases_inside']:,} of the {box['inside']:,} points where {where} "
        f"(density {100 * box['density']:.0f} %{weak}; coverage {100 * box['coverage']:.0f} %: "
        f"{box['cases']:,} of all {box['points']:,} points)"
    )


def _bounds(row: Mapping[str, Any]) -> str:
    low, high = row["low"], row["high"]
    if low is not None and high is not None:
        return f"from {low} to {high}"
    return f"at least {low}" if high is None else f"at most {high}"
