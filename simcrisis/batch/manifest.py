"""What a batch's manifest says, read and compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simcrisis.errors import BatchError

MANIFEST = "manifest.json"
FORMAT = 1
"""Of manifest and shards. Folders of another format are not read: their manifest regenerates them."""
IDENTITY = ("scenario_sha256", "seed", "arms", "rules", "points", "version", "batch", "log")
"""The entries in which two batches must agree to be the same one."""


def read_manifest(path: Path) -> dict[str, Any]:
    """Return a manifest; raises BatchError where it cannot be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BatchError(f"{path}: {error.strerror or error}") from None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise BatchError(f"{path}: cannot be read; choose another folder, or remove this one")
    if found.get("batch") != FORMAT:
        raise BatchError(f"{path}: of format {found.get('batch')}, and this simcrisis reads format {FORMAT}")
    if not isinstance(found.get("replications"), int):
        raise BatchError(f"{path}: 'replications' is missing or damaged")
    return found


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Return in words how two manifests are of different batches; an empty text if they are of the same."""
    differing = [name for name in IDENTITY if old.get(name) != new[name]]
    if not differing:
        return ""
    told = "; ".join(f"{name}: {_short(old.get(name))} there, {_short(new[name])} now" for name in differing)
    changed = _differing(old.get("scenario"), new["scenario"])
    if changed:
        told += f"; in the scenario: {', '.join(changed[:5])}{', ...' if len(changed) > 5 else ''}"
    return told


def in_json(data: Any) -> str:
    """Return data as a JSON text that people can read."""
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _short(value: Any) -> str:
    text = str(value)
    return f"{text[:12]}..." if len(text) > 40 else text


def _differing(old: Any, new: Any, path: str = "") -> list[str]:
    """Return the paths at which two scenarios differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        steps: list[tuple[str, Any, Any]] = [(key, old.get(key), new.get(key)) for key in {**old, **new}]
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        steps = [(str(n), *pair) for n, pair in enumerate(zip(old, new, strict=True))]
    else:
        return [] if old == new else [path or "all of it"]
    return [found for key, a, b in steps for found in _differing(a, b, f"{path}.{key}".lstrip("."))]
