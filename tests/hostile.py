"""Scenarios whose every text is hostile: markup, scripts, formulas, templates, mathtext, right-to-left marks.

Where a scenario holds text is read from its JSON Schema, so that a field added later is taken in by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any, cast

import simcrisis as sc
from simcrisis.scenario import Scenario
from simcrisis.scenario.schema import json_schema
from simcrisis.scenario.words import LINE_PATTERN, NAME_PATTERN, TEXT_PATTERN

Schema = Mapping[str, Any]
Path = tuple[str, ...]

HOSTILE = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x")',
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}{% raw %}",
    "$\\frac{1}{2}$_x^2",
    "[bold red]&lt;b&gt;",
    "\u05e9\u05dc\u05d5\u05dd (7)",
    "\u202eabc\u2069\u2066",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "'+alert`1`+' --> ]]>",
    "_hidden %s {0} \\n",
)
"""What a text may try to be."""
IN_EACH = ("[red]", "\u05e9\u05dc")
"""What every name holds: markup of the terminal, and letters that run from right to left."""
PATTERNS = (NAME_PATTERN, LINE_PATTERN, TEXT_PATTERN)
"""What tells free texts in the schema from words that something else checks: durations, zones, rules."""
_PATHS = ("set", "vary")
"""Mappings whose keys are paths, in which names stand as the second word."""
_KINDS = {"technical", "policy", "network", "relay", "diplomatic", "law", "enforcement"}
"""Words of which names of lines are made that the CBMs imply."""


@dataclass
class Made:
    """A hostile scenario."""

    scenario: Scenario
    names: dict[str, str] = field(default_factory=dict)
    """The names that it had, and those that it has now."""
    filled: set[str] = field(default_factory=set)
    """Fields of the schema that hold a hostile text, such as `Incident.name`."""


@cache
def schema() -> Schema:
    return json_schema()


def alternatives(part: Schema) -> Iterator[tuple[str, Schema]]:
    """Yield the name (empty where it has none) and the schema of all that may stand at a place."""
    if "$ref" in part:
        name = part["$ref"].rsplit("/", 1)[-1]
        yield name, schema()["$defs"][name]
        return
    several = part.get("anyOf", part.get("oneOf"))
    if several is None:
        yield "", part
        return
    for each in several:
        yield from alternatives(each)


def is_text(part: Schema) -> bool:
    """Whether a schema is of a free text."""
    return part.get("type") == "string" and part.get("pattern") in PATTERNS


def free_texts() -> set[str]:
    """Return all fields of the schema that hold free text: `Incident.name`; in a mapping or a list, those of it."""
    found: set[str] = set()

    def look(owner: str, name: str, part: Schema) -> None:
        for _, each in alternatives(part):
            if is_text(each):
                found.add(f"{owner}.{name}")
            if "properties" not in each:
                for inside in (each.get("items"), *each.get("patternProperties", {}).values()):
                    if isinstance(inside, Mapping):
                        look(owner, name, inside)
            if any(pattern in PATTERNS for pattern in each.get("patternProperties", {})):
                found.add(f"{owner}.{name}")

    for owner, each in {"Scenario": schema(), **schema()["$defs"]}.items():
        for name, part in each.get("properties", {}).items():
            look(owner, name, part)
    return found


def words() -> set[str]:
    """Return the fields of the schema that hold a string which is no free text, no choice, no duration, no date."""
    found: set[str] = set()

    def look(owner: str, name: str, part: Schema) -> None:
        for _, each in alternatives(part):
            if each.get("type") == "string" and not {"pattern", "enum", "const", "format"} & set(each):
                found.add(f"{owner}.{name}")
            if "properties" not in each and isinstance(each.get("items"), Mapping):
                look(owner, name, each["items"])

    for owner, each in {"Scenario": schema(), **schema()["$defs"]}.items():
        for name, part in each.get("properties", {}).items():
            look(owner, name, part)
    return found


class _Maker:
    """Texts one after the other, each another way of being hostile, each unlike all others."""

    def __init__(self) -> None:
        self.numbers = count()
        self.names: dict[str, str] = {}
        self.parties: set[str] = set()
        """Those of States and groups, which other words may stand for."""
        self.filled: set[str] = set()

    def text(self, part: Schema) -> str:
        """Return a hostile text that fits a schema."""
        number = next(self.numbers)
        most = part.get("maxLength", 10_000)
        kinds = (HOSTILE[number % len(HOSTILE)], *IN_EACH) if most <= 80 else HOSTILE
        written = f"{' '.join(kinds)} {number}"
        fits = "".join(letter for letter in written if re.fullmatch(part["pattern"], letter))
        return fits[:most]

    def name(self, word: str, part: Schema) -> str:
        """Return what a name becomes, everywhere the same."""
        if word not in self.names:
            self.names[word] = self.text(part)
        return self.names[word]

    def party(self, word: str) -> str:
        """Return a word as it is called now, where it is the name of a State or a group."""
        return self.names[word] if word in self.parties else word


def hostile(data: Mapping[str, Any]) -> Made:
    """Return a scenario with a hostile text wherever its schema has room for one and its checks let it be."""
    maker = _Maker()
    maker.parties = {*data.get("states", {}), *data.get("groups", {})} - {"all"}
    _collect(data, schema(), maker)
    made = _renamed(data, schema(), "Scenario", maker)
    made = cast("dict[str, Any]", _filled(made, maker))
    return Made(sc.load(made), maker.names, maker.filled)


def _collect(value: Any, part: Schema, maker: _Maker) -> None:
    """Find every name that is declared: keys of mappings, and fields called `name` and `key`."""
    for _, each in alternatives(part):
        if isinstance(value, Mapping):
            for pattern, inside in each.get("patternProperties", {}).items():
                for key, held in value.items():
                    if pattern == NAME_PATTERN:
                        maker.name(str(key), {"pattern": pattern, "maxLength": 80})
                    _collect(held, inside, maker)
            for name, inside in each.get("properties", {}).items():
                held = value.get(name)
                if name == "name" and isinstance(held, str) and held != "OSCE":
                    maker.name(held, {"pattern": NAME_PATTERN, "maxLength": 80})
                _collect(held, inside, maker)
        elif isinstance(value, list) and isinstance(each.get("items"), Mapping):
            for held in value:
                _collect(held, each["items"], maker)


def _renamed(value: Any, part: Schema, owner: str, maker: _Maker, name: str = "") -> Any:
    """Return a value with texts and names made hostile; words that something else checks stay."""
    parts = list(alternatives(part))
    if isinstance(value, str):
        text = next((each for _, each in parts if is_text(each)), None)
        choice = any(value in each.get("enum", ()) for _, each in parts)
        if choice or (text is None and not any(each.get("type") == "string" for _, each in parts)):
            return value
        if text is not None and text["pattern"] != NAME_PATTERN and name != "cut":
            maker.filled.add(f"{owner}.{name}")
            return maker.text(text)
        if text is not None and value in maker.names:
            maker.filled.add(f"{owner}.{name}")
        if text is None:
            return maker.party(value)
        if " / " in value:  # the name of a line: KIND A / B
            return " / ".join(_line_part(each, maker) for each in value.split(" / "))
        return maker.names.get(value, value)
    if isinstance(value, list):
        items: Schema = next((each["items"] for _, each in parts if isinstance(each.get("items"), Mapping)), {})
        return [_renamed(each, items, owner, maker, name) for each in value]
    if isinstance(value, Mapping):
        title, each = next(
            ((title, each) for title, each in parts if each.get("type") == "object" or "properties" in each), ("", {})
        )
        return _mapping(value, each, title or owner, maker, name)
    return value


def _line_part(text: str, maker: _Maker) -> str:
    return " ".join(word if word in _KINDS else maker.names.get(word, word) for word in text.split(" "))


def _path(path: str, maker: _Maker) -> str:
    """Return a path with the name that stands in it as it is now."""
    steps = path.split(".")
    if steps[0] in _nouns() and len(steps) > 1:
        steps[1:] = [maker.names.get(steps[1], steps[1]), *map(maker.party, steps[2:])]
    return ".".join(steps)


@cache
def _nouns() -> set[str]:
    """Return the keys of a scenario under which things have names."""
    found = set()
    for noun, part in schema()["properties"].items():
        named = any("name" in each.get("properties", {}) for _, each in alternatives(part.get("items", {})))
        if named or NAME_PATTERN in part.get("patternProperties", {}):
            found.add(noun)
    return found


def _mapping(value: Mapping[str, Any], part: Schema, owner: str, maker: _Maker, name: str) -> dict[str, Any]:
    known: Schema = part.get("properties", {})
    patterns = part.get("patternProperties", {})
    found = {}
    for key, held in value.items():
        written = str(key)
        if written in known:
            found[key] = _renamed(held, known[written], owner, maker, written)
        elif patterns:
            maker.filled.add(f"{owner}.{name}")
            inside = next(iter(patterns.values()))
            found[maker.names.get(written, key)] = _renamed(held, inside, owner, maker, name)
        elif name in _PATHS:
            found[_path(written, maker)] = _by_name(held, maker) if written.endswith(".members") else held
        else:  # who adopts, who is a member
            found[maker.party(written)] = _by_name(held, maker)
    return found


def _by_name(value: Any, maker: _Maker) -> Any:
    """Return names of adopters and members as they are called now."""
    if isinstance(value, str):
        return maker.party(value)
    if isinstance(value, list):
        return [_by_name(each, maker) for each in value]
    if isinstance(value, Mapping):
        return {maker.party(str(key)): _by_name(each, maker) for key, each in value.items()}
    return value


def _filled(data: Any, maker: _Maker) -> Any:
    """Return data with a hostile text in every optional field of text that is not there and may be."""
    whole = data
    for owner, name, part, put in list(_empty(data, schema(), "Scenario")):
        take_back = put(maker.text(part))
        try:
            sc.load(whole)
        except sc.ScenarioError:
            take_back()
        else:
            maker.filled.add(f"{owner}.{name}")
    return data


Put = Callable[[str], Callable[[], None]]


def _empty(value: Any, part: Schema, owner: str) -> Iterator[tuple[str, str, Schema, Put]]:
    """Yield the fields of text that are not there: whose, which, of what schema, and how to put something in."""
    for title, each in alternatives(part):
        if isinstance(value, dict):
            for name, inside in each.get("properties", {}).items():
                text = next((one for _, one in alternatives(inside) if is_text(one)), None)
                listed = next((one for _, one in alternatives(inside) if is_text(one.get("items") or {})), None)
                if name not in value and text is not None:
                    yield title or owner, name, text, _putter(value, name, listed=False)
                elif name not in value and listed is not None and listed["items"]["pattern"] == TEXT_PATTERN:
                    yield title or owner, name, listed["items"], _putter(value, name, listed=True)
                elif name in value:
                    yield from _empty(value[name], inside, title or owner)
            for inside in each.get("patternProperties", {}).values():
                for key, held in value.items():
                    if key not in each.get("properties", {}):
                        yield from _empty(held, inside, title or owner)
        elif isinstance(value, list) and isinstance(each.get("items"), Mapping):
            for held in value:
                yield from _empty(held, each["items"], title or owner)


def _putter(into: dict[str, Any], name: str, *, listed: bool) -> Put:
    def put(text: str) -> Callable[[], None]:
        into[name] = [text] if listed else text

        def take_back() -> None:
            with suppress(KeyError):
                del into[name]

        return take_back

    return put
