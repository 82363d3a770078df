"""What happened in a run, by names and not by ids: what two implementations, or two files, are compared in."""

from __future__ import annotations

from typing import NamedTuple

from simcrisis.batch.run import Run
from simcrisis.events import NOBODY, Names


class Row(NamedTuple):
    """A record of a log; None for nobody and nothing."""

    at: int
    """ms from the start."""
    kind: str
    actor: str | None
    counterpart: str | None
    line: str | None
    incident: str | None
    """Its name; `background 1` ... and `counter-operation 1` ... for those that nobody wrote."""
    case: int | None
    cause: int | None
    """Place of the record that caused it."""
    value: float | None
    detail: str


class Choice(NamedTuple):
    """A decision of a log."""

    seq: int
    case: int
    at: int
    actor: str
    about: str | None
    belief: float
    culpable: bool
    severity: float
    tension: float
    rung_before: int
    pending: str
    act: int
    private: bool
    of_incident: bool
    silence: float
    chances: tuple[float, ...]


def happened(run: Run) -> list[Row]:
    """Return the records of a run."""
    names = run.world.names
    known = len(names.incidents)

    def incident(number: int) -> str | None:
        return Names.of(names.incidents, number) if number < known else f"counter-operation {number - known + 1}"

    return [
        Row(
            r.at,
            r.kind.label,
            Names.of(names.states, r.actor),
            Names.of(names.states, r.counterpart),
            Names.of(names.lines, r.line),
            incident(r.incident),
            None if r.case == NOBODY else r.case,
            None if r.cause_seq == NOBODY else r.cause_seq,
            r.value,
            r.detail,
        )
        for r in run.log.records
    ]


def decided(run: Run) -> list[Choice]:
    """Return the decisions of a run."""
    names = run.world.names.states
    return [
        Choice(
            d.seq,
            d.case,
            d.at,
            names[d.actor],
            Names.of(names, d.about),
            d.belief,
            d.culpable,
            d.severity,
            d.tension,
            d.rung_before,
            d.pending,
            d.act,
            d.private,
            d.of_incident,
            d.silence,
            d.chances,
        )
        for d in run.log.decisions
    ]
