"""Event logs as polars tables, columns as in docs/tables.md; names are categoricals made from the ids of the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from simcrisis.events import EXCEEDED, LOG_FORMAT, Decision, EventLog, Kind, Names, Record
from simcrisis.units import HOUR

RUN = ("arm", "replication")
"""The columns that tell runs apart."""
MARK = {"simcrisis_log": str(LOG_FORMAT)}
"""What Parquet files of events and decisions carry: the format of the log."""
CHANCES = tuple(f"chance_{rung}" for rung in EXCEEDED)
MOST_COUNTER_OPERATIONS = 64
"""Counter-operations beyond this many in one run share a name."""

_KIND_LABELS = [kind.label for kind in Kind]
_KINDS = pl.Series(_KIND_LABELS, dtype=pl.Enum(_KIND_LABELS))
_KIND_CODES = {kind: n for n, kind in enumerate(Kind)}

Logs = Iterable[tuple[int, EventLog]]
"""(replication, log) of runs of one arm."""


def incident_names(names: Names) -> list[str]:
    """Return the names of a scenario's incidents, and of the counter-operations that may follow."""
    return [*names.incidents, *(f"counter-operation {n + 1}" for n in range(MOST_COUNTER_OPERATIONS))]


def events_frame(logs: Logs, arm: str, names: Names) -> pl.DataFrame:
    """Return the records of runs of one arm, a row each, in order; `hour` is hours from the start."""
    replications: list[int] = []
    numbers: list[int] = []
    records: list[Record] = []
    for replication, log in logs:
        replications += [replication] * len(log.records)
        numbers += range(len(log.records))
        records += log.records
    columns = list(zip(*records, strict=True)) if records else [()] * len(Record._fields)
    at, kind, actor, counterpart, line, incident, case, cause, value, detail = columns
    return pl.DataFrame(
        {
            "arm": _constant(arm, len(records)),
            "replication": pl.Series(replications, dtype=pl.Int64),
            "seq": pl.Series(numbers, dtype=pl.Int64),
            "hour": _hours(at),
            "kind": _KINDS.gather(pl.Series([_KIND_CODES[k] for k in kind], dtype=pl.UInt32)),
            "actor": _named(actor, names.states),
            "counterpart": _named(counterpart, names.states),
            "line": _named(line, names.lines),
            "incident": _named(incident, incident_names(names)),
            "case": _ids(case),
            "cause_seq": _ids(cause),
            "value": pl.Series(value, dtype=pl.Float64),
            "detail": pl.Series(detail, dtype=pl.String),
        }
    )


def decisions_frame(logs: Logs, arm: str, names: Names) -> pl.DataFrame:
    """Return the decisions of runs of one arm, a row each, in order."""
    replications: list[int] = []
    decisions: list[Decision] = []
    for replication, log in logs:
        replications += [replication] * len(log.decisions)
        decisions += log.decisions
    columns = list(zip(*decisions, strict=True)) if decisions else [()] * len(Decision._fields)
    of = dict(zip(Decision._fields, columns, strict=True))
    chances = list(zip(*of["chances"], strict=True)) if decisions else [()] * len(CHANCES)
    return pl.DataFrame(
        {
            "arm": _constant(arm, len(decisions)),
            "replication": pl.Series(replications, dtype=pl.Int64),
            "seq": pl.Series(of["seq"], dtype=pl.Int64),
            "case": pl.Series(of["case"], dtype=pl.Int64),
            "hour": _hours(of["at"]),
            "actor": _named(of["actor"], names.states),
            "about": _named(of["about"], names.states),
            "belief": pl.Series(of["belief"], dtype=pl.Float64),
            "culpable": pl.Series(of["culpable"], dtype=pl.Boolean),
            "severity": pl.Series(of["severity"], dtype=pl.Float64),
            "tension": pl.Series(of["tension"], dtype=pl.Float64),
            "rung_before": pl.Series(of["rung_before"], dtype=pl.Int64),
            "pending": pl.Series(of["pending"], dtype=pl.String),
            "act": pl.Series(of["act"], dtype=pl.Int64),
            **{name: pl.Series(chances[n], dtype=pl.Float64) for n, name in enumerate(CHANCES)},
            "private": pl.Series(of["private"], dtype=pl.Boolean),
            "of_incident": pl.Series(of["of_incident"], dtype=pl.Boolean),
            "silence": pl.Series(of["silence"], dtype=pl.Float64),
        }
    )


def _constant(word: str, length: int) -> pl.Series:
    return pl.repeat(word, length, dtype=pl.String, eager=True)


def _hours(milliseconds: Sequence[int]) -> pl.Series:
    return pl.Series(milliseconds, dtype=pl.Int64).cast(pl.Float64) / HOUR


def _ids(ids: Sequence[int]) -> pl.Series:
    numbers = pl.Series("ids", ids, dtype=pl.Int64)
    return numbers.to_frame().select(pl.when(pl.col("ids") >= 0).then(pl.col("ids"))).to_series()


def _named(ids: Sequence[int], names: Sequence[str]) -> pl.Series:
    if not names:
        return pl.Series([None] * len(ids), dtype=pl.Categorical)
    clipped = pl.Series("ids", ids, dtype=pl.Int64).clip(upper_bound=len(names) - 1).to_frame()
    known = clipped.select(pl.when(pl.col("ids") >= 0).then(pl.col("ids")).cast(pl.UInt32)).to_series()
    return pl.Series(names, dtype=pl.Categorical).gather(known)
