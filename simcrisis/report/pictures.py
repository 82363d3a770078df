"""Which plots the page of a batch holds: they hang on what was varied, on how many arms there are, and on hits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import polars as pl

from simcrisis import plots
from simcrisis.batch.batch import Batch
from simcrisis.batch.network import network_tables
from simcrisis.errors import isolated
from simcrisis.events import FIREBREAK
from simcrisis.plots.levels import spans
from simcrisis.report.figures import Picture, picture
from simcrisis.report.spread import listed
from simcrisis.report.tables import factor_names
from simcrisis.scenario.experiment import Range

RUNGS = (4, FIREBREAK)
"""Rungs of curves and changes."""
_LINES = 7
"""Arms in one figure of lines: more have no colour of their own."""
_ROWS = 40
"""Rows of a forest."""
_FACTORS = 6
"""Factors that are drawn."""
_CELLS = 10
"""Levels on a side of a heat map, which has a number in each cell."""
_MAPS = 3
"""Arms of which a heat map is drawn."""
_HITS = 5
"""Hits that a design point and arm should have on average where single ones are drawn."""
_LOG_FROM = 20.0
"""How far apart the bounds of levels are that lie on a log axis."""


def pictures(batch: Batch, differences: pl.DataFrame) -> list[Picture]:
    """Return the plots of a batch: a forest and curves, or, over design points, what hangs on each factor."""
    rungs = reached(batch)
    if not rungs:
        return []
    if len(batch.plan.points) == 1:
        return list(_at_one_point(batch, differences, rungs))
    return list(_over_points(batch, rungs))


def reached(batch: Batch) -> list[int]:
    """Return the rungs of the plots that some run of the batch has reached."""
    hits = batch.risk.filter(pl.col("hits") > 0)["rung"].unique()
    return [rung for rung in RUNGS if rung in hits]


def network_picture(batch: Batch) -> Picture:
    """Return the network of the last arm."""
    arm = batch.arms[-1]
    nodes, lines = network_tables(batch.scenario, arm)
    alt = f"The network of arm {isolated(arm)}: {len(nodes)} States and hubs, {len(lines)} lines and memberships."
    return picture(partial(plots.network, nodes, lines), alt)


def _at_one_point(batch: Batch, differences: pl.DataFrame, rungs: Sequence[int]) -> Iterator[Picture]:
    rung = rungs[-1]
    rows = differences.filter(pl.col("rung") == rung, pl.col("low").is_not_null())
    if len(rows):
        first = rows.head(_ROWS)
        told = "; ".join(f"{isolated(r['arm'])} {100 * r['difference']:+.2f} points" for r in first.to_dicts())
        alt = f"What each arm changes in the share of runs that reach rung {rung} or above: {told}."
        note = f"The first {_ROWS} of {len(rows)} rows." if len(rows) > _ROWS else ""
        yield picture(partial(plots.forest, first, rung), alt, note)
    for each in rungs:
        curves = batch.curves.filter(pl.col("rung") == each)
        last = curves.drop_nulls("exceeded").group_by("arm", maintain_order=True).last()
        chosen = _furthest(batch, last)
        curves = curves.filter(pl.col("arm").is_in(chosen))
        ends = "; ".join(
            f"{isolated(r['arm'])} {100 * r['exceeded']:.1f} %" for r in last.to_dicts() if r["arm"] in chosen
        )
        alt = f"Share of runs that have reached rung {each} or above, hour by hour. At the end: {ends}."
        yield picture(partial(plots.escalation_curves, curves, each), alt, _left_out(batch.arms, chosen))


def _furthest(batch: Batch, last: pl.DataFrame) -> list[str]:
    """Return the arms that are drawn: all, or the reference and those that end furthest from it."""
    ends = dict(last.select("arm", "exceeded").iter_rows())
    of_reference = ends.get(batch.arms[0], 0.0)
    others = sorted((arm for arm in batch.arms[1:] if arm in ends), key=lambda arm: -abs(ends[arm] - of_reference))
    chosen = {batch.arms[0], *others[: _LINES - 1]}
    return [arm for arm in batch.arms if arm in chosen and arm in ends]


def _left_out(arms: Sequence[str], chosen: Sequence[str]) -> str:
    if len(arms) <= _LINES:
        return ""
    return f"{len(chosen)} of {len(arms)} arms: the reference, and those that end furthest from it."


def _over_points(batch: Batch, rungs: Sequence[int]) -> Iterator[Picture]:
    factors, rung = factor_names(batch), _often(batch, rungs)
    if len(factors) == 1:
        yield from _of_one_factor(batch, factors[0], rungs, rung)
        return
    drawn = (_maps if len(factors) == 2 and _is_grid(batch, factors) else _scattered)(batch, factors, rung)
    rare = f"Too few runs reached rung {rungs[-1]} at each design point for a plot of it. " if rung < rungs[-1] else ""
    for n, each in enumerate(drawn):
        yield replace(each, note=f"{rare}{each.note}") if n == 0 else each


def _often(batch: Batch, rungs: Sequence[int]) -> int:
    """Return the gravest rung that runs reach often enough for a plot of single design points; else the lowest."""
    hits = dict(batch.risk.group_by("rung").agg(pl.col("hits").mean()).iter_rows())
    return max((rung for rung in rungs if hits[rung] >= _HITS), default=rungs[0])


def _of_one_factor(batch: Batch, factor: str, rungs: Sequence[int], often: int) -> Iterator[Picture]:
    chosen = list(batch.arms[:_LINES])
    note = f"The first {_LINES} of {len(batch.arms)} arms." if len(batch.arms) > _LINES else ""
    log = _on_log_axis(batch, factor)
    for rung in rungs:
        risk = batch.risk.filter(pl.col("arm").is_in(chosen), pl.col("n") > 0)
        what = f"Share of runs that reach rung {rung} or above, over {isolated(factor)}, a line an arm."
        alt = f"{what} {_reach(risk, rung)}"
        yield picture(partial(plots.dose_response, risk, factor, rung, log=log), alt, note)
    changes = batch.differences.filter(pl.col("arm").is_in(chosen), pl.col("low").is_not_null())
    if len(changes.filter(pl.col("rung") == often)):
        alt = (
            f"What each arm changes against {isolated(batch.arms[0])} in the share of runs that reach rung {often} or "
            f"above, over {isolated(factor)}."
        )
        yield picture(partial(plots.dose_response, changes, factor, often, log=log), alt, note)


def _reach(risk: pl.DataFrame, rung: int) -> str:
    """Return from where to where each arm's share of runs reaches, in words."""
    of_arms = risk.filter(pl.col("rung") == rung).group_by("arm", maintain_order=True)
    each = of_arms.agg(low=pl.col("probability").min(), high=pl.col("probability").max()).to_dicts()
    return "; ".join(f"{isolated(r['arm'])} {100 * r['low']:.1f} to {100 * r['high']:.1f} %" for r in each) + "."


def _is_grid(batch: Batch, factors: Sequence[str]) -> bool:
    """Whether a heat map of two factors can be read: every combination is there, and not too many."""
    across, up = (batch.points[factor].n_unique() for factor in factors)
    return bool(max(across, up) <= _CELLS and across * up == len(batch.points))


def _maps(batch: Batch, factors: Sequence[str], rung: int) -> Iterator[Picture]:
    across, up = sorted(factors, key=lambda factor: -batch.points[factor].n_unique())
    first, others = batch.arms[0], batch.arms[1:][-_MAPS:]
    over = f"over {isolated(across)} and {isolated(up)}, a cell a combination with its figure in it."
    risk = batch.risk.filter(pl.col("arm") == first)
    alt = f"Share of runs of arm {isolated(first)} that reach rung {rung} or above, {over}"
    yield picture(partial(plots.heat_map, risk, across, up, rung), alt)
    for arm in others:
        changes = batch.differences.filter(pl.col("arm") == arm)
        alt = f"What arm {isolated(arm)} changes in the share of runs that reach rung {rung} or above, {over}"
        left = [f"'{isolated(each)}'" for each in batch.arms[1 : -len(others)]]
        note = f"Not drawn: {listed(left, _MAPS, 'arms')}." if left and arm == others[-1] else ""
        yield picture(partial(plots.heat_map, changes, across, up, rung), alt, note)


def _scattered(batch: Batch, factors: Sequence[str], rung: int) -> Iterator[Picture]:
    """Yield a scatter a factor: of what the last arms change, or of the risk of the only one."""
    table = batch.risk if len(batch.arms) == 1 else batch.differences
    chosen = list(batch.arms[-_MAPS:] if len(batch.arms) == 1 else batch.arms[1:][-_MAPS:])
    table = table.filter(pl.col("arm").is_in(chosen))
    what = "Share of runs" if len(batch.arms) == 1 else f"Change against {isolated(batch.arms[0])} in the share of runs"
    for n, factor in enumerate(factors[:_FACTORS]):
        arms = listed([isolated(arm) for arm in chosen], _MAPS, "arms")
        alt = f"{what} that reach rung {rung} or above at each design point, over {isolated(factor)}: {arms}."
        left = [f"{len(factors) - _FACTORS} other factors"] if len(factors) > _FACTORS else []
        skipped = [f"'{isolated(arm)}'" for arm in batch.arms[1:] if arm not in chosen] if len(batch.arms) > 1 else []
        left += [listed(skipped, _MAPS, "arms")] if skipped else []
        note = f"Not drawn: {' and '.join(left)}." if left and n == 0 else ""
        yield picture(partial(plots.scatter, table, factor, rung, log=_on_log_axis(batch, factor)), alt, note)


def _on_log_axis(batch: Batch, factor: str) -> bool:
    """Whether a factor lies on a log axis: it was sampled so, or its levels are numbers above 0 and far apart."""
    experiment = batch.scenario.experiment
    assert experiment is not None, "a batch with factors has an experiment"
    known = experiment.vary[factor]
    if isinstance(known, Range):
        return known.scale == "log"
    return spans(batch.points[factor]) >= _LOG_FROM
