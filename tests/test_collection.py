from __future__ import annotations

import gc
from collections.abc import Iterator
from threading import Barrier, Thread

import pytest

from simcrisis.batch.collection import seldom_collected
from simcrisis.engine.compiler import compile_world
from simcrisis.engine.run import simulate
from simcrisis.scenario import load


@pytest.fixture(autouse=True)
def usual() -> Iterator[tuple[int, int, int]]:
    before = gc.get_threshold()
    yield before
    gc.set_threshold(*before)


def test_it_is_as_before_afterwards_also_when_something_fails(usual: tuple[int, int, int]) -> None:
    seen: list[int] = []

    @seldom_collected()
    def fails() -> None:
        seen.append(gc.get_threshold()[0])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert seen[0] > usual[0]
    assert gc.get_threshold() == usual


def test_runs_leave_hardly_anything_to_it() -> None:
    world = compile_world(load("belgrade_2015"), "both")
    simulate(world, 1, 0)
    gc.collect()
    gc.disable()
    try:
        for replication in range(20):
            simulate(world, 1, replication)
        assert gc.collect() < 20  # a run that kept hold of itself would leave some two hundred objects
    finally:
        gc.enable()


def test_threads_that_overlap_leave_it_as_before(usual: tuple[int, int, int]) -> None:
    entered, left = Barrier(2), Barrier(2)

    def first() -> None:
        with seldom_collected():
            entered.wait()
        left.wait()

    thread = Thread(target=first)
    thread.start()
    with seldom_collected():
        entered.wait()
        left.wait()  # the first has left
        assert gc.get_threshold()[0] > usual[0]
    thread.join()
    assert gc.get_threshold() == usual


@pytest.mark.parametrize("own", [(0, 10, 10), (50_000, 5, 5)])
def test_who_wants_it_seldom_or_never_keeps_that(own: tuple[int, int, int]) -> None:
    gc.set_threshold(*own)
    with seldom_collected():
        assert gc.get_threshold() == own
    assert gc.get_threshold() == own
