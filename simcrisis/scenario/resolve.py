"""What a file leaves unsaid is filled from the catalogue: plain data in, plain data out, before validation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simcrisis.catalogue import (
    DecisionParameters,
    RealState,
    profile_of,
    profiles,
    state_by_code,
    state_by_name,
)

_DECISION = {field.alias or name for name, field in DecisionParameters.model_fields.items()}


def real_state(word: str) -> RealState | None:
    """Return the State of the catalogue that a word under `states` stands for: an ISO code or an English name."""
    return state_by_code(word) or state_by_name(word)


def is_real(word: str, state: Any) -> bool:
    """Return whether a State of the file is one that exists, by the word it stands under or by the name it is given."""
    name = state.get("name") if isinstance(state, Mapping) else None
    return real_state(word) is not None or (isinstance(name, str) and real_state(name) is not None)


def resolved(data: Any) -> Any:
    """Return the data with profiles, doctrines, catalogue States and groups within groups written out.

    What is no mapping is left as it is.
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("states"), Mapping):
        return data
    model = data.get("model")
    doctrine = {k: v for k, v in model.items() if k in _DECISION} if isinstance(model, Mapping) else {}
    states = {word: _state(word, state, doctrine) for word, state in data["states"].items()}
    groups = data.get("groups")
    if isinstance(groups, Mapping):
        data = {**data, "groups": {name: _flat(groups, members) for name, members in groups.items()}}
    return {**data, "states": states}


def groups_within(groups: Mapping[str, Any], name: str) -> set[str]:
    """Return a group's name and those of all groups among its members, and among theirs; nothing for a State."""
    found: set[str] = set()
    ahead = [name]
    while ahead:
        group = ahead.pop()
        if group in groups and group not in found:
            found.add(group)
            ahead += _names(groups[group])
    return found


def _names(members: Any) -> list[str]:
    return [name for name in members if isinstance(name, str)] if isinstance(members, list) else []


def _flat(groups: Mapping[str, Any], members: Any) -> Any:
    """Return the members of a group with the groups among them written out, each State once."""
    if not any(name in groups for name in _names(members)):
        return members
    found: list[Any] = []
    seen: set[str] = set()
    for member in members:
        inner = groups_within(groups, member) if isinstance(member, str) else set()
        states = [name for group in sorted(inner) for name in _names(groups[group]) if name not in groups]
        found += [each for each in (states if inner else [member]) if not isinstance(each, str) or each not in seen]
        seen.update(name for name in found if isinstance(name, str))
    return list(dict.fromkeys(found)) if all(isinstance(each, str) for each in found) else found


def _state(word: str, state: Any, doctrine: Mapping[str, Any]) -> Any:
    state = {} if state is None else state
    if not isinstance(state, Mapping):
        return state
    real = real_state(word)
    known = {"name": real.name, "zone": real.zone, "profile": profile_of(real)} if real else {}
    full = {**known, **state}
    name = full.get("profile", "medium")
    profile = profiles().get(name, {}) if isinstance(name, str) else {}
    for part, defaults in (
        ("cert", profile.get("cert", {})),
        ("policy", profile.get("policy", {})),
        ("doctrine", doctrine),
    ):
        given = full.get(part)
        if given is None or isinstance(given, Mapping):
            full[part] = {**defaults, **(given or {})}
    return full
