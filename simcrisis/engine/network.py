"""The world as a graph: States, CERTs, policy desks and the hub; lines, internal links and memberships."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import networkx as nx

from simcrisis.catalogue import Sector, cbm_of_line, line_kinds
from simcrisis.scenario import Scenario
from simcrisis.scenario.adoption import ALL, HUB, Adopted, Adoption
from simcrisis.scenario.contacts import ContactLine, Hub, LineKindName, Uptime
from simcrisis.scenario.happenings import Dependency
from simcrisis.units import Delay

_IMPLIED = (
    LineKindName.TECHNICAL,
    LineKindName.POLICY,
    LineKindName.NETWORK,
    LineKindName.DIPLOMATIC,
    LineKindName.LAW_ENFORCEMENT,
)


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
    written: bool
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
    """Yield the lines of an arm: those written, those that its CBMs imply for kinds nobody wrote, those of relays."""
    hubs = {hub.name: hub for hub in hubs_of(scenario)}
    by_cbm = {kind: _since(scenario, arm, kind) for kind in LineKindName}
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


def _since(scenario: Scenario, arm: str, kind: LineKindName) -> Mapping[str, Since]:
    """Return since when each State can use lines of a kind; States that never can are left out."""
    cbm = cbm_of_line(kind)
    if cbm is None:
        return dict.fromkeys(scenario.states, BEFORE)
    return adopters(scenario, scenario.arms[arm].cbms.get(cbm, {}))


def _pair_key(scenario: Scenario, prefix: str, a: str, b: str) -> str:
    return f"{prefix}:{key_of(scenario, a)}|{key_of(scenario, b)}"


def _written(scenario: Scenario, line: ContactLine, a: str, b: str, adopted: Mapping[str, Since]) -> Line:
    key = line.key or line.name
    return Line(
        name=line.name if line.between else f"{line.name} {a} / {b}",
        key=key if line.between else _pair_key(scenario, key, a, b),
        kind=line.kind,
        a=a,
        b=b,
        since=max(adopted[a].at, adopted[b].at),
        practice=(adopted[a].practice, adopted[b].practice),
        latency=line.latency or line_kinds()[line.kind].latency,
        written=True,
        hub=line.hub,
        authentic=line.authentic,
        credibility=line.credibility,
        rides_on=line.rides_on,
        protected=line.protected,
        uptime=line.uptime,
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
            written=False,
        )


def cert_node(word: str) -> str:
    """Return the node of a State's CERT."""
    return f"{word}/CERT"


def desk_node(word: str) -> str:
    """Return the node of a State's policy desk."""
    return f"{word}/desk"


def sector_node(word: str, sector: Sector) -> str:
    """Return the node of a sector of a State."""
    return f"{word}/{sector}"


def places_of(scenario: Scenario, dependency: Dependency) -> Iterator[tuple[tuple[str, Sector], tuple[str, Sector]]]:
    """Yield what depends on what: once, or in every State by itself where the dependency names none."""
    of, on = dependency.of, dependency.on
    for word in by_key(scenario) if of.state is None or on.state is None else ("",):
        yield (of.state or word, of.sector), (on.state or word, on.sector)


def end_node(kind: LineKindName, word: str) -> str:
    """Return the node of a State at which lines of a kind end."""
    if kind is LineKindName.TECHNICAL:
        return cert_node(word)
    return word if kind in {LineKindName.LEADER, LineKindName.LAW_ENFORCEMENT} else desk_node(word)


def build(scenario: Scenario, arm: str) -> nx.MultiDiGraph[str]:
    """Return the world of a scenario in an arm as a directed multigraph.

    Nodes carry `kind` (state, cert, desk, hub) and `state`; edges carry `kind` (internal, membership, or a kind of
    line) and, for lines, `line` (a `Line`). A line is two edges, one each way.
    """
    stands = scenario.under(arm)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(title=scenario.title, arm=arm)
    for hub in hubs_of(stands):
        graph.add_node(hub.name, kind="hub")
    for word in by_key(stands):
        graph.add_node(word, kind="state", state=word)
        for kind, node in (("cert", cert_node(word)), ("desk", desk_node(word))):
            graph.add_node(node, kind=kind, state=word)
        for here, there in ((cert_node(word), desk_node(word)), (desk_node(word), word)):
            graph.add_edge(here, there, kind="internal")
            graph.add_edge(there, here, kind="internal")
    for hub in hubs_of(stands):
        for word, since in adopters(stands, hub.members).items():
            graph.add_edge(word, hub.name, kind="membership", since=since.at)
    for dependency in stands.dependencies:
        for of, on in places_of(stands, dependency):
            for state, sector in (of, on):
                graph.add_node(sector_node(state, sector), kind="sector", state=state, sector=str(sector))
            graph.add_edge(sector_node(*of), sector_node(*on), kind="dependency", probability=dependency.probability)
    for line in lines_of(stands, arm):
        for here, there in ((line.a, line.b), (line.b, line.a)):
            graph.add_edge(
                end_node(line.kind, here), end_node(line.kind, there), key=line.key, kind=str(line.kind), line=line
            )
    return graph
