"""The packaged ensemble as a design: the scenario as it stands, then the parameter sets that no pattern rules out."""

from __future__ import annotations

from typing import Any

from simcrisis.catalogue import ensemble
from simcrisis.errors import Problem, ScenarioError
from simcrisis.scenario.loader import Scenario

WHERE = "ensemble"


def ensembled(scenario: Scenario, sets: int | None = None, where: str = WHERE) -> Scenario:
    """Return a scenario whose experiment is the first `sets` of the packaged parameter sets (default: all).

    The first design point is the scenario as it stands. Parameters of the model that its file (or a change) states
    keep the value stated: a set fills in what was left to the catalogue. States and arms that set a parameter
    themselves keep their own.

    Raises ScenarioError, located at `where`, for a number that makes no sense, or where something else is varied.
    """
    known = ensemble()
    number = len(known) if sets is None else sets
    problem = None
    if not 1 <= number <= len(known):
        problem = f"{number} sets; there are {len(known)}, ask for 1 or more of them"
    elif scenario.experiment is not None:
        problem = "the scenario varies something itself; leave out --vary, or the experiment of the file"
    stated = set(scenario.data.get("model") or {})
    paths = [path for path in known[0] if path.removeprefix("model.") not in stated]
    if problem is None and not paths:
        problem = "the scenario states all parameters that the sets hold"
    if problem:
        raise ScenarioError([Problem(where, 0, 0, "", problem)])
    now = scenario.model.model_dump(mode="json", by_alias=True)
    vary: dict[str, list[Any]] = {
        path: [now[path.removeprefix("model.")], *(one[path] for one in known[:number])] for path in paths
    }
    return scenario.with_({"experiment": {"vary": vary, "ensemble": True}})
