"""Event logs as polars tables, columns as in docs/tables.md; names are categoricals made from the ids of the log."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from math import nan

import numpy as np
import numpy.typing as npt
import polars as pl

from simcrisis.events import EXCEEDED, LOG_FORMAT, Decision, EventLog, Kind, Names
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
_KIND_CODES = np.zeros(max(Kind) + 1, np.uint32)
_KIND_CODES[list(Kind)] = range(len(Kind))
Ids = npt.NDArray[np.int64]

_WHOLE = ("at", "kind", "actor", "counterpart", "line", "incident", "case", "cause_seq")
"""The fields of a record that are whole numbers."""


def incident_names(names: Names) -> list[str]:
    """Return the names of a scenario's incidents, and of the counter-operations that may follow."""
    return [*names.incidents, *(f"counter-operation {n + 1}" for n in range(MOST_COUNTER_OPERATIONS))]


class Sheet:
    """Takes the logs of runs of one arm, and gives them as tables.

    Logs are taken apart at once: as objects, thousands of them slow the interpreter down.
    """

    def __init__(self, arm: str, names: Names) -> None:
        self.arm = arm
        self.names = names
        self._replications: list[int] = []
        self._lengths: list[int] = []
        self._whole = {name: array("q") for name in _WHOLE}
        self._values = array("d")
        self._details: list[str] = []
        self._decided: list[int] = []
        self._decisions: list[Decision] = []

    def add(self, replication: int, log: EventLog) -> None:
        """Take the log of a run."""
        self._replications.append(replication)
        self._lengths.append(len(log.records))
        if log.records:
            *whole, values, details = zip(*log.records, strict=True)
            for column, numbers in zip(self._whole.values(), whole, strict=True):
                column.extend(numbers)
            self._values.extend([nan if value is None else value for value in values])
            self._details += details
        self._decided += [replication] * len(log.decisions)
        self._decisions += log.decisions

    def events(self) -> pl.DataFrame:
        """Return the records, a row each, in order; `hour` is hours from the start."""
        lengths = np.array(self._lengths, np.int64)
        total = int(lengths.sum())
        column = {name: np.frombuffer(numbers, np.int64) for name, numbers in self._whole.items()}
        begins = np.repeat(np.cumsum(lengths) - lengths, lengths)
        return pl.DataFrame(
            {
                "arm": _constant(self.arm, total),
                "replication": np.repeat(np.array(self._replications, np.int64), lengths),
                "seq": np.arange(total) - begins,
                "hour": _hours(pl.Series(column["at"])),
                "kind": _KINDS.gather(pl.Series(_KIND_CODES[column["kind"]])),
                "actor": _named(column["actor"], self.names.states),
                "counterpart": _named(column["counterpart"], self.names.states),
                "line": _named(column["line"], self.names.lines),
                "incident": _named(column["incident"], incident_names(self.names)),
                "case": _ids(column["case"]),
                "cause_seq": _ids(column["cause_seq"]),
                "value": pl.Series(np.frombuffer(self._values, np.float64)).fill_nan(None),
                "detail": pl.Series(self._details, dtype=pl.String),
            }
        )

    def decisions(self) -> pl.DataFrame:
        """Return the decisions, a row each, in order."""
        columns = list(zip(*self._decisions, strict=True)) or [()] * len(Decision._fields)
        of = dict(zip(Decision._fields, columns, strict=True))
        chances = list(zip(*of["chances"], strict=True)) or [()] * len(CHANCES)
        return pl.DataFrame(
            {
                "arm": _constant(self.arm, len(self._decided)),
                "replication": pl.Series(self._decided, dtype=pl.Int64),
                "seq": pl.Series(of["seq"], dtype=pl.Int64),
                "case": pl.Series(of["case"], dtype=pl.Int64),
                "hour": _hours(pl.Series(of["at"], dtype=pl.Int64)),
                "actor": _named(np.array(of["actor"], np.int64), self.names.states),
                "about": _named(np.array(of["about"], np.int64), self.names.states),
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


def _hours(milliseconds: pl.Series) -> pl.Series:
    return milliseconds.cast(pl.Float64) / HOUR


def _ids(ids: Ids) -> pl.Series:
    numbers = pl.Series("ids", ids).to_frame()
    return numbers.select(pl.when(pl.col("ids") >= 0).then(pl.col("ids"))).to_series()


def _named(ids: Ids, names: Sequence[str]) -> pl.Series:
    if not names:
        return pl.Series([None] * len(ids), dtype=pl.Categorical)
    clipped = pl.Series("ids", np.minimum(ids, len(names) - 1)).to_frame()
    known = clipped.select(pl.when(pl.col("ids") >= 0).then(pl.col("ids")).cast(pl.UInt32)).to_series()
    return pl.Series(names, dtype=pl.Categorical).gather(known)
