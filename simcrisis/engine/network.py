"""The world as a graph: States, CERTs, policy desks and the hub; lines, internal links and memberships."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx

from simcrisis.catalogue import Sector
from simcrisis.scenario import Scenario
from simcrisis.scenario.contacts import LineKindName
from simcrisis.scenario.happenings import Dependency
from simcrisis.scenario.lines import adopters, by_key, hubs_of, lines_of


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
