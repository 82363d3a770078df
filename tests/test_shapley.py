"""Shapley values and portfolios: axioms, brute force, coverage, and no winner's curse."""

from __future__ import annotations

from itertools import permutations
from math import factorial

import numpy as np
import pytest

from simcrisis.stats import averted, holm, portfolios, shapley
from simcrisis.stats.shapley import Counts, Flags, contributions


def random_hits(measures: int, replications: int, seed: int = 1) -> Flags:
    return np.random.default_rng(seed).random((2**measures, replications)) < 0.4


def by_orders(reached: Flags) -> Counts:
    """Return the contributions by their definition: over all orders, what each averts on top of those before it."""
    measures = len(reached).bit_length() - 1
    found = np.zeros((measures, reached.shape[1]), np.int64)
    for order in permutations(range(measures)):
        before = 0
        for measure in order:
            found[measure] += reached[before].astype(np.int64) - reached[before | 1 << measure]
            before |= 1 << measure
    return found


@pytest.mark.parametrize("measures", [1, 2, 3, 5])
def test_contributions_are_what_the_definition_says_and_add_up_exactly(measures: int) -> None:
    reached = random_hits(measures, 40)
    found = contributions(reached)
    assert (found == by_orders(reached)).all()
    together = reached[0].astype(np.int64) - reached[-1]
    assert (found.sum(axis=0) == factorial(measures) * together).all()
    values = [share.value for share in shapley(reached)]
    assert sum(values) == pytest.approx(averted(reached[0], reached[-1]).value, abs=1e-12)


def test_seven_measures_are_few_enough() -> None:
    reached = random_hits(7, 1000)
    assert (contributions(reached).sum(axis=0) == factorial(7) * (reached[0].astype(int) - reached[-1])).all()


def test_measures_that_do_the_same_get_the_same_and_one_that_does_nothing_gets_nothing() -> None:
    rng = np.random.default_rng(2)
    first, second = rng.random((2, 500)) < 0.5
    everywhere = np.ones(500, np.bool_)
    reached = np.array([everywhere, ~first, ~second, ~first & ~second])
    swapped = np.array([reached[s] if s in (0, 3) else reached[3 - s] for s in range(4)])
    assert (contributions(reached) == contributions(swapped)[::-1]).all()
    idle = np.array([reached[s & 3] for s in range(8)])
    assert (contributions(idle)[2] == 0).all()
    assert (contributions(idle)[:2] == 3 * contributions(reached)).all()
    same = np.array([reached[0], reached[1], reached[1], reached[3]])
    one, other = shapley(same)
    assert one == other


def test_intervals_hold_the_truth_as_often_as_they_say_with_few_hits_too() -> None:
    """Two measures that avert an escalation of probability .02, each by itself in half of the runs."""
    truth = 0.02 * (0.5 + 0.5 * 0.5) / 2
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(400):
        hit, one, other = (rng.random(200) < p for p in (0.02, 0.5, 0.5))
        reached = np.array([hit, hit & ~one, hit & ~other, hit & ~one & ~other])
        share = shapley(reached)[0]
        held += share.low <= truth <= share.high
    assert held >= 0.94 * 400 - 3 * (400 * 0.95 * 0.05) ** 0.5


def test_a_value_of_nothing_has_an_interval_all_the_same() -> None:
    share = shapley(np.zeros((4, 50), np.bool_))[0]
    assert share.value == 0.0
    assert share.low < 0.0 < share.high


def test_holm() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_the_best_is_affordable_cheapest_of_equals_and_told_apart_from_worse() -> None:
    n = 2000
    hit = np.random.default_rng(4).random(n)
    reached = np.array([hit < risk for risk in (0.3, 0.2, 0.1, 0.1, 0.05, 0.05, 0.05, 0.01)])
    found = portfolios(reached, range(n), [1.0, 0.5, 3.0], 1.5)
    assert [each.subset for each in found] == [2, 3, 1, 0]  # 2 and 3 are equal, 2 is cheaper; all with CBM 4 cost more
    assert [each.apart for each in found] == [False, False, True, True]
    assert found[0].averted_low <= found[0].averted <= found[0].averted_high
    assert found[0].averted == pytest.approx(found[3].risk - found[0].risk)
    assert found[0].n == n // 2
    assert portfolios(reached, range(n), [0.1, 0.2, 9.0], 0.1 + 0.2)[0].subset == 2  # no rounding shuts 0.3 out
    assert len(portfolios(reached, range(n), [0.1, 0.2, 9.0], 0.3)) == 4
    assert [each.subset for each in portfolios(reached, range(n), [1.0, 1.0, 1.0], 0.0)] == [0]


def test_the_best_of_equals_is_not_flattered() -> None:
    """Sixteen subsets of one risk: the half that chose shows less than there is, the other half does not."""
    rng = np.random.default_rng(5)
    chosen, judged = [], []
    for _ in range(300):
        best = portfolios(rng.random((16, 200)) < 0.2, range(200), [1.0] * 4, 4.0)[0]
        chosen.append(best.risk_chosen_on)
        judged.append(best.risk)
    error = np.std(judged) / len(judged) ** 0.5
    assert abs(np.mean(judged) - 0.2) < 4 * error
    assert np.mean(chosen) < 0.2 - 10 * error
