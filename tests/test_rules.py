"""The rules by examples worked out by hand; `make mutation` says how much of them this holds (docs/mutation.md)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import FrozenInstanceError
from statistics import NormalDist
from typing import Any

import pytest

from simcrisis.rules import availability, belief, situation, tension
from simcrisis.rules.doctrines import RULES, Row, Scripted, foreign_rule, is_foreign, rule_named
from simcrisis.rules.doctrines.foreign import Checked
from simcrisis.rules.doctrines.logit import logit, utilities
from simcrisis.rules.doctrines.threshold import threshold
from simcrisis.rules.situation import Situation, Weights, choose, exceedances, open_to, silent_up_to
from simcrisis.units import Fixed, Lognormal, Triangular

NIL = Weights(
    rationality=1.0,
    ten=0,
    wrong=0,
    cost=0,
    lin=0,
    hab=0,
    fire=0,
    prop=0,
    aud=0,
    det=0,
    proportion=0,
    bar=0,
    bar_slope=0,
)
"""Nothing weighs anything."""
TENTHS = [n / 10 for n in range(11)]
EIGHTHS = [n / 8 for n in range(11)]
"""Gravities that binary fractions hold exactly, for what happens at an edge."""


def near(expected: float) -> Any:
    return pytest.approx(expected, rel=1e-12, abs=1e-12)


# Belief


@pytest.mark.parametrize(
    ("odds", "probability"), [(1, 0.5), (3, 0.75), (1 / 3, 0.25), (math.e**0.5, 0.6224593312018546), (99, 0.99)]
)
def test_a_probability_is_odds_to_one_more(odds: float, probability: float) -> None:
    """The fourth is the logistic function at one half, from tables."""
    assert belief.logistic(math.log(odds)) == near(probability)


def test_no_log_odds_are_too_large() -> None:
    assert belief.logistic(5000.0) == 1.0
    assert belief.logistic(-5000.0) == 0.0
    assert belief.logistic(-700.0) == near(math.exp(-700.0))
    assert belief.logistic(-700.0) > 0.0


def test_a_case_opens_at_its_base_where_mistrust_is_one_half() -> None:
    assert belief.opening(-1.2, 3.0, 0.5) == -1.2
    assert belief.opening(-1.2, 3.0, 0.75) == near(-0.45)  # a quarter more mistrust, at 3 for a whole
    assert belief.opening(-1.2, 3.0, 0.0) == near(-2.7)


def test_mistrust_takes_its_share_of_credibility() -> None:
    assert belief.credibility(0.8, 0.25, 0.99) == near(0.6)  # three quarters of 0.8
    assert belief.credibility(0.8, 0.25, 0.5) == 0.5
    assert belief.credibility(0.8, 1.0, 0.99) == 0.0
    assert belief.credibility(0.8, 0.0, 0.99) == 0.8


@pytest.mark.parametrize("d", [0.4, 1.0, 3.0])
@pytest.mark.parametrize("score", [-1.7, 0.0, 0.4])
@pytest.mark.parametrize("culpable", [True, False])
def test_a_finding_weighs_what_its_two_densities_say(d: float, score: float, culpable: bool) -> None:
    """The signal is Normal(d/2, 1) from a culprit and Normal(-d/2, 1) else; it weighs the log of their ratio."""
    guilty, innocent = NormalDist(d / 2), NormalDist(-d / 2)
    signal = (guilty if culpable else innocent).mean + score
    assert belief.finding(d, culpable, score) == near(math.log(guilty.pdf(signal) / innocent.pdf(signal)))


def test_planted_traces_push_the_wrong_way() -> None:
    assert belief.planted(1.25, True, 0.5) == 0.75
    assert belief.planted(1.25, False, 0.5) == 1.75


def test_an_assurance_that_a_culprit_gives_one_time_in_four() -> None:
    """With k = 3/4 a culprit assures 1 time in 4, an innocent State always: likelihood ratio 1/4."""
    assert belief.assurance_shift(0.75) == near(math.log(1 / 4))


def test_silence_of_a_state_that_would_mostly_have_been_heard() -> None:
    """Out of 100 innocents r = 4/5 are heard by now: 20 silent.

    Of 100 culprits 80 would be heard by now; a quarter of them (f) with a formula, 20. Of the other 60 half (k) shrink
    from a false assurance: 30 heard. 50 heard, 50 silent: 50 to 20.
    """
    assert belief.silence_shift(0.8, 0.5, 0.25) == near(math.log(50 / 20))
    assert belief.silence_shift(0.8, 0.5, 1.0) == near(0.0)
    assert belief.silence_shift(0.8, 1.0, 0.0) == near(math.log(100 / 20))
    assert belief.silence_shift(0.0, 0.5, 0.25) == 0.0


@pytest.mark.parametrize(
    ("u", "innocent", "culprit"),
    [
        (0.0, belief.ASSURANCE, belief.ASSURANCE),
        (0.42, belief.ASSURANCE, belief.ASSURANCE),
        (0.421875, belief.ASSURANCE, belief.SILENT),
        (0.56, belief.ASSURANCE, belief.SILENT),
        (0.5625, belief.FORMULAIC, belief.FORMULAIC),
        (0.74, belief.FORMULAIC, belief.FORMULAIC),
        (0.75, belief.SILENT, belief.SILENT),
        (0.99, belief.SILENT, belief.SILENT),
    ],
)
def test_what_is_answered(u: float, innocent: int, culprit: int) -> None:
    """Three quarters answer, a quarter of them (3/16) by a formula: (0, 9/16) assured, (9/16, 3/4) formula.

    A culprit that honesty keeps from a quarter of its assurances (9/64) gives them below 27/64 only.
    """
    assert belief.answer(0.75, 0.25, 0.25, False, u) == innocent
    assert belief.answer(0.75, 0.25, 0.25, True, u) == culprit


def test_answers_are_told_apart() -> None:
    assert len({belief.SILENT, belief.ASSURANCE, belief.FORMULAIC}) == 3


# Tension


def test_tension_halves_with_every_half_life() -> None:
    assert tension.decayed(8.0, 0.0, 5.0) == 8.0
    assert tension.decayed(8.0, 15.0, 5.0) == 1.0
    assert tension.decayed(8.0, 2.5, 5.0) == near(8 / math.sqrt(2))
    assert tension.decayed(0.0, 15.0, 5.0) == 0.0


def test_tension_sways_mistrust() -> None:
    """Tanh(log 2) = (4 - 1) / (4 + 1)."""
    assert tension.mistrust(0.25, math.log(2), 0.5) == near(0.55)
    assert tension.mistrust(0.25, math.log(2), -0.25) == near(0.1)
    assert tension.mistrust(0.25, 0.0, 0.5) == 0.25
    assert tension.mistrust(0.875, math.log(2), 0.5) == 1.0
    assert tension.mistrust(0.25, math.log(2), -0.5) == 0.0


def test_an_act_of_half_the_gravity_of_war_is_felt_as_strongly_as_one_reacts() -> None:
    assert tension.felt_severity(3.5, 0.5) == 3.5
    assert tension.felt_severity(2.0, 0.75) == 3.0
    assert tension.felt_severity(2.0, 0.0) == 0.0
    assert tension.felt_severity(6.0, 0.5) == 5.0


def test_severity_keeps_within_its_scale() -> None:
    assert [tension.felt(s) for s in (-1.0, 0.0, 0.5, 4.5, 5.0, 5.5)] == [0.0, 0.0, 0.5, 4.5, 5.0, 5.0]


def test_what_an_act_provokes_and_an_activity_alarms() -> None:
    assert tension.provoked(2.0, 0.75, 3.0, 0.5) == 2.25  # 1.5 by its gravity, threefold, forewarned of: half
    assert tension.alarmed(0.75, 5.0, 1.0) == 0.75
    assert tension.alarmed(0.75, 2.0, 0.5) == near(0.15)  # two fifths of 0.75, halved


def test_the_clock_of_an_incident() -> None:
    """With half = 3: severity 1 takes (1+3)/(3+1) = 1 clock, severity 5 takes 4/8 = half of one."""
    assert tension.incident_clock(1.0, 3.0, 1.0, 0.0, 0.5, 1.0) == 1.0
    assert tension.incident_clock(5.0, 3.0, 1.0, 0.0, 0.5, 1.0) == 0.5
    assert tension.incident_clock(5.0, 3.0, 3.0, 0.0, 0.5, 1.0) == 1.5  # covert: threefold
    assert tension.incident_clock(5.0, 3.0, 3.0, 0.25, 0.5, 1.0) == 1.3125  # haste 1/2 of rumour 1/4: an eighth off
    assert tension.incident_clock(5.0, 3.0, 3.0, 0.25, 0.5, 3.0) == 0.4375  # a State of threefold tempo


# Situation


def test_a_situation_is_plain_unless_said_otherwise() -> None:
    """Every rung open, committed to nothing, of no capability, the first decision, on an incident, unprotected."""
    assert Situation(0.5, 3.0, 0.0, 2) == (0.5, 3.0, 0.0, 2, 10, 0, 0.0, 1, False, False)
    assert Situation(0.5, 3.0, 0.0, 2).of_act is False
    assert Situation(0.5, 3.0, 0.0, 2).protected is False
    assert NIL.norm == 0.0


def test_closing_the_higher_rungs() -> None:
    chances = [0.1, 0.2, 0.3, 0.4] + [0.0] * 7
    assert open_to(chances, 10) is chances
    assert open_to(chances, 1) == [near(1 / 3), near(2 / 3)] + [0.0] * 9
    assert open_to(chances, 0) == [1.0] + [0.0] * 10
    ninth = [0.25, 0.25] + [0.0] * 7 + [0.25, 0.25]
    assert open_to(ninth, 9) == [near(1 / 3), near(1 / 3)] + [0.0] * 7 + [near(1 / 3), 0.0]


def test_with_every_likely_rung_closed_the_lowest_is_left() -> None:
    assert open_to([0.0] * 5 + [1.0] + [0.0] * 5, 4) == [1.0] + [0.0] * 10


@pytest.mark.parametrize(
    ("u", "rung"), [(0.0, 1), (0.24, 1), (0.25, 3), (0.74, 3), (0.75, 4), (0.87, 4), (0.875, 4), (0.99, 4)]
)
def test_the_rung_whose_share_holds_u(u: float, rung: int) -> None:
    """A rung's share begins at its lower edge. What rounding leaves uncovered (here an eighth) is the last one's."""
    assert choose([0.0, 0.25, 0.0, 0.5, 0.125, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], u) == rung


def test_what_stays_private() -> None:
    assert silent_up_to(5, None, 24.0) == 2
    assert silent_up_to(5, 1.0, 24.0) == 5
    assert silent_up_to(5, 0.0, 24.0) == 5
    assert silent_up_to(0, 1.0, 24.0) == 2
    assert silent_up_to(5, 24.0, 24.0) == 2
    assert silent_up_to(5, 25.0, 24.0) == 2


def test_exceedances_add_up_from_above() -> None:
    chances = [0.0, 0.0, 0.0625, 0.4375, 0.0, 0.125, 0.125, 0.0, 0.125, 0.0, 0.125]
    assert exceedances(chances, 2) == (0.9375, 0.5, 0.5, 0.375, 0.25, 0.25, 0.125, 0.125)
    assert exceedances(chances, 5) == (0.375, 0.375, 0.375, 0.375, 0.25, 0.25, 0.125, 0.125)
    assert exceedances(chances, 10) == (0.0,) * 8


# Availability

FALLING = Triangular(0, 0, 100_000)
"""Its quantile at u is 100,000 (1 - sqrt(1 - u)): 29,289.3 at 1/2, 13,397.5 and 50,000 at the quarters."""


def test_the_points_of_a_law_stand_in_the_middle_of_equal_shares() -> None:
    assert availability.nodes(FALLING, 1) == (29_289.0,)
    assert availability.nodes(FALLING, 2) == (13_397.0, 50_000.0)
    assert availability.nodes(FALLING, 3) == (8_713.0, 29_289.0, 59_175.0)  # sqrt(5/6), sqrt(1/2), sqrt(1/6)
    assert availability.nodes(Fixed(7), 5) == (7.0,)
    assert isinstance(availability.nodes(Fixed(7), 5)[0], float)


def test_the_points_of_a_lognormal_law_are_balanced_about_its_median() -> None:
    low, middle, high = availability.nodes(Lognormal(10**9, 1.0), 3)
    assert middle == 10**9
    assert low * high == pytest.approx(10**18)
    assert math.log(high / middle) == pytest.approx(0.967421566101701)  # the normal quantile at 5/6, from tables


def test_the_law_of_a_sum() -> None:
    """Of two laws of two points each: 26,794, 63,397 twice and 100,000, the mean of each half."""
    assert availability.total((), 4) == availability.AT_ONCE == (0.0,)
    assert availability.total((Fixed(3), Fixed(4)), 4) == (7.0,)
    assert availability.total((Fixed(10), FALLING), 2) == (13_407.0, 50_010.0)
    assert availability.total((FALLING, FALLING), 2) == (45_095.5, 81_698.5)
    assert availability.total((FALLING, FALLING), 1) == (58_578.0,)


def test_the_law_of_a_sum_of_two_laws_of_three_points() -> None:
    """Sums 17,426, 38,002 twice | 58,578, 67,888 twice | 88,464 twice, 118,350: the mean of each third."""
    assert availability.total((FALLING, FALLING), 3) == (near(93_430 / 3), near(194_354 / 3), 98_426.0)


def test_the_law_of_a_sum_is_worked_out_once() -> None:
    laws = (FALLING, Fixed(1))
    assert availability.total(laws, 24) is availability.total(laws, 24)


@pytest.mark.parametrize(
    ("elapsed", "share"),
    [
        (-1.0, 0.0),
        (0.0, 0.0),
        (1.0, 1 / 12),  # below the first point half of its share, in proportion
        (2.0, 1 / 6),  # at a point half of that point's share
        (3.0, 1 / 3),  # half way between the first and the second
        (4.0, 1 / 2),
        (7.0, 3 / 4),  # three quarters of the way from 1/2 to 5/6
        (8.0, 5 / 6),
        (16.0, 11 / 12),  # beyond the last half of its share is left, less the longer
        (80.0, 59 / 60),
    ],
)
def test_the_share_within_three_points(elapsed: float, share: float) -> None:
    assert availability.share_within((2.0, 4.0, 8.0), elapsed) == near(share)


def test_the_share_within_two_points_far_apart() -> None:
    """From 1/4 at 2 to 3/4 at 8: at 7 five sixths of the way."""
    assert availability.share_within((2.0, 8.0), 7.0) == near(1 / 4 + 5 / 12)


def test_the_share_within_one_point_is_all_or_nothing() -> None:
    assert [availability.share_within((5.0,), t) for t in (4.9, 5.0, 5.1)] == [0.0, 1.0, 1.0]


def test_the_share_within_points_without_spread() -> None:
    """Four times the same point: half a share below, and no division by a width of nothing."""
    assert availability.share_within((5.0,) * 4, 2.5) == near(1 / 16)
    assert availability.share_within((5.0,) * 4, 5.0) == near(7 / 8)
    assert availability.share_within((5.0, 5.0, 5.0, 9.0), 5.0) == near(5 / 8)
    assert availability.share_within((5.0, 5.0, 5.0, 9.0), 7.0) == near(3 / 4)


def answered(
    at: float, sent: int, out: Sequence[float], rest: tuple[float, ...], opens: Callable[[int], float] | None
) -> float:
    return availability.answered_by(at, availability.readings(sent, tuple(out), opens), rest)


def test_an_answer_takes_the_way_there_and_the_rest() -> None:
    """Ways of 1, 3, 5 and 7; two more until the answer: by 15, sent at 10, those of 1 and 3 are back, half of all."""
    ways = (1.0, 3.0, 5.0, 7.0)
    arrived = [answered(at, 10, ways, (2.0,), None) for at in (12.9, 13.0, 15.0, 17.0, 18.9, 19.0)]
    assert arrived == [0.0, 0.25, 0.5, 0.75, 0.75, 1.0]


def test_an_answer_that_may_take_long() -> None:
    """Read at once; the law of the rest is the one of three points above: 1/6 within 2, 1/2 within 4.

    Then one read at 3 with a rest of 20 or of 23: only the first is over by 25.
    """
    assert answered(25.0, 2, (1.0,), (20.0,), None) == 1.0
    assert answered(25.0, 2, (1.0,), (23.0,), None) == 0.0
    rest = (2.0, 4.0, 8.0)
    assert answered(12.0, 10, availability.AT_ONCE, rest, None) == near(1 / 6)
    assert answered(14.0, 10, (0.0, 2.0), rest, None) == near((1 / 2 + 1 / 6) / 2)


def test_an_inquiry_is_read_in_office_hours() -> None:
    """The office opens at 20. Ways of 1.6 and 12.3 from 10 on: read at 20, and, rounded to the ms, at 22."""

    def opens(at: int) -> float:
        return max(20.0, at)

    assert availability.readings(10, (1.6, 12.3), opens) == (20.0, 22)
    assert answered(22.0, 10, (1.6, 12.3), (2.0,), opens) == 0.5
    assert answered(21.9, 10, (1.6, 12.3), (2.0,), opens) == 0.0
    assert answered(24.0, 10, (1.6, 12.3), (2.0,), opens) == 1.0
    assert answered(1e9, 10, (1.6, 12.3), (2.0,), lambda at: math.inf) == 0.0


def test_what_is_read_at_this_very_moment_is_not_answered_yet() -> None:
    assert answered(20.0, 10, (1.0,), availability.AT_ONCE, lambda at: 20.0) == 0.0
    assert answered(10.0, 10, availability.AT_ONCE, availability.AT_ONCE, None) == 0.0


def test_what_is_read_only_later_is_not_answered_yet() -> None:
    """Whatever the law of the rest, one that may take no time at all included."""
    for rest in (availability.AT_ONCE, (2.0,), (0.0, 4.0), (2.0, 4.0)):
        assert answered(19.0, 10, (1.0,), rest, lambda at: 20.0) == 0.0


def test_exponential_times() -> None:
    """At score 0 half are shorter: the median, log 2 means; at the upper quartile twice as long."""
    assert availability.exponential(3.0, 0.0) == near(3 * math.log(2))
    assert availability.exponential(3.0, NormalDist().inv_cdf(0.75)) == near(6 * math.log(2))
    assert availability.exponential(3.0, -50.0) == 0.0
    longest = availability.exponential(3.0, 50.0)
    assert longest == near(3 * 1074 * math.log(2))  # the smallest float is 2^-1074
    assert longest == availability.exponential(3.0, 60.0)


def test_a_line_of_thirty_hours_between_failures_and_ten_to_repair_is_up_three_quarters_of_the_time() -> None:
    assert availability.share_up(30.0, 10.0) == 0.75


def test_an_entry_goes_stale_by_half_lives() -> None:
    assert [availability.still_valid(age, 4.0) for age in (0.0, 4.0, 12.0)] == [1.0, 0.5, 0.125]
    assert availability.still_valid(2.0, 4.0) == near(1 / math.sqrt(2))
    assert isinstance(availability.still_valid(4, 4), float)


def test_checks_count_like_earlier_ones() -> None:
    """A prior of 3/4 held as firmly as 4 checks is 3 answers of 4; with 1 of 3 more it is 4 of 7."""
    assert availability.updated(0.75, 4.0, 1, 3) == near(4 / 7)
    assert availability.updated(0.75, 4.0, 0, 0) == 0.75
    assert availability.updated(0.75, 0.0, 2, 3) == near(2 / 3)


# Doctrines: utility, one term at a time


def worth(answer: int, weights: Weights, **seen: Any) -> float:
    given = {"belief": 0.2, "severity": 0.0, "tension": 0.0, "rung": 0, **seen}
    return utilities(Situation(**given), weights, TENTHS)[answer]


def test_what_nothing_weighs_is_worth_nothing() -> None:
    assert [worth(rung, NIL) for rung in range(11)] == [0.0] * 11


def test_an_answer_is_worth_its_gravity_by_severity_tension_and_belief() -> None:
    """Severity 4.5 of 3: 1.5; tension 3 at a half each: 2.5; belief 0.2; gravity 0.4."""
    weights = NIL._replace(ten=0.5)
    assert worth(4, weights, severity=4.5, tension=3.0) == near(0.3)
    assert worth(4, weights, severity=4.5, tension=0.0) == near(0.12)
    assert worth(0, weights, severity=4.5, tension=3.0) == 0.0


def test_striking_the_wrong_one_costs_by_doubt() -> None:
    assert worth(4, NIL._replace(wrong=3.0)) == near(-0.96)  # doubt 0.8, gravity 0.4
    assert worth(4, NIL._replace(wrong=3.0), belief=1.0) == 0.0


def test_an_act_costs_by_what_goes_beyond_habit() -> None:
    """From rung 2 with half of it habitual (0.1), rung 4 goes 0.3 beyond: squared 0.09."""
    assert worth(4, NIL._replace(hab=0.5, cost=7.0), rung=2) == near(-0.63)
    assert worth(4, NIL._replace(hab=0.5, lin=7.0), rung=2) == near(-2.1)
    assert worth(0, NIL._replace(hab=0.5, lin=7.0, cost=7.0), rung=2) == 0.0
    assert worth(1, NIL._replace(hab=0.5, lin=7.0, cost=7.0), rung=2) == near(0.0)


@pytest.mark.parametrize(
    ("present", "rung", "crossed"),
    [(0, 7, 0), (6, 7, 0), (7, 8, 1), (0, 9, 2), (7, 10, 3), (8, 8, 0), (8, 9, 1), (9, 10, 1), (10, 10, 0), (9, 8, 0)],
)
def test_every_threshold_crossed_costs(present: int, rung: int, crossed: int) -> None:
    assert worth(rung, NIL._replace(fire=0.25), rung=present) == -0.25 * crossed


def test_what_goes_beyond_proportion_costs_by_its_square() -> None:
    """Severity 4 bears out 0.2, the present rung 3 bears out 0.3: rung 8 goes 0.6 beyond the one, 0.5 the other."""
    weights = NIL._replace(prop=3.0, proportion=0.05)
    assert worth(8, weights, severity=4.0, belief=0.0) == near(-1.08)
    assert worth(8, weights, severity=4.0, belief=0.0, rung=3) == near(-0.75)
    assert worth(2, weights, severity=4.0, belief=0.0) == near(0.0)
    assert worth(1, weights, severity=4.0, belief=0.0) == 0.0


def test_falling_behind_ones_own_word_costs() -> None:
    assert worth(2, NIL._replace(aud=3.0), committed=6) == near(-1.2)
    assert worth(8, NIL._replace(aud=3.0), committed=6) == 0.0
    assert worth(0, NIL._replace(aud=3.0)) == 0.0


def test_capability_deters() -> None:
    assert worth(4, NIL._replace(det=3.0), capability=0.6) == near(-0.72)
    assert worth(4, NIL._replace(det=3.0)) == 0.0


def test_the_norm_costs_a_counter_operation_against_what_it_protects() -> None:
    weights = NIL._replace(norm=0.9)
    assert [worth(rung, weights, protected=True) for rung in (6, 7, 8)] == [0.0, -0.9, 0.0]
    assert worth(7, weights, protected=False) == 0.0


# Doctrines: logit


def test_chances_double_with_every_step_of_worth() -> None:
    """Utility -n for rung n and lambda log 2: chances 1024, 512 ... 1 of 2047."""
    weights = NIL._replace(rationality=math.log(2), lin=1.0)
    chances = logit(Situation(0.0, 0.0, 0.0, 0), weights, [float(n) for n in range(11)])
    assert list(chances) == [near(2 ** (10 - n) / 2047) for n in range(11)]


def test_no_utility_is_too_large() -> None:
    """Worths of +-100,000 rungs apart: the best for certain, and no overflow either way."""
    certain = Situation(1.0, 3.0, 0.0, 0)
    assert list(logit(certain, NIL._replace(rationality=1e6), TENTHS)) == [0.0] * 10 + [1.0]
    doubting = Situation(0.0, 3.0, 0.0, 0)
    assert list(logit(doubting, NIL._replace(rationality=1e6, wrong=1.0), TENTHS)) == [1.0] + [0.0] * 10


def test_without_rationality_all_rungs_are_alike() -> None:
    chances = logit(Situation(0.7, 3.0, 1.0, 4), NIL._replace(rationality=0.0, wrong=1.0, lin=2.0), TENTHS)
    assert list(chances) == [near(1 / 11)] * 11


# Doctrines: threshold


def chosen(weights: Weights, **seen: Any) -> int:
    given = {"belief": 1.0, "severity": 0.0, "tension": 0.0, "rung": 0, **seen}
    chances = list(threshold(Situation(**given), weights, EIGHTHS))
    assert sorted(chances) == [0.0] * 10 + [1.0]
    return chances.index(1.0)


def test_the_gravest_proportionate_answer() -> None:
    """Severity 4 at an eighth each bears out 1/2, rung 4; tension 1 at a half each makes it 3/4, rung 6, exactly."""
    weights = NIL._replace(proportion=0.125, ten=0.5)
    assert chosen(weights, severity=4.0) == 4
    assert chosen(weights, severity=4.0, tension=1.0) == 6
    assert chosen(weights, severity=4.0, tension=0.99) == 5
    assert chosen(weights, severity=3.0, rung=5) == 5
    assert chosen(weights, severity=3.0, rung=2, tension=2.0) == 6


def test_nothing_proportionate_leaves_a_private_inquiry() -> None:
    """Even a rung below the inquiry's that would be proportionate is passed over."""
    assert chosen(NIL) == 2
    assert chosen(NIL._replace(proportion=0.125), severity=1.0) == 2
    assert chosen(NIL._replace(proportion=0.125), severity=2.0) == 2
    assert chosen(NIL._replace(proportion=0.125), severity=3.0) == 3


def test_graver_answers_need_more_belief() -> None:
    """The bar is 1/4 + g/2: belief 1/2 suffices for g = 1/2, rung 4, exactly; 7/8 for all."""
    weights = NIL._replace(proportion=1.0, bar=0.25, bar_slope=0.5)
    assert chosen(weights, severity=5.0, belief=0.5) == 4
    assert chosen(weights, severity=5.0, belief=0.49) == 3
    assert chosen(weights, severity=5.0, belief=0.875) == 10
    assert chosen(weights, severity=5.0, belief=0.87) == 9
    assert chosen(weights, severity=5.0, belief=0.25) == 2


def test_no_rung_is_chosen_that_is_not_open() -> None:
    weights = NIL._replace(proportion=1.0)
    assert [chosen(weights, severity=5.0, highest=highest) for highest in (2, 3, 5, 9, 10)] == [2, 3, 5, 9, 10]


def test_a_counter_operation_against_what_the_norm_protects_needs_more_belief() -> None:
    """The bar of rung 7 is 1/4 + 7/16 = 11/16, with the norm's quarter 15/16; of rung 8 it stays 3/4."""
    weights = NIL._replace(proportion=1.0, bar=0.25, bar_slope=0.5, norm=0.25)
    covert = {"severity": 5.0, "highest": 7}
    assert chosen(weights, **covert, belief=0.6875) == 7
    assert chosen(weights, **covert, belief=0.6875, protected=True) == 6
    assert chosen(weights, **covert, belief=0.93, protected=True) == 6
    assert chosen(weights, **covert, belief=0.9375, protected=True) == 7
    assert chosen(weights, severity=5.0, highest=8, belief=0.75, protected=True) == 8
    assert chosen(weights, severity=5.0, highest=6, belief=0.625, protected=True) == 6


# Doctrines: scripted

PLAIN = Situation(belief=0.5, severity=3.0, tension=0.0, rung=4, number=2, of_act=True)


@pytest.mark.parametrize(
    ("row", "applies"),
    [
        (Row(6), True),
        (Row(6, number=2), True),
        (Row(6, number=1), False),
        (Row(6, number=3), False),
        (Row(6, of_act=True), True),
        (Row(6, of_act=False), False),
        (Row(6, belief=(0.5, 0.75)), True),
        (Row(6, belief=(0.25, 0.5)), True),
        (Row(6, belief=(0.51, 0.75)), False),
        (Row(6, belief=(0.25, 0.49)), False),
        (Row(6, rung_before=(4, 6)), True),
        (Row(6, rung_before=(1, 4)), True),
        (Row(6, rung_before=(5, 6)), False),
        (Row(6, rung_before=(1, 3)), False),
        (Row(6, number=2, of_act=False), False),
        (Row(6, number=1, of_act=True), False),
        (Row(6, number=2, of_act=True, belief=(0.6, 1.0)), False),
        (Row(6, number=2, of_act=True, rung_before=(5, 10)), False),
        (Row(6, number=2, of_act=True, belief=(0.5, 0.5), rung_before=(4, 4)), True),
    ],
)
def test_a_row_applies_where_every_condition_holds(row: Row, applies: bool) -> None:
    assert row.applies(PLAIN) is applies


def test_a_row_without_conditions_applies_everywhere() -> None:
    for belief_, rung in ((0.0, 0), (0.0, 10), (1.0, 0), (1.0, 10)):
        assert Row(6).applies(PLAIN._replace(belief=belief_, rung=rung))


def test_a_row_may_speak_of_a_late_decision() -> None:
    assert Row(6, number=1000).applies(PLAIN._replace(number=int("1000")))


def test_a_decision_on_an_incident_is_not_one_on_an_act() -> None:
    incident = PLAIN._replace(of_act=False)
    assert Row(6, of_act=False).applies(incident)
    assert not Row(6, of_act=True).applies(incident)


def test_the_first_row_that_applies_decides() -> None:
    def otherwise(situation: Situation, weights: Weights, g: Sequence[float]) -> Sequence[float]:
        return [situation.belief, weights.rationality, *g]

    rule = Scripted((Row(6, number=1), Row(5, of_act=True), Row(4)), otherwise)
    assert list(rule(PLAIN, NIL, TENTHS)) == [0.0] * 5 + [1.0] + [0.0] * 5
    assert list(rule(PLAIN._replace(number=1), NIL, TENTHS)) == [0.0] * 6 + [1.0] + [0.0] * 4
    assert list(rule(PLAIN._replace(of_act=False), NIL, TENTHS)) == [0.0] * 4 + [1.0] + [0.0] * 6
    silent = Scripted((Row(6, number=1), Row(5, of_act=False)), otherwise)
    assert list(silent(PLAIN, NIL, TENTHS)) == [0.5, 1.0, *TENTHS]


def test_rules_in_use_do_not_change() -> None:
    """Arms and replications share them; rows that are alike are one."""
    for shared, name in ((Row(6), "rung"), (Scripted((), logit), "rows"), (Checked(logit), "rule")):
        with pytest.raises(FrozenInstanceError):
            setattr(shared, name, None)
    assert len({Row(6), Row(6), Row(5)}) == 2


# Doctrines: a user's own


def says(*chances: float) -> Checked:
    return Checked(lambda situation, weights, g: chances)


def test_a_rule_of_the_users_is_asked_with_all_that_it_needs() -> None:
    seen: list[Any] = []

    def asks(situation: Situation, weights: Weights, g: Sequence[float]) -> Sequence[float]:
        seen.extend((situation, weights, g))
        return [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]

    answer = Checked(asks)(PLAIN, NIL, TENTHS)
    assert list(answer) == [0.0, 0.0, 1.0] + [0.0] * 8
    assert all(type(chance) is float for chance in answer)
    assert seen == [PLAIN, NIL, TENTHS]


@pytest.mark.parametrize(
    "chances",
    [
        [0.1] * 10,
        [0.1] * 10 + [0.0, 0.0],
        [1.0],
        [0.5] * 11,
        [0.0] * 11,
        [1.5, -0.5] + [0.0] * 9,
        [1.001] + [0.0] * 10,
        [0.999] + [0.0] * 10,
        [math.nan] + [0.1] * 10,
    ],
)
def test_what_is_no_distribution_is_named(chances: list[float]) -> None:
    with pytest.raises(ValueError, match=r"^a decision rule must return eleven chances that add up to one; got \["):
        says(*chances)(PLAIN, NIL, TENTHS)


def test_what_rounding_leaves_is_a_distribution() -> None:
    assert math.fsum(says(*[1 / 11] * 11)(PLAIN, NIL, TENTHS)) == near(1.0)


def test_which_names_mean_a_function() -> None:
    assert is_foreign("own:rule")
    assert not is_foreign("logit")
    assert rule_named("logit") is logit
    assert rule_named("threshold") is threshold
    assert set(RULES) == {"logit", "threshold"}
    assert rule_named(f"{__name__}:a_rule") == Checked(a_rule)
    assert foreign_rule(f"{__name__}:a_rule")(PLAIN, NIL, TENTHS) == [1.0] + [0.0] * 10


def a_rule(situation: Situation, weights: Weights, g: Sequence[float]) -> Sequence[float]:
    return [1.0] + [0.0] * 10


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("no_such_module_at_all:rule", r"^'no_such_module_at_all:rule' cannot be imported: No module named"),
        ("math:no_such_function", r"^'math:no_such_function' cannot be imported: module 'math' has no attribute"),
        (":rule", r"^':rule' cannot be imported: Empty module name"),
        ("math:pi", r"^'math:pi' is not a function$"),
        ("math:a:b", r"^'math:a:b' cannot be imported: module 'math' has no attribute 'a:b'"),
    ],
)
def test_a_function_that_cannot_be_had_is_named(name: str, says: str) -> None:
    with pytest.raises(ImportError, match=says):
        foreign_rule(name)


# Last, for it reads data files: most mutants never get so far.


def test_the_rungs_mean_what_the_ladder_says() -> None:
    """Against the data file: who sees an act, and what it is."""
    from simcrisis.catalogue import ladder

    rungs = ladder()
    assert situation.HIGHEST == situation.WAR == len(rungs) - 1
    assert next(rung.number for rung in rungs if rung.seen_by == "all") == situation.LOWEST_PUBLIC
    assert rungs[situation.HIGHEST_UNNAMED].act == "public concern, no State named"
    assert rungs[situation.LOWEST_NAMING].act == "formal attribution, protest, demarche"
    assert rungs[situation.COUNTER_OPERATION].act == "cyber counter-operation"
    assert rungs[situation.HOSTILE_FROM].act == "cyber counter-operation"  # the lowest that does damage
