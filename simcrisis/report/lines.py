"""What lines and CBMs are worth as people read it: rounded, with intervals in brackets, and told in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from simcrisis.batch.lines import LineStudy
from simcrisis.catalogue import cbms
from simcrisis.errors import isolated
from simcrisis.report.phrases import act_in_words
from simcrisis.report.sentence import made_by
from simcrisis.report.tables import percent, share_with_interval
from simcrisis.shown import ASSUMED
from simcrisis.units import format_duration

LEVEL = 0.05
_NAMED = 12
"""Idle lines that are named."""
_WHOLE_UP_TO = 1000
"""Runs up to which figures per 1,000 runs have no decimals."""


def document(study: LineStudy) -> dict[str, object]:
    """Return everything about a study as plain data."""
    batch = study.batch
    return {
        "arm": study.design.base,
        "rung": study.rung,
        "seed": batch.seed,
        "replications": batch.replications,
        "arms": len(batch.arms),
        "failed": len(batch.failures),
        "standing": ASSUMED,
        "made_by": made_by(batch),
        "sentences": list(sentences(study)),
        "lines_left_out": study.design.left_out,
        "lines": study.lines.to_dicts(),
        "cbms": None if study.cbms is None else study.cbms.to_dicts(),
        "portfolios": None if study.portfolios is None else study.portfolios.to_dicts(),
    }


_IDLE = (pl.col("only_without") == 0) & (pl.col("only_with") == 0)


def idle_lines(study: LineStudy) -> Iterator[str]:
    """Yield in a sentence the lines without or with which no run ends otherwise."""
    idle = study.lines.filter(_IDLE)
    if len(idle):
        shown = ", ".join(map(isolated, idle["line"].head(_NAMED)))
        left = len(idle) - _NAMED
        more = f" and {left:,} more" if left > 0 else ""
        yield f"In no run do these decide whether the rung is reached: {shown}{more}."


def line_rows(study: LineStudy) -> Iterator[list[str]]:
    """Yield a row a line, those left out that are idle.

    Name, change, what it averts, the same compensated, discordant pairs, p-values.
    """
    for row in study.lines.filter(~_IDLE).iter_rows(named=True):
        yield [
            row["line"],
            row["change"],
            _with_interval(row, "averted_per_1000", "low", "high"),
            _with_interval(row, "compensated_per_1000", "compensated_low", "compensated_high"),
            f"{row['only_without']:,}",
            f"{row['only_with']:,}",
            _p(row["p_value"]),
            _p(row["p_holm"]),
        ]


def cbm_rows(study: LineStudy) -> Iterator[list[str]]:
    """Yield a row a CBM: number, title, what it contributes, averts alone, averts on top of the others."""
    for row in [] if study.cbms is None else study.cbms.iter_rows(named=True):
        yield [
            f"{row['cbm']}",
            cbms()[row["cbm"]].title,
            _with_interval(row, "averted_per_1000", "low", "high"),
            _with_interval(row, "alone_per_1000", "alone_low", "alone_high"),
            _with_interval(row, "last_per_1000", "last_low", "last_high"),
        ]


def portfolio_rows(study: LineStudy) -> Iterator[list[str]]:
    """Yield the best subset of CBMs, then those that cannot be told apart from it, then the others."""
    if study.portfolios is None:
        return
    order = study.portfolios.sort("best", "apart_from_best", descending=[True, False], maintain_order=True)
    for row in order.iter_rows(named=True):
        share = {"probability": row["risk"], "low": row["risk_low"], "high": row["risk_high"]}
        told = "the best" if row["best"] else "apart from it" if row["apart_from_best"] else "cannot be told apart"
        yield [
            row["cbms"],
            f"{row['cost']:g}",
            told,
            share_with_interval(share),
            "-" if row["cbms"] == "none" else _with_interval(row, "averted_per_1000", "low", "high"),
            "-" if row["best"] else _p(row["p_holm"]),
        ]


def sentences(study: LineStudy) -> Iterator[str]:
    """Yield what a policy reader should take from a study, and what not."""
    of_base = study.batch.risk.filter(pl.col("rung") == study.rung, pl.col("arm") == study.design.base)
    risk = of_base.row(0, named=True)
    if risk["probability"] is None or not risk["n"]:
        yield f"No run of arm '{isolated(study.design.base)}' came to its end: there is nothing to tell."
        return
    within = format_duration(study.batch.scenario.horizon)
    share = f"{percent(risk['probability'])} % of {risk['n']:,} runs"
    rung = f"rung {study.rung} ({act_in_words(study.rung)}) or above"
    reached = f"{share} with arm '{isolated(study.design.base)}' reach {rung}"
    yield f"{ASSUMED}, {reached} within {within}."
    yield from _of_lines(study)
    yield from _of_cbms(study)
    yield from _of_portfolios(study)


def _of_lines(study: LineStudy) -> Iterator[str]:
    if not len(study.lines):
        yield "There is no line to cut or to add."
        return
    clear = study.lines.filter(pl.col("p_holm") < LEVEL)
    helps, harms = clear.filter(pl.col("averted_per_1000") > 0), clear.filter(pl.col("averted_per_1000") < 0)
    first = study.lines.row(0, named=True)
    if len(helps):
        first = helps.row(0, named=True)
        more = f", then {_named(helps, 1, 3)}" if len(helps) > 1 else ""
        yield f"The line that matters most is '{isolated(first['line'])}': it {_worth(first)}{more}."
    elif first["averted_per_1000"] > 0:
        yield (
            f"{_all(study)} averts so much that it could be told from nothing in {first['runs']:,} runs, corrected for "
            f"how many are looked at (Holm p {_p(first['p_holm'])}); '{isolated(first['line'])}' comes first: it "
            f"{_worth(first)}."
        )
    else:
        yield f"{_all(study)} averts anything that shows in {first['runs']:,} runs."
    if len(harms):
        yield f"More escalations with it than without: {_named(harms.reverse(), 0, 3)}."
    if len(study.lines) > 1 and first["averted_per_1000"]:
        yield "The first of many looks better than it is: another --seed tells what is left of it."


def _all(study: LineStudy) -> str:
    return f"None of {len(study.lines)} lines" if len(study.lines) > 1 else "No line"


def _of_cbms(study: LineStudy) -> Iterator[str]:
    if study.cbms is None or not len(study.cbms):
        return
    total, runs = float(study.cbms["averted_per_1000"].sum()), study.cbms["runs"][0]
    if len(study.cbms) > 1:
        numbers = ", ".join(map(str, sorted(study.cbms["cbm"].to_list())))
        verb = "avert" if total >= 0 else "add"
        yield (
            f"Together, CBMs {numbers} {verb} {_number(abs(total), runs)} escalations per 1,000 runs; what each "
            "contributes is its average over all orders in which they could be adopted, and adds up to that."
        )


def _of_portfolios(study: LineStudy) -> Iterator[str]:
    if study.portfolios is None or not len(study.portfolios):
        return
    best = study.portfolios.row(0, named=True)
    alike = study.portfolios.filter(~pl.col("best"), ~pl.col("apart_from_best"))
    named = f"CBM{'s' if ',' in best['cbms'] else ''} {best['cbms']}"
    told = f"The best that the budget pays for is {named} (cost {best['cost']:g}): against none, it {_worth(best)}"
    if best["cbms"] == "none":
        told = "Of what the budget pays for, nothing looks better than having none of these CBMs"
    others = f"; {len(alike)} of {len(study.portfolios) - 1} others cannot be told apart from it" if len(alike) else ""
    yield f"{told}{others}. It was chosen on every other run and judged on the {best['runs']:,} between."
    better = study.portfolios.filter("apart_from_best", pl.col("risk") < best["risk"])["cbms"].to_list()
    if better:
        yield f"On these the choice does not stand: {' and '.join(f'CBMs {cbms}' for cbms in better)} did better."


def _named(rows: pl.DataFrame, start: int, most: int) -> str:
    told = [f"'{isolated(row['line'])}' {_worth(row)}" for row in rows[start : start + most].iter_rows(named=True)]
    left = len(rows) - start - most
    return ", ".join(told) + (f" and {left} more" if left > 0 else "")


def _worth(row: Mapping[str, Any]) -> str:
    """Return what a row averts, in words."""
    value, low, high = (row[key] for key in ("averted_per_1000", "low", "high"))
    verb = "averts"
    if value < 0:
        verb, value, low, high = "adds", -value, -high, -low
    told = [_number(number, row["runs"]) for number in (value, low, high)]
    return f"{verb} {told[0]} escalations per 1,000 runs (95 % interval {told[1]} to {told[2]})"


def _with_interval(row: Mapping[str, Any], value: str, low: str, high: str) -> str:
    if row[value] is None:
        return "-"
    told = [_number(row[key], row["runs"], "+") for key in (value, low, high)]
    return f"{told[0]} ({told[1]} to {told[2]})"


def _number(value: float, runs: int, sign: str = "") -> str:
    """Return a figure per 1,000 runs with the digits that so many runs bear."""
    digits = 0 if runs <= _WHOLE_UP_TO else 1
    rounded = round(value, digits) + 0.0
    return f"{rounded:{sign if rounded else ''}.{digits}f}"


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"
