"""Where the luck of the messages of a run is addressed, read back from its log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from simcrisis.draws import Luck, Occasion, Purpose, mix
from simcrisis.engine.background import background
from simcrisis.engine.world import World
from simcrisis.events import CHOSE_NOT_TO, EventLog, Kind, Record
from simcrisis.rules.situation import COUNTER_OPERATION
from simcrisis.units import Delay


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a run that could have gone otherwise, and the draw that it hung on."""

    seq: int
    """The record that it belongs to: an inquiry, a request, a finding."""
    occasion: Occasion
    delay: Delay | None
    """The law of its delay; None where the draw said whether it was sent at all."""


def case_paths(world: World, log: EventLog, luck: Luck) -> dict[int, int]:
    """Return the path of luck of each case of a log, made under that luck."""
    known = {**dict(enumerate(world.incidents)), **background(world, luck)}
    incidents = {number: incident.path for number, incident in known.items()}
    decided: Counter[int] = Counter()
    acts: dict[int, int] = {}
    cases: dict[int, int] = {}
    begun = len(world.names.incidents)
    numbers: dict[int, int] = {}
    for seq, record in enumerate(log.records):
        if record.kind is Kind.DECISION:
            decided[record.case] += 1
            numbers[seq] = decided[record.case]
        elif record.kind is Kind.ACT:
            acts[seq] = mix(cases[record.case], numbers[record.cause_seq])
            if record.value == COUNTER_OPERATION and record.counterpart >= 0:
                incidents[begun] = acts[seq]
                begun += 1
        elif record.kind is Kind.TAKES_UP:
            acts[seq] = acts[record.cause_seq]
        elif record.kind is Kind.CASE_OPENED:
            root = acts.get(record.cause_seq, incidents[record.incident])
            cases[record.case] = mix(root, world.states[record.actor].path)
    return cases


def messages(world: World, log: EventLog, luck: Luck) -> Iterator[Message]:
    """Yield the messages of a run, in the order of its log: sent or not, answered or not, early or late."""
    paths = case_paths(world, log, luck)
    replied = {r.case for r in log.records if r.kind is Kind.REPLY_SENT}
    answered = {(r.case, r.actor): r.at for r in log.records if r.kind is Kind.TECHNICAL_ANSWER}
    found: Counter[int] = Counter()
    for seq, record in enumerate(log.records):
        if record.kind is Kind.NOT_ASKED and record.detail == CHOSE_NOT_TO:
            yield Message(seq, (Purpose.ASKS, paths[record.case], 0), None)
        elif record.kind is Kind.INQUIRY:
            yield from _of_inquiry(world, record, seq, paths[record.case], record.case in replied)
        elif record.kind is Kind.TECHNICAL_REQUEST:
            heard = answered.get((record.case, record.counterpart))
            yield from _of_request(world, record, seq, paths[record.case], heard)
        elif record.kind is Kind.FINDING:
            number = found[record.case]
            found[record.case] += 1
            briefing = world.state_at(record.actor, record.at).cert.briefing
            yield Message(seq, (Purpose.BRIEFING, paths[record.case], number), briefing)


def _of_inquiry(world: World, record: Record, seq: int, path: int, replied: bool) -> Iterator[Message]:
    line, policy = world.lines[record.line], world.state_at(record.counterpart, record.at).policy
    way = mix(path, line.path)
    yield Message(seq, (Purpose.SENT, way, 0), line.latency)
    if not replied:
        yield Message(seq, (Purpose.ANSWERS, path, 0), None)
        return
    yield Message(seq, (Purpose.REPLY, path, 0), policy.reply)
    yield Message(seq, (Purpose.RETURNED, way, 0), line.latency)


def _of_request(world: World, record: Record, seq: int, case_path: int, heard: int | None) -> Iterator[Message]:
    path = mix(case_path, world.states[record.counterpart].path)
    if heard is None:
        yield Message(seq, (Purpose.PARTNER_ANSWERS, path, 0), None)
        return
    yield Message(seq, (Purpose.PARTNER_WORK, path, 0), world.model.partner_work)
    yield Message(seq, (Purpose.BRIEFING, path, 0), world.state_at(record.actor, heard).cert.briefing)
