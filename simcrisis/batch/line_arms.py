"""The arms that tell what single lines are worth: an arm without each of its lines, and with each that it lacks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

from simcrisis.errors import BatchError
from simcrisis.scenario import Scenario
from simcrisis.scenario.adoption import ALL
from simcrisis.scenario.contacts import Channel, LineKindName
from simcrisis.scenario.lines import by_key, lines_of, pairs_of, standing
from simcrisis.scenario.references import suggestion

MOST_LINES = 120
"""Lines of which an arm each is made."""
ADDED = (LineKindName.TECHNICAL, LineKindName.POLICY)
"""Kinds of which absent lines are added."""
Regime = dict[str, Any]
"""An arm as plain data: `cbms` (number -> adopters), `add` and `cut`."""
Pair = frozenset[str]
_QUALITIES = set(Channel.model_fields) - {"kind", "between", "among"}


@dataclass(frozen=True)
class LineArm:
    """An arm that differs from another by one line."""

    line: str
    kind: LineKindName
    a: str
    b: str
    change: Literal["cut", "added"]
    regime: Regime


def line_arms(
    scenario: Scenario, arm: str, kinds: Iterable[str] | None, names: Collection[str] | None
) -> tuple[list[LineArm], int]:
    """Return the arms that cut or add a line of an arm, and how many more lines there would have been.

    `scenario` stands as in the arm. `kinds`: those that are cut (default: all but diplomatic) and added (technical,
    policy). `names` chooses lines, whatever their kind. Raises BatchError for a kind or a name that is not known.
    """
    chosen = _kinds(kinds, frozenset(LineKindName) - (frozenset() if names else {LineKindName.DIPLOMATIC}))
    found = [*_cut(scenario, arm, chosen), *_added(scenario, arm, chosen)]
    if names:
        known = {each.line for each in found}
        for name in sorted(set(names) - known):
            raise BatchError(f"no line named '{name[:80]}' to cut or to add{suggestion(name, known)}")
        found = [each for each in found if each.line in names]
    at_stake, neighbours = disputes(scenario), _acquainted(scenario)

    def last(each: LineArm) -> tuple[int, bool]:
        pair = frozenset((each.a, each.b))
        return (0 if pair in at_stake else 1 if pair in neighbours else 2), each.change == "added"

    found.sort(key=last)
    return found[:MOST_LINES], len(found[MOST_LINES:])


def _kinds(given: Iterable[str] | None, default: frozenset[LineKindName]) -> frozenset[LineKindName]:
    if given is None:
        return default
    words = list(given)
    for word in words:
        if word not in set(LineKindName):
            raise BatchError(f"no kind of line named '{word[:80]}'{suggestion(word, list(LineKindName))}")
    return frozenset(map(LineKindName, words))


def disputes(scenario: Scenario) -> set[Pair]:
    """Return the pairs of States that incidents are about: the victim, and whom they resemble or who is behind them."""
    found: set[Pair] = set()
    for incident in scenario.incidents:
        others = {*incident.appears_from, incident.cause.by, incident.cause.of} - {None, incident.victim}
        found |= {frozenset((incident.victim, other)) for other in others if other is not None}
    return found


def _acquainted(scenario: Scenario) -> set[Pair]:
    """Return the pairs of States that have a relation, or background incidents of their own."""
    relations = {frozenset(relation.between) for relation in scenario.relations}
    background = (pairs_of(scenario, one.between, one.among) for one in scenario.background)
    return relations | {frozenset(pair) for pairs in background for pair in pairs}


def involved(scenario: Scenario) -> list[str]:
    """Return the States that take part in the crisis, in the order of their keys."""
    states = {state for pair in disputes(scenario) | _acquainted(scenario) for state in pair}
    states |= {incident.victim for incident in scenario.incidents}
    return [state for state in by_key(scenario) if state in states]


def regime_of(scenario: Scenario, arm: str) -> Regime:
    """Return an arm as plain data, its `set` left out."""
    given = scenario.data["arms"][arm]
    cbms = given.get("cbms", [])
    adopted = dict(cbms) if isinstance(cbms, Mapping) else dict.fromkeys(map(str, cbms), ALL)
    return {"cbms": adopted, "add": list(given.get("add", [])), "cut": list(given.get("cut", []))}


def _cut(scenario: Scenario, arm: str, kinds: Collection[LineKindName]) -> Iterator[LineArm]:
    regime = regime_of(scenario, arm)
    for line in lines_of(scenario, arm):
        if line.kind in kinds and line.since < scenario.horizon:
            without = {**regime, "cut": [*regime["cut"], line.name]}
            yield LineArm(line.name, line.kind, line.a, line.b, "cut", without)


def _added(scenario: Scenario, arm: str, kinds: Collection[LineKindName]) -> Iterator[LineArm]:
    """Yield the arms that add a line between two States that take part and that no line of its kind joins."""
    there = {(line.kind, frozenset((line.a, line.b))) for line in lines_of(scenario, arm)}
    by_cbm = {line.name for line in standing(scenario, scenario.arms[arm].cbms)}
    regime = regime_of(scenario, arm)
    for kind in ADDED:
        if kind not in kinds:
            continue
        for a, b in combinations(involved(scenario), 2):
            if (kind, frozenset((a, b))) not in there:
                name = f"{kind} {a} / {b}"
                cut = [each for each in regime["cut"] if each != name]
                new = [] if name in by_cbm else [_template(scenario, kind, a, b)]  # one that is only cut comes back
                yield LineArm(name, kind, a, b, "added", {**regime, "cut": cut, "add": [*regime["add"], *new]})


def _template(scenario: Scenario, kind: LineKindName, a: str, b: str) -> Regime:
    """Return an absent line: like the one that the file writes for the pair, else as a CBM would imply it."""
    alike = {"kind": str(kind), "between": [a, b]}
    for line, written in zip(scenario.lines, scenario.data.get("lines", []), strict=True):
        if line.kind is kind and line.hub is None and (a, b) in pairs_of(scenario, line.between, line.among):
            return {**{key: value for key, value in written.items() if key in _QUALITIES}, **alike}
    return alike


def named_arms(base: str, regime: Regime, others: Sequence[tuple[str, Regime]]) -> tuple[dict[str, Regime], list[str]]:
    """Return the arms of a study by name, the base first, and the name of each of the others.

    A regime that is there already shares its arm. Names are made such as arms may have.
    """
    arms = {base: regime}
    names: list[str] = []
    for wanted, each in others:
        same = next((name for name, known in arms.items() if known == each), None)
        if same is None:
            same = _free(wanted, arms)
            arms[same] = each
        names.append(same)
    return arms, names


def _free(wanted: str, taken: Collection[str]) -> str:
    name, n = wanted.replace(" / ", " - ")[:80], 1
    while name in taken:
        n += 1
        name = f"{wanted.replace(' / ', ' - ')[:70]} ({n})"
    return name
