"""A naive twin of the engine, written from docs/odd.md alone: plain Python, a sorted agenda, no SimPy, no arrays."""

from __future__ import annotations

from simcrisis.scenario import Scenario
from tests.happened import Choice, Row
from tests.reference.play import play


def twin(scenario: Scenario, arm: str, seed: int, replication: int) -> tuple[list[Row], list[Choice]]:
    """Return the records and decisions of a run, as the description of the model has them."""
    run = play(scenario, arm, seed, replication)
    return run.rows, run.choices
