"""Communication in the run that is played: who was asked over what, who answered when, and which line mattered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import polars as pl

from simcrisis.batch.counterfactual import peak_of
from simcrisis.batch.lines import line_design
from simcrisis.batch.network import MEMBERSHIP
from simcrisis.batch.run import Run, run
from simcrisis.events import NOBODY, Decision, Kind, Record
from simcrisis.exercise.material import Sealed
from simcrisis.rules.situation import LOWEST_PUBLIC
from simcrisis.units import to_hours

_REPLIES = (Kind.ASSURANCE, Kind.FORMULAIC)
_SENT = (Kind.INQUIRY, Kind.TECHNICAL_REQUEST, Kind.POLICE_REQUEST)
_DIPLOMATIC = "diplomatic"


@dataclass(frozen=True)
class Inquiry:
    """A question from one desk to another, and what became of it."""

    asker: str
    asked: str
    kind: str
    """Of line."""
    at: int
    read: float | None
    """Hours until it was read; None: never."""
    reply: str | None
    """`assurance` or `formulaic`; None: none came."""
    hours: float | None
    """Until the reply."""
    given_up: bool
    """Whether the asker stopped waiting."""


@dataclass(frozen=True)
class Mattered:
    """A line that was used: what the same run would have been without it."""

    kind: str
    between: tuple[str, str]
    used: int
    """How often something was sent over it."""
    decision: Decision | None
    """The first decision that would have been another; None: none."""
    instead: int | None
    """Its rung without the line; None: it would not have been taken."""
    peak: int
    """How far the run would have gone."""


@dataclass(frozen=True)
class Talk:
    """What was asked and answered, and over what."""

    inquiries: Sequence[Inquiry]
    technical: int
    """Requests between CERTs."""
    technical_answers: int
    technical_hours: float | None
    """Median until an answer."""
    down: int
    """How often a line was down when it was wanted."""
    unused: Sequence[tuple[str, str, str]]
    """Lines of States at tables that nothing was sent over: kind and ends."""
    mattered: Sequence[Mattered]


def talk_of(material: Sealed) -> Talk:
    """Return the communication of the run of a pack, as far as its tables take part."""
    run = material.run
    records, names = run.log.records, run.world.names.states
    tables = set(material.public.tables)

    def here(record: Record) -> bool:
        return not tables.isdisjoint({names[n] for n in (record.actor, record.counterpart) if n != NOBODY})

    requests = [r for r in records if r.kind is Kind.TECHNICAL_REQUEST and here(r)]
    answers = [found for r in requests if (found := _answered(r, records)) is not None]
    used = Counter(run.world.names.lines[r.line] for r in records if r.kind in _SENT and r.line != NOBODY)
    return Talk(
        inquiries=[_inquiry(run, seq) for seq, r in enumerate(records) if r.kind is Kind.INQUIRY and here(r)],
        technical=len(requests),
        technical_answers=len(answers),
        technical_hours=median(answers) if answers else None,
        down=sum(r.kind is Kind.LINE_DOWN and here(r) for r in records),
        unused=list(_unused(material, used)),
        mattered=list(_mattered(material, used)),
    )


def _inquiry(run: Run, seq: int) -> Inquiry:
    records, names = run.log.records, run.world.names.states
    asked = records[seq]
    after = records[seq:]
    read = next((r for r in after if r.kind is Kind.INQUIRY_READ and r.cause_seq == seq), None)
    reply = next(
        (r for r in after if r.kind in _REPLIES and r.case == asked.case and r.actor == asked.counterpart), None
    )
    given_up = any(r.kind is Kind.SILENCE and r.cause_seq == seq for r in after)
    return Inquiry(
        names[asked.actor],
        names[asked.counterpart],
        run.world.lines[asked.line].kind,
        asked.at,
        None if read is None else to_hours(read.at - asked.at),
        None if reply is None else reply.kind.label,
        None if reply is None else to_hours(reply.at - asked.at),
        given_up,
    )


def _answered(request: Record, records: Sequence[Record]) -> float | None:
    """Return the hours until a CERT answered a request; None where it did not."""
    for record in records:
        back = (record.actor, record.counterpart) == (request.counterpart, request.actor)
        if record.kind is Kind.TECHNICAL_ANSWER and record.case == request.case and back:
            return to_hours(record.at - request.at)
    return None


def _unused(material: Sealed, used: Mapping[str, int]) -> Iterator[tuple[str, str, str]]:
    lines = material.public.lines.filter(~pl.col("kind").is_in([MEMBERSHIP, _DIPLOMATIC]))
    for row in lines.sort("kind", "a", "b").iter_rows(named=True):
        if row["name"] not in used and {row["a"], row["b"]} & set(material.public.tables):
            yield row["kind"], row["a"], row["b"]


def _mattered(material: Sealed, used: Mapping[str, int]) -> Iterator[Mattered]:
    """Yield the lines that were used, with what the run would have been without each, under the same luck."""
    base = material.run
    lines = {row["name"]: row for row in material.public.lines.iter_rows(named=True)}
    design = line_design(base.scenario, base.arm, lines=[name for name in used if name in lines], cbms=[])
    for arm, line in design.lines:
        row = lines.get(line.line)
        if line.change != "cut" or row is None or not {row["a"], row["b"]} & set(material.public.tables):
            continue
        without = run(design.scenario, arm, base.seed, base.replication)
        decision, instead = first_other_decision(base, without)
        yield Mattered(row["kind"], (row["a"], row["b"]), used[line.line], decision, instead, peak_of(without.log))


def first_other_decision(base: Run, other: Run) -> tuple[Decision | None, int | None]:
    """Return the first decision of a run that another takes otherwise, and its rung there; None where there is none.

    Decisions are the same where a State decides for the n-th time about an incident, or about acts over it.
    """
    there = dict(_numbered(other))
    for key, decision in _numbered(base):
        twin = there.get(key)
        if twin is None and _seen(decision) < LOWEST_PUBLIC:
            continue  # nobody would have seen it
        if twin is None or _seen(twin) != _seen(decision):
            return decision, None if twin is None else twin.act
    return None, None


def _seen(decision: Decision) -> int:
    """Return the rung of a decision; those that stay private are alike."""
    return max(decision.act, LOWEST_PUBLIC - 1)


def _numbered(run: Run) -> Iterator[tuple[tuple[int, int, bool, int], Decision]]:
    before: Counter[tuple[int, int, bool]] = Counter()
    for decision in run.log.decisions:
        about = decision.actor, run.log.records[decision.seq].incident, decision.of_incident
        yield (*about, before[about]), decision
        before[about] += 1
