"""A table of luck gives what each replication draws alone, bit for bit, whatever is drawn and in which order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simcrisis as sc
from simcrisis.draws import Luck, Purpose, key_path
from simcrisis.engine.compiler import compile_world
from simcrisis.engine.run import simulate, simulate_with
from simcrisis.luck_table import LuckTable

OCCASIONS = [(purpose, key_path(key), ordinal) for purpose in (3, 10, 61) for key in "ab" for ordinal in (0, 1, 7)]


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**63 - 1),
    first=st.integers(0, 10**9),
    drawn=st.lists(st.sets(st.sampled_from(OCCASIONS)), min_size=1, max_size=12),
    often=st.sets(st.sampled_from(OCCASIONS), max_size=6),
)
def test_tabled_luck_is_luck(
    seed: int, first: int, drawn: list[set[tuple[int, int, int]]], often: set[tuple[int, int, int]]
) -> None:
    table = LuckTable(seed, range(first, first + 110))
    for place, luck in enumerate(table):
        alone = Luck(seed, first + place)
        assert luck.replication == alone.replication
        for purpose, path, ordinal in sorted(drawn[place % len(drawn)] | often):
            occasion = Purpose(purpose), path, ordinal
            assert luck.normal(*occasion) == alone.normal(*occasion)
            assert luck.uniform(*occasion) == alone.uniform(*occasion)
        paths = [path for _, path, _ in OCCASIONS]
        assert luck.first_uniforms(Purpose.FINDING, paths) == alone.first_uniforms(Purpose.FINDING, paths)
    assert {(Purpose(purpose), path, ordinal) for purpose, path, ordinal in often} <= set(table.columns)


def test_what_few_replications_draw_is_drawn_alone() -> None:
    table = LuckTable(1, range(200))
    for place, luck in enumerate(table):
        luck.normal(Purpose.FINDING, 1)
        if place % 3 == 0:
            for _ in range(5):  # arms
                luck.normal(Purpose.FINDING, 2)
        if place > 100:
            luck.normal(Purpose.FINDING, 3)
    assert set(table.columns) == {(Purpose.FINDING, 1, 0)}


def test_few_replications_need_no_table() -> None:
    table = LuckTable(1, range(3, 23))
    drawn = [luck.normal(Purpose.FINDING, 1) for luck in table]
    assert drawn == [Luck(1, replication).normal(Purpose.FINDING, 1) for replication in range(3, 23)]
    assert not table.columns


@pytest.mark.parametrize("name", ["belgrade_2015", "rumour_storm"])
def test_a_run_from_a_table_is_the_run(name: str) -> None:
    scenario = sc.load(name)
    worlds = [compile_world(scenario, arm) for arm in scenario.arms]
    for luck in LuckTable(4, range(5, 110)):
        for world in worlds:
            assert simulate_with(world, luck) == simulate(world, 4, luck.replication)
