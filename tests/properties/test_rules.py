from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcrisis.catalogue import Parameters, gravities
from simcrisis.engine.compiler import weights_of
from simcrisis.rules import availability, belief, tension
from simcrisis.rules.doctrines import RULES
from simcrisis.rules.doctrines.logit import logit, utilities
from simcrisis.rules.situation import Situation, choose, exceedances, open_to, silent_up_to
from simcrisis.units import Fixed, Lognormal, Triangular

SHARE = st.floats(0.0, 1.0)
MOST = st.floats(0.0, 0.99)
LOG_ODDS = st.floats(-50, 50)
SITUATIONS = st.builds(
    Situation,
    belief=SHARE,
    severity=st.floats(0, 5),
    tension=st.floats(0, 10),
    rung=st.integers(0, 9),
    highest=st.just(10),
    committed=st.integers(0, 10),
    capability=SHARE,
    number=st.integers(1, 9),
    of_act=st.booleans(),
)
LAWS = st.one_of(
    st.builds(Fixed, st.integers(0, 10**9)),
    st.builds(Lognormal, st.integers(1, 10**9), st.floats(0.01, 3)),
    st.tuples(st.integers(0, 10**8), st.integers(0, 10**8), st.integers(1, 10**8)).map(
        lambda t: Triangular(t[0], t[0] + t[1], t[0] + t[1] + t[2])
    ),
)
WEIGHTS = weights_of(Parameters())
TENTHS = st.integers(0, 10).map(lambda n: Fraction(n, 10))
POINTS = st.lists(st.integers(1, 10**6), min_size=2, max_size=8, unique=True).map(
    lambda n: tuple(map(float, sorted(n)))
)


@given(LOG_ODDS)
def test_logistic_is_odd_around_one_half(log_odds: float) -> None:
    assert math.isclose(belief.logistic(log_odds) + belief.logistic(-log_odds), 1.0)


@given(MOST, MOST, SHARE)
def test_silence_speaks_against_and_an_assurance_for(r: float, k: float, f: float) -> None:
    assert belief.silence_shift(r, k, f) >= 0.0
    assert belief.assurance_shift(k) <= 0.0


@given(MOST, SHARE, SHARE)
def test_what_cannot_be_credible_says_nothing(r: float, f: float, mistrust: float) -> None:
    assert belief.credibility(0.0, mistrust, 0.99) == 0.0
    assert belief.silence_shift(r, 0.0, f) == 0.0
    assert belief.assurance_shift(0.0) == 0.0


@given(MOST, MOST, SHARE)
def test_an_inquiry_is_a_fair_bet(r: float, k: float, f: float) -> None:
    """Over all that can come back, the likelihood ratio of guilt against innocence averages one."""
    assured, formula = r * (1 - f), r * f
    mean = assured * math.exp(belief.assurance_shift(k)) + formula + (1 - r) * math.exp(belief.silence_shift(r, k, f))
    assert math.isclose(mean, 1.0, rel_tol=1e-9)


def seen_by_an_asker(prior: Fraction, r: Fraction, k: Fraction, f: Fraction) -> Iterator[tuple[bool, str, Fraction]]:
    """Yield every way an inquiry can go: whether the asked State is culpable, what is seen, how likely that is."""
    for culpable, in_time, by_formula, shrinks in itertools.product((True, False), repeat=4):
        chance = (prior if culpable else 1 - prior) * (r if in_time else 1 - r)
        chance *= (f if by_formula else 1 - f) * (k if shrinks else 1 - k)
        if not in_time or (culpable and shrinks and not by_formula):
            yield culpable, "silence", chance
        else:
            yield culpable, "formula" if by_formula else "assurance", chance


@given(st.integers(1, 9).map(lambda n: Fraction(n, 10)), TENTHS, TENTHS, TENTHS)
def test_shifts_are_what_counting_every_case_gives(prior: Fraction, r: Fraction, k: Fraction, f: Fraction) -> None:
    """Bayes by enumeration: the posterior odds of guilt, in exact fractions, for all that can be seen."""
    shifts: dict[str, Callable[[], float]] = {"formula": lambda: 0.0}
    if r < 1:
        shifts["silence"] = lambda: belief.silence_shift(float(r), float(k), float(f))
    if k < 1:
        shifts["assurance"] = lambda: belief.assurance_shift(float(k))
    for seen, shift in shifts.items():
        guilty, innocent = (
            sum(chance for culpable, what, chance in seen_by_an_asker(prior, r, k, f) if what == seen and culpable is c)
            for c in (True, False)
        )
        if guilty and innocent:
            odds = guilty / innocent / (prior / (1 - prior))
            assert math.isclose(math.exp(shift()), odds, rel_tol=1e-9)


@given(LOG_ODDS, LOG_ODDS)
def test_more_log_odds_are_more_probable(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert 0.0 <= belief.logistic(low) <= belief.logistic(high) <= 1.0


@given(MOST, SHARE, MOST, SHARE)
def test_longer_silence_says_more(r: float, earlier: float, k: float, f: float) -> None:
    assert belief.silence_shift(earlier * r, k, f) <= belief.silence_shift(r, k, f) + 1e-12


@given(SHARE, SHARE, SHARE, st.floats(1e-9, 1 - 1e-9))
def test_a_culprit_answers_like_an_innocent_or_not_at_all(answers: float, f: float, honesty: float, u: float) -> None:
    innocent = belief.answer(answers, f, honesty, False, u)
    culprit = belief.answer(answers, f, honesty, True, u)
    assert culprit == innocent or (innocent == belief.ASSURANCE and culprit == belief.SILENT)
    assert (innocent != belief.SILENT) == (u < answers)


@given(SITUATIONS, st.sampled_from(sorted(RULES)))
def test_every_doctrine_returns_a_distribution(situation: Situation, rule: str) -> None:
    chances = RULES[rule](situation, WEIGHTS, gravities())
    assert len(chances) == 11
    assert min(chances) >= 0.0
    assert math.isclose(math.fsum(chances), 1.0)


@given(SITUATIONS, st.sampled_from(sorted(RULES)), st.integers(0, 10), st.floats(1e-9, 1 - 1e-9))
def test_a_choice_is_open_and_possible(situation: Situation, rule: str, highest: int, u: float) -> None:
    chances = open_to(RULES[rule](situation, WEIGHTS, gravities()), highest)
    rung = choose(chances, u)
    assert rung <= highest
    assert chances[rung] > 0.0
    assert math.isclose(math.fsum(chances), 1.0)


@given(SITUATIONS, st.sampled_from(sorted(RULES)))
def test_exceedances_fall_with_the_rung_and_leave_out_what_stays_private(situation: Situation, rule: str) -> None:
    chances = RULES[rule](situation, WEIGHTS, gravities())
    counted = exceedances(chances, silent_up_to(situation.rung, None, 24.0))
    assert list(counted) == sorted(counted, reverse=True)
    assert math.isclose(counted[0], math.fsum(chances[3:]), abs_tol=1e-12)
    repeated = exceedances(chances, silent_up_to(situation.rung, 1.0, 24.0))
    assert math.isclose(repeated[0], math.fsum(chances[max(3, situation.rung + 1) :]), abs_tol=1e-12)


@given(SITUATIONS, SHARE, SHARE)
def test_the_threshold_rule_is_bolder_with_more_belief_and_severity(
    situation: Situation, surer: float, graver: float
) -> None:
    bolder = situation._replace(
        belief=situation.belief + surer * (1 - situation.belief),
        severity=situation.severity + graver * (5 - situation.severity),
    )
    rule = RULES["threshold"]
    before, after = (list(rule(each, WEIGHTS, gravities())).index(1.0) for each in (situation, bolder))
    assert after >= before


@given(SITUATIONS, st.integers(2, 9), st.floats(0, 5))
def test_the_threshold_rule_never_goes_further_with_fewer_rungs_open(
    situation: Situation, highest: int, proportion: float
) -> None:
    weights = WEIGHTS._replace(proportion=proportion)
    narrow, wide = (
        list(RULES["threshold"](situation._replace(highest=most), weights, gravities())).index(1.0)
        for most in (highest, highest + 1)
    )
    assert narrow == wide or (narrow < wide == highest + 1)


@given(SITUATIONS, st.integers(0, 10))
def test_costs_add_up(situation: Situation, rung: int) -> None:
    """What all weights cost together is what each costs alone: no term looks at another."""
    costs = ("wrong", "cost", "lin", "fire", "prop", "aud", "det", "norm")
    loaded = WEIGHTS._replace(**{name: 0.3 + 0.1 * n for n, name in enumerate(costs)})
    free = WEIGHTS._replace(**dict.fromkeys(costs, 0.0))
    struck = situation._replace(protected=True)
    gain = utilities(struck, free, gravities())[rung]
    alone = [
        utilities(struck, free._replace(**{name: getattr(loaded, name)}), gravities())[rung] - gain for name in costs
    ]
    assert max(alone) <= 0.0
    assert math.isclose(utilities(struck, loaded, gravities())[rung], gain + math.fsum(alone), abs_tol=1e-9)


@given(SITUATIONS, st.floats(0.1, 5))
def test_twice_the_rationality_squares_the_odds(situation: Situation, rationality: float) -> None:
    once = logit(situation, WEIGHTS._replace(rationality=rationality), gravities())
    twice = logit(situation, WEIGHTS._replace(rationality=2 * rationality), gravities())
    squares = [chance * chance for chance in once]
    for chance, square in zip(twice, squares, strict=True):
        assert math.isclose(chance, square / math.fsum(squares), rel_tol=1e-6, abs_tol=1e-12)


@given(st.floats(0, 50), st.floats(0, 1e6), st.floats(1, 1e6), SHARE, SHARE)
def test_tension_decays_and_mistrust_stays_a_share(x: float, t: float, half: float, m: float, sway: float) -> None:
    assert 0.0 <= tension.decayed(x, t, half) <= x
    assert math.isclose(tension.decayed(x, half, half), x / 2)
    assert m <= tension.mistrust(m, x, sway) <= 1.0


@given(LAWS, st.floats(-6, 6))
def test_a_delay_law_and_its_distribution_agree(law: Fixed | Lognormal | Triangular, score: float) -> None:
    delay = law.at(score)
    assert isinstance(delay, int)
    assert delay >= 0
    if not isinstance(law, Fixed) and abs(score) < 3:
        u = 0.5 * math.erfc(-score / math.sqrt(2))
        slack = law.cdf(delay + 1) - law.cdf(delay - 1) + 1e-9
        assert abs(law.cdf(delay) - u) <= slack


@given(st.lists(LAWS, min_size=1, max_size=3), st.floats(0, 1e10), st.floats(0, 1e10))
def test_the_law_of_a_sum_is_a_distribution(laws: list[Fixed | Lognormal | Triangular], a: float, b: float) -> None:
    nodes = availability.total(tuple(laws), 32)
    low, high = sorted((a, b))
    assert list(nodes) == sorted(nodes)
    assert 0.0 <= availability.share_within(nodes, low) <= availability.share_within(nodes, high) <= 1.0


def test_the_law_of_a_sum_of_lognormals_agrees_with_simulation() -> None:
    """Against 200,000 sums by scipy; the error of 96 points is at most 1 %."""
    import numpy as np
    from scipy import stats

    laws = (Lognormal(10 * 3_600_000, 0.8), Lognormal(2 * 3_600_000, 0.7), Fixed(3_600_000))
    nodes = availability.total(laws, availability.REST_POINTS)
    rng = np.random.default_rng(1)
    sums = (
        sum(stats.lognorm(law.sigma, scale=law.median).rvs(200_000, random_state=rng) for law in laws[:2]) + 3_600_000
    )
    for hours in (4, 8, 13, 20, 36, 60):
        truth = float(np.mean(sums <= hours * 3_600_000))
        assert abs(availability.share_within(nodes, hours * 3_600_000) - truth) < 0.01


@given(st.floats(1, 1e9), st.floats(-8, 8))
def test_exponential_times_are_positive_and_rise_with_the_score(mean: float, score: float) -> None:
    assert 0.0 <= availability.exponential(mean, score) <= availability.exponential(mean, score + 0.1)


@given(POINTS, st.floats(0, 2e6))
def test_points_are_the_quantiles_of_their_law(points: tuple[float, ...], elapsed: float) -> None:
    """At the n-th of N points n - 1/2 shares of 1/N have passed, between two of them at most one share more."""
    for n, point in enumerate(points):
        assert availability.share_within(points, point) == pytest.approx((n + 0.5) / len(points))
    passed = sum(point <= elapsed for point in points)
    share = availability.share_within(points, elapsed) * len(points)
    assert max(0.0, passed - 0.5) - 1e-9 <= share <= min(len(points), passed + 0.5) + 1e-9
    assert availability.share_within(tuple(3 * p for p in points), 3 * elapsed) * len(points) == pytest.approx(share)


@given(POINTS, st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 3 * 10**6))
def test_with_a_fixed_rest_an_answer_has_come_from_every_way_that_is_short_enough(
    ways: tuple[float, ...], sent: int, rest: int, at: int
) -> None:
    """By counting; then with an office that opens only just in time for an answer, or too late for one."""
    late = rest or 1
    back = sum(sent + way + late <= at for way in ways) / len(ways)
    assert availability.answered_by(at, availability.readings(sent, ways, None), (float(late),)) == pytest.approx(back)
    opens = max(at - late, sent)
    read = sum(max(opens, sent + way) + late <= at for way in ways) / len(ways)
    readings = availability.readings(sent, ways, lambda t: max(opens, t))
    assert availability.answered_by(at, readings, (float(late),)) == pytest.approx(read)
