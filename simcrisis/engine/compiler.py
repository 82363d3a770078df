"""From scenario and arm, through the graph, to the compiled world."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import networkx as nx

from simcrisis.catalogue import DecisionParameters, Policy, gravities, leads, line_kinds, procedures
from simcrisis.draws import key_path, mix
from simcrisis.engine.network import build, places_of
from simcrisis.engine.treatments import Version, versions
from simcrisis.engine.world import (
    BackgroundWorld,
    Change,
    DependencyWorld,
    HubWorld,
    IncidentWorld,
    LineWorld,
    Pair,
    Relation,
    StateWorld,
    World,
    pair_of,
)
from simcrisis.errors import Problem, ScenarioError
from simcrisis.events import NOBODY, Names
from simcrisis.rules.doctrines import SCRIPTED, Row, Scripted, rule_named
from simcrisis.rules.doctrines.foreign import Checked
from simcrisis.rules.situation import Rule, Weights
from simcrisis.scenario import Scenario
from simcrisis.scenario.contacts import Hub, LineKindName
from simcrisis.scenario.happenings import CauseKind, Incident, IncidentKind, Visibility
from simcrisis.scenario.lines import Line, Origin, adopters, by_key, hubs_of, key_of, pairs_of
from simcrisis.scenario.parties import State
from simcrisis.scenario.references import suggestion
from simcrisis.units import DAY, Calendar, WorkingHours
from simcrisis.units.calendar import office_calendar

Rules = Rule | Mapping[str, Rule]
"""A decision rule for all States, or one by State."""


def compile_world(scenario: Scenario, arm: str, rules: Rules | None = None) -> World:
    """Return the world of a scenario in an arm; `rules` replaces the decision rule of all States, or of those named.

    Raises ScenarioError when there is no such arm.
    """
    stands = scenario.under(arm)
    if isinstance(rules, Mapping):
        _check_names(stands, rules)
    graph = build(scenario, arm)
    words = by_key(stands)
    ids = {word: n for n, word in enumerate(words)}
    lines = sorted(_lines(graph), key=lambda line: line.key)
    incidents = sorted(stands.incidents, key=lambda incident: incident.key or incident.name)
    become = versions(stands, arm)
    hubs = tuple(_hub(stands, hub, ids) for hub in hubs_of(stands))
    background = tuple(_background(stands, ids))
    expected = math.fsum(each.rate for each in background) * stands.horizon / (365 * DAY)
    most_background = math.ceil(100 + 20 * expected) if background else 0
    return World(
        arm=arm,
        horizon=stands.horizon,
        model=stands.model,
        gravities=gravities(),
        leads=tuple(round(lead * stands.model.leads) for lead in leads()),
        states=tuple(_state(stands, word, become[word][0], rules) for word in words),
        changes=tuple(
            sorted(
                Change(version.since, ids[word], _state(stands, word, version, rules))
                for word in words
                for version in become[word][1:]
            )
        ),
        hubs=hubs,
        alliances=tuple(hub for hub in hubs if hub.allied),
        lines=tuple(_line(stands, line, ids) for line in lines),
        incidents=tuple(_incident(stands, incident, ids) for incident in incidents),
        background=background,
        most_background=most_background,
        dependent=_dependent(stands, ids),
        names=Names(
            states=tuple(stands.states[word].name or word for word in words),
            lines=tuple(line.name for line in lines),
            incidents=(
                *(incident.name for incident in incidents),
                *(f"background {n + 1}" for n in range(most_background)),
            ),
        ),
        relations={
            pair_of(ids[r.between[0]], ids[r.between[1]]): Relation(
                stands.model.mistrust if r.mistrust is None else r.mistrust, r.tension, r.rung
            )
            for r in stands.relations
        },
        consulting=_by_pair(lines, ids, [kind for kind in LineKindName if line_kinds()[kind].order is not None]),
        technical=_by_pair(lines, ids, [LineKindName.TECHNICAL]),
        police=_by_pair(lines, ids, [LineKindName.LAW_ENFORCEMENT]),
        partners=_partners(stands, lines, ids),
        check_every=stands.checks.every if stands.checks else None,
        file=scenario.file,
    )


def _check_names(scenario: Scenario, rules: Mapping[str, Rule]) -> None:
    """Raise ScenarioError for rules of States that are not there."""
    unknown = [
        Problem(scenario.file, 0, 0, f"rules.{word}", f"no State named '{word}'{suggestion(word, scenario.states)}")
        for word in rules
        if word not in scenario.states
    ]
    if unknown:
        raise ScenarioError(unknown)


def _lines(graph: nx.MultiDiGraph[str]) -> Iterable[Line]:
    """Return each line of the graph once."""
    found = {data["line"].key: data["line"] for _, _, data in graph.edges(data=True) if "line" in data}
    return found.values()


def _state(scenario: Scenario, word: str, version: Version, rules: Rules | None) -> StateWorld:
    state = scenario.states[word]
    replaced = rules.get(word) if isinstance(rules, Mapping) else rules
    return StateWorld(
        name=state.name or word,
        path=key_path(key_of(scenario, word)),
        cert=version.cert,
        policy=version.policy,
        rule=Checked(replaced) if replaced else rule_of(state.doctrine),
        weights=weights_of(state.doctrine),
        patience=state.doctrine.patience,
        capability=state.capability,
        office=_office(scenario, state, version.policy),
        coalition=state.doctrine.coalition,
        prefers={kind: place for place, kind in enumerate(state.policy.prefer)},
    )


def _hub(scenario: Scenario, hub: Hub, ids: dict[str, int]) -> HubWorld:
    return HubWorld(
        name=hub.name,
        members={ids[word]: since.at for word, since in adopters(scenario, hub.members).items()},
        others=hub.others,
        procedures=tuple((name, procedure) for name, procedure in procedures().items() if name in hub.procedures),
        allied=hub.allied,
    )


def rule_of(doctrine: DecisionParameters) -> Rule:
    """Return the decision rule that a doctrine names."""
    if doctrine.rule != SCRIPTED:
        return rule_named(doctrine.rule)
    rows = tuple(
        Row(row.rung, row.number, row.of_act, (row.belief[0], row.belief[1]), (row.rung_before[0], row.rung_before[1]))
        for row in doctrine.script
    )
    return Scripted(rows, rule_named(doctrine.otherwise))


def weights_of(doctrine: DecisionParameters) -> Weights:
    """Return the weights of a doctrine as decision rules take them."""
    return Weights(**{name: getattr(doctrine, name) for name in Weights._fields})


def _office(scenario: Scenario, state: State, policy: Policy) -> Calendar | None:
    """Return when a desk is open; None: round the clock."""
    if policy.hours == "always":
        return None
    hours = WorkingHours(tuple(policy.week), round(policy.opens * 60), round(policy.closes * 60))
    return office_calendar(scenario.start, scenario.horizon, state.zone, hours)


def _line(scenario: Scenario, line: Line, ids: dict[str, int]) -> LineWorld:
    a, b = pair_of(ids[line.a], ids[line.b])
    return LineWorld(
        name=line.name,
        kind=str(line.kind),
        path=key_path(line.key),
        a=a,
        b=b,
        practice=line.practice if a == ids[line.a] else (line.practice[1], line.practice[0]),
        since=line.since,
        from_rung=line_kinds()[line.kind].from_rung,
        latency=line.latency,
        credibility=scenario.model.kappa if line.credibility is None else line.credibility,
        rides_on=None if line.protected or line.rides_on is None else str(line.rides_on),
        uptime=(line.uptime.mtbf, line.uptime.mttr) if line.uptime else None,
        listed=line.kind is LineKindName.POLICY,
        awake=line.kind is LineKindName.LEADER,
        authentic=line.authentic,
    )


def _incident(scenario: Scenario, incident: Incident, ids: dict[str, int]) -> IncidentWorld:
    cause = incident.cause
    author = {CauseKind.STATE: cause.by, CauseKind.PROXY: cause.of}.get(cause.kind)
    planted = incident.planted
    return IncidentWorld(
        path=key_path(incident.key or incident.name),
        at=incident.at.offset(scenario.start),
        victim=ids[incident.victim],
        author=NOBODY if author is None or cause.outside else ids[author],
        severity=incident.severity,
        covert=incident.visibility is Visibility.COVERT,
        suspects=tuple(ids[word] for word in incident.appears_from),
        cuts=tuple(sorted((str(sector), length) for sector, length in incident.cuts.items())),
        rumour=incident.rumour,
        sector=str(incident.sector),
        activity=incident.kind is IncidentKind.MILITARY_ACTIVITY,
        accident=cause.kind is CauseKind.ACCIDENT,
        criminal=cause.kind in {CauseKind.CRIMINAL, CauseKind.TERRORIST} and not cause.outside,
        planted=(planted.findings, planted.shift) if planted else (0, 0.0),
        reports=tuple((report.kind, report.after, report.d) for report in incident.reports),
    )


def _background(scenario: Scenario, ids: dict[str, int]) -> Iterable[BackgroundWorld]:
    """Yield the background of each dyad, in the order of keys."""
    for one in sorted(scenario.background, key=lambda each: each.key or each.name):
        for a, b in pairs_of(scenario, one.between, one.among):
            pair = f"{one.key or one.name}:{key_of(scenario, a)}|{key_of(scenario, b)}"
            yield BackgroundWorld(
                key_path(pair),
                ids[a],
                ids[b],
                one.rate,
                one.returns,
                one.states,
                one.public,
                one.severities,
                str(one.sector),
            )


def _dependent(scenario: Scenario, ids: dict[str, int]) -> dict[tuple[int, str], tuple[DependencyWorld, ...]]:
    """Return what depends on each sector of a State, in the order of keys."""
    found: defaultdict[tuple[int, str], list[DependencyWorld]] = defaultdict(list)
    for one in sorted(scenario.dependencies, key=lambda each: each.key or each.name):
        path = key_path(one.key or one.name)
        for (state, sector), (provider, needed) in places_of(scenario, one):
            own = mix(path, key_path(key_of(scenario, state)))
            found[ids[provider], str(needed)].append(
                DependencyWorld(own, ids[state], str(sector), one.probability, one.after, one.lasts)
            )
    return {place: tuple(dependencies) for place, dependencies in found.items()}


def _by_pair(lines: list[Line], ids: dict[str, int], kinds: Sequence[LineKindName]) -> dict[Pair, tuple[int, ...]]:
    """Return the ids of lines of some kinds by pair, in the order in which they are tried."""
    orders = {kind: line_kinds()[kind].order or 0 for kind in kinds}
    ranked: defaultdict[Pair, list[tuple[int, str, int]]] = defaultdict(list)
    for n, line in enumerate(lines):
        if line.kind in orders:
            ranked[pair_of(ids[line.a], ids[line.b])].append((orders[line.kind], line.key, n))
    return {pair: tuple(n for _, _, n in sorted(found)) for pair, found in ranked.items()}


def _partners(scenario: Scenario, lines: list[Line], ids: dict[str, int]) -> tuple[tuple[int, ...], ...]:
    known: defaultdict[int, set[int]] = defaultdict(set)
    pairs = [relation.between for relation in scenario.relations]
    pairs += [(line.a, line.b) for line in lines if line.origin is Origin.WRITTEN]
    pairs += [pair for group in scenario.groups.values() for pair in combinations(group, 2)]
    for one, other in pairs:
        known[ids[one]].add(ids[other])
        known[ids[other]].add(ids[one])
    return tuple(tuple(sorted(known[n])) for n in range(len(ids)))
