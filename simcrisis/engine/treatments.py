"""What adopted CBMs do to a State: its CERT and policy desk as they are, version by version, from each date on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from annotated_types import Ge, Le

from simcrisis.catalogue import Cert, How, Policy, Size, cbms
from simcrisis.catalogue.cbms import Cbm, Effect
from simcrisis.scenario import Scenario
from simcrisis.scenario.effects import size_of
from simcrisis.scenario.lines import Since, adopters
from simcrisis.units import Delay, scaled


class Version(NamedTuple):
    """A State's CERT and desk from an instant (ms) on."""

    since: int
    cert: Cert
    policy: Policy


def versions(scenario: Scenario, arm: str) -> Mapping[str, tuple[Version, ...]]:
    """Return the versions of each State in an arm, by time; the first holds from the start."""
    adopted = [(cbm, adopters(scenario, scenario.arms[arm].cbms.get(cbm.number, {}))) for cbm in cbms().values()]
    moving = [(cbm, by) for cbm, by in adopted if cbm.effect and by]
    return {word: tuple(_versions(scenario, word, moving)) for word in scenario.states}


def _versions(scenario: Scenario, word: str, moving: list[tuple[Cbm, Mapping[str, Since]]]) -> Iterator[Version]:
    state = scenario.states[word]
    dates = sorted({0, *(by[word].at for _, by in moving if word in by)})
    for date in dates:
        parts: dict[str, Any] = {"cert": state.cert, "policy": state.policy}
        for cbm, by in moving:
            if word not in by or by[word].at > date:
                continue
            for name, effect in cbm.effect.items():
                part, field = effect.lever.split(".")
                size = size_of(scenario.effects, cbm, name)
                value = moved(effect, getattr(parts[part], field), size, by[word].practice)
                parts[part] = parts[part].model_copy(update={field: _within(parts[part], field, value)})
        yield Version(date, parts["cert"], parts["policy"])


def _within(part: Cert | Policy, field: str, value: Any) -> Any:
    """Return a value within the bounds of its field."""
    for bound in type(part).model_fields[field].metadata:
        value = max(value, bound.ge) if isinstance(bound, Ge) else value
        value = min(value, bound.le) if isinstance(bound, Le) else value
    return value


def moved(effect: Effect, value: Any, size: Size, practice: float) -> Any:
    """Return a lever's value after an effect of a size, practised so far (0: on paper only, 1: in full)."""
    if effect.how is How.AT_MOST:
        return value if size is None else _bounded(value, int(size), practice)
    assert isinstance(size, float)
    if effect.how is How.TIMES:
        factor = 1.0 + practice * (size - 1.0)
        return scaled(value, factor) if isinstance(value, Delay) else value * factor
    if effect.how is How.PLUS:
        return value + practice * size
    return value + (1.0 - value) * practice * size


def _bounded(age: int | None, most: int, practice: float) -> int | None:
    """Return an age with a bound on it that is kept so far: kept half of the time, it is twice as high at first."""
    if practice == 0.0:
        return age
    return round(most / practice) if age is None else round(age - practice * max(0, age - most))
