"""A batch's folder: manifest, shards written aside and renamed, tables. One process at a time writes into it."""

from __future__ import annotations

import json
import os
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import polars as pl
from filelock import FileLock, Timeout

from simcrisis.batch.manifest import MANIFEST, difference, in_json, read_manifest
from simcrisis.batch.plan import Plan
from simcrisis.batch.work import ALWAYS, Failure, Shard, Task
from simcrisis.errors import BatchError
from simcrisis.stats import Tally, tally

FAILURES = "failures.jsonl"
_SHARD = re.compile(r"(\d{5})-(\d{9})-(\d{9})\.runs\.parquet")
_PART = re.compile(r".+\.[0-9a-f]{32}\.part")
_OURS = re.compile(rf"manifest\.json|\.lock.*|shards|tables|{_PART.pattern}")
"""What may be in a folder without a manifest: the first traces of a batch."""
_LOCK = ".lock"
_PATIENCE = 5.0
"""Seconds for which a share waits for others that enter the folder at the same moment."""


class Share(NamedTuple):
    """A job's part of a batch: number i of n, counted from 1."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def span(self, replications: int) -> tuple[int, int]:
        """Return the replications of a part: from, to (excluded)."""
        return replications * (self.number - 1) // self.of, replications * self.number // self.of


class Kept(NamedTuple):
    """A shard that is there: where it belongs, and the start of its files' names."""

    point: int
    start: int
    stop: int
    stem: Path

    def overlaps(self, other: Kept) -> bool:
        """Return whether two shards hold a replication of one design point both."""
        return self.point == other.point and self.start < other.stop and other.start < self.stop

    def file(self, table: str) -> Path:
        """Return the file of one of its tables."""
        return self.stem.with_name(f"{self.stem.name}.{table}.parquet")

    def failures(self) -> list[Failure]:
        """Return its runs that failed."""
        return read_failures(self.stem.with_name(f"{self.stem.name}.failures.jsonl"))


class BatchFolder:
    """The folder of one batch. Whatever is complete in it is kept; the same command fills in what is missing."""

    def __init__(self, path: Path, plan: Plan, share: Share | None = None, *, durable: bool = True) -> None:
        self.path = path
        self.plan = plan
        """The batch; once it has stopped by itself, with the replications that it has."""
        self.share = share
        self.durable = durable
        """Whether what is written must survive the machine."""

    def span(self, replications: int) -> tuple[int, int]:
        """Return which of so many replications are to be done here: from, to (excluded)."""
        return self.share.span(replications) if self.share else (0, replications)

    def take(self, other: BatchFolder) -> None:
        """Copy the shards of another folder of the same batch."""
        mine = {shard.stem.name for shard, _ in self.kept()}
        for shard, _ in other.kept():
            if shard.stem.name not in mine:
                files = {name: shard.file(name).read_bytes() for name in self.plan.recipe.tables}
                self._keep(self.path / "shards" / shard.stem.name, files, shard.failures())

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Hold the folder, with the manifest of this batch in it; nobody else can write meanwhile.

        Raises BatchError where that cannot be, or where the folder holds another batch.
        """
        try:
            self._enter_new()
            (self.path / "shards").mkdir(parents=True, exist_ok=True)
            with ExitStack() as held, ExitStack() as entering:
                self._lock(held, entering)
                there = self._check()
                if self.share is None:
                    self._sweep()
                if self.share is None or there != self.plan.replications:
                    self.note(None)
                entering.close()
                yield
        except OSError as error:
            raise self._unwritable(error) from error
        except pl.exceptions.PolarsError as error:
            told = str(error).splitlines()[0]
            raise BatchError(
                f"{self.path}: {told}; what was finished before is kept: the same command goes on"
            ) from error

    def _unwritable(self, error: OSError) -> BatchError:
        name = error.filename or self.path
        return BatchError(
            f"{name}: {error.strerror or error}; what was finished before is kept: "
            "when there is room and leave to write, the same command goes on"
        )

    def _enter_new(self) -> None:
        """Raise BatchError for what is no folder, or holds something else than a batch."""
        if self.path.exists() and not self.path.is_dir():
            raise BatchError(f"{self.path}: is a file; choose a new or empty folder")
        if self.path.is_dir() and not (self.path / MANIFEST).exists():
            others = [each.name for each in self.path.iterdir() if not _OURS.fullmatch(each.name)]
            if others:
                raise BatchError(f"{self.path}: holds no batch, but '{others[0]}'; choose a new or empty folder")

    def _sweep(self) -> None:
        """Remove what was being written when a process died."""
        for folder in (self.path, self.path / "shards", self.path / "tables"):
            for left in folder.glob("*.part"):
                if _PART.fullmatch(left.name):
                    left.unlink(missing_ok=True)

    def _lock(self, held: ExitStack, entering: ExitStack) -> None:
        """Lock the folder; shares of one batch may work in it side by side, and enter one after another."""
        whole = FileLock(self.path / _LOCK)
        try:
            whole.acquire(timeout=_PATIENCE if self.share else 0)
            (entering if self.share else held).callback(whole.release)
            if self.share is None:
                for other in self.path.glob(f"{_LOCK}.*"):
                    FileLock(other).acquire(timeout=0).lock.release()
            else:
                mine = FileLock(self.path / f"{_LOCK}.{self.share.number}-of-{self.share.of}")
                mine.acquire(timeout=0)
                held.callback(mine.release)
        except Timeout:
            raise BatchError(
                f"{self.path}: another process is writing this batch; let it end, or choose another folder"
            ) from None

    def _check(self) -> int:
        """Return how many replications were asked for here before; raises BatchError for another batch."""
        there, new = self.path / MANIFEST, self.plan.manifest()
        if not there.exists():
            if any((self.path / "shards").glob("*.parquet")):
                raise BatchError(f"{self.path}: holds shards without a manifest; choose another folder")
            return 0
        old = read_manifest(there)
        stopped_short = old.get("until") is not None and old["counts"] is None
        already = 0 if stopped_short else old["replications"]
        told = difference(old, new)
        if told:
            raise BatchError(f"{self.path}: holds another batch ({told}); choose another folder")
        if already > self.plan.replications:
            raise BatchError(
                f"{self.path}: holds {already:,} replications; ask for as many or more, or choose another folder"
            )
        return already

    @contextmanager
    def _aside(self, path: Path) -> Iterator[Path]:
        """Give a file to write that becomes `path` when it is whole, and on the disk."""
        aside = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
        try:
            yield aside
            if self.durable:
                _flush(aside)
            aside.replace(path)
            if self.durable:
                _flush(path.parent)
        finally:
            aside.unlink(missing_ok=True)

    def _write(self, path: Path, content: str | bytes) -> None:
        with self._aside(path) as aside:
            aside.write_bytes(content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content)

    def write_table(self, name: str, write: Callable[[Path], None]) -> None:
        """Write `tables/NAME.parquet` by what is handed in."""
        path = self.path / "tables" / f"{name}.parquet"
        path.parent.mkdir(exist_ok=True)
        with self._aside(path) as aside:
            write(aside)

    def note(self, counts: Mapping[str, int] | None) -> None:
        """Write the manifest, with the counts of a batch that is done."""
        self._write(self.path / MANIFEST, in_json(self.plan.manifest(counts)))

    def write_text(self, name: str, text: str) -> None:
        """Write a text file into the folder, aside and renamed."""
        self._write(self.path / name, text)

    def keep(self, shard: Shard) -> Kept:
        """Write a shard; the file of runs comes last and makes it count."""
        task = shard.task
        stem = self.path / "shards" / f"{task.point:05d}-{task.start:09d}-{task.stop:09d}"
        self._keep(stem, shard.files, shard.failures)
        return Kept(task.point, task.start, task.stop, stem)

    def _keep(self, stem: Path, files: Mapping[str, bytes], failures: Sequence[Failure]) -> None:
        told = stem.with_name(f"{stem.name}.failures.jsonl")
        if failures:
            self._write(told, failure_lines(failures))
        else:
            told.unlink(missing_ok=True)
        for name in sorted(files, key="runs".__eq__):
            self._write(stem.with_name(f"{stem.name}.{name}.parquet"), files[name])

    def kept(self) -> Iterator[tuple[Kept, Tally]]:
        """Yield the complete shards in order, with the counts of their runs.

        No replication comes twice. A shard of which a file cannot be read does not count, nor one in which runs were
        given up: they are tried again.
        """
        latest: Kept | None = None
        for path in sorted((self.path / "shards").glob("*.runs.parquet")):
            name = _SHARD.fullmatch(path.name)
            if name is None:
                continue
            point, start, stop = map(int, name.groups())
            shard = Kept(point, start, stop, path.with_name(path.name.removesuffix(".runs.parquet")))
            if latest is not None and latest.point == point and latest.stop > start:
                continue
            counted = self._counted(shard)
            if counted is not None:
                latest = shard
                yield shard, counted

    def _counted(self, shard: Kept) -> Tally | None:
        """Return the counts of a shard's runs; None where a file of it is damaged or not there, or beyond the plan."""
        if shard.stop > self.plan.replications or shard.point >= len(self.plan.points):
            return None
        try:
            if any(failure.given_up for failure in shard.failures()):
                return None
            for name in self.plan.keep:
                pl.read_parquet_schema(shard.file(name))
            runs, changes = (pl.read_parquet(shard.file(name)) for name in ALWAYS)
            if len(runs) != (shard.stop - shard.start) * len(self.plan.arms):
                return None
            return tally(runs, changes, self.plan.question, self.plan.horizons[shard.point])
        except (OSError, ValueError, TypeError, pl.exceptions.PolarsError):
            return None

    def missing(self, kept: Iterable[Kept], replications: int) -> list[Task]:
        """Return the tasks that fill in what is missing of so many replications, each as long as it can be."""
        least, most = self.span(replications)
        reached = dict.fromkeys(range(len(self.plan.points)), least)
        gaps: list[Task] = []
        for shard in kept:
            if min(shard.start, most) > reached[shard.point]:
                gaps.append(self.plan.task(shard.point, reached[shard.point], min(shard.start, most)))
            reached[shard.point] = max(reached[shard.point], shard.stop)
        gaps += [self.plan.task(point, start, most) for point, start in reached.items() if start < most]
        return sorted(gaps, key=lambda task: (task.point, task.start))


def _flush(path: Path) -> None:
    """Have a file, or the names in a folder, written to the disk."""
    if os.name != "posix":  # elsewhere a folder cannot be opened
        return
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def failure_lines(failures: Iterable[Failure]) -> str:
    """Return failures as JSON lines."""
    return "".join(json.dumps(asdict(failure)) + "\n" for failure in failures)


def read_failures(path: Path) -> list[Failure]:
    """Return the failures of a file of JSON lines; none where there is no file."""
    lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
    return [Failure(**json.loads(line)) for line in lines if line]
