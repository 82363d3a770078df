"""A batch's folder: manifest, shards written aside and renamed, tables."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from simcrisis.batch.shard import Failure, Shard
from simcrisis.errors import BatchError

_SHARD = re.compile(r"(\d+)-(\d+)\.runs\.parquet")
_IDENTITY = ("scenario_sha256", "seed", "arms", "rules", "version")
"""What two invocations must agree on to be the same batch."""


class BatchFolder:
    """The folder of one batch. Whatever is complete in it is kept; the same command fills in what is missing."""

    def __init__(self, path: Path, manifest: Mapping[str, Any]) -> None:
        self.path = path
        try:
            (path / "shards").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BatchError(f"{path}: cannot be written: {error.strerror or error}") from None
        self._check(manifest)
        self._write(path / "manifest.json", json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")

    def _check(self, manifest: Mapping[str, Any]) -> None:
        there = self.path / "manifest.json"
        if not there.exists():
            if any((self.path / "shards").iterdir()):
                raise BatchError(f"{self.path}: holds shards without a manifest; choose another folder")
            return
        try:
            old = json.loads(there.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            old = None
        if not isinstance(old, dict):
            raise BatchError(f"{there}: cannot be read; choose another folder, or remove this one")
        there_already = old.get("replications")
        if isinstance(there_already, int) and there_already > manifest["replications"]:
            raise BatchError(
                f"{self.path}: holds {there_already:,} replications; ask for as many or more, or choose another folder"
            )
        differing = [name for name in _IDENTITY if old.get(name) != manifest[name]]
        if differing:
            told = "; ".join(
                f"{name}: {_short(old.get(name))} there, {_short(manifest[name])} now" for name in differing
            )
            changed = _differing(old.get("scenario"), manifest["scenario"])
            if changed:
                told += f"; in the scenario: {', '.join(changed[:5])}{', ...' if len(changed) > 5 else ''}"
            raise BatchError(f"{self.path}: holds another batch ({told}); choose another folder")

    @staticmethod
    def _write(path: Path, text: str) -> None:
        aside = path.with_name(f"{path.name}.{os.getpid()}.part")
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)

    def _write_frame(self, path: Path, frame: pl.DataFrame) -> None:
        aside = path.with_name(f"{path.name}.{os.getpid()}.part")
        frame.write_parquet(aside)
        aside.replace(path)

    def keep(self, shard: Shard) -> None:
        """Write a shard; the file of runs comes last and makes it count."""
        stem = f"{shard.start:09d}-{shard.stop:09d}"
        if shard.failures:
            lines = (json.dumps(asdict(failure), ensure_ascii=False) + "\n" for failure in shard.failures)
            self._write(self.path / "shards" / f"{stem}.failures.jsonl", "".join(lines))
        self._write_frame(self.path / "shards" / f"{stem}.rung_changes.parquet", shard.rung_changes)
        self._write_frame(self.path / "shards" / f"{stem}.runs.parquet", shard.runs)

    def kept(self) -> list[Shard]:
        """Return the complete shards, in order; a file that cannot be read does not count, and is removed."""
        found: list[Shard] = []
        for path in sorted((self.path / "shards").glob("*.runs.parquet")):
            span = _SHARD.fullmatch(path.name)
            if span is None:
                continue
            try:
                shard = self._read(path, int(span[1]), int(span[2]))
            except (OSError, ValueError, pl.exceptions.PolarsError):
                path.unlink(missing_ok=True)
                continue
            if not found or shard.start >= found[-1].stop:
                found.append(shard)
        return found

    @staticmethod
    def _read(path: Path, start: int, stop: int) -> Shard:
        stem = path.name.removesuffix(".runs.parquet")
        failures = path.with_name(f"{stem}.failures.jsonl")
        lines = failures.read_text(encoding="utf-8").splitlines() if failures.exists() else []
        return Shard(
            start,
            stop,
            pl.read_parquet(path),
            pl.read_parquet(path.with_name(f"{stem}.rung_changes.parquet")),
            tuple(Failure(**json.loads(line)) for line in lines),
        )

    def finish(self, tables: Mapping[str, pl.DataFrame], failures: Iterable[Failure]) -> None:
        """Write the tables of the whole batch, and the runs that failed."""
        (self.path / "tables").mkdir(exist_ok=True)
        for name, table in tables.items():
            self._write_frame(self.path / "tables" / f"{name}.parquet", table)
        told = "".join(json.dumps(asdict(failure), ensure_ascii=False) + "\n" for failure in failures)
        self._write(self.path / "failures.jsonl", told)


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
