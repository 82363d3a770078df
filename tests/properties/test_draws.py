from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simcrisis.draws import Luck, Purpose, ShiftedLuck, key_path, mix

WORDS = st.integers(0, 2**64 - 1)


@given(WORDS, WORDS, st.sampled_from(Purpose), st.integers(0, 2**31))
def test_a_draw_depends_on_its_occasion_alone(seed: int, path: int, purpose: Purpose, ordinal: int) -> None:
    one, other = Luck(seed, 7), Luck(seed, 7)
    other.normal(Purpose.CLOCK, path ^ 1, 3)
    assert one.normal(purpose, path, ordinal) == other.normal(purpose, path, ordinal)


@given(WORDS)
def test_scores_are_finite_at_the_ends_of_the_word(path: int) -> None:
    assert math.isfinite(Luck(0, 0).normal(Purpose.CHOICE, path))
    assert 0.0 < Luck(0, 0).uniform(Purpose.CHOICE, path) < 1.0


def test_a_shift_moves_one_purpose_only() -> None:
    plain, shifted = Luck(3, 4), ShiftedLuck(3, 4, {Purpose.FINDING: 1.5})
    assert shifted.normal(Purpose.FINDING, 9) == plain.normal(Purpose.FINDING, 9) + 1.5
    assert shifted.normal(Purpose.CLOCK, 9) == plain.normal(Purpose.CLOCK, 9)


def test_scores_are_standard_normal_along_every_part_of_the_address() -> None:
    """Kolmogorov-Smirnov along seeds, replications, purposes, paths and ordinals; false alarm 5 x 1e-4."""
    n = 4000
    along = {
        "seed": [Luck(k, 0).normal(Purpose.CHOICE, 5) for k in range(n)],
        "replication": [Luck(1, k).normal(Purpose.CHOICE, 5) for k in range(n)],
        "path": [Luck(1, 0).normal(Purpose.CHOICE, k) for k in range(n)],
        "key": [Luck(1, 0).normal(Purpose.CHOICE, key_path(f"State {k}")) for k in range(n)],
        "ordinal": [Luck(1, 0).normal(Purpose.CHOICE, 5, k) for k in range(n)],
    }
    for name, scores in along.items():
        assert stats.kstest(scores, "norm").pvalue > 1e-4, name


def test_neighbouring_occasions_are_independent() -> None:
    """Rank correlation between neighbours in each part of the address: |r| sqrt(n) <= 4; false alarm 5 x 6e-5."""
    n = 4000
    luck = Luck(1, 0)
    base = [luck.normal(Purpose.FINDING, key_path(f"k{k}"), 0) for k in range(n)]
    neighbours = {
        "ordinal": [luck.normal(Purpose.FINDING, key_path(f"k{k}"), 1) for k in range(n)],
        "purpose": [luck.normal(Purpose.FINDING_TIME, key_path(f"k{k}"), 0) for k in range(n)],
        "replication": [Luck(1, 1).normal(Purpose.FINDING, key_path(f"k{k}"), 0) for k in range(n)],
        "seed": [Luck(2, 0).normal(Purpose.FINDING, key_path(f"k{k}"), 0) for k in range(n)],
        "child": [luck.normal(Purpose.FINDING, mix(key_path(f"k{k}"), 1), 0) for k in range(n)],
    }
    for name, scores in neighbours.items():
        assert abs(stats.spearmanr(base, scores).statistic) * math.sqrt(n) <= 4, name


def test_no_two_occasions_share_a_path() -> None:
    keys = [key_path(f"{a}|{b}") for a in range(300) for b in range(300)]
    children = [mix(key, step) for key in keys[:3000] for step in range(30)]
    assert len(set(keys) | set(children)) == len(keys) + len(children)


@given(WORDS, WORDS)
def test_order_matters_in_a_path(a: int, b: int) -> None:
    assert a == b or mix(a, b) != mix(b, a)


def test_addresses_are_stable() -> None:
    """What a published run depends on: these values must never change."""
    assert key_path("Alderland") == 15386046729973165047
    assert mix(1, 2) == 13608149317741381227
    assert Luck(7, 3).normal(Purpose.FINDING, key_path("Alderland"), 2) == -0.5626003323834823
