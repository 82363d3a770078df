"""Runs continued from a decision: the same luck before, another's after, and the same run where nothing differs."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache

import polars as pl
import pytest

import simcrisis as sc
from simcrisis.batch.continuation import (
    courses,
    luck_up_to,
    others_than,
    replayed,
    script_of,
)
from simcrisis.batch.run import Run
from simcrisis.draws import Luck, Purpose, TracedLuck, TurnedLuck
from simcrisis.engine.run import simulate_with
from simcrisis.engine.script import scripted
from simcrisis.events import PRIVATE, Kind

CASES = [
    ("belgrade_2015", "both", 192),
    ("belgrade_2015", "untested", 5),
    ("energy_grid", "protected", 2),
    ("sixteen_measures", "all", 1),
    ("upward_spiral", "procedures", 2),
    ("western_balkans", "nis2", 1),
    ("communications_network", "network_and_procedures", 2),
]
BUSY = 4
"""A replication in which much happens by itself, where much may."""
MARK = 7
"""A rung that is mostly another one than the run's."""


@cache
def run_of(name: str, arm: str, replication: int) -> Run:
    return sc.run(sc.load(name), arm, 1, replication)


@pytest.fixture(params=CASES, ids=lambda case: "-".join(map(str, case)))
def run(request: pytest.FixtureRequest) -> Run:
    return run_of(*request.param)


def _all_of(run: Run) -> dict[tuple[int, int], int]:
    """Return every decision of a run as a script."""
    counted, script = Counter[int](), {}
    for decision in run.log.decisions:
        counted[decision.actor] += 1
        script[decision.actor, counted[decision.actor]] = decision.act
    return script


def test_a_script_of_all_that_the_run_decided_gives_its_records(run: Run) -> None:
    world = scripted(run.world, _all_of(run))
    assert world is not run.world
    assert simulate_with(world, Luck(1, run.replication)).records == run.log.records


def test_without_a_script_the_world_is_itself(run: Run) -> None:
    assert scripted(run.world, {}) is run.world
    assert script_of(run, {d.seq: d.act for d in run.log.decisions}) == {}
    assert replayed(run, {}) == run.log


def test_another_step_is_taken_and_nothing_before_it_changes(run: Run) -> None:
    for decision in run.log.decisions:
        if decision.about < 0:
            continue
        log = replayed(run, {decision.seq: MARK})
        assert log.records[: decision.seq] == run.log.records[: decision.seq]
        assert log.records[decision.seq]._replace(value=None, detail="") == run.log.records[decision.seq]._replace(
            value=None, detail=""
        )
        assert log.records[decision.seq].value == MARK


def test_a_step_that_is_not_open_is_the_lowest() -> None:
    run = run_of("belgrade_2015", "both", 192)
    world = replace(run.world, incidents=tuple(replace(i, suspects=()) for i in run.world.incidents))
    log = simulate_with(scripted(world, {(0, 1): 5}), Luck(1, 192))
    first = next(d for d in log.decisions if d.actor == 0)
    assert (first.about, first.act) == (-1, 0)


def test_up_to_the_choice_all_courses_are_the_run_and_with_its_own_luck_they_are_it_to_the_end(run: Run) -> None:
    for decision in run.log.decisions[:5]:
        kept = luck_up_to(run, decision)
        assert simulate_with(run.world, TurnedLuck(1, run.replication, run.replication, kept)) == run.log
        for choice in {0, 3, decision.act}:
            for onwards in (1_000, 1_001):
                world = scripted(run.world, script_of(run, {decision.seq: choice}))
                log = simulate_with(world, TurnedLuck(1, run.replication, onwards, kept))
                assert log.records[: decision.seq] == run.log.records[: decision.seq]
                assert log.records[decision.seq].value == choice


def test_what_comes_later_differs_from_luck_to_luck() -> None:
    run = run_of("belgrade_2015", "both", 192)
    decision = run.log.decisions[0]
    kept = luck_up_to(run, decision)
    logs = [simulate_with(run.world, TurnedLuck(1, 192, k, kept)).records for k in range(8)]
    assert len({tuple(log) for log in logs}) == 8


def test_background_incidents_to_come_are_open_but_for_the_next_and_those_before_are_kept() -> None:
    background = [{"name": "many", "between": ["Alderland", "Brevia"], "rate": 100.0}]
    run = sc.run(sc.load("belgrade_2015").with_({"background": background}), "both", 1, BUSY)
    decision = next(d for d in run.log.decisions if d.at > run.world.horizon // 4)
    kept = luck_up_to(run, decision)

    def strikes(replication: int) -> list[int]:
        log = simulate_with(run.world, TurnedLuck(1, BUSY, replication, kept))
        assert log.records[: decision.seq] == run.log.records[: decision.seq]
        drawn = len(run.world.incidents)
        return [r.at for r in log.records if r.kind is Kind.STRIKE and r.at > decision.at and r.incident >= drawn]

    as_it_was, one, other = strikes(BUSY), strikes(7), strikes(8)
    assert as_it_was[0] == one[0] == other[0]
    assert as_it_was[1] != one[1] != other[1]


def test_what_is_looked_at_counts_as_drawn_and_the_order_is_that_of_the_run() -> None:
    run = run_of("belgrade_2015", "both", 192)
    luck = TracedLuck(1, 192)
    assert simulate_with(run.world, luck) == run.log
    choices = [path for purpose, path, _ in luck.drawn if purpose is Purpose.CHOICE]
    assert len(choices) == len(run.log.decisions)
    looked = TracedLuck(1, 0)
    assert looked.first_uniforms(Purpose.BACKGROUND_RATE, [5, 6]) == Luck(1, 0).first_uniforms(
        Purpose.BACKGROUND_RATE, [5, 6]
    )
    assert list(looked.drawn) == [(Purpose.BACKGROUND_RATE, 5, 0), (Purpose.BACKGROUND_RATE, 6, 0)]
    turned = TurnedLuck(1, 0, 9, looked.drawn)
    assert turned.first_uniforms(Purpose.BACKGROUND_RATE, [5, 7]) == [
        Luck(1, 0).first_uniforms(Purpose.BACKGROUND_RATE, [5])[0],
        Luck(1, 9).first_uniforms(Purpose.BACKGROUND_RATE, [7])[0],
    ]


def test_steps_that_stay_private_are_one_course() -> None:
    run = run_of("belgrade_2015", "both", 192)
    for decision in run.log.decisions:
        logs = [replayed(run, {decision.seq: rung}).records for rung in (0, 1, 2)]
        plain = [[r._replace(value=None) if n == decision.seq else r for n, r in enumerate(log)] for log in logs]
        assert plain[0] == plain[1] == plain[2]


def test_courses_count_what_single_continuations_do() -> None:
    run = run_of("belgrade_2015", "both", 53)
    decision = run.log.decisions[0]
    told: list[int] = []
    table = courses(run, decision, [5, 2, decision.act], 40, told.append)
    assert sum(told) == 120
    kept = luck_up_to(run, decision)
    for row in table.iter_rows(named=True):
        world = scripted(run.world, script_of(run, {decision.seq: row["choice"]}))
        logs = [simulate_with(world, TurnedLuck(1, 53, k, kept)) for k in others_than(53, 40)]
        acts = [[(seq, r.value or 0.0) for seq, r in enumerate(log.records)
                 if r.kind is Kind.DECISION and r.detail != PRIVATE] for log in logs]  # fmt: skip
        assert row["hits"] == sum(any(value >= 8 for _, value in run_) for run_ in acts)
        later = [max((value for seq, value in run_ if seq > decision.seq), default=0.0) for run_ in acts]
        assert row["later"] == pytest.approx(sum(later) / 40)
        assert row["later_low"] <= row["later"] <= row["later_high"]
    first = table.row(0, named=True)
    assert first["risk_change"] == first["later_change"] == 0.0
    second = table.row(1, named=True)
    assert second["later_change"] == pytest.approx(second["later"] - first["later"])
    assert second["later_change_high"] < 0.0  # a quiet answer is followed by less
    assert list(others_than(2, 3)) == [0, 1, 3]
    assert isinstance(table, pl.DataFrame)
