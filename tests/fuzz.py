"""Mutants of scenario files, by the seed: what people, editors and malice do to a file.

A mutant comes of the TEXT (lines, brackets, tabs, encodings, bytes) or of the DATA (types, ranges, keys, values of
other places, values that the schema allows, at their edges), or of both.
`python -m tests.fuzz SEED FIRST COUNT` is the long fuzz.
"""

from __future__ import annotations

import contextlib
import copy
import json
import random
import re
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from multiprocessing import Pool
from pathlib import Path
from typing import Any

from simcrisis import ScenarioError, load, run
from simcrisis.scenario import Scenario, shipped
from simcrisis.scenario.schema import json_schema
from simcrisis.scenario.shelf import starter
from simcrisis.scenario.text import read_yaml

VALID = Path(__file__).parent / "scenarios" / "valid"


class Raw(str):
    """A value that is written into the YAML as it stands."""

    __slots__ = ()


# Values ---------------------------------------------------------------------------------------------------------------

NUMBERS = [Raw(word) for word in (
    "0", "-0", "-0.0", "1", "-1", "2", "0.5", "1.0", "1e-300", "5e-324", "1e999", "-1e999", "1e308", "0x10",
    "0xFFFFFFFFFFFFFFFF", "0x" + "f" * 400, "0o17", "0b11", "017", "1_000", "1__0", "_1", "1:30", "1:30.5", ".5",
    "5.", "+3", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1" + "0" * 400, "1" * 5000,
    ".nan", ".NaN", ".inf", "-.inf", "NaN", "Infinity", "1e", "1.2.3", "0.1e+1", "4.9999999999999999999",
    "3.0000000001", "1e6", "1000000.1", "1000", "100", "11", "10", "50", "51",
)]  # fmt: skip
WORDS = [Raw(word) for word in (
    "", "null", "~", "true", "false", "yes", "No", "ON", "y", "all", "Brevia", "none", "both", "OSCE", "AT",
    "Austria", "UTC", "Europe/Vienna", "[]", "{}", "[[]]", "[null]", "{null: null}", "{1: 2}", "{[a]: b}",
    "{{a: b}: c}", "[a, a]", "[a", "{a: b", "a]", "}", "'", '"', '"a', "'a", "@a", "`a", "%a", "!", "!!", "!a",
    "!!str", "!!str 1", "!!int a", "!!int 1", "!!float x", "!!bool maybe", "!!bool 1", "!!null x", "!!binary aGk=",
    "!!binary x", "!!set {a, b}", "!!omap [a: 1]", "!!timestamp x", "!!python/object/apply:os.system [ls]",
    "!<tag:yaml.org,2002:str> a", "!!map [a]", "!!seq {a: b}", "!!map a", "&a", "&a b", "*a", "*", "&", "& b",
    "&a *a", "&a [*a]", "&a {b: *a}", "<<", "{<<: {a: b}}", "{<<: 1}", "{<<: [1]}", "| x", "|", ">", "|9",
    "|-\n    text", ">+\n\n\n", "? a", "- a", "a: b", "a: b: c", ": a", "#", "a #b", "---", "...", "%YAML 1.1", "=",
    '"\\UFFFFFFFF"', '"\\U00110000"', '"\\ud800"', '"\\xZZ"', '"\\e\\N\\L"', '"\\', "!%FF a", "!a!b c", "|0", "|+-",
    "!!merge <<",
)]  # fmt: skip
TIMES = [Raw(word) for word in (
    "0 h", "1 ms", "0.4 ms", "1 min", "36 h", "36h", "1 d 12 h", "-1 h", "60", "100000 days", "36600 days",
    "3660 days", "1e3 h", "999999999999999 weeks", "1 parsec", "h", "1.5.5 h", "0001-01-01", "9999-12-31",
    "9999-12-31T23:59:59.999999-23:59", "0001-01-01T00:00:00+23:59", "0000-01-01", "10000-01-01", "2026-02-29",
    "2026-03-29T02:30:00", "2026-03-02T08:00:00", "2026-03-02T08:00:00+25:00", "2026-03-02T08:00:00Z",
    "2026-03-02 08:00:00 +1", "2026-03-02T24:00:00+01:00", "2026-W10-1", "2026-061", "20260302T080000+0100",
    "2026-03-02T08:00:60Z", "1969-12-31T23:59:59+00:00", "1970-01-01T00:00:00+14:00", "2200-12-31T23:59:59-12:00",
    "2201-01-01T00:00:00Z", "1772438400", "2011-12-29T00:00:00-10:00", "2026-03-02T08:00:00+01:00:30",
    "2026-03-02T08:00:00.123456789Z", "{median: 6 h, spread: 2}", "{median: 0 h, spread: 1000}",
    "{median: 1 h, spread: 0.5}", "{median: 36600 days, spread: 1000}", "{low: 0 h, mode: 0 h, high: 36600 days}",
    "{low: 2 h, mode: 1 h, high: 3 h}", "{low: 1 h, high: 3 h}", "{median: 6 h, spread: 1e999}",
    "{median: 6 h, spread: .nan}", "{median: 6, spread: [1]}", "{}",
)]  # fmt: skip
TEXTS = [
    "", " ", "a.b", "a/b", "a|b", "*", ".", "..", "a\nb", "a\tb", "\x00", "\x1b[31mred", "\x7f", "\x85", "\u2028",
    "\u202egnp", "\ud800", "\udfff\ud800", "\U0001f600", "é", "e\u0301", "İ", "ß", "all", "x" * 81, "x" * 100_000,
    "Alderland ", "aLDERLAND", "constructor", "__class__", "../../etc/passwd", "module:function", "os:system", ":",
    "a:", ":a", "[bold]", "{0}", "%s", "counter-operation 1", "null", "1", "true", "2026-03-02", "36 h",
    "Europe/../Vienna", "/etc/passwd", "posixrules", "Factory", "localtime", "states.*.policy",
    "states.*.policy.answers", "lines.*.latency", "model.kappa", "arms.none.cbms", "states", "lines",
    "incidents.*.at", "incidents.blackout", "title", "model", "model.script", "relations.*.tension",
    "states.*.doctrine.patience", "hubs.OSCE.procedures", "hubs.*.members", "hubs.*.relays", "hubs.Compact.others",
    "effects.cbm12.asks", "effects.cbm8.yearly", "states.*.policy.prefer", "lines.*.authentic", "lines.*.hub",
]  # fmt: skip
HUBS = ["OSCE", "Compact", "Union", "Club", "all", "Brevia"]
PROCEDURES = ["vienna-document", "berlin-mechanism", "good-offices", "consultations"]
LINE_KINDS = ["technical", "policy", "network", "leader", "relay", "diplomatic", "law_enforcement"]
STATES = ["Alderland", "Brevia", "Corvania", "Dunmere", "Estmark", "Vardia"]
KNOWN = [
    *STATES, *HUBS, *PROCEDURES, *LINE_KINDS, "hotline", "blackout", "logit", "threshold", "scripted", "all", "UTC",
    "Europe/Sofia", "Pacific/Apia", "neighbours", "on paper",
]  # fmt: skip
PLAIN: list[Any] = [
    None,
    True,
    False,
    [],
    {},
    [[]],
    {"": ""},
    ["a"] * 300,
    {str(n): n for n in range(300)},
    [1, "a", None],
]


def value(rng: random.Random) -> Any:
    """Return any value at all."""
    kind = rng.randrange(12)
    if kind == 0:
        return nested(rng)
    return copy.deepcopy(rng.choice((NUMBERS, WORDS, TIMES, TEXTS, TIMES, NUMBERS, PLAIN)[kind % 7]))


def nested(rng: random.Random) -> Any:
    depth = rng.choice((3, 19, 20, 21, 22, 60, 5000))
    opening, closing = rng.choice((("[", "]"), ("{a: ", "}"), ("[{a: ", "}]"), ("[", "")))
    return Raw(opening * depth + "x" + closing * depth)


SCHEMA = json_schema()


def fitting(schema: dict[str, Any], rng: random.Random, depth: int = 0) -> Any:
    """Return a value that a schema allows, often at its edge and sometimes just beyond it."""
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        return fitting(rng.choice(schema["anyOf"]), rng, depth)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return rng.choice(schema["enum"])
    kind = schema.get("type")
    if kind in {"number", "integer"}:
        low = schema.get("minimum", schema.get("exclusiveMinimum", -1e9))
        high = schema.get("maximum", schema.get("exclusiveMaximum", 1e9))
        edges = [low, high, low, high, low + (high - low) * rng.random(), low + (high - low) * rng.random() ** 8]
        edges += [low - 1, high + 1] if rng.random() < 0.1 else []
        chosen = rng.choice(edges)
        return round(chosen) if kind == "integer" else float(chosen) if rng.random() < 0.9 else rng.choice(NUMBERS)
    if kind == "boolean":
        return rng.random() < 0.5
    if kind == "null":
        return None
    if kind == "array":
        if depth > 4:
            return []
        many = rng.choice((schema.get("minItems", 0), min(schema.get("maxItems", 2), 3), 1))
        return [fitting(schema.get("items", {"type": "string"}), rng, depth + 1) for _ in range(many)]
    if kind == "object":
        known = schema.get("properties", {})
        inner = schema.get("additionalProperties")
        if not known and isinstance(inner, dict) and depth < 5:
            return {rng.choice(KNOWN): fitting(inner, rng, depth + 1) for _ in range(rng.choice((0, 1, 2)))}
        chosen = {name for name in known if name in schema.get("required", ()) or rng.random() < 3 / (3 + len(known))}
        return {name: fitting(known[name], rng, depth + 1) for name in sorted(chosen)} if depth < 5 else {}
    if "examples" in schema:
        return rng.choice(
            ("0 h", "1 ms", "1 s", "1 min", "1 h", "36 h", "9 days", "60 days", "3660 days", "36600 days")
        )
    return rng.choice((*KNOWN, rng.choice(TEXTS)))


def schema_at(path: tuple[Any, ...]) -> dict[str, Any]:
    """Return the schema of a place, empty where it knows none."""
    here: Any = SCHEMA
    for step in path:
        options = here.get("anyOf", [here])
        found: Any = {}
        for option in options:
            if "$ref" in option:
                option = SCHEMA["$defs"][option["$ref"].rpartition("/")[2]]
            inner = option.get("items") if isinstance(step, int) else option.get("properties", {}).get(step)
            inner = inner or (option.get("additionalProperties") if not isinstance(step, int) else None)
            if isinstance(inner, dict):
                found = inner
        here = found
    if "$ref" in here:
        here = SCHEMA["$defs"][here["$ref"].rpartition("/")[2]]
    return dict(here)


# Writing --------------------------------------------------------------------------------------------------------------


def written(data: Any, indent: int = 0, flow: bool = False) -> str:
    """Return data as YAML, raw values and keys as they stand."""
    if isinstance(data, Raw):
        return str(data)
    if isinstance(data, dict):
        if flow or not data or indent > 30:
            return "{" + ", ".join(f"{written(k, 0, True)}: {written(v, 0, True)}" for k, v in data.items()) + "}"
        pad = " " * indent
        return "".join(
            f"\n{pad}{written(k, 0, True)}: {written(v, indent + 2, not indent % 4 and indent > 0)}"
            for k, v in data.items()
        )
    if isinstance(data, list):
        if flow or not data or indent > 30:
            return "[" + ", ".join(written(item, 0, True) for item in data) + "]"
        pad = " " * indent
        return "".join(f"\n{pad}- {written(item, indent + 2, True)}" for item in data)
    if isinstance(data, str) and re.fullmatch(r"[A-Za-z][A-Za-z_-]*", data):
        return data
    return json.dumps(data)


# Data -----------------------------------------------------------------------------------------------------------------

Mutation = Callable[[Any, random.Random], Any]


def places(data: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [here] if here else []
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, inner in items:
        found += places(inner, (*here, key))
    return found


def at(data: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


def somewhere(data: Any, rng: random.Random) -> tuple[Any, Any]:
    """Return what holds some place, and under which key."""
    found = places(data)
    if not found:
        return {"x": 1}, "x"
    path = rng.choice(found)
    return at(data, path[:-1]), path[-1]


def mappings(data: Any) -> list[tuple[Any, ...]]:
    return [path for path in [(), *places(data)] if isinstance(at(data, path), dict)]


def replace(data: Any, rng: random.Random) -> None:
    holder, key = somewhere(data, rng)
    holder[key] = value(rng)


def remove(data: Any, rng: random.Random) -> None:
    holder, key = somewhere(data, rng)
    del holder[key]


def rename(data: Any, rng: random.Random) -> None:
    holder = at(data, rng.choice(mappings(data)))
    if holder:
        key = rng.choice(list(holder))
        new: Any = rng.choice([f"{key}s", key[:-1], key.upper(), f"{key}.{key}", rng.choice(TEXTS), rng.choice(WORDS)])
        renamed = {new if k == key else k: v for k, v in holder.items()}
        holder.clear()
        holder.update(renamed)


def add(data: Any, rng: random.Random) -> None:
    holder = at(data, rng.choice(mappings(data)))
    holder[rng.choice((rng.choice(TEXTS), rng.choice(NUMBERS), rng.choice(WORDS), "answer", "name", "key"))] = value(
        rng
    )


def swap(data: Any, rng: random.Random) -> None:
    (one, this), (other, that) = somewhere(data, rng), somewhere(data, rng)
    a, b = copy.deepcopy(one[this]), copy.deepcopy(other[that])
    one[this], other[that] = b, a


def transplant(data: Any, rng: random.Random) -> None:
    (one, this), (other, that) = somewhere(data, rng), somewhere(data, rng)
    one[this] = copy.deepcopy(other[that])


def wrap(data: Any, rng: random.Random) -> None:
    holder, key = somewhere(data, rng)
    inner = holder[key]
    holder[key] = rng.choice(([inner], {"a": inner}, [inner, inner], {"name": inner}))


def unwrap(data: Any, rng: random.Random) -> None:
    holder, key = somewhere(data, rng)
    inner = holder[key]
    if isinstance(inner, dict | list) and inner:
        holder[key] = next(iter(inner.values() if isinstance(inner, dict) else inner))


def repeat(data: Any, rng: random.Random) -> None:
    lists = [path for path in places(data) if isinstance(at(data, path), list) and at(data, path)]
    if lists:
        chosen = at(data, rng.choice(lists))
        item = rng.choice(chosen)
        for _ in range(rng.choice((1, 1, 2, 100))):
            again = copy.deepcopy(item)
            if isinstance(again, dict) and isinstance(again.get("name"), str) and rng.random() < 0.7:
                again["name"] += f" {len(chosen)}"
            chosen.append(again)


def nudge(data: Any, rng: random.Random) -> None:
    """Set a value that the schema allows there."""
    found = [path for path in places(data) if schema_at(path)]
    path = rng.choice(found or [("title",)])
    at(data, path[:-1])[path[-1]] = fitting(schema_at(path), rng)


def declare(data: Any, rng: random.Random) -> None:
    """Add keys that the schema knows, with values that it allows."""
    found = [path for path in mappings(data) if schema_at(path).get("properties")]
    path = rng.choice([*found, ("model",), ("model",), ("model",)])
    if path == ("model",):
        data["model"] = data["model"] if isinstance(data.get("model"), dict) else {}
    known, holder = schema_at(path)["properties"], at(data, path)
    for _ in range(rng.choice((1, 1, 3, 10))):
        key = rng.choice(list(known))
        if key not in {"arms", "states", "simcrisis"}:
            holder[key] = fitting(known[key], rng)


def override(data: Any, rng: random.Random) -> None:
    """Let an arm set something by path."""
    arms = data.get("arms")
    if not isinstance(arms, dict) or not arms:
        return
    words: list[str] = []
    found = places({k: v for k, v in data.items() if k != "arms"})
    path = rng.choice([*found, ("model", "kappa"), ("model", "learn"), ("states", "x", "policy", "answers")])
    here: Any = data
    for step in path:
        here = here[step] if (isinstance(here, dict) and step in here) or isinstance(here, list) else None
        named = isinstance(step, int) and isinstance(here, dict) and isinstance(here.get("name"), str)
        words.append(here["name"] if named and here is not None else "*" if rng.random() < 0.3 else str(step))
    arm = rng.choice(list(arms))
    if not isinstance(arms[arm], dict):
        arms[arm] = {}
    if not isinstance(arms[arm].get("set"), dict):
        arms[arm]["set"] = {}
    known = schema_at(path)
    arms[arm]["set"][".".join(words)] = fitting(known, rng) if known and rng.random() < 0.7 else value(rng)


def named(data: Any, rng: random.Random) -> list[Any]:
    """Return names of States and groups that are there, and some that may not be."""
    there = [word for part in ("states", "groups") if isinstance(data.get(part), dict) for word in data[part]]
    return [*there, *there, *there, "all", rng.choice(KNOWN)]


def adoption(data: Any, rng: random.Random) -> Any:
    """Return who has adopted something, in any of the forms in which people write it, now and then slightly off."""
    names = named(data, rng)
    how = rng.randrange(6)
    if how == 0:
        return rng.choice(names)
    if how == 1:
        return [rng.choice(names) for _ in range(rng.randrange(4))]
    if how == 2:
        return value(rng)

    def one() -> Any:
        form = rng.randrange(7)
        moment = rng.choice(("36 h", "0 h", "9 days", "2026-03-10", "3660 days", rng.choice(TIMES)))
        practice: Any = rng.choice((0, 1, 0.5, 1.0, rng.random(), rng.choice(NUMBERS)))
        if form < 4:
            return (None, "on paper", moment, value(rng) if rng.random() < 0.2 else moment)[form]
        return ({"since": moment, "practice": practice}, {"practice": practice}, {"since": moment, "until": moment})[
            form - 4
        ]

    return {rng.choice(names): one() for _ in range(rng.randrange(4))}


def adopt(data: Any, rng: random.Random) -> None:
    """Let an arm adopt a measure, or a hub have members, in any form."""
    arms, hubs = data.get("arms"), data.get("hubs")
    holders = [arm for arm in arms.values() if isinstance(arm, dict)] if isinstance(arms, dict) else []
    if isinstance(hubs, list) and hubs and rng.random() < 0.4:
        hub = rng.choice(hubs)
        if isinstance(hub, dict):
            hub["members"] = adoption(data, rng)
    elif holders:
        arm = rng.choice(holders)
        if not isinstance(arm.get("cbms"), dict):
            arm["cbms"] = {}
        arm["cbms"][Raw(rng.randrange(1, 18))] = adoption(data, rng)


def organise(data: Any, rng: random.Random) -> None:
    """Add a hub with what it keeps, and perhaps a line of it."""
    hubs = data["hubs"] = data["hubs"] if isinstance(data.get("hubs"), list) else []
    name = rng.choice((*HUBS[:4], *HUBS))
    hub: dict[str, Any] = {"name": name}
    if rng.random() < 0.5:
        hub["members"] = adoption(data, rng)
    if rng.random() < 0.7:
        hub["procedures"] = rng.sample(PROCEDURES[: rng.choice((3, 3, 3, 4))], rng.randrange(4) % 4)
    more = {"others": rng.choice((0, 12, 200, 201)), "relays": True, "allied": True}
    hub |= {key: worth for key, worth in more.items() if rng.random() < 0.4}
    hubs.append(hub)
    if rng.random() < 0.5:
        lines = data["lines"] = data["lines"] if isinstance(data.get("lines"), list) else []
        line = {"name": f"kept {len(lines)}", "kind": rng.choice(LINE_KINDS), "among": adoption(data, rng), "hub": name}
        lines.append({**line, "authentic": rng.choice((0, 1, 0.5))} if rng.random() < 0.5 else line)


def embroil(data: Any, rng: random.Random) -> None:
    """Let States go far, so that procedures are used: a script, and desks that do or do not do what is asked."""
    model = data["model"] = data["model"] if isinstance(data.get("model"), dict) else {}
    rows = [{"number": n + 1, "rung": rng.choice((0, 4, 6, 7, 8, 9, 10))} for n in range(rng.randrange(1, 5))]
    model.update({"rule": "scripted", "script": rows})
    for key in rng.sample(("withdraws", "good_offices", "meeting_succeeds", "joins", "leads", "help", "coalition"), 3):
        model[key] = rng.choice((0, 1, 0.5))
    states = data.get("states")
    for state in states.values() if isinstance(states, dict) else ():
        policy = state.setdefault("policy", {}) if isinstance(state, dict) else None
        if isinstance(policy, dict):
            for key in rng.sample(("invokes", "explains", "attends", "seconds", "consents", "consults", "asks"), 3):
                policy[key] = rng.choice((0, 1, 0.5))
            if rng.random() < 0.3:
                policy["prefer"] = rng.sample(LINE_KINDS, rng.randrange(4))


def resize(data: Any, rng: random.Random) -> None:
    """Change how far measures go."""
    effects = data["effects"] = data["effects"] if isinstance(data.get("effects"), dict) else {}
    known = schema_at(("effects",))["properties"]
    for key in rng.sample(sorted(known), rng.choice((1, 1, 3))):
        effects[key] = fitting(known[key], rng)


DATA: list[Mutation] = [
    replace, replace, remove, rename, add, swap, transplant, wrap, unwrap, repeat, override, override, nudge, nudge,
    nudge, nudge, declare, declare, declare, declare, adopt, adopt, organise, organise, embroil, embroil, resize,
]  # fmt: skip

# Text -----------------------------------------------------------------------------------------------------------------

INTRUDERS = [
    "---\n", "...\n", "%YAML 1.1\n---\n", "%YAML 3.0\n---\n", "%YAML 1.3\n---\n", "%TAG ! x\n---\n", "- a\n", "? a\n",
    "<<: *a\n", "'\n", '"\n', "a\n", ": a\n", "x: &x 1\n", "simcrisis: 1\n",
]  # fmt: skip
NASTY = [
    "\t", "\x00", "\x07", "\x1b", "\x7f", "\x85", "\u2028", "\ufeff", "\r", "\n", " ", ":", "-", "[", "]", "{", "}",
    ",", "&", "*", "!", "|", ">", "%", "@", "`", "'", '"', "#", "?", "\\", "<<", "é", "\U0001f600", "\ufffe",
    "\ue000", "...",
]  # fmt: skip
BOMBS = [
    "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
    "a: &a {x: 1}\n" + "".join(f"a{n}: &a{n} {{<<: *a{n - 1 if n else ''}, y: *a}}\n" for n in range(1, 40)),
    "a: &a [*a]\n", "a: &a {*a : *a}\n", "x: &x x\ny: [" + "*x, " * 1000 + "]\n",
]  # fmt: skip


def lines_of(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def some(lines: list[str], rng: random.Random) -> int:
    return rng.randrange(len(lines)) if lines else 0


def of_lines(text: str, rng: random.Random) -> str:
    """Delete, repeat, move, indent lines."""
    lines = lines_of(text) or ["\n"]
    n, other = some(lines, rng), some(lines, rng)
    how = rng.randrange(9)
    if how == 0:
        del lines[n]
    elif how == 1:
        lines.insert(other, lines[n])
    elif how == 2:
        lines[n], lines[other] = lines[other], lines[n]
    elif how == 3:
        lines[n] = " " * rng.choice((1, 2, 3, 8)) + lines[n]
    elif how == 4:
        lines[n] = lines[n][rng.choice((1, 2, 3)) :]
    elif how == 5:
        lines[n] = "\t" + lines[n].lstrip() if rng.random() < 0.5 else lines[n].replace("  ", "\t", 1)
    elif how == 6:
        lines[n] = lines[n].rstrip("\n")
    elif how == 7:
        lines.insert(n, rng.choice(INTRUDERS))
    else:
        del lines[min(n, other) : max(n, other)]
    return "".join(lines)


def of_letters(text: str, rng: random.Random) -> str:
    """Insert, delete or replace a letter or two."""
    for _ in range(rng.choice((1, 1, 2, 5))):
        n = rng.randrange(len(text) + 1)
        how = rng.randrange(4)
        text = text[:n] + (rng.choice(NASTY) if how else "") + text[n + (how in (0, 1)) :]
    return text


def of_tokens(text: str, rng: random.Random) -> str:
    """Replace the value after some colon, or some number, or some word."""
    found = list(re.finditer(rng.choice((r"(?<=: ).+", r"\d+(\.\d+)?", r"[\w-]+", r"(?<=: )[^,}\n]+")), text))
    if not found:
        return text
    match = rng.choice(found)
    new = value(rng)
    return text[: match.start()] + written(new, 0, True) + text[match.end() :]


def of_anchors(text: str, rng: random.Random) -> str:
    """Anchor one value and use it at another place."""
    found = list(re.finditer(r"(?<=: )[^,}\n]+", text))
    if len(found) < 2:
        return text
    one, other = sorted(rng.sample(range(len(found)), 2))
    if rng.random() < 0.2:
        one, other = other, one
    for n in sorted((one, other), reverse=True):
        match = found[n]
        new = f"&it {match[0]}" if n == one else rng.choice(("*it", "*it ", "*its", "{<<: *it}", "[*it, *it]"))
        text = text[: match.start()] + new + text[match.end() :]
    return text


def of_bombs(text: str, rng: random.Random) -> str:
    bomb = rng.choice(BOMBS)
    return rng.choice((bomb, bomb + text, text + bomb, text.replace("[]", "*i", 1) + bomb))


def of_splicing(text: str, rng: random.Random) -> str:
    """Cut it off, or go on as another file."""
    other = rng.choice(list(bases().values()))
    a, b = rng.randrange(len(text) + 1), rng.randrange(len(other) + 1)
    return rng.choice((text[:a], text[a:], text[:a] + other[b:], text + other, text + "---\n" + other, text + text))


TEXT: list[Callable[[str, random.Random], str]] = [
    of_lines, of_lines, of_letters, of_letters, of_tokens, of_tokens, of_tokens, of_anchors, of_bombs, of_splicing,
]  # fmt: skip


def encoded(text: str, rng: random.Random) -> bytes:
    """Return the bytes of a text: mostly UTF-8 as it stands, else in any way in which files come."""
    how = rng.randrange(30)
    plain = text.encode("utf-8", "surrogatepass")
    if how == 0:
        return text.replace("\n", "\r\n").encode("utf-8", "surrogatepass")
    if how == 1:
        return text.replace("\n", "\r").encode("utf-8", "surrogatepass")
    if how == 2:
        return b"\xef\xbb\xbf" * rng.choice((1, 2)) + plain
    if how == 3:
        return text.encode(rng.choice(("utf-16", "utf-16-le", "utf-32", "utf-7")), "surrogatepass")
    if how == 4:
        return text.replace("a", "ä", 1).encode(rng.choice(("latin-1", "cp1252", "cp437")), "replace")
    if how == 5:
        n = rng.randrange(len(plain) + 1)
        return plain[:n] + rng.randbytes(rng.choice((1, 3, 100))) + plain[n:]
    if how == 6:
        return rng.choice(
            (b"", b"\n", b"# nothing\n", b"---\n", b"\x00", rng.randbytes(300), b"\xff\xfe", b" ", b"~", b"[]", b"a")
        )
    return plain


# Mutants --------------------------------------------------------------------------------------------------------------


@cache
def bases() -> dict[str, str]:
    """Return the texts that mutants are made of: the shipped scenarios and small files that are valid."""
    files = [*shipped().values(), *sorted(VALID.glob("*.yaml"))]
    return {path.stem: path.read_text(encoding="utf-8") for path in files} | {"starter": starter()}


@cache
def plain(base: str) -> Any:
    return read_yaml(bases()[base].encode(), base).data


def mutant(seed: int, number: int) -> tuple[str, bytes]:
    """Return one mutant: a name that says how it came about, and its bytes."""
    rng = random.Random(f"{seed}/{number}")
    base = rng.choice(list(bases()))
    text, ways = bases()[base], []
    if rng.random() < 0.6:
        data = copy.deepcopy(plain(base))
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            change = rng.choice(DATA)
            ways.append(change.__name__)
            change(data, rng)
        text = written(data).lstrip("\n") + "\n"
    if not ways or rng.random() < 0.1:
        for _ in range(rng.choice((1, 1, 2))):
            alter = rng.choice(TEXT)
            ways.append(alter.__name__)
            text = alter(text, rng)
    return f"{number:06d}-{base}-{'-'.join(ways)}", encoded(text, rng)


def mutants(seed: int, count: int, first: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield mutants by their seed: always the same ones."""
    for number in range(first, first + count):
        yield mutant(seed, number)


# What the contract forbids -------------------------------------------------------------------------------------------


class OutOfTimeError(BaseException):
    """What is being tried takes longer than it may."""


@contextlib.contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise OutOfTimeError in the main thread when what is inside takes longer."""

    def stop(*_: object) -> None:
        raise OutOfTimeError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def complaints_of_loading(path: Path) -> tuple[Scenario | None, list[str]]:
    """Return the scenario, if it is one, and what is wrong with how it was read or refused."""
    began = time.process_time()
    try:
        with at_most(60):
            scenario = load(path)
    except ScenarioError as error:
        found = [] if error.problems else ["no problems"]
        for problem in error.problems:
            if problem.line < 1 or problem.column < 1:
                found.append(f"no place: {problem.path}: {problem.message}")
            if not problem.message.strip() or not str(problem).isprintable():
                found.append(f"no message to read: {problem!r}")
        return None, found
    except OutOfTimeError:
        return None, ["loading hangs"]
    except BaseException:
        return None, [f"loading: {traceback.format_exc(limit=-4)}"]
    took = time.process_time() - began
    return scenario, [f"loading is slow: {took:.1f} s"] if took > 1.0 else []


def complaints_of_running(scenario: Scenario, seconds: float) -> list[str]:
    """Return what is wrong with one replication of the first and the last arm, told and measured."""
    from simcrisis.report.timeline import timeline

    found = []
    for arm in dict.fromkeys((scenario.reference, list(scenario.arms)[-1])):
        try:
            with at_most(seconds):
                told = run(scenario, arm)
                assert told.outcome.height == 1
                assert all(entry.text for entry in timeline(told))
        except ScenarioError as error:
            if "without end" not in str(error):
                found.append(f"valid, and its run is refused: {error}")
        except OutOfTimeError:
            found.append(f"running is slow: {traceback.format_exc(limit=-6)}")
        except BaseException:
            found.append(f"running: {traceback.format_exc(limit=-6)}")
    return found


def _try(task: tuple[int, int]) -> tuple[str, bool, list[str]]:
    name, content = mutant(*task)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mutant.yaml"
        path.write_bytes(content)
        scenario, found = complaints_of_loading(path)
    return name, scenario is not None, found + (complaints_of_running(scenario, 5.0) if scenario else [])


def main() -> None:
    """Try many mutants on all cores; print what the contract forbids, three of a kind."""
    seed, first, count = (int(word) for word in sys.argv[1:4])
    began, seen, tried, valid = time.time(), Counter[str](), 0, 0
    with Pool() as pool:
        for name, well, found in pool.imap_unordered(_try, ((seed, first + n) for n in range(count)), 50):
            tried, valid = tried + 1, valid + well
            for complaint in found:
                kind = re.sub(r"'[^']*'|\S*\d\S*|/\S*", "_", complaint.strip().splitlines()[-1])[:80]
                seen[kind] += 1
                if seen[kind] <= 3:
                    print(f"{seed} {name}\n{complaint}\n", flush=True)
            if tried % 10_000 == 0 or tried == count:
                print(f"{tried} mutants of seed {seed}, {valid} valid, {time.time() - began:.0f} s", flush=True)
    for kind, times in seen.most_common():
        print(f"{times:7d} {kind}")


if __name__ == "__main__":
    main()
