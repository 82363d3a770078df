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
    """Return the data with profiles, doctrines and catalogue States written out; what is no mapping is left."""
    if not isinstance(data, Mapping) or not isinstance(data.get("states"), Mapping):
        return data
    model = data.get("model")
    doctrine = {k: v for k, v in model.items() if k in _DECISION} if isinstance(model, Mapping) else {}
    states = {word: _state(word, state, doctrine) for word, state in data["states"].items()}
    return {**data, "states": states}


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
