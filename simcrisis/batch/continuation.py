"""What could have followed from a decision: a run continued from it with each of several choices.

Up to the decision everything is as in the run. From there on the luck is that of other replications: an occasion that
the run drew up to the choice keeps its score, every other one has that of replication k. What was under way when the
State decided (a reply whose time was drawn, a finding that is being made) goes on as it did; what begins later is open.
The choices share their replications: common random numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import replace
from itertools import count, islice

import numpy as np
import polars as pl

from simcrisis.batch.counterfactual import peak_of
from simcrisis.batch.run import Run
from simcrisis.draws import Occasion, Purpose, TracedLuck, TurnedLuck
from simcrisis.engine.run import simulate_with
from simcrisis.engine.script import Script, scripted
from simcrisis.engine.world import World
from simcrisis.events import FIREBREAK, PRIVATE, Decision, EventLog, Kind
from simcrisis.stats import methods
from simcrisis.stats.intervals import critical

COURSES = {
    "choice": pl.Int64,
    "n": pl.Int64,
    "hits": pl.Int64,
    "risk": pl.Float64,
    "risk_low": pl.Float64,
    "risk_high": pl.Float64,
    "risk_change": pl.Float64,
    "risk_change_low": pl.Float64,
    "risk_change_high": pl.Float64,
    "later": pl.Float64,
    "later_low": pl.Float64,
    "later_high": pl.Float64,
    "later_change": pl.Float64,
    "later_change_low": pl.Float64,
    "later_change_high": pl.Float64,
}
"""The columns of `courses`."""
Advance = Callable[[int], None]
"""Is told how many runs more are done."""


def courses(
    run: Run, decision: Decision, choices: Sequence[int], replications: int, advance: Advance | None = None
) -> pl.DataFrame:
    """Return what follows from each choice (a rung) of a decision of a run, a row each; the first is the reference.

    `risk` is the share of continuations whose peak, past acts included, crosses the firebreak; `later` the mean of the
    gravest public step that any State decides after this decision (0: none); `..._change` the paired difference to the
    first choice. Bounds are 95 %: of shares and their differences as in `batch.risk` and `batch.differences`, of means
    by Student's t. What the run chose is left to the State's own rule, which chooses it again. A choice must be open
    to the State.
    """
    kept = luck_up_to(run, decision)
    peaks, laters = [], []
    for choice in choices:
        world = scripted(run.world, script_of(run, {decision.seq: choice}))
        found = []
        for onwards in others_than(run.replication, replications):
            log = simulate_with(world, TurnedLuck(run.seed, run.replication, onwards, kept))
            found.append((peak_of(log), _later(log, decision)))
            if advance is not None:
                advance(1)
        peaks.append([peak for peak, _ in found])
        laters.append([later for _, later in found])
    return _table(choices, np.array(peaks), np.array(laters, np.float64))


def others_than(replication: int, n: int) -> Iterator[int]:
    """Yield the first n replications but one."""
    return islice((k for k in count() if k != replication), n)


def script_of(run: Run, choices: dict[int, int]) -> Script:
    """Return choices, by the record (`seq`) of their decision, as a script; those that the run made are left out.

    So a State may call off what its own rule chose, as it may in the run; what it is told to choose it carries out.
    """
    script, decided = {}, dict.fromkeys(range(len(run.world.states)), 0)
    for decision in run.log.decisions:
        decided[decision.actor] += 1
        choice = choices.get(decision.seq, decision.act)
        if choice != decision.act:
            script[decision.actor, decided[decision.actor]] = choice
    return script


def replayed(run: Run, choices: dict[int, int]) -> EventLog:
    """Return the log of a run in which decisions, by their record (`seq`), are taken otherwise, under its own luck.

    A State's decisions are told apart by their number: after the first that differs, a later one may come upon another
    question than in the run.
    """
    world: World = scripted(run.world, script_of(run, choices))
    return simulate_with(world, TurnedLuck(run.seed, run.replication, run.replication, ()))


def luck_up_to(run: Run, decision: Decision) -> Container[Occasion]:
    """Return the occasions that a run draws up to the choice of a decision, this one included.

    A run of which nothing later is asked than this instant draws no background incidents beyond the next one of each
    dyad: those to come are open, as is all that has not begun.
    """
    luck = TracedLuck(run.seed, run.replication)
    simulate_with(replace(run.world, horizon=decision.at + 1), luck)
    place = next(n for n, each in enumerate(run.log.decisions) if each.seq == decision.seq)
    choices = (n for n, (purpose, *_) in enumerate(luck.drawn) if purpose is Purpose.CHOICE)
    last = next(islice(choices, place, None))  # each decision draws its choice once before anything draws it again
    return frozenset(islice(luck.drawn, last + 1))


def _later(log: EventLog, decision: Decision) -> int:
    """Return the gravest public step decided after a decision, 0 if none."""
    after = log.records[decision.seq + 1 :]
    return max((int(r.value or 0) for r in after if r.kind is Kind.DECISION and r.detail != PRIVATE), default=0)


def _table(
    choices: Sequence[int], peaks: np.typing.NDArray[np.int64], laters: np.typing.NDArray[np.float64]
) -> pl.DataFrame:
    crossed = peaks >= FIREBREAK
    n, hits = crossed.shape[1], crossed.sum(axis=1)
    up, down = (crossed & ~crossed[:1]).sum(axis=1), (crossed[:1] & ~crossed).sum(axis=1)
    of = methods.FIXED
    columns = {
        "choice": list(choices),
        "n": [n] * len(choices),
        "hits": hits,
        **_three("risk", hits / n, *of.share(hits, np.full_like(hits, n))),
        **_three("risk_change", (up - down) / n, *of.difference(up, down, n)),
        **_three("later", *_mean(laters)),
        **_three("later_change", *_mean(laters - laters[:1])),
    }
    return pl.DataFrame(columns, schema=COURSES)


def _three(name: str, middle: object, low: object, high: object) -> dict[str, object]:
    return {name: middle, f"{name}_low": low, f"{name}_high": high}


def _mean(values: np.typing.NDArray[np.float64]) -> tuple[object, object, object]:
    n = values.shape[1]
    middle = values.mean(axis=1)
    half = critical(n) * values.std(axis=1, ddof=1) / np.sqrt(n) if n > 1 else np.full_like(middle, np.nan)
    return middle, middle - half, middle + half
