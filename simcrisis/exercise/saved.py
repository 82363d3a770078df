"""What a pack was made from, kept in it for controllers, so that it can be made again: `controllers/pack.json`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simcrisis import __version__
from simcrisis.batch.run import Run, run
from simcrisis.errors import ExerciseError, ScenarioError
from simcrisis.exercise.language import kept_words, words_kept
from simcrisis.exercise.material import Sealed, exercise_of, sealed
from simcrisis.exercise.story import Candidate, playable
from simcrisis.scenario import load

PACK = "controllers/pack.json"
_FORMAT = 1
_MOST = 20_000_000
"""Bytes of a file that is read."""
_OTHERWISE = "plays the same run otherwise: install the version that it was made with"


def record_of(material: Sealed) -> dict[str, Any]:
    """Return what a pack is made from, as plain data; `id` tells packs apart."""
    played = material.run
    record = {
        "format": _FORMAT,
        "simcrisis": __version__,
        "scenario": played.scenario.data,
        "arm": played.arm,
        "seed": played.seed,
        "replication": played.replication,
        "log": _told(played),
        "words": kept_words(material.public.words),
    }
    return {"id": _digest(record)[:12], **record}


def written(record: Mapping[str, Any]) -> bytes:
    """Return a record as it stands in a pack."""
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()


def pack_in(folder: Path) -> tuple[str, Sealed]:
    """Return the id of the pack in a folder, and its material, made again.

    Raises ExerciseError where the folder holds no pack, or one that this version of simcrisis plays otherwise.
    """
    record = _read(folder / PACK)
    try:
        scenario = load(record["scenario"], name=str(folder / PACK))
        played = run(scenario, record["arm"], record["seed"], record["replication"])
        words = words_kept(record["words"])
    except (KeyError, TypeError, ValueError, ScenarioError) as error:
        raise ExerciseError(f"{folder / PACK}: it was changed, and no pack can be made from it: {error}") from None
    if _told(played) != record["log"]:
        raise ExerciseError(f"{folder / PACK}: made with simcrisis {record['simcrisis']}; {__version__} {_OTHERWISE}")
    of = exercise_of(scenario, words)
    candidate = Candidate(played, playable(played, of))
    return str(record["id"]), sealed(candidate, [candidate], None, of, words)


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MOST:
            raise ExerciseError(f"{path}: over {_MOST:,} bytes; this is no pack")
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ExerciseError(f"{path}: is not there; name the folder that `simcrisis exercise build` made") from None
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise ExerciseError(f"{path}: is not what `simcrisis exercise build` wrote") from None
    except OSError as error:
        raise ExerciseError(f"{path}: {error.strerror}") from None
    if not isinstance(record, dict) or record.get("format") != _FORMAT:
        raise ExerciseError(f"{path}: is of another format than {_FORMAT}, which this version reads")
    return record


def _told(played: Run) -> str:
    """Return a digest of what happens in a run, without last digits, in which C libraries differ."""
    rows = [
        [*each[:8], None if each.value is None else f"{each.value:.6g}", each.detail] for each in played.log.records
    ]
    return _digest(rows)


def _digest(data: Any) -> str:
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
