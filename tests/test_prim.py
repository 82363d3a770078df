"""PRIM: planted boxes are found, and another implementation finds the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from simcrisis.stats import prim

FIXTURE = json.loads((Path(__file__).parent / "prim.json").read_text(encoding="utf-8"))
SAMPLES = sorted(FIXTURE["samples"])


def cases(sample: dict[str, Any]) -> prim.Cases:
    return prim.Cases(np.array(sample["where"]), np.array(sample["interest"], np.bool_))


def planted(seed: int = 5, size: int = 400) -> prim.Cases:
    """Return points of interest in one box: the first parameter below 0.5, the third above 0.4."""
    where = np.random.default_rng(seed).random((size, 4))
    return prim.Cases(where, (where[:, 0] < 0.5) & (where[:, 2] > 0.4))


@pytest.mark.parametrize("name", SAMPLES)
def test_another_implementation_peels_and_pastes_the_same_boxes(name: str) -> None:
    """ema_workbench 2.5.3 under the same settings (tests/ema_prim.py): every peeled box face by face.

    Of the box that slices were pasted on, the points: theirs ends at the outermost point, ours at the end of the range.
    """
    known = cases(FIXTURE["samples"][name])
    theirs = FIXTURE["samples"][name]["boxes"]
    ours = prim.peel(known)
    assert len(ours) > 30
    for box, other in zip(ours, theirs[: len(ours)], strict=True):
        fit = prim.fit(box, known)
        assert (fit.points, fit.cases) == (other["points"], other["cases"])
        for n, (low, high) in enumerate(zip(other["low"], other["high"], strict=True)):
            assert box.low[n] == pytest.approx(0.0 if low is None else low, abs=1e-12)
            assert box.high[n] == pytest.approx(1.0 if high is None else high, abs=1e-12)
    low, high = (np.array(theirs[-1][side], np.float64) for side in ("low", "high"))  # None becomes NaN: unbounded
    held = (~(known.where < low) & ~(known.where > high)).all(axis=1)
    assert prim.paste(ours[-1], known).holds(known.where).tolist() == held.tolist()


@pytest.mark.parametrize("name", SAMPLES)
def test_quasi_p_values_are_those_of_another_implementation(name: str) -> None:
    """Where a parameter is restricted on one side: on two, theirs are of each side, and ours of the parameter."""
    known, compared = cases(FIXTURE["samples"][name]), 0
    for box, other in zip(prim.peel(known), FIXTURE["samples"][name]["boxes"], strict=False):
        ours = prim.quasi_p(box, known)
        for parameter, value in ours.items():
            theirs = [p for p in other["quasi_p"][str(parameter)] if p is not None]
            if len(theirs) == 1:
                assert value == pytest.approx(theirs[0], rel=1e-6, abs=1e-12)
                compared += 1
    assert compared > 30


def test_a_planted_box_is_found_and_nothing_else() -> None:
    known = planted()
    _, _, box = prim.discover(known)
    assert box.restricted == (0, 2)
    assert (box.low[0], box.high[2]) == (0.0, 1.0)
    assert box.high[0] == pytest.approx(0.5, abs=0.06)
    assert box.low[2] == pytest.approx(0.4, abs=0.06)
    fit = prim.fit(box, known)
    assert fit.coverage >= 0.95
    assert fit.density >= prim.DENSE
    assert prim.reproduced(known).tolist() == [1.0, 0.0, 1.0, 0.0]


def test_a_box_is_taken_by_the_rule() -> None:
    """The most coverage among boxes that are dense enough; the densest where none is."""
    known = planted()
    boxes = prim.peel(known)
    fits = [prim.fit(box, known) for box in boxes]
    for dense in (0.5, 0.8, 0.95):
        taken = fits[prim.choose(boxes, known, dense)]
        assert taken.density >= dense
        assert all(fit.coverage <= taken.coverage for fit in fits if fit.density >= dense)
    noise = prim.Cases(known.where, np.arange(len(known.where)) % 5 == 0)
    boxes = prim.peel(noise)
    densest = prim.fit(boxes[prim.choose(boxes, noise, 1.0)], noise)
    assert densest.density == max(prim.fit(box, noise).density for box in boxes)


def test_coverage_density_and_mass_are_what_they_say() -> None:
    known = prim.Cases(np.array([[0.1], [0.2], [0.3], [0.8]]), np.array([True, False, True, True]))
    assert prim.fit(prim.Box(np.array([0.0]), np.array([0.5])), known) == prim.Fit(3, 2, 2 / 3, 2 / 3, 3 / 4)
    assert prim.fit(prim.Box(np.array([0.4]), np.array([0.5])), known) == prim.Fit(0, 0, 0.0, 0.0, 0.0)


def test_a_restriction_that_chance_explains_is_lifted() -> None:
    known = planted()
    box = prim.Box(np.array([0.0, 0.02, 0.41, 0.0]), np.array([0.5, 1.0, 1.0, 1.0]))
    chances = prim.quasi_p(box, known)
    assert chances[1] > prim.CHANCE
    without = box.without(0)
    here, wider = prim.fit(box, known), prim.fit(without, known)
    assert chances[0] == pytest.approx(binom.sf(here.cases - 1, here.points, wider.density))
    assert prim.simplified(box, known).restricted == (0, 2)


def test_points_that_are_level_go_together() -> None:
    """A parameter with few values is cut between values, and one that is the same everywhere not at all."""
    rng = np.random.default_rng(8)
    steps = rng.integers(0, 4, 200) / 4 + 0.125
    where = np.column_stack([steps, rng.random(200), np.full(200, 0.5)])
    known = prim.Cases(where, steps < 0.5)
    boxes = prim.peel(known)
    assert {float(bound) for box in boxes for bound in (box.low[0], box.high[0])} <= {0.0, 0.25, 0.5, 0.75, 1.0}
    assert all(2 not in box.restricted for box in boxes)
    _, _, box = prim.discover(known, 1.0)
    assert (box.low[0], box.high[0]) == (0.0, 0.5)


def test_where_everything_is_of_interest_nothing_is_restricted() -> None:
    everywhere = prim.Cases(planted().where, np.ones(400, np.bool_))
    assert prim.discover(everywhere)[2].restricted == ()
