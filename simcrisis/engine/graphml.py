"""The graph of an arm as GraphML, for Gephi and others."""

from __future__ import annotations

import re
from io import BytesIO

import networkx as nx
from networkx.readwrite.graphml import GraphMLWriter

from simcrisis.engine.network import build
from simcrisis.scenario import Scenario
from simcrisis.scenario.lines import Line
from simcrisis.scenario.resolve import real_state
from simcrisis.units import to_hours

_LABELS = {"state": "{}", "cert": "{} CERT", "desk": "{} policy desk", "sector": "{} {sector}"}
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def exported(scenario: Scenario, arm: str) -> nx.MultiGraph[str]:
    """Return the world of a scenario in an arm, each line once, with plain attributes only.

    Nodes: `label`, `kind`, `state`, and for States of the catalogue `lat` and `lon` of the capital (degrees). Edges:
    `kind`, `name`, and for lines `latency_median_hours` and `since_hours` (0: from the start). Keys of edges are unique
    in the graph. Raises ScenarioError when there is no such arm.
    """
    stands = scenario.under(arm)
    world = build(scenario, arm)
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    for node, data in world.nodes(data=True):
        kind, word = data["kind"], data.get("state")
        if word is None:
            graph.add_node(_plain(node), label=_plain(node), kind=kind)
            continue
        label = _LABELS[kind].format(stands.states[word].name or word, sector=data.get("sector"))
        graph.add_node(_plain(node), label=_plain(label), kind=kind, state=_plain(word))
        real = real_state(word)
        if real:
            graph.add_node(_plain(node), lat=real.capital_lat, lon=real.capital_lon)
    for here, there, data in world.edges(data=True):
        a, b, kind, line = _plain(here), _plain(there), data["kind"], data.get("line")
        if line is None:
            # An internal link is two edges of the world, one each way, and both get this one key.
            name = f"{kind} {min(a, b)} - {max(a, b)}"
            graph.add_edge(a, b, key=name, kind=kind, name=name)
        else:
            graph.add_edge(a, b, key=_plain(line.key), **_attributes(line))
    return graph


def _attributes(line: Line) -> dict[str, str | float]:
    return {
        "kind": str(line.kind),
        "name": _plain(line.name),
        "latency_median_hours": to_hours(line.latency.at(0.0)),
        "since_hours": to_hours(line.since),
    }


def graphml(scenario: Scenario, arm: str) -> bytes:
    """Return the world of a scenario in an arm as GraphML; raises ScenarioError when there is no such arm."""
    writer = GraphMLWriter(exported(scenario, arm))
    # Gephi takes a key with the id d3 or d7 for the label that yEd writes, and networkx numbers its keys d0, d1, ...
    ids = {key.get("id"): f"{key.get('for')}_{key.get('attr.name')}" for key in writer.xml.iter("key")}
    for key in writer.xml.iter("key"):
        key.set("id", ids[key.get("id")])
    for data in writer.xml.iter("data"):
        data.set("key", ids[data.get("key")])
    # Attributes of the graph as a whole are errors to Gephi; a description is passed over by all.
    about = writer.myElement("desc")
    about.text = _plain(
        f"simcrisis: {scenario.title}; arm {arm}; scenario SHA-256 {scenario.digest}. {scenario.notice or ''}".strip()
    )
    writer.xml.insert(0, about)
    out = BytesIO()
    writer.dump(out)
    return out.getvalue()


def _plain(text: str) -> str:
    """Return a text with what XML cannot hold written out, so that different names stay different."""
    return _NOT_IN_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
