"""The world of an arm, made from a scenario (docs/odd.md 5 and appendix D)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from simcrisis.catalogue import CONSULTATIONS, cbm_of_line, cbms, line_kinds, procedures
from simcrisis.draws import key_path
from simcrisis.scenario import Scenario
from tests.reference.laws import YEAR, Fixed, Law, Lognormal, OfficeHours, Triangular, clamp, law_of, scaled

ALL = "all"
IMPLIED = ("technical", "policy", "network", "diplomatic", "law_enforcement")
_LAWS = (Fixed, Lognormal, Triangular)


@dataclass
class Version:
    """A State as it stands from an instant on."""

    since: int
    cert: Any
    policy: Any
    hours: OfficeHours


@dataclass
class State:
    id: int
    key: str
    name: str
    path: int
    doctrine: Any
    capability: float
    versions: list[Version]
    partners: set[int] = field(default_factory=set)


@dataclass
class Line:
    key: str
    name: str
    kind: str
    ends: tuple[int, int]
    practice: dict[int, float]
    first: int
    latency: Law
    authentic: float
    credibility: float
    rides_on: str | None
    uptime: Any
    added: bool = False
    id: int = -1
    path: int = 0

    def __post_init__(self) -> None:
        self.path = key_path(self.key)


@dataclass
class Hub:
    name: str
    members: dict[int, int]
    """Since when."""
    others: int
    procedures: list[str]
    allied: bool


@dataclass(eq=False)
class Incident:
    name: str
    path: int
    instant: int
    victim: int
    author: int | None
    severity: float
    covert: bool
    suspects: list[int]
    sector: str
    cuts: dict[str, int] = field(default_factory=dict)
    rumour: float = 0.0
    activity: bool = False
    accident: bool = False
    criminal: bool = False
    drawn: bool = False
    planted: Any = None
    reports: list[tuple[str, Law, float]] = field(default_factory=list)
    reached: set[int] = field(default_factory=set)


@dataclass
class Dependency:
    path: int
    of: tuple[int | None, str]
    on: tuple[int | None, str]
    probability: float
    after: Law
    lasts: int


@dataclass
class BackgroundDyad:
    path: int
    a: int
    b: int
    rate: float
    given: Any


class World:
    """Everything that is constant in a run."""

    def __init__(self, scenario: Scenario, arm: str) -> None:
        self.scenario, self.model = scenario, part_of(scenario.model)
        self.cbms, self.added, self.cut = scenario.arms[arm].cbms, scenario.arms[arm].add, scenario.arms[arm].cut
        self.words = sorted(scenario.states, key=lambda word: scenario.states[word].key or word)
        self.ids = {word: n for n, word in enumerate(self.words)}
        self.states = [self._state(word) for word in self.words]
        self.hubs = [
            Hub(
                hub.name,
                {state: since for state, (since, _) in self._adopters(hub.members).items()},
                hub.others,
                [name for name in procedures() if name in hub.procedures and name != CONSULTATIONS],
                hub.allied,
            )
            for hub in sorted(scenario.hubs, key=lambda hub: hub.name)
        ]
        self.lines = self._lines()
        self._make_partners()
        self.incidents = [
            self._incident(each) for each in sorted(scenario.incidents, key=lambda each: each.key or each.name)
        ]
        self.dependencies = [
            Dependency(
                key_path(each.key or each.name),
                (None if each.of.state is None else self.ids[each.of.state], str(each.of.sector)),
                (None if each.on.state is None else self.ids[each.on.state], str(each.on.sector)),
                each.probability,
                law_of(each.after),
                each.lasts,
            )
            for each in sorted(scenario.dependencies, key=lambda each: each.key or each.name)
        ]
        self.background = self._background()
        expected = math.fsum(dyad.rate for dyad in self.background) * scenario.horizon / YEAR
        self.most_background = math.ceil(100 + 20 * expected) if scenario.background else 0

    # Who is meant

    def _expand(self, word: str) -> set[int]:
        if word == ALL:
            return set(range(len(self.words)))
        if word in self.ids:
            return {self.ids[word]}
        return {state for inner in self.scenario.groups[word] for state in self._expand(inner)}

    def _adopters(self, adoption: Mapping[str, Any]) -> dict[int, tuple[int, float]]:
        """Return of each State that has adopted something since when, and its practice."""
        entries: dict[int, list[tuple[int, int, float]]] = {}
        for word, how in adoption.items():
            instant = 0 if how.since is None else max(0, how.since.offset(self.scenario.start))
            rank = 0 if word in self.ids else 2 if word == ALL else 1
            for state in self._expand(word):
                entries.setdefault(state, []).append((rank, instant, -how.practice))
        return {state: (min(found)[1], -min(found)[2]) for state, found in entries.items()}

    def _pairs(self, given: Any) -> list[tuple[int, int]]:
        words: Iterable[str] = given.between if given.between is not None else given.among
        states = sorted({state for word in words for state in self._expand(word)})
        return [(a, b) for n, a in enumerate(states) for b in states[n + 1 :]]

    # States

    def _state(self, word: str) -> State:
        given = self.scenario.states[word]
        key = given.key or word
        mine: list[tuple[int, int, float]] = []
        for number in sorted(self.cbms):
            adopters = self._adopters(self.cbms[number])
            if cbms()[number].effect and self.ids[word] in adopters:
                mine.append((number, *adopters[self.ids[word]]))
        dates = sorted({0, *(since for _, since, _ in mine)})
        versions = []
        for date in dates:
            parts = {"cert": part_of(given.cert), "policy": part_of(given.policy)}
            for number, since, practice in mine:
                if since <= date:
                    for name, effect in cbms()[number].effect.items():
                        part, _, lever = effect.lever.partition(".")
                        size = getattr(getattr(self.scenario.effects, f"cbm{number}"), name)
                        moved = _moved(str(effect.how), getattr(parts[part], lever), size, practice)
                        setattr(parts[part], lever, _held(getattr(given, part), lever, moved))
            hours = OfficeHours(parts["policy"], given.zone, self.scenario.start, self.scenario.horizon)
            versions.append(Version(date, parts["cert"], parts["policy"], hours))
        doctrine = given.doctrine
        return State(self.ids[word], key, given.name or word, key_path(key), doctrine, given.capability, versions)

    def _make_partners(self) -> None:
        groups = [self._expand(name) for name in self.scenario.groups]
        relations = [{self.ids[word] for word in relation.between} for relation in self.scenario.relations]
        written = [set(line.ends) for line in self.lines if not (line.added or line.key.startswith("implied/"))]
        for together in (*groups, *relations, *written):
            for state in together:
                self.states[state].partners |= together - {state}

    # Lines

    def _may_use(self, kind: str) -> dict[int, tuple[int, float]]:
        number = cbm_of_line(kind)
        if number is None:
            return dict.fromkeys(range(len(self.words)), (0, 1.0))
        return self._adopters(self.cbms[number]) if number in self.cbms else {}

    def _lines(self) -> list[Line]:
        hubs = {hub.name: dict.fromkeys(hub.members, (0, 1.0)) for hub in self.hubs}
        for hub in self.hubs:
            hubs[hub.name] = {state: (since, 1.0) for state, since in hub.members.items()}
        lines = []
        for given in self.scenario.lines:
            kind = str(given.kind)
            may = self._may_use(kind) if given.hub is None else hubs[given.hub]
            for a, b in self._pairs(given):
                if a in may and b in may:
                    keys, names = self._of_pair(a, b)
                    whole = given.between is not None
                    key = given.key or given.name
                    lines.append(
                        Line(
                            key if whole else f"{key}:{keys}",
                            given.name if whole else f"{given.name} {names}",
                            kind,
                            (a, b),
                            {a: may[a][1], b: may[b][1]},
                            max(may[a][0], may[b][0]),
                            law_of(line_kinds()[kind].latency if given.latency is None else given.latency),
                            given.authentic,
                            self.model.kappa if given.credibility is None else given.credibility,
                            None if given.protected or given.rides_on is None else str(given.rides_on),
                            given.uptime,
                        )
                    )
        for kind in IMPLIED:
            written = any(str(given.kind) == kind and given.hub is None for given in self.scenario.lines)
            if not written and (kind != "diplomatic" or self.model.diplomatic):
                lines += self._implied(kind, kind, self._may_use(kind))
        if not any(str(given.kind) == "relay" for given in self.scenario.lines):
            for given_hub in self.scenario.hubs:
                if given_hub.relays:
                    lines += self._implied("relay", f"relay {given_hub.name}", hubs[given_hub.name])
        lines += self._added_lines()
        lines = [line for line in lines if line.name not in self.cut]
        lines.sort(key=lambda line: line.key)
        for n, line in enumerate(lines):
            line.id = n
        return lines

    def _of_pair(self, a: int, b: int) -> tuple[str, str]:
        one, other = self.states[a], self.states[b]
        return f"{one.key}|{other.key}", f"{self.words[a]} / {self.words[b]}"

    def _implied(self, kind: str, title: str, may: dict[int, tuple[int, float]]) -> list[Line]:
        lines = []
        for a in sorted(may):
            for b in sorted(may):
                if a < b:
                    keys, names = self._of_pair(a, b)
                    practice, first = {a: may[a][1], b: may[b][1]}, max(may[a][0], may[b][0])
                    latency = law_of(line_kinds()[kind].latency)
                    key, name = f"implied/{title}:{keys}", f"{title} {names}".replace("_", " ")
                    kappa = self.model.kappa
                    lines.append(Line(key, name, kind, (a, b), practice, first, latency, 1.0, kappa, None, None))
        return lines

    def _added_lines(self) -> list[Line]:
        lines = []
        for given in self.added:
            kind = str(given.kind)
            for a, b in self._pairs(given):
                keys, names = self._of_pair(a, b)
                one = given.between is not None
                key = f"implied/{kind}:{keys}" if given.key is None else given.key if one else f"{given.key}:{keys}"
                title = kind.replace("_", " ") if given.name is None else given.name
                lines.append(
                    Line(
                        key,
                        title if one and given.name is not None else f"{title} {names}",
                        kind,
                        (a, b),
                        {a: 1.0, b: 1.0},
                        0,
                        law_of(line_kinds()[kind].latency if given.latency is None else given.latency),
                        given.authentic,
                        self.model.kappa if given.credibility is None else given.credibility,
                        None if given.protected or given.rides_on is None else str(given.rides_on),
                        given.uptime,
                        added=True,
                    )
                )
        return lines

    # What happens

    def _incident(self, given: Any) -> Incident:
        kind, author = str(given.cause.kind), None
        if not given.cause.outside and kind in ("state", "proxy"):
            author = self.ids[given.cause.by if kind == "state" else given.cause.of]
        return Incident(
            given.name,
            key_path(given.key or given.name),
            given.at.offset(self.scenario.start),
            self.ids[given.victim],
            author,
            given.severity,
            str(given.visibility) == "covert",
            [self.ids[word] for word in given.appears_from],
            str(given.sector),
            {str(sector): length for sector, length in given.cuts.items()},
            given.rumour,
            activity=str(given.kind) == "military_activity",
            accident=kind == "accident",
            criminal=kind in ("criminal", "terrorist") and not given.cause.outside,
            planted=given.planted,
            reports=[(report.kind, law_of(report.after), report.d) for report in given.reports],
        )

    def _background(self) -> list[BackgroundDyad]:
        dyads = []
        for given in sorted(self.scenario.background, key=lambda each: each.key or each.name):
            for a, b in self._pairs(given):
                path = key_path(f"{given.key or given.name}:{self._of_pair(a, b)[0]}")
                dyads.append(BackgroundDyad(path, a, b, given.rate, given))
        return dyads


def part_of(given: Any) -> SimpleNamespace:
    """Return the fields of a part of a scenario, with laws of our own."""
    fields = {name: getattr(given, name) for name in type(given).model_fields}
    return SimpleNamespace(
        **{
            name: law_of(value) if any(hasattr(value, point) for point in ("length", "median", "mode")) else value
            for name, value in fields.items()
        }
    )


def _moved(how: str, value: Any, size: Any, practice: float) -> Any:
    """Return a value that an effect of a CBM has moved."""
    if how == "times":
        factor = 1 + practice * (size - 1)
        return scaled(value, factor) if isinstance(value, _LAWS) else value * factor
    if how == "plus":
        return value + practice * size
    if how == "towards":
        return value + (1 - value) * practice * size
    if size is None or practice == 0:
        return value
    return round(size / practice) if value is None else round(value - practice * max(0, value - size))


def _held(given: Any, lever: str, value: Any) -> Any:
    """Return a value held within the bounds of its lever."""
    if not isinstance(value, float):
        return value
    low, high = 0.0, math.inf
    for bound in type(given).model_fields[lever].metadata:
        low, high = getattr(bound, "ge", low), getattr(bound, "le", high)
    return clamp(value, low, high)
