"""Estimates and their intervals: closed forms, coverage, and what they say of tables made by hand."""

from __future__ import annotations

import itertools

import numpy as np
import polars as pl
import pytest
from scipy.optimize import minimize
from scipy.stats import binom

import simcrisis as sc
from simcrisis.errors import BatchError
from simcrisis.events import EXCEEDED
from simcrisis.stats import (
    Columns,
    Correction,
    Question,
    Rule,
    anytime,
    compensated,
    intervals,
    means,
    stopping,
    tally,
)
from simcrisis.stats.adjusted import adjusted
from simcrisis.stats.compensated import controlled
from simcrisis.stats.paired_times import paired_times
from simcrisis.stats.survival import survival
from simcrisis.stats.tally import CHANGES
from tests import coverage
from tests.coverage import Held


def keeps_its_promise(held: Held) -> bool:
    """Return whether coverage is as asked for: close to 95 %, or conservative where little is expected."""
    if held.usual:
        return 0.945 <= held.mean <= 0.965 and held.least >= 0.92
    return held.mean >= 0.95 and (held.least >= 0.94 or held.least_expected >= coverage.EXPECTED)


def test_shares_are_covered() -> None:
    for held in coverage.shares():
        assert keeps_its_promise(held), held


def test_wilson_alone_would_not_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "SIZES", (100,))
    monkeypatch.setattr(coverage, "P", (0.01,))
    assert all(map(keeps_its_promise, coverage.shares()))

    def wilson(hits: coverage.Floats, n: coverage.Floats) -> tuple[coverage.Floats, coverage.Floats]:
        p, z2 = hits / n, intervals.Z**2
        half = intervals.Z * np.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
        return (p + z2 / (2 * n) - half) / (1 + z2 / n), (p + z2 / (2 * n) + half) / (1 + z2 / n)

    assert not all(map(keeps_its_promise, coverage.shares(wilson)))


@pytest.mark.long
def test_paired_differences_are_covered() -> None:
    for held in coverage.paired_differences():
        assert keeps_its_promise(held), held


@pytest.mark.long
def test_paired_ratios_are_covered() -> None:
    for held in coverage.paired_ratios():
        assert keeps_its_promise(held), held


def test_paired_intervals_are_covered_at_small_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "SIZES", (300,))
    monkeypatch.setattr(coverage, "P", (0.01,))
    for held in (*coverage.paired_differences(), *coverage.paired_ratios()):
        assert keeps_its_promise(held), held


@pytest.mark.parametrize(("both", "up", "down"), [(10, 7, 6), (3, 0, 4), (7, 10, 6), (10, 0, 3), (2, 9, 0)])
@pytest.mark.parametrize("ratio", [0.3, 0.8, 1.9])
def test_likeliest_cells_are(both: int, up: int, down: int, ratio: float) -> None:
    n = 60
    asked = (np.array(each, np.float64) for each in (ratio, both, up, down, n))
    found = [float(cell) for cell in intervals.likeliest_cells(*asked)]
    assert found[0] + found[1] == pytest.approx(ratio * (found[0] + found[2]))

    def unlikely(logs: coverage.Floats) -> float:
        p_both, p_down = np.exp(logs)
        p_up = ratio * (p_both + p_down) - p_both
        rest = 1 - p_both - p_up - p_down
        if p_up < -1e-9 or rest <= 0:
            return 1e9
        return -float(both * logs[0] + down * logs[1] + (up * np.log(max(p_up, 1e-300)) if up else 0.0)) - float(
            (n - both - up - down) * np.log(rest)
        )

    starts = ([-2.0, -2.0], [-4.0, -2.0], [-2.0, -4.0], [-3.0, -3.0])
    best = min(minimize(unlikely, start, method="Nelder-Mead", options={"maxiter": 9999}).fun for start in starts)
    logs = np.log(np.maximum([found[0], found[2]], 1e-300))
    assert unlikely(logs) <= best + 1e-4


def test_bounds_hold_the_estimate_and_swap_with_the_arms() -> None:
    up, down = (grid.ravel() for grid in np.meshgrid(np.arange(12), np.arange(12)))
    for bounds in (intervals.paired_difference, anytime.paired_difference):
        low, high = bounds(up, down, 200)
        assert ((low <= (up - down) / 200) & ((up - down) / 200 <= high)).all()
        other_low, other_high = bounds(down, up, 200)
        np.testing.assert_allclose((low, high), (-other_high, -other_low), atol=1e-9)
    for ratios in (intervals.paired_ratio, anytime.paired_ratio):
        ratio, low, high = ratios(5, up, down, 200)
        assert ((low <= ratio) & (ratio <= high)).all()
        _, other_low, other_high = ratios(5, down, up, 200)
        np.testing.assert_allclose((low, high), (1 / other_high, 1 / other_low), rtol=1e-6)


def test_a_ratio_without_hits_is_not_there() -> None:
    ratio, low, high = intervals.paired_ratio([0, 0, 0], [0, 4, 0], [0, 0, 4], 100)
    assert np.isnan(ratio[:2]).all()
    assert ratio[2] == low[2] == 0
    assert np.isnan([low[0], high[0], high[1]]).all()
    assert low[1] > 0
    assert 0 < high[2] < 10


def test_evidence_has_mean_one_under_the_null() -> None:
    for pairs in (1, 7, 60):
        ups = np.arange(pairs + 1)
        assert (binom.pmf(ups, pairs, 0.5) @ anytime.e_value(ups, pairs - ups)) == pytest.approx(1.0)


def test_the_sequence_leaves_out_zero_when_the_sign_is_believed() -> None:
    up, down = (grid.ravel() for grid in np.meshgrid(np.arange(40), np.arange(40)))
    low, high = anytime.paired_difference(up, down, 500)
    believed = anytime.e_value(up, down) >= 20
    assert (((low > 0) | (high < 0)) == believed).all()
    assert 0 < believed.sum() < believed.size


def test_looking_after_every_pair_is_allowed() -> None:
    found = coverage.peeking(batches=10_000, pairs=1000)
    assert found.false_stops < 0.05
    assert found.missed < 0.05
    assert found.naive > 0.2


def test_sequences_of_shares_and_means_hold_at_all_times() -> None:
    luck = np.random.default_rng(4)
    hits = np.cumsum(luck.random((2000, 600)) < 0.1, axis=1)
    n = np.arange(1, 601)
    looked = n >= 20
    low, high = anytime.share(hits[:, looked][:, ::10], n[looked][::10])
    assert np.mean(((low > 0.1) | (high < 0.1)).any(axis=1)) < 0.05
    values = luck.normal(1.0, 2.0, (2000, 600))
    mean = np.cumsum(values, axis=1) / n
    error = np.sqrt((np.cumsum(values**2, axis=1) / n - mean**2) / n)
    away = np.abs(mean - 1.0) > anytime.critical(n) * error
    assert np.mean(away[:, looked].any(axis=1)) < 0.05


def test_compensated_risk_is_unbiased_covered_and_less_noisy() -> None:
    for what, _, of_risk, of_difference in coverage.compensated(batches=600):
        assert 0.92 <= of_risk <= 0.975, what
        assert 0.92 <= of_difference <= 0.975, what
    hit, stated, other, other_stated = coverage.decisions(2000, 300, 0.2, np.random.default_rng(5), 0.7)
    everything = np.ones_like(hit, np.bool_)
    _, mean, error, saved = controlled(hit - other, [hit - stated, other - other_stated], everything)
    truth = (stated - other_stated).mean()
    assert abs(mean.mean() - truth) < 4 * error.mean() / np.sqrt(2000)
    assert np.median(saved) > 1.5
    assert mean.var() < (hit - other).mean(axis=1).var() / 1.5


def test_the_coefficient_does_not_see_the_runs_it_is_used_on() -> None:
    luck = np.random.default_rng(6)
    values, control = luck.normal(size=(1, 40)), luck.normal(size=(1, 40))
    _, before, *_ = controlled(values, [control], np.ones((1, 40), np.bool_))
    spoilt = values.copy()
    spoilt[0, ::10] += 100.0  # the first fold: what is taken off there must not change
    _, after, *_ = controlled(spoilt, [control], np.ones((1, 40), np.bool_))
    others = np.arange(40) % 10 != 0
    slope = np.polyfit(control[0, others], values[0, others], 1)[0]
    off_first = values[0, ::10] - slope * control[0, ::10]
    slopes_else = [
        np.polyfit(control[0, np.arange(40) % 10 != k], spoilt[0, np.arange(40) % 10 != k], 1)[0] for k in range(10)
    ]
    else_ = sum((spoilt[0, k::10] - slopes_else[k] * control[0, k::10]).sum() for k in range(1, 10))
    assert after[0] == pytest.approx((off_first.sum() + 400.0 + else_) / 40)
    assert before[0] != after[0]


def table(arms: dict[str, list[int]], chances: float = 0.5, hours: float = 10.0) -> pl.LazyFrame:
    """Return runs of arms with these peaks, in the order of a batch's table."""
    rows = [
        {
            "arm": arm,
            "replication": replication,
            "seed": 1,
            "peak_rung": peaks[replication],
            **{f"first_hour_{rung}": hours if peaks[replication] >= rung else None for rung in EXCEEDED},
            **{f"chance_{rung}": chances for rung in EXCEEDED},
            "acts": peaks[replication] * 1.0,
            "failed": False,
        }
        for replication in range(len(next(iter(arms.values()))))
        for arm, peaks in arms.items()
    ]
    return pl.LazyFrame(rows, infer_schema_length=None)


def test_compensated_estimates_need_thirty_hits_in_each_arm() -> None:
    arms = {"a": [8] * 29 + [0] * 71, "b": [8] * 30 + [0] * 70}
    question = Question(("a", "b"))
    risks, changes = compensated(question, Columns(table(arms), question.arms))
    given = dict(risks.filter(pl.col("rung") == 8).select("arm", "compensated").iter_rows())
    assert given["a"] is None
    assert given["b"] is not None
    assert changes["compensated"].null_count() == len(changes)


def test_compensated_differences_need_ten_pairs_that_differ() -> None:
    alike, other = [8] * 40 + [0] * 60, [8] * 35 + [0] * 5 + [0] * 55 + [8] * 5
    question = Question(("a", "b", "c"))
    arms = {"a": alike, "b": alike, "c": other}
    _, changes = compensated(question, Columns(table(arms, chances=0.3), question.arms))
    given = dict(changes.filter(pl.col("rung") == 8).select("arm", "compensated").iter_rows())
    assert given["b"] is None  # no interval of no width where nothing differs
    assert given["c"] is not None
    other[35] = 8
    _, changes = compensated(question, Columns(table({**arms, "c": other}, chances=0.3), question.arms))
    assert changes.filter(pl.col("rung") == 8)["compensated"].null_count() == 2


@pytest.mark.parametrize("share", [0.03, 0.06, 0.2])
def test_compensated_differences_of_arms_that_touch_few_runs_are_covered(share: float) -> None:
    expected, held, given = coverage.touched(1500, np.random.default_rng(12), share)
    assert given > 0.1, expected
    assert held >= 0.92, expected


def test_bets_are_summed_where_they_are_won() -> None:
    """Against all stakes on a grid: no interval is too narrow, and none much too wide."""
    luck = np.random.default_rng(13)
    at = np.linspace(-0.995, 0.995, 200)
    shares = (np.arange(4000) + 0.5) / 4000
    for n in (1, 2, 5, 30, 60):
        for _ in range(4):
            up = int(luck.integers(0, n + 1))
            down = int(luck.integers(0, n - up + 1))
            stakes = -1 / (1 - at[:, None]) + (1 / (1 + at[:, None]) + 1 / (1 - at[:, None])) * shares
            outcomes = ((up, 1 - at), (down, -1 - at), (n - up - down, -at))
            won = sum(count * np.log1p(stakes * each[:, None]) for count, each in outcomes if count)
            inside = at[np.log(np.mean(np.exp(won), axis=1)) < np.log(20)]
            low, high = (float(bound) for bound in anytime.paired_difference(up, down, n))
            assert low <= inside.min() + 1e-9
            assert high >= inside.max() - 1e-9
            assert inside.min() - low < 0.02 or down == n
            assert high - inside.max() < 0.02 or up == n


def test_means_say_what_arms_change() -> None:
    luck = np.random.default_rng(7)
    peaks = luck.choice([0, 4, 8], size=60, p=[0.5, 0.3, 0.2])
    lowered = np.where(luck.random(60) < 0.5, np.minimum(peaks, 4), peaks)
    question = Question(("a", "b"))
    columns = Columns(table({"a": peaks.tolist(), "b": lowered.tolist()}), question.arms)
    found = means(question, columns, np.array([100.0])).filter(pl.col("arm") == "b")
    assert set(found["measure"]) == {"peak_rung", "acts", "hours_to_firebreak"}
    acts = found.row(by_predicate=pl.col("measure") == "acts", named=True)
    changed = lowered - peaks
    assert acts["difference"] == pytest.approx(changed.mean())
    assert acts["mean"] == pytest.approx(lowered.mean())
    assert acts["low"] is None  # fewer than ten pairs differ
    hours = found.row(by_predicate=pl.col("measure") == "hours_to_firebreak", named=True)
    assert hours["mean"] == pytest.approx(np.where(lowered >= 8, 10.0, 100.0).mean())
    assert (found["pairs"] == 60).all()


def test_ten_pairs_that_differ_give_an_interval() -> None:
    peaks, lowered = [8] * 12 + [0] * 20, [0] * 12 + [0] * 20
    question = Question(("a", "b"))
    found = means(question, Columns(table({"a": peaks, "b": lowered}), question.arms), np.array([100.0]))
    row = found.row(by_predicate=(pl.col("measure") == "hours_to_firebreak") & (pl.col("arm") == "b"), named=True)
    assert row["difference"] == pytest.approx(90 * 12 / 32)
    assert row["low"] < row["difference"] < row["high"]
    assert row["p_value"] == pytest.approx(2 / 2**12)  # all signs are tried: only these two are so far from 0


def test_peeking_begins_at_the_thirtieth_replication() -> None:
    question = Question(("a", "b"), points=1)
    runs = table({"a": [0] * 40, "b": [8] * 8 + [0] * 32})
    counted = tally(runs.collect(), pl.DataFrame(schema=CHANGES), question, 0.0)
    (row,) = stopping(Rule("b", 8), question, [counted], Columns(runs, question.arms)).iter_rows(named=True)
    assert (row["naive_replications"], row["naive_estimate"]) == (30, pytest.approx(8 / 30))
    assert row["met"] is True
    assert row["e_value"] == pytest.approx(2**8 / 9)


def test_the_paired_test_of_times_tries_all_signs() -> None:
    hours = np.array([5.0, 8.0, 3.0, 100.0, 100.0, 9.0, 100.0])
    other = np.array([6.0, 100.0, 3.0, 100.0, 50.0, 100.0, 2.0])
    pooled = np.concatenate([hours, other])
    hazard = {
        t: sum((pooled == s).sum() / (pooled >= s).sum() for s in set(pooled) if s <= t and s < 100) for t in pooled
    }
    score = [(t < 100) - hazard[t] for t in pooled]
    apart = [a - b for a, b in zip(score[:7], score[7:], strict=True) if a != b]
    sums = [
        abs(sum(s * d for s, d in zip(signs, apart, strict=True)))
        for signs in itertools.product((1, -1), repeat=len(apart))
    ]
    expected = np.mean([total >= abs(sum(apart)) - 1e-12 for total in sums])
    assert paired_times(hours, other, 100.0) == pytest.approx(expected)
    assert paired_times(hours, hours, 100.0) == 1.0


def test_the_paired_test_of_times_has_its_size() -> None:
    luck = np.random.default_rng(11)
    p = []
    for _ in range(800):
        drawn = luck.random((2, 150))
        drawn[1] = np.where(luck.random(150) < 0.5, drawn[0], drawn[1])
        times = np.where(drawn < 0.15, drawn * 1000, 150.0)
        p.append(paired_times(times[0], times[1], 150.0))
    assert 0.025 < np.mean(np.array(p) < 0.05) < 0.08


def test_survival_is_the_share_below_the_rung() -> None:
    runs = table({"a": [8, 8, 0, 4], "b": [0, 0, 0, 0]}).collect()
    found = survival(runs, 100.0)
    assert found.filter(pl.col("arm") == "a").select("hour", "at_risk", "reached", "survival").rows() == [
        (0.0, 4, 0, 1.0),
        (10.0, 4, 2, 0.5),
        (100.0, 2, 0, 0.5),
    ]
    assert found.filter(pl.col("arm") == "b")["survival"].to_list() == [1.0, 1.0]
    low, high = found.filter(pl.col("hour") == 10.0).select("low", "high").row(0)
    greenwood = np.sqrt(2 / (4 * 2)) / np.log(0.5)  # on the log-minus-log scale
    assert (low, high) == pytest.approx(tuple(0.5 ** np.exp(np.array([-1.96, 1.96]) * greenwood)), rel=1e-3)


def test_corrections_by_hand() -> None:
    p = [0.01, 0.04, 0.03, None]
    differences = pl.DataFrame({"arm": list("abcd"), "rung": 8, "p_value": p})
    assert adjusted(differences, Correction.HOLM)["p_adjusted"].to_list() == [0.03, 0.06, 0.06, None]
    fdr = adjusted(differences, Correction.FDR)["p_adjusted"].to_list()
    harmonic = 1 + 1 / 2 + 1 / 3
    assert fdr[:3] == pytest.approx([0.03 * harmonic, 0.04 * harmonic, 0.04 * harmonic])
    two = pl.concat([differences, differences.with_columns(rung=pl.lit(4, pl.Int32))])
    assert adjusted(two, Correction.HOLM)["p_adjusted"].to_list() == [0.03, 0.06, 0.06, None] * 2


def test_a_batch_holds_all_estimates() -> None:
    batch = sc.run_batch(sc.load("belgrade_2015"), 250, 1, arms=["none", "cbm8"], workers=1)
    four = batch.risk.row(by_predicate=(pl.col("rung") == 4) & (pl.col("arm") == "none"), named=True)
    assert four["compensated_saved"] > 1.5
    assert four["compensated_low"] < four["compensated"] < four["compensated_high"]
    change = batch.differences.row(by_predicate=pl.col("rung") == 4, named=True)
    assert change["compensated_high"] - change["compensated_low"] < change["high"] - change["low"]
    silences = batch.measures.row(
        by_predicate=(pl.col("measure") == "silences") & (pl.col("arm") == "cbm8"), named=True
    )
    assert silences["high"] < 0
    corrected = batch.adjusted("holm")
    assert (corrected["p_adjusted"] >= corrected["p_value"]).all()
    assert "p_adjusted" in batch.adjusted("fdr", "measures").columns
    with pytest.raises(BatchError, match="no correction; there are holm, fdr"):
        batch.adjusted("bonferoni")
    curve = batch.survival(4).filter(pl.col("arm") == "cbm8")
    at_end = batch.curves.filter(pl.col("arm") == "cbm8", pl.col("rung") == 4)["exceeded"][-1]
    assert curve["survival"][-1] == pytest.approx(1 - at_end)
