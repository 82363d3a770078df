"""Mutated copies of scenarios through real processes: never a traceback or a hang, always a verdict with its place."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from simcrisis import load
from tests.fuzz import complaints_of_running, mutants

BATCH = 50
LOCATED = re.compile(r"(\d{6}-[^:]+\.yaml):[1-9]\d*:[1-9]\d*: \S")
VALID = re.compile(r"(\d{6}-[^:]+\.yaml): valid: ")


def judge(folder: Path, names: list[str]) -> set[str]:
    """Validate files in a process of its own, check that each has its verdict, and return those that are valid."""
    told = subprocess.run(
        [sys.executable, "-m", "simcrisis", "validate", *names],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert "Traceback" not in told.stderr + told.stdout, told.stderr[-3000:]
    located = [LOCATED.match(line) for line in told.stderr.splitlines()]
    assert all(located), told.stderr[-3000:]
    invalid = {match[1] for match in located if match}
    valid = {match[1] for line in told.stdout.splitlines() if (match := VALID.match(line))}
    assert valid | invalid == set(names)
    assert not valid & invalid
    assert told.returncode == (2 if invalid else 0)
    return valid


def check(folder: Path, seed: int, count: int) -> None:
    written = []
    for name, content in mutants(seed, count):
        written.append(f"{name}.yaml")
        (folder / written[-1]).write_bytes(content)
    valid: set[str] = set()
    for start in range(0, count, BATCH):
        valid |= judge(folder, written[start : start + BATCH])
    assert 0.05 * count < len(valid) < 0.5 * count
    assert sorted(path.name for path in folder.iterdir()) == sorted(written)
    for name in sorted(valid):
        found = [words for words in complaints_of_running(load(folder / name), 5.0) if "running is slow" not in words]
        assert not found, f"{name}\n" + "\n".join(found)


def test_a_hundred_mutants_are_valid_or_have_located_problems(tmp_path: Path) -> None:
    check(tmp_path, seed=1, count=100)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 12))
def test_a_thousand_mutants_are_valid_or_have_located_problems(tmp_path: Path, seed: int) -> None:
    check(tmp_path, seed, count=100)


def test_mutants_are_the_same_ones_every_time() -> None:
    once = list(mutants(1, 400))
    assert list(mutants(1, 400)) == once
    assert list(mutants(1, 10, first=390)) == once[390:]
    assert list(mutants(2, 400)) != once
