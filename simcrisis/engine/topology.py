"""What the graph of an arm joins: who reaches whom by what, and what hangs on one State or one line.

A hop is a line between two States: inside a State, CERT and policy desk talk. Diplomatic lines join every pair in every
arm and would hide every difference between arms, so they are reported beside, as are those of the police, and left out
of all other figures. The hub is left out too: a line by way of its relay joins the two States that use it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

import networkx as nx

from simcrisis.scenario.contacts import LineKindName
from simcrisis.scenario.lines import Line


class Level(StrEnum):
    """At which level of two States a line joins them."""

    TECHNICAL = "technical"
    POLICY = "policy"
    ANY = "any"
    """Technical or policy."""


LEVELS = (Level.TECHNICAL, Level.POLICY)
"""The levels, each by itself."""
_POLICY = frozenset({LineKindName.POLICY, LineKindName.NETWORK, LineKindName.LEADER, LineKindName.RELAY})
KINDS: Mapping[Level, frozenset[LineKindName]] = {
    Level.TECHNICAL: frozenset({LineKindName.TECHNICAL}),
    Level.POLICY: _POLICY,
    Level.ANY: _POLICY | {LineKindName.TECHNICAL},
}
"""The kinds of lines of a level; diplomatic and law-enforcement lines belong to none."""


@dataclass(frozen=True, slots=True)
class Reach:
    """By what two States reach each other."""

    a: str
    b: str
    since: Mapping[LineKindName, int]
    """Kinds of lines that join them directly, diplomatic ones included, and from when (ms)."""
    short: Mapping[LineKindName, Mapping[str, float]]
    """Kinds of lines over which one of them answers less than it has promised, and how far it does (0: on paper)."""
    routes: Mapping[Level, tuple[str, ...]]
    """States along a shortest route over lines of a level (technical, policy), both ends included; none: left out."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How the network of one level holds together."""

    level: Level
    lines: int
    pairs: int
    """Pairs of States that a line of the level joins directly."""
    parts: tuple[tuple[str, ...], ...]
    """States by connected component, the largest first."""
    articulation: tuple[str, ...]
    """States without which their part would fall apart."""

    @property
    def isolated(self) -> tuple[str, ...]:
        """States that no line of the level joins to another."""
        return tuple(part[0] for part in self.parts if len(part) == 1)


@dataclass(frozen=True, slots=True)
class Cut:
    """What falls apart when one line is lost."""

    pairs: int = 0
    """Pairs of States that no longer reach each other, through third States either."""
    states: tuple[str, ...] = ()
    """The States on the smaller side of the cut."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What one line carries, and what is lost with it."""

    line: Line
    level: Level
    betweenness: float
    """Share (0 to 1) of all pairs of States whose shortest route, at any level, runs over it."""
    beside: int
    """Other lines of its level between the same two States."""
    at_level: Cut
    """What falls apart at its level."""
    overall: Cut
    """What falls apart at every level."""


def states_of(world: nx.MultiDiGraph[str]) -> tuple[str, ...]:
    """Return the States of a graph that `network.build` made, in its order."""
    return tuple(node for node, data in world.nodes(data=True) if data["kind"] == "state")


def lines_of(world: nx.MultiDiGraph[str], until: float) -> tuple[Line, ...]:
    """Return the lines, once each, that come into use before `until` (ms)."""
    found = {(data["kind"], data["line"].key): data["line"] for *_, data in world.edges(data=True) if "line" in data}
    return tuple(line for line in found.values() if line.since < until)


def level_of(kind: LineKindName) -> Level | None:
    """Return the level of a kind of line; None: diplomatic, or of the police."""
    return next((level for level in LEVELS if kind in KINDS[level]), None)


def between_states(world: nx.MultiDiGraph[str], level: Level, until: float) -> nx.Graph[str]:
    """Return the States, and an edge for each pair that a line of a level joins before `until` (ms).

    An edge carries `lines`: how many there are side by side.
    """
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(states_of(world))
    for line in lines_of(world, until):
        if line.kind in KINDS[level]:
            beside = graph.edges[line.a, line.b]["lines"] if graph.has_edge(line.a, line.b) else 0
            graph.add_edge(line.a, line.b, lines=beside + 1)
    return graph


def reaches(world: nx.MultiDiGraph[str], until: float) -> Iterator[Reach]:
    """Yield by what each pair of States reaches each other before `until` (ms), in the order of the graph."""
    since: dict[frozenset[str], dict[LineKindName, int]] = {}
    short: dict[frozenset[str], dict[LineKindName, Mapping[str, float]]] = {}
    for line in lines_of(world, until):
        of_pair = since.setdefault(frozenset((line.a, line.b)), {})
        of_pair[line.kind] = min(line.since, of_pair.get(line.kind, line.since))
        lacking = {word: share for word, share in zip((line.a, line.b), line.practice, strict=True) if share < 1.0}
        if lacking:
            short.setdefault(frozenset((line.a, line.b)), {})[line.kind] = lacking
    graphs = {level: between_states(world, level, until) for level in LEVELS}
    states = states_of(world)
    for n, a in enumerate(states):
        routes = {level: nx.single_source_shortest_path(graph, a) for level, graph in graphs.items()}
        for b in states[n + 1 :]:
            direct = since.get(frozenset((a, b)), {})
            yield Reach(
                a=a,
                b=b,
                since={kind: direct[kind] for kind in LineKindName if kind in direct},
                short=short.get(frozenset((a, b)), {}),
                routes={level: tuple(found[b]) for level, found in routes.items() if b in found},
            )


def shape(world: nx.MultiDiGraph[str], level: Level, until: float) -> Shape:
    """Return how the lines of a level that come into use before `until` (ms) hold the States together."""
    graph = between_states(world, level, until)
    order = {state: n for n, state in enumerate(graph)}
    parts = (tuple(sorted(part, key=order.__getitem__)) for part in nx.connected_components(graph))
    return Shape(
        level=level,
        lines=sum(data["lines"] for *_, data in graph.edges(data=True)),
        pairs=graph.number_of_edges(),
        parts=tuple(sorted(parts, key=lambda part: (-len(part), order[part[0]]))),
        articulation=tuple(sorted(nx.articulation_points(graph), key=order.__getitem__)),
    )


def losses(world: nx.MultiDiGraph[str], until: float) -> tuple[Loss, ...]:
    """Return what each line that is no diplomatic one carries, and what is lost with it; the gravest loss first.

    Betweenness counts hops, whatever the latency, at any level; lines side by side share that of their pair equally.
    """
    graph = between_states(world, Level.ANY, until)
    betweenness = {frozenset(pair): share for pair, share in nx.edge_betweenness_centrality(graph).items()}
    cuts = {level: _cuts(between_states(world, level, until)) for level in Level}
    lines = [(line, level) for line in lines_of(world, until) if (level := level_of(line.kind))]
    side_by_side = Counter((frozenset((line.a, line.b)), level) for line, level in lines)
    found = []
    for line, level in lines:
        pair = frozenset((line.a, line.b))
        found.append(
            Loss(
                line=line,
                level=level,
                betweenness=betweenness[pair] / graph.edges[line.a, line.b]["lines"],
                beside=side_by_side[pair, level] - 1,
                at_level=cuts[level].get(pair, Cut()),
                overall=cuts[Level.ANY].get(pair, Cut()),
            )
        )
    return tuple(sorted(found, key=lambda loss: (-loss.overall.pairs, -loss.at_level.pairs, -loss.betweenness)))


def _cuts(graph: nx.Graph[str]) -> dict[frozenset[str], Cut]:
    """Return what falls apart with each pair that one line alone joins, where anything does.

    A bridge lies in every spanning forest and parts the forest as it parts the graph, so the sides are found there: a
    full mesh costs no more than a tree.
    """
    order = {state: n for n, state in enumerate(graph)}
    forest: nx.Graph[str] = nx.minimum_spanning_tree(graph)
    found: dict[frozenset[str], Cut] = {}
    for a, b in cast(list[tuple[str, str]], list(nx.bridges(graph))):
        if graph.edges[a, b]["lines"] > 1:
            continue
        forest.remove_edge(a, b)
        sides = [sorted(nx.node_connected_component(forest, end), key=order.__getitem__) for end in (a, b)]
        forest.add_edge(a, b)
        sides.sort(key=lambda side: (len(side), -order[side[0]]))
        found[frozenset((a, b))] = Cut(len(sides[0]) * len(sides[1]), tuple(sides[0]))
    return found
