"""Which lines there are in an arm, between whom and from when: written, implied and added ones, less those it cuts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, combinations
from typing import NamedTuple

from simcrisis.catalogue import Sector, cbm_of_line, cbms, line_kinds
from simcrisis.scenario.adoption import ALL, HUB, Adopted, Adoption
from simcrisis.scenario.contacts import AddedLine, Channel, ContactLine, Hub, LineKindName, Uptime
from simcrisis.scenario.nouns import Scenario
from simcrisis.units import Delay

_IMPLIED = (
    LineKindName.TECHNICAL,
    LineKindName.POLICY,
    LineKindName.NETWORK,
    LineKindName.DIPLOMATIC,
    LineKindName.LAW_ENFORCEMENT,
)


class Origin(StrEnum):
    """Why a line is there."""

    WRITTEN = "written"
    """It stands among the `lines` of the file."""
    IMPLIED = "implied"
    """A CBM, a hub that relays or the embassies imply it."""
    ADDED = "added"
    """The arm adds it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line between two States, in the words of the scenario."""

    name: str
    key: str
    kind: LineKindName
    a: str
    b: str
    since: int
    """From when it can be used (ms)."""
    latency: Delay
    origin: Origin
    practice: tuple[float, float] = (1.0, 1.0)
    """How far each of the two answers over it as it has promised (0: on paper only)."""
    hub: str | None = None
    """The hub that keeps it, if one does."""
    authentic: float = 1.0
    credibility: float | None = None
    rides_on: Sector | None = None
    protected: bool = False
    uptime: Uptime | None = None


def key_of(scenario: Scenario, word: str) -> str:
    """Return what addresses a State's luck."""
    return scenario.states[word].key or word


def by_key(scenario: Scenario) -> list[str]:
    """Return the States in the order of their keys, which no renaming and no permutation of the file changes."""
    return sorted(scenario.states, key=lambda word: key_of(scenario, word))


def members(scenario: Scenario, words: tuple[str, ...]) -> list[str]:
    """Return the States that names of States and groups, or `all`, stand for, in the order of their keys."""
    chosen = {
        state for word in words for state in (scenario.states if word == ALL else scenario.groups.get(word, (word,)))
    }
    return [state for state in by_key(scenario) if state in chosen]


class Since(NamedTuple):
    """From when a State has adopted something (ms; 0: before the start), and how far it practises it (0 to 1)."""

    at: int
    practice: float


BEFORE = Since(0, 1.0)
"""Adopted before the start, in full."""


def adopters(scenario: Scenario, adoption: Adoption) -> Mapping[str, Since]:
    """Return which States have adopted something; a State's own entry counts before its group's, that before `all`.

    In several groups, the earliest counts, and of those at one time the one practised furthest.
    """
    found: dict[str, tuple[int, int, float]] = {}
    for word, how in adoption.items():
        general = 2 if word == ALL else 1 if word in scenario.groups else 0
        at = max(0, how.since.offset(scenario.start)) if how.since else 0
        entry = (general, at, -how.practice)
        for state in members(scenario, (word,)):
            found[state] = min(entry, found.get(state, entry))
    return {state: Since(at, -practice) for state, (_, at, practice) in found.items()}


def pairs_of(
    scenario: Scenario, between: tuple[str, ...] | None, among: tuple[str, ...] | None
) -> Iterator[tuple[str, str]]:
    """Yield the pairs that an item is about: two States, or each pair of a class; in the order of their keys."""
    yield from combinations(members(scenario, between or among or ()), 2)


def hubs_of(scenario: Scenario) -> tuple[Hub, ...]:
    """Return the hubs of a scenario by name: those written, and the OSCE, which is there in any case."""
    hubs = {HUB: Hub(name=HUB, members={ALL: Adopted()}), **{hub.name: hub for hub in scenario.hubs}}
    return tuple(hubs[name] for name in sorted(hubs))


def lines_of(scenario: Scenario, arm: str) -> Iterator[Line]:
    """Yield the lines of an arm: those that stand with its CBMs and those it adds, but those it cuts."""
    cut = frozenset(scenario.arms[arm].cut)
    further = (line for item in scenario.arms[arm].add for line in added(scenario, item))
    every = chain(standing(scenario, scenario.arms[arm].cbms), further)
    return (line for line in every if line.name not in cut)


def conceivable(scenario: Scenario) -> Iterator[Line]:
    """Yield the lines that would stand if every State adopted every CBM."""
    return standing(scenario, {number: {ALL: Adopted()} for number in cbms()})


def standing(scenario: Scenario, regime: Mapping[int, Adoption]) -> Iterator[Line]:
    """Yield the lines that stand with adopted CBMs: those written, those implied where nobody wrote, and relays."""
    hubs = {hub.name: hub for hub in hubs_of(scenario)}
    by_cbm = {kind: _since(scenario, regime, kind) for kind in LineKindName}
    by_hub = {name: adopters(scenario, hub.members) for name, hub in hubs.items()}
    written = {line.kind for line in scenario.lines if line.hub is None or line.kind is LineKindName.RELAY}
    for line in scenario.lines:
        adopted = by_hub[line.hub] if line.hub else by_cbm[line.kind]
        for a, b in pairs_of(scenario, line.between, line.among):
            if a in adopted and b in adopted:
                yield _written(scenario, line, a, b, adopted)
    for kind in _IMPLIED:
        if kind not in written and (kind is not LineKindName.DIPLOMATIC or scenario.model.diplomatic):
            yield from _implied(scenario, kind, kind.value, by_cbm[kind])
    if LineKindName.RELAY not in written:
        for hub in hubs.values():
            if hub.relays:
                yield from _implied(scenario, LineKindName.RELAY, f"relay {hub.name}", by_hub[hub.name])


def _since(scenario: Scenario, regime: Mapping[int, Adoption], kind: LineKindName) -> Mapping[str, Since]:
    """Return since when each State can use lines of a kind; States that never can are left out."""
    cbm = cbm_of_line(kind)
    if cbm is None:
        return dict.fromkeys(scenario.states, BEFORE)
    return adopters(scenario, regime.get(cbm, {}))


def _pair_key(scenario: Scenario, prefix: str, a: str, b: str) -> str:
    return f"{prefix}:{key_of(scenario, a)}|{key_of(scenario, b)}"


def _written(scenario: Scenario, line: ContactLine, a: str, b: str, adopted: Mapping[str, Since]) -> Line:
    key = line.key or line.name
    return _line(
        line,
        name=line.name if line.between else f"{line.name} {a} / {b}",
        key=key if line.between else _pair_key(scenario, key, a, b),
        ends=(a, b),
        adopted=adopted,
        origin=Origin.WRITTEN,
        hub=line.hub,
    )


def added(scenario: Scenario, line: AddedLine) -> Iterator[Line]:
    """Yield the lines that an arm adds; where it says nothing else, those that a CBM would imply, by name and luck."""
    named, keyed = line.name or line.kind.replace("_", " "), line.key or f"implied/{line.kind}"
    for a, b in pairs_of(scenario, line.between, line.among):
        yield _line(
            line,
            name=named if line.name and line.between else f"{named} {a} / {b}",
            key=keyed if line.key and line.between else _pair_key(scenario, keyed, a, b),
            ends=(a, b),
            adopted={a: BEFORE, b: BEFORE},
            origin=Origin.ADDED,
        )


def _line(
    channel: Channel,
    *,
    name: str,
    key: str,
    ends: tuple[str, str],
    adopted: Mapping[str, Since],
    origin: Origin,
    hub: str | None = None,
) -> Line:
    a, b = ends
    return Line(
        name=name,
        key=key,
        kind=channel.kind,
        a=a,
        b=b,
        since=max(adopted[a].at, adopted[b].at),
        practice=(adopted[a].practice, adopted[b].practice),
        latency=channel.latency or line_kinds()[channel.kind].latency,
        origin=origin,
        hub=hub,
        authentic=channel.authentic,
        credibility=channel.credibility,
        rides_on=channel.rides_on,
        protected=channel.protected,
        uptime=channel.uptime,
    )


def _implied(scenario: Scenario, kind: LineKindName, prefix: str, adopted: Mapping[str, Since]) -> Iterator[Line]:
    latency = line_kinds()[kind].latency
    for a, b in combinations((state for state in by_key(scenario) if state in adopted), 2):
        yield Line(
            name=f"{prefix.replace('_', ' ')} {a} / {b}",
            key=_pair_key(scenario, f"implied/{prefix}", a, b),
            kind=kind,
            a=a,
            b=b,
            since=max(adopted[a].at, adopted[b].at),
            practice=(adopted[a].practice, adopted[b].practice),
            latency=latency,
            origin=Origin.IMPLIED,
        )
