"""A batch whose processes are killed at random moments, again and again, ends with the tables of one left in peace."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

REPLICATIONS = 160
COMMAND = (
    sys.executable, "-m", "simcrisis", "batch", "belgrade_2015", "-n", str(REPLICATIONS), "--arms", "none,both",
    "--seed", "5", "--workers", "2", "--shard-size", "8", "--quiet",
)  # fmt: skip
GONE_WITHIN = 5.0


def begin(out: Path) -> psutil.Popen:
    """Begin the batch, in a process group of its own."""
    with out.with_suffix(".stderr").open("ab") as told:
        return psutil.Popen(
            [*COMMAND, "--out", str(out)], stdout=subprocess.DEVNULL, stderr=told, start_new_session=True
        )


def workers(parent: psutil.Popen) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return [each for each in parent.children() if any("spawn_main" in word for word in each.cmdline())]
    return []


def kill_parent(parent: psutil.Popen, dice: random.Random) -> bool:
    parent.kill()
    return True


def kill_worker(parent: psutil.Popen, dice: random.Random) -> bool:
    found = workers(parent)
    with suppress(psutil.NoSuchProcess):
        if found:
            dice.choice(found).kill()
            return True
    return False


def kill_group(parent: psutil.Popen, dice: random.Random) -> bool:
    with suppress(ProcessLookupError):
        os.killpg(parent.pid, signal.SIGKILL)
        return True
    return False


KILLS: tuple[Callable[[psutil.Popen, random.Random], bool], ...] = (kill_parent, kill_worker, kill_group)


def left_alive(group: int) -> list[psutil.Process]:
    found = []
    for each in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            if os.getpgid(each.pid) == group and each.status() != psutil.STATUS_ZOMBIE:
                found.append(each)
    return found


def tables(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((out / "tables").glob("*.parquet"))}


def survive(tmp_path: Path, kills: int, seed: int) -> None:
    dice = random.Random(seed)
    began = time.monotonic()
    undisturbed = begin(tmp_path / "undisturbed")
    assert undisturbed.wait(300) == 0
    lasts = time.monotonic() - began
    expected = tables(tmp_path / "undisturbed")
    assert len(expected) == 6
    done, number, ended = 0, 0, 0
    while done < kills or not ended:
        out = tmp_path / f"batch{number}"
        process = begin(out)
        how = KILLS[done % len(KILLS)]
        if done < kills:
            time.sleep(dice.uniform(0.0, lasts))
            done += process.poll() is None and how(process, dice)
        status = process.wait(300 if how is kill_worker or done >= kills else GONE_WITHIN)
        until = time.monotonic() + GONE_WITHIN
        while left := left_alive(process.pid):
            assert time.monotonic() < until, f"{how.__name__}: {left}"
            time.sleep(0.05)
        assert status in (0, -signal.SIGKILL), (how.__name__, status, out.with_suffix(".stderr").read_text())
        if status == 0:
            assert tables(out) == expected, how.__name__
            assert not list(out.rglob("*.part"))
            number, ended = number + 1, ended + 1
    assert done == kills


def test_a_kill_of_each_kind_changes_nothing(tmp_path: Path) -> None:
    survive(tmp_path, len(KILLS), 1)


@pytest.mark.long
def test_a_hundred_kills_change_nothing(tmp_path: Path) -> None:
    survive(tmp_path, 100, 2)


def test_workers_that_are_at_long_shards_end_with_their_parent(tmp_path: Path) -> None:
    """Their shards would take them half a minute more."""
    words = [*COMMAND, "--out", str(tmp_path / "b"), "-n", "8000", "--shard-size", "4000"]
    parent = psutil.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    until = time.monotonic() + 60
    while len(workers(parent)) < 2:
        assert time.monotonic() < until
        time.sleep(0.05)
    time.sleep(3.0)
    assert len(left_alive(parent.pid)) >= 3
    parent.kill()
    assert parent.wait(GONE_WITHIN) == -signal.SIGKILL
    until = time.monotonic() + GONE_WITHIN
    while left := left_alive(parent.pid):
        assert time.monotonic() < until, left
        time.sleep(0.05)
