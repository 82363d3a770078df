"""Overrides by path: `lines.hotline.latency`, `states.*.policy.answers`."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from simcrisis.scenario.adoption import HUB
from simcrisis.scenario.messages import allowed_keys
from simcrisis.scenario.references import suggestion
from simcrisis.scenario.text import Path

_NAMED: set[Path] = {("states",), ("groups",), ("arms",)}
"""Where a path can only change what is there: a slip of the pen would add a State."""
_UNWRITTEN = "; write {name: OSCE} among the `hubs` of the file, so that a path can change it"


class OverrideError(ValueError):
    """A path that leads nowhere."""


def overridden(data: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of plain data with values set by path; raises OverrideError for a path that leads nowhere."""
    changed = copy.deepcopy(dict(data))
    for path, value in changes.items():
        for holder, last in _ends(changed, path):
            holder[last] = copy.deepcopy(value)
    return changed


def _ends(data: dict[str, Any], path: str) -> Iterator[tuple[Any, str | int]]:
    """Yield, for each place that a path means, what holds it and under which key."""
    words = path.split(".")
    if not all(words):
        raise OverrideError(f"'{path[:80]}' is no path; write for example lines.hotline.latency")
    places: list[tuple[Any, Path]] = [(data, ())]
    for word in words[:-1]:
        places = [inner for here, at in places for inner in _steps(here, at, word)]
    for here, at in places:
        if isinstance(here, list):
            raise OverrideError(f"'{path[:80]}' means a whole item of a list; name one of its fields")
        if words[-1] == "*":
            raise OverrideError(f"'{path[:80]}' must end in the name of a field")
        if not isinstance(here, dict):
            raise OverrideError(f"'{'.'.join(words[:-1])[:80]}' holds a value, nothing is inside it")
        allowed = list(here) if at in _NAMED else allowed_keys(at)
        if allowed and words[-1] not in allowed:
            raise OverrideError(f"no '{words[-1][:80]}' there{suggestion(words[-1], allowed)}")
        yield here, words[-1]


def _steps(here: Any, at: Path, word: str) -> Iterator[tuple[Any, Path]]:
    if isinstance(here, list):
        names = [item.get("name") if isinstance(item, dict) else None for item in here]
        chosen = [n for n, name in enumerate(names) if word in ("*", name)]
        if not chosen:
            known = [name for name in names if isinstance(name, str)]
            hint = _UNWRITTEN if (at, word) == (("hubs",), HUB) else suggestion(word, known)
            raise OverrideError(f"nothing named '{word[:80]}'{hint}")
        for n in chosen:
            yield here[n], (*at, n)
        return
    if not isinstance(here, dict):
        raise OverrideError(f"'{'.'.join(map(str, at))[:80]}' holds a value, nothing is inside it")
    allowed = allowed_keys(at)
    if word == "*":
        keys = [key for key in here if not allowed or key in allowed]
    elif word in here:
        keys = [word]
    elif word in allowed:
        here[word] = {}
        keys = [word]
    else:
        hint = _UNWRITTEN if (at, word) == (("hubs",), HUB) else suggestion(word, allowed or here)
        raise OverrideError(f"no '{word[:80]}' there{hint}")
    for key in keys:
        if here[key] is None:
            here[key] = {}
        yield here[key], (*at, key)
