"""A batch on one page: HTML that opens offline from a mail, fetches nothing, and runs no script but our player's."""

from __future__ import annotations

from functools import partial
from typing import Any

import polars as pl
from jinja2 import Environment, PackageLoader, StrictUndefined

from simcrisis import plots
from simcrisis.batch.batch import Batch
from simcrisis.batch.network import network_tables
from simcrisis.catalogue import parameter_page
from simcrisis.events import FIREBREAK
from simcrisis.report.figures import Picture, picture
from simcrisis.report.player import IN_TEMPLATES
from simcrisis.report.sentence import headline, made_by, stopped
from simcrisis.report.standing import ASSUMED
from simcrisis.report.tables import differences_rows, factor_names, risk_rows
from simcrisis.report.timeline import act_in_words
from simcrisis.report.told_runs import told_runs
from simcrisis.units import format_duration

SHOWN = (3, 4, 6, 8)
"""Rungs of the table of risks."""
CURVES = (4, FIREBREAK)
"""Rungs of the curves."""


CHANGE = ("arm", "change", "compensated", "ratio", "only with it", "only without", "p")
"""Heads of the tables of changes."""


def page(batch: Batch) -> str:
    """Return the page of a batch, as HTML."""
    made = Environment(loader=PackageLoader("simcrisis.report"), autoescape=True, undefined=StrictUndefined)
    return made.get_template("page.html").render(_content(batch) | IN_TEMPLATES)


def _content(batch: Batch) -> dict[str, Any]:
    scenario, first = batch.scenario, batch.arms[0]
    return {
        "scenario": scenario,
        "batch": batch,
        "standing": ASSUMED,
        "answer": headline(batch),
        "stopped": stopped(batch),
        "made_by": made_by(batch),
        "command": batch.plan.manifest()["command"],
        "within": format_duration(scenario.horizon),
        "risk_heads": [*factor_names(batch), "arm", "runs", *(f"{act_in_words(r)} (rung {r} or above)" for r in SHOWN)],
        "risk_rows": risk_rows(batch, list(SHOWN)),
        "change_heads": [*factor_names(batch), *CHANGE],
        "changes": [(r, act_in_words(r), differences_rows(batch, r, batch.differences)) for r in CURVES],
        "reference": first,
        "pictures": [] if batch.points.width else _pictures(batch),
        "network": _network(batch),
        "runs": told_runs(batch),
        "parameters": parameter_page(),
        "changed": {k: v for k, v in scenario.changes.items() if k.split(".")[0] != "experiment"},
    }


def _pictures(batch: Batch) -> list[Picture]:
    """Return the forest and the curves of a batch with one design point."""
    found = []
    if len(batch.arms) > 1 and len(batch.differences):
        rows = batch.differences.filter(pl.col("rung") == FIREBREAK)
        told = "; ".join(f"{r['arm']} {100 * r['difference']:+.2f} points" for r in rows.iter_rows(named=True))
        alt = f"What each arm changes in the share of runs that reach rung {FIREBREAK} or above: {told}."
        found.append(picture(partial(plots.forest, batch.differences, FIREBREAK), alt))
    for rung in CURVES:
        last = batch.curves.filter(pl.col("rung") == rung).group_by("arm", maintain_order=True).last()
        ends = "; ".join(f"{r['arm']} {100 * r['exceeded']:.1f} %" for r in last.iter_rows(named=True))
        alt = f"Share of runs that have reached rung {rung} or above, hour by hour. At the end: {ends}."
        found.append(picture(partial(plots.escalation_curves, batch.curves, rung), alt))
    return found


def _network(batch: Batch) -> Picture:
    """Return the network of the last arm."""
    nodes, lines = network_tables(batch.scenario, batch.arms[-1])
    alt = f"The network of arm {batch.arms[-1]}: {len(nodes)} States and hubs, {len(lines)} lines and memberships."
    return picture(partial(plots.network, nodes, lines), alt)
