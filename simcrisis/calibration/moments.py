"""Moments of a run as a data set would hold it: a pair of sums each, so that a moment over runs is a ratio of sums."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from simcrisis.calibration.observation import COUNTER_OPERATION, FORCE, NAMING, Answer, Seen, answers, seen
from simcrisis.events import EXCEEDED, EventLog, Kind
from simcrisis.units import DAY

YEAR = 365 * DAY
_FORCE_CHANCE = list(EXCEEDED).index(FORCE)

Sums = tuple[float, float]
"""Numerator and denominator of a moment in one run."""


@dataclass(frozen=True)
class Record:
    """The public record of one run."""

    incidents: Sequence[Seen]
    """By time."""
    answers: Sequence[Answer]
    horizon: int
    """Length of the run (ms): what falls into its last year is not followed for a whole one."""
    dyads: Collection[tuple[int, int]]
    """The pairs of States that incidents are drawn for, each in order."""
    force: float = 0.0
    """Summed chances of force that decisions stated in dyads below the firebreak: the crossings to be expected."""
    leaps: Sums = (0.0, 0.0)
    """The same, of decisions in dyads at rungs 0 to 3; and the number of these."""
    counter_operations: int = 0

    @cached_property
    def followed(self) -> Sequence[Seen]:
        """The incidents that are followed for a whole year."""
        return [each for each in self.incidents if each.at < self.horizon - YEAR]

    @cached_property
    def counts(self) -> Sequence[int]:
        """The number of incidents in each dyad and year."""
        years = self.horizon // YEAR
        counted = dict.fromkeys(((dyad, year) for dyad in self.dyads for year in range(years)), 0)
        for each in self.incidents:
            low, high = sorted((each.initiator, each.victim))
            cell = ((low, high), each.at // YEAR)
            if cell in counted:
                counted[cell] += 1
        return list(counted.values())


def recorded(log: EventLog, public: Collection[int], horizon: int, dyads: Collection[tuple[int, int]]) -> Record:
    """Return the public record of a run; see `seen` and `Record`."""
    chances = [(d.rung_before, d.chances[_FORCE_CHANCE]) for d in log.decisions]
    return Record(
        seen(log, public),
        list(answers(log)),
        horizon,
        dyads,
        force=math.fsum(chance for rung, chance in chances if rung < FORCE),
        leaps=_mean([chance for rung, chance in chances if rung < NAMING]),
        counter_operations=sum(r.kind is Kind.ACT and r.value == COUNTER_OPERATION for r in log.records),
    )


def _mean(values: Sequence[float]) -> Sums:
    return math.fsum(values), float(len(values))


def pairs(states: Collection[int]) -> list[tuple[int, int]]:
    """Return all pairs of some States, each in order."""
    return list(combinations(sorted(states), 2))


def _share(hits: Sequence[bool]) -> Sums:
    return float(sum(hits)), float(len(hits))


def _within(days: float, times: Sequence[tuple[int, int | None]]) -> Sums:
    """Return how many of those that came at all came within so many days."""
    return _share([then - at <= days * DAY for at, then in times if then is not None])


def _after(days: float, times: Sequence[tuple[int, int | None]]) -> Sums:
    early, all_ = _within(days, times)
    return all_ - early, all_


def _attributed(record: Record) -> list[tuple[int, int | None]]:
    return [(each.at, each.attribution) for each in record.followed]


def _responded(record: Record) -> list[tuple[int, int | None]]:
    return [(each.at, each.response) for each in record.followed]


def _answer_days(record: Record) -> list[int]:
    """Return the days of answers; that of the trigger is day 1."""
    return [(each.at - each.trigger) // DAY + 1 for each in record.answers]


def _next(record: Record, days: int, opposing: bool, graver: bool = False) -> Sums:
    """Return how many followed incidents are followed in their dyad by another one of the other (or the same) side."""
    hits = []
    for n, one in enumerate(record.incidents):
        if one.at >= record.horizon - YEAR:
            break
        sides = (one.victim, one.initiator) if opposing else (one.initiator, one.victim)
        hits.append(
            any(
                (two.initiator, two.victim) == sides and (two.severity > one.severity or not graver)
                for two in record.incidents[n + 1 :]
                if two.at - one.at <= days * DAY
            )
        )
    return _share(hits)


def _response_at(record: Record, severities: Collection[int]) -> Sums:
    return _share([each.response is not None for each in record.followed if each.severity in severities])


RATIOS: Mapping[str, Callable[[Record], Sums]] = {
    "crisis-answer-by-day-5": lambda r: _share([day <= 5 for day in _answer_days(r)]),
    "crisis-answer-after-day-17": lambda r: _share([day > 17 for day in _answer_days(r)]),
    "attribution-by-6-days": lambda r: _within(6, _attributed(r)),
    "attribution-after-74-days": lambda r: _after(74, _attributed(r)),
    "response-by-4-days": lambda r: _within(4, _responded(r)),
    "response-after-21-days": lambda r: _after(21, _responded(r)),
    "severe-incidents": lambda r: _share([each.severity >= 4 for each in r.incidents]),
    "opposing-incident-30-days": lambda r: _next(r, 30, opposing=True),
    "opposing-incident-90-days": lambda r: _next(r, 90, opposing=True),
    "opposing-incident-365-days": lambda r: _next(r, 365, opposing=True),
    "higher-incident-30-days": lambda r: _next(r, 30, opposing=True, graver=True),
    "higher-incident-90-days": lambda r: _next(r, 90, opposing=True, graver=True),
    "higher-incident-365-days": lambda r: _next(r, 365, opposing=True, graver=True),
    "same-initiator-365-days": lambda r: _next(r, 365, opposing=False),
    "incidents-per-dyad-year": lambda r: (float(sum(r.counts)), float(len(r.counts))),
    "squares-per-dyad-year": lambda r: (float(sum(n * n for n in r.counts)), float(len(r.counts))),
    "quiet-dyad-years": lambda r: _share([n == 0 for n in r.counts]),
    "political-response": lambda r: _share([each.response is not None for each in r.followed]),
    "response-severe": lambda r: _response_at(r, (4, 5)),
    "response-mild": lambda r: _response_at(r, (0, 1, 2)),
    "answer-below-trigger": lambda r: _share([a.level < a.trigger_level for a in r.answers]),
    "answer-above-trigger": lambda r: _share([a.level > a.trigger_level for a in r.answers]),
    "force-after-incident": lambda r: (r.force, float(len(r.incidents))),
    "leaps": lambda r: r.leaps,
    "counter-operations": lambda r: (float(r.counter_operations), float(len(r.incidents))),
}
"""Moments that are ratios of sums over runs, by name: of targets, of differences, of the filters of an ensemble."""

DIFFERENCES: Mapping[str, tuple[str, str]] = {"response-gradient": ("response-severe", "response-mild")}
"""Moments that are the difference of two of them."""


def sums(record: Record) -> dict[str, Sums]:
    """Return the numerator and denominator of every ratio in one run."""
    return {name: ratio(record) for name, ratio in RATIOS.items()}
