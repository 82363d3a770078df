"""What would reverse a finding: the nearest change of one assumed parameter that turns its sign.

Each number of the model that is not off (0) is moved by itself, down and up: a share between 0 and 1 to either end,
anything else to a quarter and to four times of what it is. How far is said as the part of that way, so that parameters
can be compared. Two places on each way are tried first, by few runs and the compensator; where the sign clearly turns,
the turn is closed in on by halves; and the nearest are estimated as the claim itself is, which alone decides: where few
runs place the turn, and if it does not show there, where it was tried. What turns twice between two places that were
tried is not seen, nor is what only two changes together would do. So a flip that is found is one, and where none is,
none was confirmed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any

from simcrisis.catalogue import Parameters
from simcrisis.claims.effects import effects, stated
from simcrisis.errors import ScenarioError
from simcrisis.scenario import Scenario, load
from simcrisis.units import format_duration, parse_duration

TRIED = (0.3, 1.0)
"""Parts of the way that are tried first."""
HALVINGS = 4
PARTS = tuple(
    low + (high - low) * step / 2**HALVINGS
    for low, high in pairwise((0.0, *TRIED))
    for step in range(1, 2**HALVINGS + 1)
)
"""All parts of the way that a turn can be found at."""
CLEARLY = 0.25
"""Part of the effect that the other sign must have, with few runs, to be a turn."""
MOST_CONFIRMED = 20
"""Candidates, the nearest first, that are run as often as the claim itself before none is reported."""
FACTOR = 4.0


@dataclass(frozen=True)
class Move:
    """A parameter of the model moved by a part of the way to one end."""

    name: str
    up: bool
    part: float

    @property
    def path(self) -> str:
        """Where the scenario holds it."""
        return f"model.{self.name}"


_SCHEMA: Mapping[str, Any] = Parameters.model_json_schema()["properties"]


def moved(scenario: Scenario, move: Move) -> Any:
    """Return the value of a parameter when it is moved; None where there is no way."""
    value = scenario.model.model_dump(mode="json", by_alias=True)[move.name]
    if isinstance(value, Mapping) and "median" in value:
        return {**value, "median": _longer(value["median"], move)}
    if isinstance(value, str):
        return _longer(value, move)
    least, most = _SCHEMA[move.name].get("minimum"), _SCHEMA[move.name].get("maximum")
    if (least, most) == (0, 1):
        end = float(most if move.up else least)
        return None if value == end else round(value + (end - value) * move.part, 6)
    by = float(value) * FACTOR ** (move.part if move.up else -move.part)
    return type(value)(round(_within(by, least, most), 6))


def part_of(scenario: Scenario, path: str, then: Any) -> float | None:
    """Return how far a parameter is moved that is `then`, as a part of the way; None where no search comes there."""
    name = path.removeprefix("model.")
    if f"model.{name}" != path or name not in movable(scenario):
        return None
    ways = [(part, up) for part in PARTS for up in (False, True)]
    return next((part for part, up in ways if moved(scenario, Move(name, up, part)) == then), None)


def _within(value: float, least: float | None, most: float | None) -> float:
    return min(max(value, -float("inf") if least is None else least), float("inf") if most is None else most)


def _longer(duration: str, move: Move) -> str:
    return format_duration(round(parse_duration(duration) * FACTOR ** (move.part if move.up else -move.part)))


def movable(scenario: Scenario) -> Iterator[str]:
    """Yield the parameters of the model that can be moved: numbers, durations, delays that are on, no switches."""
    for name, value in scenario.model.model_dump(mode="json", by_alias=True).items():
        if isinstance(value, bool) or value in (0, None) or isinstance(value, list):
            continue
        if isinstance(value, Mapping):
            if "median" in value:
                yield name
        elif not isinstance(value, str) or _is_duration(value):
            yield name


def _is_duration(text: str) -> bool:
    try:
        return parse_duration(text) > 0
    except ValueError:
        return False


@dataclass(frozen=True)
class Search:
    """How the turn of a sign is looked for."""

    data: str
    """The plain data of the scenario in JSON, which goes to other processes as it stands."""
    arms: tuple[str, ...]
    """The reference first."""
    rung: int
    seed: int
    tries: int
    """Replications of a try."""
    replications: int
    """Replications of the claim."""

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return _loaded(self.data)

    def nearest(self, signs: Mapping[str, float], pool: Executor) -> dict[str, dict[str, Any] | None]:
        """Return for each arm the nearest move that turns its sign and what its effect is then; None: none confirmed.

        A turn counts where the effect is estimated anew with as many replications as the claim, and has the other sign.
        An arm whose sign few runs do not show as the claim does is not searched, and not among them: everything would
        seem to turn.
        """
        now = stated(self.scenario, self.arms, self.rung, self.tries, self.seed)
        known = [arm for arm in self.arms[1:] if signs[arm] * now[arm] > 0.0]
        tried = self._tried(pool) if known else {}
        found: dict[str, dict[str, Any] | None] = {}
        for arm in known:
            turns = list(self._first_turns(arm, now[arm], tried))
            closed = list(pool.map(partial(_closed_in, self, arm, now[arm]), turns))
            pairs = sorted(zip(closed, turns, strict=True), key=lambda pair: pair[0].part)
            found[arm] = self._confirmed(arm, signs[arm], pairs)
        return found

    def _tried(self, pool: Executor) -> dict[Move, dict[str, float]]:
        ends = [Move(name, up, part) for name in movable(self.scenario) for up in (False, True) for part in TRIED]
        moves = [move for move in ends if moved(self.scenario, move) is not None]
        return dict(zip(moves, pool.map(self.at, moves), strict=True))

    def at(self, move: Move) -> dict[str, float]:
        """Return the effect of each arm when a parameter is moved, by few runs; none where it cannot be moved so."""
        try:
            changed = self.scenario.with_({move.path: moved(self.scenario, move)})
        except ScenarioError:
            return dict.fromkeys(self.arms, 0.0)
        return stated(changed, self.arms, self.rung, self.tries, self.seed)

    def _first_turns(self, arm: str, now: float, tried: Mapping[Move, Mapping[str, float]]) -> Iterator[Move]:
        """Yield for each parameter and direction the first part of the way at which the sign has clearly turned."""
        for name, up in dict.fromkeys((move.name, move.up) for move in tried):
            way = [Move(name, up, part) for part in TRIED]
            first = next((move for move in way if tried[move][arm] / now < -CLEARLY), None)
            if first is not None:
                yield first

    def _confirmed(self, arm: str, sign: float, pairs: Sequence[tuple[Move, Move]]) -> dict[str, Any] | None:
        """Return the nearest turn that the claim's own estimate shows."""
        for closed, first in pairs[:MOST_CONFIRMED]:
            for move in dict.fromkeys((closed, first)):
                value = moved(self.scenario, move)
                changed = self.scenario.with_({move.path: value})
                effect = effects(changed, (self.arms[0], arm), self.rung, self.replications, self.seed, None)[arm]
                if sign * effect["estimate"] < 0.0:
                    now = self.scenario.model.model_dump(mode="json", by_alias=True)[move.name]
                    told = {"path": move.path, "now": now, "then": value, "part_of_the_way": round(move.part, 4)}
                    return told | {name: effect[name] for name in ("estimate", "low", "high")}
        return None


@lru_cache(maxsize=1)
def _loaded(data: str) -> Scenario:
    return load(json.loads(data))


def _closed_in(search: Search, arm: str, now: float, first: Move) -> Move:
    """Return how far a parameter need be moved at least, between the last place without a turn and the first with."""
    before = max((part for part in TRIED if part < first.part), default=0.0)
    low, high = before, first.part
    for _ in range(HALVINGS):
        middle = Move(first.name, first.up, (low + high) / 2)
        if search.at(middle)[arm] / now < 0.0:
            high = middle.part
        else:
            low = middle.part
    return Move(first.name, first.up, high)
