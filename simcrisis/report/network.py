"""The network of an arm as people read it: who reaches whom by what, and what is lost with each line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from simcrisis.catalogue import line_kinds
from simcrisis.engine.graphml import graphml
from simcrisis.engine.network import build
from simcrisis.engine.topology import (
    KINDS,
    LEVELS,
    Cut,
    Level,
    Loss,
    Reach,
    Shape,
    lines_of,
    losses,
    reaches,
    shape,
    states_of,
)
from simcrisis.errors import isolated
from simcrisis.report.tables import percent
from simcrisis.scenario import Scenario
from simcrisis.scenario.contacts import LineKindName
from simcrisis.scenario.lines import Line, Origin
from simcrisis.units import HOUR, MINUTE, to_hours

__all__ = ["STANDING", "Network", "alike", "document", "graphml", "line_rows", "network_of", "reach_rows", "shape_rows"]

STANDING = (
    "Counted are lines that come into use before the end of the run, whether or not they fail in it. Diplomatic lines "
    "(notes through embassies) and those of the police are listed, and left out of every other figure. Routes through "
    "third States show who could pass a message on; in a run, States use their own lines and the relay of a hub only."
)
EACH_PAIR_UP_TO = 12
"""States up to which a reader wants every pair and every line."""
_ROWS, _NAMES = 20, 3
_NAMED = {Level.TECHNICAL: "technical", Level.POLICY: "policy-level", Level.ANY: "either"}


@dataclass(frozen=True, slots=True)
class Network:
    """The network of a scenario in one arm, measured."""

    scenario: Scenario
    arm: str
    names: Mapping[str, str]
    """What people call each State, in the order of the graph."""
    reaches: tuple[Reach, ...]
    shapes: tuple[Shape, ...]
    """One a level."""
    losses: tuple[Loss, ...]
    beside: Mapping[LineKindName, int]
    """Lines of no level, by kind: diplomatic ones, and those of the police if there are any."""
    too_late: int
    """Lines that come into use only after the end of the run."""

    @property
    def diplomatic(self) -> int:
        """Diplomatic lines."""
        return self.beside[LineKindName.DIPLOMATIC]

    @property
    def whole(self) -> bool:
        """Whether it is small enough to be told pair by pair and line by line."""
        return len(self.names) <= EACH_PAIR_UP_TO


def network_of(scenario: Scenario, arm: str) -> Network:
    """Return the network of a scenario in an arm, measured; raises ScenarioError when there is no such arm."""
    stands = scenario.under(arm)
    world = build(scenario, arm)
    end = stands.horizon
    lines = lines_of(world, end)
    found = tuple(reaches(world, end))
    return Network(
        scenario=stands,
        arm=arm,
        names={word: stands.states[word].name or word for word in states_of(world)},
        reaches=found,
        shapes=tuple(shape(world, level, end) for level in Level),
        losses=losses(world, end),
        beside={
            kind: count
            for kind in (LineKindName.DIPLOMATIC, LineKindName.LAW_ENFORCEMENT)
            if (count := sum(line.kind is kind for line in lines)) or kind is LineKindName.DIPLOMATIC
        },
        too_late=len(lines_of(world, float("inf"))) - len(lines),
    )


def document(network: Network) -> dict[str, object]:
    """Return everything about a network as plain data; States are the words of the file, times hours."""
    return {
        "arm": network.arm,
        "states": dict(network.names),
        "levels": [
            {
                "level": str(one.level),
                "lines": one.lines,
                "pairs_joined": one.pairs,
                "pairs": len(network.reaches),
                "parts": [list(part) for part in one.parts],
                "isolated": list(one.isolated),
                "articulation_points": list(one.articulation),
            }
            for one in network.shapes
        ],
        "diplomatic_lines": network.diplomatic,
        "lines_after_the_end": network.too_late,
        "pairs": [
            {
                "a": one.a,
                "b": one.b,
                "since_hours": {str(kind): to_hours(since) for kind, since in one.since.items()},
                "routes": {str(level): list(route) for level, route in one.routes.items()},
            }
            for one in network.reaches
        ],
        "lines": [_line_document(loss) for loss in network.losses],
    }


def _line_document(loss: Loss) -> dict[str, object]:
    line = loss.line
    return {
        "name": line.name,
        "kind": str(line.kind),
        "level": str(loss.level),
        "a": line.a,
        "b": line.b,
        "latency_median_hours": to_hours(line.latency.at(0.0)),
        "since_hours": to_hours(line.since),
        "practice": dict(zip((line.a, line.b), line.practice, strict=True)),
        "betweenness": loss.betweenness,
        "lines_beside_at_level": loss.beside,
        "lost_at_level": {"pairs": loss.at_level.pairs, "cut_off": list(loss.at_level.states)},
        "lost_at_every_level": {"pairs": loss.overall.pairs, "cut_off": list(loss.overall.states)},
    }


def alike(networks: Sequence[Network]) -> list[list[Network]]:
    """Return the networks, those that are the same together: a reader wants each once."""
    found: list[list[Network]] = []
    for each in networks:
        for group in found:
            if _measured(group[0]) == _measured(each):
                group.append(each)
                break
        else:
            found.append([each])
    return found


def _measured(network: Network) -> tuple[object, ...]:
    return network.names, network.reaches, network.losses, tuple(network.beside.items()), network.too_late


def reach_rows(networks: Sequence[Network]) -> Iterator[list[str]]:
    """Yield by what States reach each other, a column an arm: a row a pair; a row a finding where States are many."""
    told = [[_reach(network, one) for one in network.reaches] for network in networks]
    if networks[0].whole:
        for n, one in enumerate(networks[0].reaches):
            yield [_pair(networks[0], one.a, one.b), *(column[n] for column in told)]
        return
    for finding in dict.fromkeys(text for column in told for text in column):
        yield [finding, *(f"{column.count(finding):,}" for column in told)]


def _reach(network: Network, reach: Reach) -> str:
    """Return by what two States reach each other; through which third States, only where every pair is told."""
    parts = []
    for level in LEVELS:
        direct = [kind for kind in reach.since if kind in KINDS[level]]
        if direct:
            parts += [f"{kind}{_dated(network, reach.since[kind])}{_short(network, reach, kind)}" for kind in direct]
        elif level in reach.routes:
            via = ", ".join(isolated(network.names[word]) for word in reach.routes[level][1:-1])
            parts.append(f"{level} via {via if network.whole else 'third States'}")
    if LineKindName.LAW_ENFORCEMENT in reach.since:
        parts.append(f"law enforcement{_dated(network, reach.since[LineKindName.LAW_ENFORCEMENT])}")
    if parts:
        return "; ".join(parts)
    return "diplomatic only" if reach.since else "not at all"


def _short(network: Network, reach: Reach, kind: LineKindName) -> str:
    """Return who answers over lines of a kind less than it has promised."""
    told = [
        f"{network.names[word]}: {'on paper' if share == 0.0 else f'in part, {percent(share)} %'}"
        for word, share in reach.short.get(kind, {}).items()
    ]
    return f" ({', '.join(told)})" if told else ""


def _dated(network: Network, since: int) -> str:
    return f" from {_date(network, since)}" if since else ""


def shape_rows(network: Network) -> Iterator[list[str]]:
    """Yield a row a level: lines, pairs joined, parts, isolated States, articulation points."""
    pairs = f"{len(network.reaches):,}"
    for one in network.shapes:
        yield [
            _NAMED[one.level],
            f"{one.lines:,}",
            f"{one.pairs:,} of {pairs}",
            str(len(one.parts)),
            _few(network, one.isolated, "every State"),
            _few(network, one.articulation, "every State"),
        ]
    for kind, lines in network.beside.items():
        joined = sum(kind in one.since for one in network.reaches)
        yield [kind.value.replace("_", " "), f"{lines:,}", f"{joined:,} of {pairs}", "", "", ""]


def line_rows(network: Network) -> Iterator[list[str]]:
    """Yield lines, median latency, from when, betweenness (%), what is lost; lines that fare alike share a row."""
    found: dict[tuple[str, ...], list[Line]] = {}
    for loss in network.losses:
        found.setdefault(_row(network, loss), []).append(loss.line)
    groups = list(found.items())
    shown = groups if network.whole else groups[:_ROWS]
    for (kind, *rest), lines in shown:
        yield [kind, _called(network, lines), *rest]
    left = sum(len(lines) for _, lines in groups[len(shown) :])
    if left:
        yield ["", f"and {left:,} lines more, of less weight: --json has all", "", "", "", ""]


def _row(network: Network, loss: Loss) -> tuple[str, ...]:
    line = loss.line
    return (
        str(line.kind),
        _length(line.latency.at(0.0)),
        _usable(network, line),
        f"{percent(loss.betweenness)} %",
        _lost(network, loss),
    )


def _usable(network: Network, line: Line) -> str:
    when = _date(network, line.since) if line.since else "the start"
    rung = line_kinds()[line.kind].from_rung
    return f"{when}, at rung {rung} or above" if rung else when


def _lost(network: Network, loss: Loss) -> str:
    level = _NAMED[loss.level]
    if loss.beside:
        return f"nothing: {loss.beside} other {level} line{'s join' if loss.beside > 1 else ' joins'} the two"
    parts = [f"the only {level} line of the two"]
    if loss.at_level.pairs and loss.at_level != loss.overall:
        parts.append(_cut(network, loss.at_level, f"at the {loss.level} level"))
    if loss.overall.pairs:
        parts.append(_cut(network, loss.overall, "at every level"))
    return "; ".join(parts)


def _cut(network: Network, cut: Cut, where: str) -> str:
    if cut.pairs == 1:
        return f"parts them {where}"
    return f"cuts off {_few(network, cut.states)} {where} ({cut.pairs:,} pairs)"


def _called(network: Network, lines: Sequence[Line]) -> str:
    """Return a few of the lines: by their ends where no file names them, with their names where one does."""
    shown = [_named(network, line) for line in lines]
    everybody = len(lines) == len(network.reaches) > 1 and lines[0].origin is Origin.IMPLIED
    return _list(shown, "all pairs" if everybody else "")


def _named(network: Network, line: Line) -> str:
    pair = _pair(network, line.a, line.b)
    return pair if line.origin is Origin.IMPLIED else f"{line.name.removesuffix(f' {line.a} / {line.b}')} ({pair})"


def _few(network: Network, words: Sequence[str], if_all: str = "") -> str:
    return _list(
        [isolated(network.names[word]) for word in words], if_all if len(words) == len(network.names) > 1 else ""
    )


def _list(shown: Sequence[str], instead: str) -> str:
    if instead or not shown:
        return instead or "-"
    more = len(shown) - _NAMES
    return ", ".join(shown) if more <= 1 else f"{', '.join(shown[:_NAMES])} and {more:,} more"


def _pair(network: Network, a: str, b: str) -> str:
    return f"{isolated(network.names[a])} / {isolated(network.names[b])}"


def _length(milliseconds: int) -> str:
    return f"{milliseconds / MINUTE:.3g} min" if milliseconds < 2 * HOUR else f"{to_hours(milliseconds):.3g} h"


def _date(network: Network, offset: int) -> str:
    moment = network.scenario.start + timedelta(milliseconds=offset)
    return f"{moment:%d %b %Y}" if moment.time() == time() else f"{moment:%d %b %Y %H:%M %Z}"
