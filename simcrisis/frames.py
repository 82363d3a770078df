"""Event logs as polars tables, columns as in docs/tables.md; names are categoricals made from the ids of the log."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from itertools import chain
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


_MOST_ROWS = 100
"""Rows that are held as objects: with a thousand a batch takes a tenth longer, for caches are small."""
_NUMPY: Mapping[str, Any] = {_WHOLE: np.int64, _REAL: np.float64, _MAYBE: np.float64, _TRUTH: np.bool_}


class Sheet:
    """Takes the logs of runs, and gives them as tables.

    Logs are soon taken apart: as objects, thousands of them slow the interpreter down. Names are those of each arm, for
    arms differ in their lines.
    """

    def __init__(self, names: Mapping[str, Names]) -> None:
        self._arms = {arm: place for place, arm in enumerate(names)}
        self._states = _Words([each.states for each in names.values()])
        self._lines = _Words([each.lines for each in names.values()])
        self._incidents = _Words([incident_names(each) for each in names.values()])
        self._records = _Columns(_RECORD)
        self._decisions = _Columns(_DECISION)

    def add(self, arm: str, replication: int, log: EventLog) -> None:
        """Take the log of a run."""
        run = self._arms[arm], replication
        self._records.add(run, log.rows)
        self._decisions.add(run, log.decisions)

    def events(self) -> pl.DataFrame:
        """Return the records, a row each, run by run, each run in order; `hour` is hours from the start."""
        of = self._records
        of.settle()
        arms, replications = of.runs()
        return pl.DataFrame(
            {
                "arm": self._arm(arms),
                "replication": replications,
                "seq": of.places(),
                "hour": of["at"] / HOUR,
                "kind": _KINDS.gather(pl.Series(_KIND_CODES[of["kind"]])),
                "actor": self._states.of(of["actor"], arms),
                "counterpart": self._states.of(of["counterpart"], arms),
                "line": self._lines.of(of["line"], arms),
                "incident": self._incidents.of(of["incident"], arms),
                "case": of["case"],
                "cause_seq": of["cause_seq"],
                "value": of["value"],
                "detail": pl.Series(of.others["detail"], dtype=pl.String),
            }
        ).with_columns(
            pl.col("value").fill_nan(None),
            *(pl.when(pl.col(name) >= 0).then(pl.col(name)).alias(name) for name in ("case", "cause_seq")),
        )

    def decisions(self) -> pl.DataFrame:
        """Return the decisions, a row each, run by run, each run in order."""
        of = self._decisions
        of.settle()
        arms, replications = of.runs()
        chances = np.fromiter(chain.from_iterable(of.others["chances"]), np.float64).reshape(len(of), len(CHANCES))
        return pl.DataFrame(
            {
                "arm": self._arm(arms),
                "replication": replications,
                "seq": of["seq"],
                "case": of["case"],
                "hour": of["at"] / HOUR,
                "actor": self._states.of(of["actor"], arms),
                "about": self._states.of(of["about"], arms),
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

    def _arm(self, arms: Ids) -> pl.Series:
        return pl.Series([*self._arms], dtype=pl.String).gather(arms)


class _Words:
    """What ids stand for in each of several arms."""

    def __init__(self, words: Sequence[Sequence[str]]) -> None:
        self._differ = any(each != words[0] for each in words)
        if not self._differ:
            words = words[:1]
        self._lengths = np.array([len(each) for each in words], np.int64)
        self._first = np.cumsum(self._lengths) - self._lengths
        self._words = pl.Series([*chain(*words), None], dtype=pl.Categorical)

    def of(self, ids: Ids, arms: Ids) -> pl.Series:
        """Return the words for ids; null where they are negative or there are no words, the last one beyond them."""
        arm = arms if self._differ else 0
        lengths = self._lengths[arm]
        places = self._first[arm] + np.minimum(ids, lengths - 1)
        return self._words.gather(np.where((ids < 0) | (lengths == 0), len(self._words) - 1, places))


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
        self._runs: list[tuple[int, int]] = []
        self._lengths: list[int] = []
        self._rows: list[tuple[Any, ...]] = []

    def add(self, run: tuple[int, int], rows: Sequence[tuple[Any, ...]]) -> None:
        """Take the rows of a run (arm, replication)."""
        self._runs.append(run)
        self._lengths.append(len(rows))
        self._rows += rows
        if len(self._rows) > _MOST_ROWS:
            self.settle()

    def settle(self) -> None:
        """Take the rows apart that have come since; as packed bytes, for `array.extend` takes half as long again."""
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

    def runs(self) -> tuple[Ids, Ids]:
        """Return the arm and the replication of each row."""
        arms, replications = np.array(self._runs, np.int64).reshape(-1, 2).T
        return np.repeat(arms, self._lengths), np.repeat(replications, self._lengths)

    def places(self) -> Ids:
        """Return the place of each row in its run, from 0."""
        lengths = np.array(self._lengths, np.int64)
        return np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
