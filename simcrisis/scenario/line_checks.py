"""What is wrong with the lines that arms cut and add: known only once it is known which lines there are."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from simcrisis.scenario.lines import Line, Origin, added, conceivable, lines_of
from simcrisis.scenario.nouns import Scenario
from simcrisis.scenario.references import suggestion
from simcrisis.scenario.text import Path, Source


def check_lines(source: Source, arms: Mapping[str, Scenario]) -> None:
    """Report lines that are cut and that no arm could have, and lines that are added where they are already.

    `arms` holds the scenario as it stands in each arm. A line that only a CBM would bring which the arm does not adopt
    may be cut: it is not there, as asked.
    """
    alike: dict[str, list[str]] = {}
    for name, stands in arms.items():
        if stands.arms[name].cut:
            alike.setdefault(json.dumps(stands.arms[name].set, sort_keys=True), []).append(name)
        if stands.arms[name].add:
            _check_added(source.report, stands, name)
    for names in alike.values():
        _check_cut(source.report, arms[names[0]], names)


def _check_cut(report: Callable[[Path, str], None], stands: Scenario, arms: list[str]) -> None:
    """Check what is cut in arms in which the scenario stands alike: its lines are gone through once."""
    unknown = {line for arm in arms for line in stands.arms[arm].cut}
    unknown.difference_update(line.name for line in conceivable(stands) if line.name in unknown)
    for arm in arms:
        own = {line.name for item in stands.arms[arm].add for line in added(stands, item)} if unknown else set()
        for n, name in enumerate(stands.arms[arm].cut):
            if name in unknown - own:
                known = {*own, *(line.name for line in conceivable(stands))}
                turned = next((line.name for line in conceivable(stands) if name == _turned(line)), None)
                hint = f"; did you mean '{turned}'?" if turned else suggestion(name, known)
                report(("arms", arm, "cut", n), f"no line named '{name[:80]}'{hint}")


def _turned(line: Line) -> str:
    """Return the name of a line with its two States the other way round."""
    return line.name.replace(f"{line.a} / {line.b}", f"{line.b} / {line.a}")


def _check_added(report: Callable[[Path, str], None], stands: Scenario, arm: str) -> None:
    """Check that each added line has a name and a key that no other line of the arm has."""
    regime = stands.arms[arm]
    names: dict[str, int] = {}
    keys: dict[str, int] = {}
    wrong: dict[int, str] = {}
    for n, item in enumerate(regime.add):
        for line in added(stands, item):
            if line.name in regime.cut:
                continue
            if line.name in names or line.key in keys:
                wrong.setdefault(n, f"'{line.name[:80]}' is added twice; give one a `name` and a `key` of its own")
            names[line.name] = keys[line.key] = n
    for line in lines_of(stands, arm):
        n = keys.get(line.key, names.get(line.name, -1))
        if n >= 0 and line.origin is not Origin.ADDED:
            there = f"'{line.name[:80]}' is there already"
            wrong.setdefault(n, f"{there}; leave this one out, or give it a `name` and a `key` of its own")
    for n, message in wrong.items():
        report(("arms", arm, "add", n), message)
