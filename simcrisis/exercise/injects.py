"""From what States came to know to injects: what is handed to which table, when, and where it comes from in the log."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from simcrisis.batch.run import Run
from simcrisis.errors import ExerciseError
from simcrisis.exercise.knowledge import Known, received
from simcrisis.exercise.programme import Part, Slot, cut, programme, spread
from simcrisis.scenario.exercise import Exercise
from simcrisis.units import HOUR

MOST_A_MOVE = 6
"""Injects that a table can treat in one move."""
_MERGES = tuple((hours * HOUR, mixed) for hours, mixed in (
    (0, False), (3, False), (6, False), (12, False), (24, False), (24, True), (48, True), (96, True), (192, True),
))  # fmt: skip
"""How far apart (ms) things may lie and still stand on one card, and whether they may belong to different cases: the
first is taken that brings a table no more than it can treat in a move."""
DECISION = "decision"
"""The group of the sorts that ask for a decision."""
QUIET, LOUD = 1, 3
_URGENT, _ASKED = frozenset({"discovery", "public"}), "inquiry"
"""What does not wait for more: the groups of what is news, and the sort of a question that has to be answered."""
_URGENT_WAITS = 3 * HOUR
_DECIDES, _READS = 3.0, 1.0
"""How long a decision takes to play, and anything else, in parts."""


@dataclass(frozen=True, slots=True)
class Sort:
    """How a sort of knowledge comes to a table."""

    group: str
    sender: str
    receiver: str
    channel: str
    loud: int


@dataclass(frozen=True, slots=True)
class Inject:
    """What is handed to one table at one time."""

    number: int
    state: str
    known: tuple[Known, ...]
    """What it tells, in order; the last one says when it could be told. A decision stands alone."""
    move: int
    minute: int
    """When it is handed out, in minutes after midnight."""

    @property
    def at(self) -> int:
        """The time of the story (ms)."""
        return self.known[-1].at

    @property
    def lead(self) -> Known:
        """What it is mainly about: the loudest, of equals the first."""
        return max(self.known, key=lambda known: (sorts()[known.sort].loud, -known.seq))

    @property
    def is_decision(self) -> bool:
        """Whether it asks for a decision."""
        return sorts()[self.lead.sort].group == DECISION


@cache
def sorts() -> Mapping[str, Sort]:
    """Return the sorts of knowledge by name."""
    read = tomllib.loads(files("simcrisis.exercise").joinpath("sorts.toml").read_text(encoding="utf-8"))
    return {name: Sort(row["group"], row["from"], row["to"], row["channel"], row["loud"]) for name, row in read.items()}


def injects(run: Run, tables: Sequence[str], of: Exercise) -> list[Inject]:
    """Return what is handed out to the tables of a run, in the order of the day.

    Raises ExerciseError where too little or too much happens for the programme.
    """
    told = _played({state: known for state, known in received(run).items() if state in tables}, of)
    slots = [slot for slot in programme(of) if slot.part is Part.MOVE]
    merged = dict.fromkeys(told, 0)
    while True:
        cards = [card for state, known in told.items() for card in _cards(known, *_MERGES[merged[state]])]
        found = _placed(sorted(cards, key=lambda card: (card[-1].at, card[-1].seq, card[-1].state)), slots)
        crowded = _crowded(found)
        if crowded is None:
            return found
        merged[crowded] += 1
        if merged[crowded] == len(_MERGES):
            told_much = f"{crowded}: too much happens for {len(slots)} move{'s' if len(slots) > 1 else ''}"
            raise ExerciseError(f"{told_much}; take more moves, a shorter span, or another run")


def _played(told: Mapping[str, Sequence[Known]], of: Exercise) -> dict[str, list[Known]]:
    """Return what lies within the span that is played, which begins with the first thing that any table hears."""
    begins = min((known[0].at for known in told.values() if known), default=0)
    return {
        state: [each for each in known if of.span is None or each.at <= begins + of.span]
        for state, known in told.items()
    }


def _cards(told: Sequence[Known], gap: int, mixed: bool) -> Iterator[tuple[Known, ...]]:
    """Yield what stands on one card each; what is quiet goes along with something louder, or is left out."""
    card: list[Known] = []
    aside: list[Known] = []
    for known in told:
        sort = sorts()[known.sort]
        if sort.group == DECISION:
            if card:
                yield tuple(card)
                card = []
            yield (known,)
        elif card and known.at - card[0].at <= _patience(card, gap) and _fits(card, known, mixed):
            card.append(known)
        elif sort.loud == QUIET:
            aside.append(known)
        else:
            if card:
                yield tuple(card)
            card, aside = [*aside, known], []
    if card:
        yield tuple(card)


def _patience(card: Sequence[Known], gap: int) -> int:
    """Return how long (ms) a card waits for more: what is urgent hardly, however much a table has to treat."""
    urgent = any(sorts()[known.sort].group in _URGENT or known.sort == _ASKED for known in card)
    return min(gap, max(_URGENT_WAITS, gap // 4)) if urgent else gap


def _fits(card: Sequence[Known], known: Known, mixed: bool) -> bool:
    loud = [sorts()[each.sort].loud for each in (*card, known)]
    return loud[-1] == QUIET or mixed or (card[-1].case == known.case and loud.count(LOUD) <= 1)


def _placed(cards: Sequence[tuple[Known, ...]], slots: Sequence[Slot]) -> list[Inject]:
    """Return cards, in order of time, as injects with their place in the day."""
    if not cards:
        raise ExerciseError("nothing happens that a table would hear of")
    weights = [_DECIDES if sorts()[card[-1].sort].group == DECISION else _READS for card in cards]
    try:
        cuts = [0, *cut([card[-1].at for card in cards], weights, len(slots)), len(cards)]
    except ValueError as error:
        raise ExerciseError(str(error)) from None
    minutes = [
        minute
        for slot, first, last in zip(slots, cuts[:-1], cuts[1:], strict=True)
        for minute in spread(weights[first:last], slot)
    ]
    moves = [
        slot.number for slot, first, last in zip(slots, cuts[:-1], cuts[1:], strict=True) for _ in range(first, last)
    ]
    return [
        Inject(n, card[-1].state, card, move, minute)
        for n, (card, move, minute) in enumerate(zip(cards, moves, minutes, strict=True), 1)
    ]


def _crowded(found: Sequence[Inject]) -> str | None:
    """Return the table that gets the most injects in a move, if it is more than it can treat."""
    counts = Counter((inject.state, inject.move) for inject in found)
    (state, _), most = max(counts.items(), key=lambda item: (item[1], item[0]))
    return state if most > MOST_A_MOVE else None
