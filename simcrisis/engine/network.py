"""The world as a graph: States, CERTs, policy desks and the hub; lines, internal links and memberships."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import networkx as nx

from simcrisis.catalogue import line_kinds
from simcrisis.scenario import Scenario
from simcrisis.scenario.adoption import ALL, HUB
from simcrisis.scenario.nouns import ContactLine, LineKindName, Sector, Uptime
from simcrisis.units import Delay

_IMPLIED = (LineKindName.TECHNICAL, LineKindName.POLICY, LineKindName.NETWORK, LineKindName.DIPLOMATIC)


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


def adopters(scenario: Scenario, arm: str, cbm: int) -> Mapping[str, int]:
    """Return which States adopt a CBM in an arm, and from when (ms; 0: before the start)."""
    since: dict[str, int] = {}
    for word, moment in scenario.arms[arm].cbms.get(cbm, {}).items():
        at = max(0, moment.offset(scenario.start)) if moment else 0
        for state in members(scenario, (word,)):
            since[state] = min(at, since.get(state, at))
    return since


def lines_of(scenario: Scenario, arm: str) -> Iterator[Line]:
    """Yield the lines of an arm: those written, and those that its CBMs imply for kinds nobody wrote."""
    since = {kind: _since(scenario, arm, kind) for kind in LineKindName}
    written = {line.kind for line in scenario.lines}
    for line in scenario.lines:
        adopted = since[line.kind]
        if line.between is not None:
            pairs = [tuple(members(scenario, line.between))]
        else:
            pairs = list(combinations(members(scenario, line.among or ()), 2))
        for a, b in pairs:
            if a in adopted and b in adopted:
                yield _written(scenario, line, a, b, max(adopted[a], adopted[b]))
    for kind in _IMPLIED:
        if kind not in written and (kind is not LineKindName.DIPLOMATIC or scenario.model.diplomatic):
            yield from _implied(scenario, kind, since[kind])


def _since(scenario: Scenario, arm: str, kind: LineKindName) -> Mapping[str, int]:
    """Return from when each State can use lines of a kind (ms); States that never can are left out."""
    cbm = line_kinds()[kind].cbm
    return adopters(scenario, arm, cbm) if cbm else dict.fromkeys(scenario.states, 0)


def _pair_key(scenario: Scenario, prefix: str, a: str, b: str) -> str:
    return f"{prefix}:{key_of(scenario, a)}|{key_of(scenario, b)}"


def _written(scenario: Scenario, line: ContactLine, a: str, b: str, since: int) -> Line:
    key = line.key or line.name
    return Line(
        name=line.name if line.between else f"{line.name} {a} / {b}",
        key=key if line.between else _pair_key(scenario, key, a, b),
        kind=line.kind,
        a=a,
        b=b,
        since=since,
        latency=line.latency or line_kinds()[line.kind].latency,
        written=True,
        credibility=line.credibility,
        rides_on=line.rides_on,
        protected=line.protected,
        uptime=line.uptime,
    )


def _implied(scenario: Scenario, kind: LineKindName, adopted: Mapping[str, int]) -> Iterator[Line]:
    latency = line_kinds()[kind].latency
    for a, b in combinations((state for state in by_key(scenario) if state in adopted), 2):
        yield Line(
            name=f"{kind} {a} / {b}",
            key=_pair_key(scenario, f"implied/{kind}", a, b),
            kind=kind,
            a=a,
            b=b,
            since=max(adopted[a], adopted[b]),
            latency=latency,
            written=False,
        )


def cert_node(word: str) -> str:
    """Return the node of a State's CERT."""
    return f"{word}/CERT"


def desk_node(word: str) -> str:
    """Return the node of a State's policy desk."""
    return f"{word}/desk"


def end_node(kind: LineKindName, word: str) -> str:
    """Return the node of a State at which lines of a kind end."""
    if kind is LineKindName.TECHNICAL:
        return cert_node(word)
    return word if kind is LineKindName.LEADER else desk_node(word)


def build(scenario: Scenario, arm: str) -> nx.MultiDiGraph[str]:
    """Return the world of a scenario in an arm as a directed multigraph.

    Nodes carry `kind` (state, cert, desk, hub) and `state`; edges carry `kind` (internal, membership, or a kind of
    line) and, for lines, `line` (a `Line`). A line is two edges, one each way.
    """
    stands = scenario.under(arm)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(title=scenario.title, arm=arm)
    graph.add_node(HUB, kind="hub")
    for word in by_key(stands):
        graph.add_node(word, kind="state", state=word)
        for kind, node in (("cert", cert_node(word)), ("desk", desk_node(word))):
            graph.add_node(node, kind=kind, state=word)
        for here, there in ((cert_node(word), desk_node(word)), (desk_node(word), word)):
            graph.add_edge(here, there, kind="internal")
            graph.add_edge(there, here, kind="internal")
        graph.add_edge(word, HUB, kind="membership")
    for line in lines_of(stands, arm):
        for here, there in ((line.a, line.b), (line.b, line.a)):
            graph.add_edge(
                end_node(line.kind, here), end_node(line.kind, there), key=line.key, kind=str(line.kind), line=line
            )
    return graph
