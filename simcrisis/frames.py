"""Event logs as polars tables, columns as in docs/tables.md; names are categoricals made from the ids of the log."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from math import nan
from struct import pack
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from simcrisis.events import EXCEEDED, LOG_FORMAT, Decision, EventLog, Kind, Names, Record, incident_names
from simcrisis.units import HOUR

RUN = ("arm", "replication")
"""The columns that tell runs apart."""
MARK = {"simcrisis_log": str(LOG_FORMAT)}
"""What Parquet files of events and decisions carry: the format of the log."""
CHANCES = tuple(f"chance_{rung}" for rung in EXCEEDED)

_KIND_LABELS = [kind.label for kind in Kind]
_KINDS = pl.Series(_KIND_LABELS, dtype=pl.Enum(_KIND_LABELS))
_KIND_CODES = np.zeros(max(Kind) + 1, np.uint32)
_KIND_CODES[list(Kind)] = range(len(Kind))
Ids = npt.NDArray[np.int64]

_WHOLE, _REAL, _TRUTH, _MAYBE, _OTHER = "q", "d", "b", "maybe", "other"
_RECORD = dict.fromkeys(Record._fields, _WHOLE) | {"value": _MAYBE, "detail": _OTHER}
_DECISION = dict.fromkeys(Decision._fields, _WHOLE) | {
    **dict.fromkeys(("belief", "severity", "tension", "silence"), _REAL),
    **dict.fromkeys(("culpable", "private", "of_incident"), _TRUTH),
    **dict.fromkeys(("pending", "chances"), _OTHER),
}
"""Fields of a record and of a decision: whole numbers, real ones, truth values, real ones or None, anything else."""


_MOST_ROWS = 200
"""Rows that are held as objects: ten times as many cost a quarter of a run, in garbage collection."""
_NUMPY: Mapping[str, Any] = {_WHOLE: np.int64, _REAL: np.float64, _MAYBE: np.float64, _TRUTH: np.bool_}


class Sheet:
    """Takes the logs of runs of one arm, and gives them as tables.

    Logs are soon taken apart: as objects, thousands of them slow the interpreter down.
    """

    def __init__(self, arm: str, names: Names) -> None:
        self.arm = arm
        self.names = names
        self._records = _Columns(_RECORD)
        self._decisions = _Columns(_DECISION)

    def add(self, replication: int, log: EventLog) -> None:
        """Take the log of a run."""
        self._records.add(replication, log.rows)
        self._decisions.add(replication, log.decisions)

    def events(self) -> pl.DataFrame:
        """Return the records, a row each, in order; `hour` is hours from the start."""
        of = self._records
        of.settle()
        return pl.DataFrame(
            {
                "arm": _constant(self.arm, len(of)),
                "replication": of.replications(),
                "seq": of.places(),
                "hour": _hours(of["at"]),
                "kind": _KINDS.gather(pl.Series(_KIND_CODES[of["kind"]])),
                "actor": _named(of["actor"], self.names.states),
                "counterpart": _named(of["counterpart"], self.names.states),
                "line": _named(of["line"], self.names.lines),
                "incident": _named(of["incident"], incident_names(self.names)),
                "case": _ids(of["case"]),
                "cause_seq": _ids(of["cause_seq"]),
                "value": pl.Series(of["value"]).fill_nan(None),
                "detail": pl.Series(of.others["detail"], dtype=pl.String),
            }
        )

    def decisions(self) -> pl.DataFrame:
        """Return the decisions, a row each, in order."""
        of = self._decisions
        of.settle()
        chances = np.array(of.others["chances"], np.float64).reshape(len(of), len(CHANCES))
        return pl.DataFrame(
            {
                "arm": _constant(self.arm, len(of)),
                "replication": of.replications(),
                "seq": of["seq"],
                "case": of["case"],
                "hour": _hours(of["at"]),
                "actor": _named(of["actor"], self.names.states),
                "about": _named(of["about"], self.names.states),
                "belief": of["belief"],
                "culpable": of["culpable"],
                "severity": of["severity"],
                "tension": of["tension"],
                "rung_before": of["rung_before"],
                "pending": pl.Series(of.others["pending"], dtype=pl.String),
                "act": of["act"],
                **{name: chances[:, n] for n, name in enumerate(CHANCES)},
                "private": of["private"],
                "of_incident": of["of_incident"],
                "silence": of["silence"],
            }
        )


class _Columns:
    """Columns of rows that come run by run: arrays of numbers (None becomes NaN), and lists of the rest."""

    def __init__(self, kinds: Mapping[str, str]) -> None:
        self._kinds = kinds
        self._arrays = {
            name: array(_REAL if kind == _MAYBE else kind) for name, kind in kinds.items() if kind != _OTHER
        }
        self.others: dict[str, list[Any]] = {name: [] for name, kind in kinds.items() if kind == _OTHER}
        columns: dict[str, Any] = {**self._arrays, **self.others}
        self._columns = [(columns[name], kind) for name, kind in kinds.items()]
        self._runs: list[int] = []
        self._lengths: list[int] = []
        self._rows: list[tuple[Any, ...]] = []

    def add(self, replication: int, rows: Sequence[tuple[Any, ...]]) -> None:
        """Take the rows of a run."""
        self._runs.append(replication)
        self._lengths.append(len(rows))
        self._rows += rows
        if len(self._rows) > _MOST_ROWS:
            self.settle()

    def settle(self) -> None:
        """Take the rows apart that have come since; packed bytes take half as long as `array.extend`."""
        count = len(self._rows)
        for (column, kind), values in zip(self._columns, zip(*self._rows, strict=True), strict=bool(count)):
            if kind == _OTHER:
                column.extend(values)
            elif kind == _MAYBE:
                column.frombytes(pack(f"{count}{_REAL}", *[nan if value is None else value for value in values]))
            else:
                column.frombytes(pack(f"{count}{kind}", *values))
        self._rows.clear()

    def __len__(self) -> int:
        return sum(self._lengths)

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        return np.frombuffer(self._arrays[name], _NUMPY[self._kinds[name]])

    def replications(self) -> Ids:
        """Return the replication of each row."""
        return np.repeat(np.array(self._runs, np.int64), self._lengths)

    def places(self) -> Ids:
        """Return the place of each row in its run, from 0."""
        lengths = np.array(self._lengths, np.int64)
        return np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def _constant(word: str, length: int) -> pl.Series:
    return pl.repeat(word, length, dtype=pl.String, eager=True)


def _hours(milliseconds: Ids) -> pl.Series:
    return pl.Series(milliseconds).cast(pl.Float64) / HOUR


def _ids(ids: Ids) -> pl.Series:
    numbers = pl.Series("ids", ids).to_frame()
    return numbers.select(pl.when(pl.col("ids") >= 0).then(pl.col("ids"))).to_series()


def _named(ids: Ids, names: Sequence[str]) -> pl.Series:
    if not names:
        return pl.Series([None] * len(ids), dtype=pl.Categorical)
    clipped = pl.Series("ids", np.minimum(ids, len(names) - 1)).to_frame()
    known = clipped.select(pl.when(pl.col("ids") >= 0).then(pl.col("ids")).cast(pl.UInt32)).to_series()
    return pl.Series(names, dtype=pl.Categorical).gather(known)
