"""Background incidents: how many, of whom, how grave; and that they disturb nothing else."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest

from simcrisis import load, run
from simcrisis.draws import ChangedLuck, Luck, Purpose, ShiftedLuck
from simcrisis.engine.background import _of_dyad, background
from simcrisis.engine.compiler import compile_world
from simcrisis.engine.occasions import messages
from simcrisis.engine.run import simulate
from simcrisis.engine.world import IncidentWorld, World
from simcrisis.events import NOBODY, Kind
from tests.laws.law import Z_BOUND, z_of_mean
from tests.laws.settings import ONE_DYAD

N = 2000


def year(**changes: Any) -> dict[str, Any]:
    """Return two States for a year, with nothing but background incidents between them."""
    source = {"name": "rivals", "between": ["Aldmark", "Bexia"], "rate": 0.8, **changes}
    return {**ONE_DYAD, "horizon": "365 days", "incidents": [], "background": [source]}


def world(**changes: Any) -> World:
    return compile_world(load(year(**changes)), "none")


def drawn(there: World, n: int = N) -> list[list[IncidentWorld]]:
    return [list(background(there, Luck(1, replication)).values()) for replication in range(n)]


def test_their_number_is_gamma_poisson() -> None:
    """Mean and variance of a negative binomial law of shape 1/2: 0.8 and 0.8 + 2 x 0.64; false alarm 6e-5 each."""
    counts = [float(len(incidents)) for incidents in drawn(world(), 8000)]
    assert abs(z_of_mean(counts, 0.8)) <= Z_BOUND
    squared = [(count - 0.8) ** 2 for count in counts]
    assert abs(z_of_mean(squared, 0.8 + 2 * 0.8**2)) <= Z_BOUND
    none = [float(count == 0) for count in counts]
    assert abs(z_of_mean(none, (1 + 2 * 0.8) ** -0.5)) <= Z_BOUND


def test_initiators_come_back() -> None:
    for returns in (0.6, 0.0, 1.0):
        pairs = [
            float(b.suspects == a.suspects)
            for incidents in drawn(world(rate=4.0, returns=returns), 600)
            for a, b in pairwise(incidents)
        ]
        assert len(pairs) > 1000
        assert abs(sum(pairs) / len(pairs) - returns) < 0.05


def test_severities_visibility_and_authors_follow_their_shares() -> None:
    all_ = [incident for incidents in drawn(world(rate=3.0)) for incident in incidents]
    n = len(all_)
    for severity, share in ((1, 0.0), (2, 0.3), (3, 0.4), (4, 0.25), (5, 0.05)):
        seen = sum(incident.severity == severity for incident in all_) / n
        assert abs(seen - share) < 4 * math.sqrt(0.25 / n)
    assert abs(sum(incident.covert for incident in all_) / n - 0.4) < 4 * math.sqrt(0.25 / n)
    assert abs(sum(incident.author != NOBODY for incident in all_) / n - 0.5) < 4 * math.sqrt(0.25 / n)
    for incident in all_:
        assert incident.suspects != (incident.victim,)
        assert incident.author in (NOBODY, incident.suspects[0])
        assert incident.criminal == (incident.author == NOBODY)
    victims = sum(incident.victim for incident in all_) / n
    assert 0.45 < victims < 0.55


def test_they_are_the_same_in_every_arm_and_disturb_no_other_luck() -> None:
    base = load({**ONE_DYAD, "horizon": "90 days"})
    rare = load({**base.data, "background": [{"name": "rivals", "between": ["Aldmark", "Bexia"], "rate": 2.0}]})
    untouched = 0
    for replication in range(60):
        logs = {arm: simulate(compile_world(rare, arm), 1, replication) for arm in ("none", "both")}
        struck = [
            [(r.at, r.counterpart, r.value) for r in log.records if r.kind is Kind.STRIKE] for log in logs.values()
        ]
        first = min(len(each) for each in struck)
        assert struck[0][:1] == struck[1][:1]
        assert first >= 1
        alone = simulate(compile_world(base, "none"), 1, replication)
        if not background(compile_world(rare, "none"), Luck(1, replication)):
            untouched += 1
            assert logs["none"].records == alone.records
    assert 5 <= untouched <= 55


def test_ruling_dyads_out_at_once_drops_no_incident() -> None:
    """Against drawing each dyad: at rates small and large, and under luck shifted or changed."""
    states: dict[str, Any] = {f"State {n:02}": {} for n in range(20)}
    for rate in (0.0, 0.001, 0.05, 1.0):
        everywhere = [{"name": "all", "among": "all", "rate": rate}]
        changes = {"states": states, "relations": [], "arms": {"none": {"cbms": []}}, "background": everywhere}
        there = compile_world(load({**year(), **changes}), "none")
        path = there.background[7].path
        for n in range(5):
            for luck in (
                Luck(1, n),
                ShiftedLuck(1, n, {Purpose.BACKGROUND_TIME: -2.0}),
                ShiftedLuck(1, n, {Purpose.BACKGROUND_RATE: 3.0}),
                ChangedLuck(1, n, {(Purpose.BACKGROUND_TIME, path, 0): -4.0, (Purpose.BACKGROUND_RATE, path, 0): 3.0}),
                ChangedLuck(1, n, {(Purpose.BACKGROUND_RATE, path, 0): 9.0, (Purpose.BACKGROUND_TIME, path, 1): 9.0}),
            ):
                each = [incident for source in there.background for incident in _of_dyad(source, luck, there.horizon)]
                each.sort(key=lambda incident: (incident.at, incident.path))
                assert list(background(there, luck).values()) == each


def test_at_no_rate_nothing_changes() -> None:
    silent = load({**ONE_DYAD, "background": [{"name": "rivals", "among": "all", "rate": 0.0}]})
    for replication in range(20):
        assert (
            run(silent, "both", 1, replication).log.records == run(load(ONE_DYAD), "both", 1, replication).log.records
        )


def test_a_class_of_dyads_has_luck_of_its_own_for_each_and_its_order_moves_nothing() -> None:
    data = {**year(), "states": {**ONE_DYAD["states"], "Corland": {}}, "background": []}
    classes = [
        {"name": "rivals", "between": ["Aldmark", "Bexia"], "rate": 2.0},
        {"name": "all", "among": "all", "rate": 1.0},
    ]
    one, other = (compile_world(load({**data, "background": order}), "none") for order in (classes, classes[::-1]))
    assert len(one.background) == 4
    assert drawn(one, 50) == drawn(other, 50)


def test_patched_vulnerabilities_make_them_fewer() -> None:
    struck = [
        sum(r.kind is Kind.STRIKE for n in range(150) for r in simulate(compile_world(each, "none"), 1, n).records)
        for each in (load(year(rate=3.0)), load(year(rate=3.0)).with_({"states.*.cert.patched": 0.5}))
    ]
    assert struck[1] < 0.65 * struck[0]


def test_their_names_and_those_of_counter_operations_are_told_apart() -> None:
    told = run(load(year(rate=20.0)).with_({"model.rule": "scripted", "model.script": [{"rung": 7}]}), "none", 1, 1)
    names = set(told.events["incident"].drop_nulls().to_list())
    assert {"background 1", "background 2", "counter-operation 1"} <= names


def test_why_finds_the_luck_of_their_messages() -> None:
    told = run(load(year(rate=20.0)), "both", 1, 1)
    delays = [
        (message, message.delay.at(Luck(1, 1).normal(*message.occasion)))
        for message in messages(told.world, told.log, Luck(1, 1))
        if message.occasion[0] is Purpose.BRIEFING
        and told.log.records[message.seq].kind is Kind.FINDING
        and message.delay
    ]
    assert len(delays) > 5
    for message, delay in delays:
        briefed = [r for r in told.log.records if r.cause_seq == message.seq and r.kind is Kind.BRIEFING]
        assert [r.at for r in briefed] in ([told.log.records[message.seq].at + delay], [])


@pytest.mark.parametrize("shares", [[0, 0, 0, 0, 0], [0.5, 0.5, 0.5, 0, 0]])
def test_shares_that_do_not_add_up_are_refused(shares: list[float]) -> None:
    with pytest.raises(Exception, match="must add up to 1"):
        load(year(severities=shares))
