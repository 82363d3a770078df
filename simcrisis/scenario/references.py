"""What no single field can know: names that must exist, values that must fit together.

Works on plain data that may be wrong in any way, so that all problems of a file are found at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from difflib import get_close_matches
from functools import cache
from heapq import nlargest
from os.path import commonprefix
from typing import Any
from zoneinfo import available_timezones

from simcrisis.catalogue import CONSULTATIONS, cbms, line_kinds, procedures, profiles
from simcrisis.rules.doctrines import RULES, SCRIPTED, foreign_rule, is_foreign
from simcrisis.scenario.adoption import ALL, HUB, faults, names_of, parse_cbm
from simcrisis.scenario.resolve import groups_within, is_real, real_state
from simcrisis.scenario.text import Path, Source
from simcrisis.spec import parse_moment
from simcrisis.units import parse_duration

EARLIEST, LATEST = 1970, 2200
CONSULTED = tuple(name for name, kind in line_kinds().items() if kind.order is not None)
"""Kinds of lines over which policy desks and capitals consult."""
_AUTHORS = {"by": ("state", "exercise"), "of": ("proxy",)}
"""By which word a cause names a State, and the kinds of causes that do."""
_OF_ACTIVITIES = ("exercise", "state")
_MOST_COMPARED = 40
"""So many known words are compared letter by letter with one that may be misspelled."""


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'X'?` or the list of what is known, as the end of a message."""
    known = sorted(known)
    close = _closest(word, known)
    if close:
        return f"; did you mean '{close}'?"
    shown = ", ".join(known[:12]) + (", ..." if len(known) > 12 else "")
    return f"; there {'are' if len(known) != 1 else 'is'} {shown}" if known else ""


def _closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most like one that may be misspelled; of many, those that begin and end like it."""

    def ends_alike(other: str) -> int:
        return len(commonprefix((word, other))) + len(commonprefix((word[::-1], other[::-1])))  # noqa: RUF071 (letters)

    word = word[:80]
    close = get_close_matches(word, nlargest(_MOST_COMPARED, known, key=ends_alike), 1, 0.6)
    return close[0] if close else None


def check_references(source: Source) -> None:
    """Report every name that stands for nobody and every value that does not fit another."""
    if not isinstance(source.data, Mapping):
        return
    _Checker(source).run()


class _Checker:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.report: Callable[[Path, str], None] = source.report
        self.data: Mapping[str, Any] = source.data
        self.states = self._mapping("states")
        self.groups = self._mapping("groups")
        self.start = _start(self.data.get("start"))

    def run(self) -> None:
        self._start()
        self._states()
        self._groups()
        self._hubs()
        self._relations()
        self._lines()
        self._dependencies()
        self._background()
        self._incidents()
        self._arms()
        self._effects()
        self._exercise()
        self._display_names()
        for section in ("states", "lines", "dependencies", "background", "incidents", "hubs"):
            self._keys(section)

    def _mapping(self, section: str) -> Mapping[str, Any]:
        value = self.data.get(section)
        return value if isinstance(value, Mapping) else {}

    def _items(self, section: str) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        value = self.data.get(section)
        for n, item in enumerate(value if isinstance(value, list) else ()):
            if isinstance(item, Mapping):
                yield (section, n), item

    def _state(self, path: Path, name: Any) -> None:
        if isinstance(name, str) and name not in self.states:
            self.report(path, f"no State named '{name[:80]}'{suggestion(name, self.states)}")

    def _state_list(self, path: Path, names: Any) -> None:
        if not isinstance(names, list):
            return
        seen: set[str] = set()
        for n, name in enumerate(names):
            self._state((*path, n), name)
            if isinstance(name, str):
                if name in seen:
                    self.report((*path, n), f"'{name[:80]}' is there twice")
                seen.add(name)

    def _adopter(self, path: Path, name: Any) -> None:
        if isinstance(name, str) and name != ALL and name not in self.groups and name not in self.states:
            known = [ALL, *self.groups, *self.states]
            self.report(path, f"no State or group named '{name[:80]}'{suggestion(name, known)}")

    def _start(self) -> None:
        given = self.data.get("start")
        if self.start is None:
            if isinstance(given, str):
                self.report(("start",), f"'{given[:40]}' should be a date, such as 2026-03-02T08:00:00+01:00")
            return
        if self.start.tzinfo is None:
            self.report(("start",), "the start needs its zone, for example 2026-03-02T08:00:00+01:00")
        elif not EARLIEST <= self.start.year <= LATEST:
            self.report(("start",), f"the start must lie in the years {EARLIEST} to {LATEST}")

    def _states(self) -> None:
        acknowledged = self.data.get("acknowledge") == "real-states"
        for word, state in self.states.items():
            path: Path = ("states", word)
            if is_real(word, state) and not acknowledged:
                self.report(
                    path, "a State that exists takes part; write `acknowledge: real-states`, and read docs/limits.md"
                )
            if word in {ALL, HUB}:
                means = "all States" if word == ALL else "the hub of the network"
                self.report(path, f"'{word}' stands for {means}; name this State otherwise")
            if not isinstance(state, Mapping):
                continue
            profile, zone = state.get("profile"), state.get("zone")
            if isinstance(profile, str) and profile not in profiles():
                self.report((*path, "profile"), f"no profile named '{profile[:80]}'{suggestion(profile, profiles())}")
            if isinstance(zone, str) and zone not in _zones():
                close = _closest(zone, _zones())
                hint = f"; did you mean '{close}'?" if close else "; write for example Europe/Vienna"
                self.report((*path, "zone"), f"no time zone named '{zone[:80]}'{hint}")
            self._rule((*path, "doctrine"), state.get("doctrine"))
            policy = state.get("policy")
            if isinstance(policy, Mapping):
                opens, closes = policy.get("opens", 9.0), policy.get("closes", 17.0)
                if isinstance(opens, int | float) and isinstance(closes, int | float) and opens >= closes:
                    where = "closes" if "closes" in policy else "opens"
                    self.report((*path, "policy", where), "an office must close after it opens")
                self._known(
                    (*path, "policy", "prefer"), policy.get("prefer"), CONSULTED, "kind of line to consult over"
                )
        self._rule(("model",), self.data.get("model"))

    def _known(self, path: Path, names: Any, known: Iterable[str], what: str) -> None:
        """Check a list of names of which each must be known, and stand there once."""
        for n, name in enumerate(names if isinstance(names, list) else ()):
            if self.source.reported((*path, n)):
                continue
            if isinstance(name, str) and name not in known:
                self.report((*path, n), f"no {what} named '{name[:80]}'{suggestion(name, known)}")
            elif isinstance(name, str) and name in names[:n]:
                self.report((*path, n), f"'{name[:80]}' is there twice")

    def _rule(self, path: Path, holder: Any) -> None:
        """Check the decision rule of a doctrine, or of `model`."""
        if not isinstance(holder, Mapping):
            return
        for key, known in (("rule", [*RULES, SCRIPTED]), ("otherwise", list(RULES))):
            name = holder.get(key)
            if isinstance(name, str) and is_foreign(name):
                self._foreign((*path, key), name)
            elif isinstance(name, str) and name not in known:
                self.report((*path, key), f"no decision rule named '{name[:80]}'{suggestion(name, known)}")
        if holder.get("rule") == SCRIPTED and not holder.get("script"):
            self.report((*path, "rule"), "a scripted rule needs its table: script: [{number: 1, rung: 4}, ...]")

    def _foreign(self, path: Path, name: str) -> None:
        if not self.source.trusted:
            self.report(path, f"'{name[:80]}' is code; it is imported with --trust-code only, if you trust this file")
            return
        try:
            foreign_rule(name)
        except ImportError as error:
            self.report(path, str(error)[:300])

    def _groups(self) -> None:
        for name, members in self.groups.items():
            if name == ALL or name in self.states:
                self.report(("groups", name), f"'{name}' already stands for something else; name this group otherwise")
            self._members(("groups", name), name, members)

    def _members(self, path: Path, group: str, members: Any) -> None:
        """Check the members of a group: States, and groups that do not hold it in turn."""
        for n, name in enumerate(members if isinstance(members, list) else ()):
            if not isinstance(name, str):
                self.report((*path, n), "should be the name of a State or of a group")
            elif name not in self.states and name not in self.groups:
                known = [*self.states, *(other for other in self.groups if other != group)]
                self.report((*path, n), f"no State or group named '{name[:80]}'{suggestion(name, known)}")
            elif name in members[:n]:
                self.report((*path, n), f"'{name[:80]}' is there twice")
            elif group in groups_within(self.groups, name):
                self.report((*path, n), f"'{name[:80]}' holds this group in turn; a group cannot be part of itself")

    def _hubs(self) -> None:
        kept = [name for name in procedures() if name != CONSULTATIONS]
        for path, hub in self._items("hubs"):
            name = hub.get("name")
            if isinstance(name, str) and (name == ALL or name in self.states or name in self.groups):
                self.report(
                    (*path, "name"), f"'{name[:80]}' already stands for something else; name this hub otherwise"
                )
            self._adopters((*path, "members"), hub.get("members", ALL))
            procedures_ = hub.get("procedures")
            for n, word in enumerate(procedures_ if isinstance(procedures_, list) else ()):
                if word == CONSULTATIONS:
                    self.report((*path, "procedures", n), f"'{word}' come with CBM 3; no hub keeps them")
            self._known((*path, "procedures"), procedures_, kept, "procedure")

    def _pair(self, path: Path, pair: Any) -> None:
        if not isinstance(pair, list) or len(pair) != 2:
            return
        for n, name in enumerate(pair):
            self._state((*path, n), name)
        if pair[0] == pair[1]:
            self.report(path, "a State is here with itself; name two")

    def _relations(self) -> None:
        seen: set[frozenset[str]] = set()
        for path, relation in self._items("relations"):
            pair = relation.get("between")
            self._pair((*path, "between"), pair)
            if isinstance(pair, list) and all(isinstance(name, str) for name in pair):
                if frozenset(pair) in seen:
                    self.report((*path, "between"), "the relation of these two is there twice")
                seen.add(frozenset(pair))

    def _lines(self) -> None:
        hubs = {HUB, *(hub["name"] for _, hub in self._items("hubs") if isinstance(hub.get("name"), str))}
        for path, line in self._items("lines"):
            self._pairs(path, line, "a line")
            hub = line.get("hub")
            if isinstance(hub, str) and hub not in hubs:
                self.report((*path, "hub"), f"no hub named '{hub[:80]}'{suggestion(hub, hubs)}")
            if line.get("kind") == "police":
                self.report((*path, "kind"), "'police' is not known here; write law_enforcement")
            if line.get("kind") == "relay" and hub is None:
                self.report(path, "a relay line needs the `hub` that relays")

    def _pairs(self, path: Path, item: Mapping[str, Any], what: str) -> None:
        """Check whom an item is about: two States, or every pair of a class."""
        self._pair((*path, "between"), item.get("between"))
        if (item.get("between") is None) == (item.get("among") is None):
            self.report(path, f"{what} needs either `between` (two States) or `among` (all, a group, a list)")
        among = item.get("among")
        for n, name in enumerate([among] if isinstance(among, str) else among if isinstance(among, list) else []):
            self._adopter((*path, "among") if isinstance(among, str) else (*path, "among", n), name)

    def _background(self) -> None:
        for path, item in self._items("background"):
            self._pairs(path, item, "a background")

    def _dependencies(self) -> None:
        for path, dependency in self._items("dependencies"):
            places = {word: dependency.get(word) for word in ("of", "on")}
            states = {word: place.get("state") for word, place in places.items() if isinstance(place, Mapping)}
            for word, state in states.items():
                self._state((*path, word, "state"), state)
            if len(states) == 2 and (states["of"] is None) != (states["on"] is None):
                self.report(path, "name the State in both places, or in neither (then it holds in every State)")
            if len(states) == 2 and places["of"] == places["on"]:
                self.report(path, "a sector cannot depend on itself")

    def _incidents(self) -> None:
        horizon = _or_none(parse_duration, self.data.get("horizon"))
        for path, incident in self._items("incidents"):
            self._state((*path, "victim"), incident.get("victim"))
            self._state_list((*path, "appears_from"), incident.get("appears_from"))
            suspects = incident.get("appears_from")
            if isinstance(suspects, list) and incident.get("victim") in suspects:
                at = suspects.index(incident.get("victim"))
                self.report((*path, "appears_from", at), "the victim cannot be its own suspect; leave it out")
            activity = incident.get("kind") == "military_activity"
            if activity:
                self._activity(path, incident)
            self._cause((*path, "cause"), incident.get("cause"), incident.get("victim"), activity)
            moment = _or_none(parse_moment, incident.get("at"))
            if moment is not None and self.start is not None and self.start.tzinfo and horizon is not None:
                offset = moment.offset(self.start)
                if not 0 <= offset < horizon:
                    self.report((*path, "at"), "the incident must strike between the start and the horizon")

    def _activity(self, path: Path, incident: Mapping[str, Any]) -> None:
        """Check a military activity: its one suspect is the State whose forces are seen; it cuts nothing."""
        cause = incident.get("cause")
        kind, by = (cause.get("kind"), cause.get("by")) if isinstance(cause, Mapping) else (None, None)
        if isinstance(kind, str) and kind not in _OF_ACTIVITIES:
            self.report((*path, "cause", "kind"), "behind a military activity is a cause of kind exercise or state")
        elif isinstance(by, str) and incident.get("appears_from") != [by]:
            where = (*path, "appears_from") if "appears_from" in incident else path
            self.report(where, f"the forces are seen: a military activity needs `appears_from: [{by[:80]}]`")
        for key in ("cuts", "planted", "reports"):
            if incident.get(key):
                self.report((*path, key), f"a military activity has no `{key}`: it is no attack on ICTs")

    def _cause(self, path: Path, cause: Any, victim: Any, activity: bool) -> None:
        if not isinstance(cause, Mapping):
            return
        kind, outside = cause.get("kind"), cause.get("outside") is True
        if kind == "exercise" and not activity:
            self.report((*path, "kind"), "a cause of kind exercise goes with `kind: military_activity` only")
        if activity and outside:
            self.report((*path, "outside"), "the forces of a military activity are those of a State of the scenario")
        for key, owners in _AUTHORS.items():
            name = cause.get(key)
            self._state((*path, key), name)
            if name is not None and (kind not in owners or (outside and not activity)):
                fitting = " or ".join(owner for owner in owners if activity or owner != "exercise")
                self.report((*path, key), f"`{key}` goes with a cause of kind {fitting} inside the region only")
            elif name is not None and name == victim:
                self.report((*path, key), "the victim cannot be the author")
            elif name is None and kind in owners and not outside:
                remedy = "" if activity else ", or `outside: true`"
                self.report(path, f"a cause of kind {kind} needs `{key}: STATE`{remedy}")

    def _arms(self) -> None:
        for name, arm in self._mapping("arms").items():
            if isinstance(arm, Mapping):
                self._moved_lines(("arms", name), arm)
            given = arm.get("cbms") if isinstance(arm, Mapping) else None
            items = given.items() if isinstance(given, Mapping) else enumerate(given if isinstance(given, list) else ())
            for number, adopters in items:
                path: Path = ("arms", name, "cbms", number)
                try:
                    parse_cbm(number if isinstance(given, Mapping) else adopters)
                except ValueError as error:
                    self.report(path, str(error))
                if not isinstance(given, list):
                    self._adopters(path, adopters)

    def _moved_lines(self, path: Path, arm: Mapping[str, Any]) -> None:
        """Check what can be known of lines that an arm adds and cuts without knowing which lines there are."""
        added, cut = arm.get("add"), arm.get("cut")
        for n, line in enumerate(added if isinstance(added, list) else ()):
            if isinstance(line, Mapping):
                self._pairs((*path, "add", n), line, "a line")
                if line.get("kind") == "relay":
                    self.report((*path, "add", n, "kind"), "a relay comes of its hub; set `hubs.HUB.relays: true`")
        for n, name in enumerate(cut if isinstance(cut, list) else ()):
            if isinstance(name, str) and isinstance(cut, list) and name in cut[:n]:
                self.report((*path, "cut", n), f"'{name[:80]}' is there twice")

    def _effects(self) -> None:
        bare = {cbm.key: cbm.number for cbm in cbms().values() if not cbm.effect}
        for key in self._mapping("effects"):
            if key in bare:
                self.report(("effects", key), f"CBM {bare[key]} brings lines, and has no effect size to change")

    def _exercise(self) -> None:
        self._state_list(("exercise", "tables"), self._mapping("exercise").get("tables"))

    def _adopters(self, path: Path, adopters: Any) -> None:
        for inside, message in faults(adopters):
            self.report((*path, *inside), message)
        for inside, name in names_of(adopters):
            self._adopter((*path, *inside), name)

    def _display_names(self) -> None:
        """Refuse names under which people could not tell two States, or an incident from a counter-operation."""
        seen: dict[str, str] = {}
        for word, state in self.states.items():
            real = real_state(word)
            given = state.get("name") if isinstance(state, Mapping) else None
            name = given if isinstance(given, str) else real.name if real else word
            if name in seen:
                self.report(("states", word), f"is called '{name[:80]}' like '{seen[name][:80]}'; names must differ")
            seen[name] = word
        for path, incident in self._items("incidents"):
            called = incident.get("name")
            if isinstance(called, str) and called.startswith(("counter-operation ", "background ")):
                what = "answers in kind" if called.startswith("counter") else "drawn incidents"
                self.report((*path, "name"), f"'{called.split()[0]} ...' is how {what} are called; name it otherwise")

    def _keys(self, section: str) -> None:
        seen: dict[str, str] = {}
        items: Iterable[tuple[Path, str, Mapping[str, Any]]]
        if section == "states":
            items = [((section, word), word, state or {}) for word, state in self.states.items()]
        else:
            items = [
                (path, item["name"], item) for path, item in self._items(section) if isinstance(item.get("name"), str)
            ]
        for path, name, item in items:
            key = item.get("key") if isinstance(item, Mapping) else None
            address = key if isinstance(key, str) else name
            if address in seen:
                other = seen[address]
                what = (
                    f"the name '{name[:80]}' is there twice"
                    if other == name
                    else (f"its key '{address[:80]}' is also that of '{other[:80]}'; keys must differ")
                )
                self.report((*path, "key") if key is not None else (*path, "name"), what)
            seen[address] = name


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _start(value: Any) -> datetime | None:
    return _or_none(datetime.fromisoformat, value) if isinstance(value, str) else None


def _or_none(parse: Callable[[Any], Any], value: Any) -> Any:
    try:
        return None if value is None else parse(value)
    except ValueError:
        return None
