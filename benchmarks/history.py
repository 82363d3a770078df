"""What is kept of a run of the benchmarks: one small file, with when, on what, and of which version."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.results import Figure, Size
from simcrisis import __version__

HISTORY = Path(__file__).parent / "history"
CPU_INFO = Path("/proc/cpuinfo")


@dataclass(frozen=True)
class Entry:
    """One run of the benchmarks, or of some of its parts."""

    date: str
    """UTC, to the second."""
    version: str
    commit: str
    """`unknown` outside a repository; ends in `+` where files differed from it."""
    python: str
    machine: Mapping[str, Any]
    size: Size
    parts: Mapping[str, Sequence[Figure]]

    @property
    def path(self) -> str:
        """The name of its file."""
        stamp = self.date.replace(":", "").replace("-", "")
        return f"{stamp}_{self.commit.rstrip('+')}_{self.size}.json"


def entry(size: Size, parts: Mapping[str, Sequence[Figure]]) -> Entry:
    """Return figures with what has to be known about them."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Entry(now, __version__, commit(), platform.python_version(), machine(), size, parts)


def machine() -> dict[str, Any]:
    """Return cores and kind of processor; nothing that names the machine."""
    lines = CPU_INFO.read_text(encoding="utf-8").splitlines() if CPU_INFO.exists() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    model = models[0] if models else platform.processor() or platform.machine()
    return {"cores": os.cpu_count(), "processor": model, "system": f"{platform.system()} {platform.machine()}"}


def commit() -> str:
    """Return the commit that is checked out."""

    def git(*words: str) -> str:
        return subprocess.run(
            ["git", "-C", str(HISTORY.parent), *words], capture_output=True, text=True, check=True
        ).stdout.strip()

    try:
        return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain", "-uno") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def keep(one: Entry, folder: Path = HISTORY) -> Path:
    """Write an entry and return its file. Raises FileExistsError rather than writing over another."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / one.path
    with path.open("x", encoding="utf-8") as stream:
        json.dump(asdict(one), stream, indent=1, ensure_ascii=False)
        stream.write("\n")
    return path


def kept(folder: Path = HISTORY) -> Iterator[Entry]:
    """Yield what is kept, the latest first."""
    for path in sorted(folder.glob("*.json"), reverse=True):
        data = json.loads(path.read_text(encoding="utf-8"))
        parts = {part: [Figure(**each) for each in figures] for part, figures in data.pop("parts").items()}
        yield Entry(**{**data, "size": Size(data["size"]), "parts": parts})


def latest(part: str, size: Size, folder: Path = HISTORY) -> Entry | None:
    """Return the latest entry of a size that has a part; None where there is none."""
    return next((each for each in kept(folder) if each.size is size and part in each.parts), None)
