"""A batch on one page: HTML that opens offline from a mail, fetches nothing, and runs no script but our player's."""

from __future__ import annotations

from typing import Any

import polars as pl

from simcrisis.batch.batch import Batch
from simcrisis.batch.design import POINT
from simcrisis.catalogue import parameter_page
from simcrisis.errors import isolated
from simcrisis.report.compared import arm_rows, cbms_of, factor_rows, set_rows
from simcrisis.report.ensemble import EXPECTED
from simcrisis.report.held import held, risks_over_sets
from simcrisis.report.page_tables import page_tables
from simcrisis.report.pictures import RUNGS, network_picture, pictures, reached
from simcrisis.report.player import IN_TEMPLATES
from simcrisis.report.rendered import rendered
from simcrisis.report.sentence import headline, made_by
from simcrisis.report.stopping import stopped
from simcrisis.report.told_runs import told_runs

_STOPS = 5
"""Sentences on where a batch stopped."""


def page(batch: Batch) -> str:
    """Return the page of a batch, as HTML."""
    return rendered("page.html", _content(batch) | IN_TEMPLATES)


def _content(batch: Batch) -> dict[str, Any]:
    scenario, stops, parameters = batch.scenario, stopped(batch), parameter_page()
    return {
        "scenario": scenario,
        "batch": batch,
        "stopped": stops[:_STOPS],
        "stops_left": max(0, len(stops) - _STOPS),
        "made_by": made_by(batch),
        "command": batch.plan.manifest()["command"],
        "arms": arm_rows(batch),
        "cbms": cbms_of(batch),
        "factors": factor_rows(batch),
        "sets": set_rows(batch),
        "network": network_picture(batch),
        "network_arm": batch.arms[-1],
        "runs": told_runs(batch),
        "of_point": _of_point(batch),
        "parameters": parameters,
        "assumed": sum("assumed" in row.source for row in parameters),
        "changed": {k: v for k, v in scenario.changes.items() if k.split(".")[0] != "experiment"},
        **(_found(batch) if batch.ensemble is None else _over_ensemble(batch)),
    }


def _found(batch: Batch) -> dict[str, Any]:
    """Return what a batch found: risks and changes at its design points."""
    differences = _corrected(batch)
    return {
        "answer": headline(batch, differences),
        "corrected": "p_adjusted" in differences.columns,
        "unreached": [rung for rung in RUNGS if rung not in reached(batch)],
        "tables": page_tables(batch, differences),
        "pictures": pictures(batch, differences),
        "expected": "",
        "held": None,
    }


def _over_ensemble(batch: Batch) -> dict[str, Any]:
    """Return what a batch over an ensemble found: risks over the sets, and whether changes hold."""
    return {
        "answer": headline(batch),
        "corrected": False,
        "unreached": [],
        "tables": risks_over_sets(batch),
        "pictures": [],
        "expected": EXPECTED,
        "held": held(batch),
    }


def _corrected(batch: Batch) -> pl.DataFrame:
    """Return the changes, with corrected p-values where more than one comparison is made."""
    several = len(batch.differences) and batch.differences.group_by("rung").len()["len"].max() != 1
    return batch.adjusted("holm") if several else batch.differences


def _of_point(batch: Batch) -> str:
    """Return at which design point runs are told; empty where there is but one."""
    if len(batch.plan.points) == 1:
        return ""
    if batch.ensemble is not None:
        return "the default"
    levels = batch.points.drop(POINT).row(0, named=True)
    told = "; ".join(f"{isolated(path)} = {isolated(str(value))}" for path, value in levels.items())
    return f"the first design point: {told}"
