"""What a batch's manifest says: written, read, checked and compared here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NotRequired

from pydantic import Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from simcrisis.errors import BatchError

MANIFEST = "manifest.json"
FORMAT = 1
"""Of manifest and shards. Folders of another format are not read: their manifest regenerates them."""
IDENTITY = ("scenario_sha256", "seed", "arms", "rules", "points", "version", "batch", "log")
"""The entries in which two batches must agree to be the same one."""


class Manifest(TypedDict):
    """All that regenerates a batch, and what it was made with."""

    batch: int
    """The format of the folder."""
    log: int
    """The format of the log."""
    version: str
    scenario: dict[str, Any]
    """The plain data of the scenario file."""
    scenario_file: str
    scenario_sha256: str
    changed: dict[str, Any]
    """What was changed since the file was read, by path; it is in `scenario` already."""
    notice: str | None
    seed: Annotated[int, Field(ge=0)]
    arms: list[str]
    rules: str | dict[str, str] | None
    """Decision rules that were handed in, as module:function."""
    replications: Annotated[int, Field(ge=1)]
    until: NotRequired[str | None]
    """What it was run for, where it was to stop as soon as that is known."""
    factors: list[str]
    points: list[dict[str, Any]]
    keep: list[str]
    command: str
    made_with: dict[str, str]
    """Versions."""
    citation: str
    counts: dict[str, int] | None
    """Of a batch that is done."""


_CHECK = TypeAdapter(Manifest)


def read_manifest(path: Path) -> Manifest:
    """Return a manifest; raises BatchError where it cannot be read, or is damaged."""
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
    try:
        return _CHECK.validate_python(found, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BatchError(f"{path}: the manifest is damaged: {where}: {first['msg']}") from None


def difference(old: Manifest, new: Manifest) -> str:
    """Return in words how two manifests are of different batches; an empty text if they are of the same."""
    theirs: Mapping[str, Any] = {**old}
    ours: Mapping[str, Any] = {**new}
    differing = [name for name in IDENTITY if theirs[name] != ours[name]]
    if not differing:
        return ""
    told = "; ".join(
        f"other design points: {len(theirs[name])} there, {len(ours[name])} now"
        if name == "points"
        else f"{name}: {_short(theirs[name])} there, {_short(ours[name])} now"
        for name in differing
    )
    changed = _differing(old["scenario"], new["scenario"])
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
