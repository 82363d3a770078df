"""What the person at a terminal sees of a batch under way, and what nobody sees where there is no terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import psutil

WORDS = [sys.executable, "-m", "simcrisis", "batch", "belgrade_2015", "--arms", "none,both", "--workers", "1"]
NOT_TEXT = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\r\x00]")


def at_a_terminal(words: list[str], interrupt_after: float | None = None, wide: int = 130) -> tuple[int, str]:
    """Return exit status and what stood on a terminal of that width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, wide, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(wide)}
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=theirs, env=environment)
    os.close(theirs)
    began, told, asked = time.monotonic(), b"", interrupt_after is None
    while True:
        try:
            told += os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not asked and b"so far" in told and time.monotonic() - began > (interrupt_after or 0):
            process.send_signal(signal.SIGINT)
            asked = True
    os.close(ours)
    return process.wait(60), NOT_TEXT.sub("", told.decode())


def test_a_terminal_shows_runs_rate_time_left_and_the_estimate_so_far() -> None:
    status, told = at_a_terminal([*WORDS, "-n", "700"])
    assert status == 0
    assert re.search(r"of 1,400 runs   [\d,]+/s   \d+:\d\d min left", told)
    assert re.search(r"so far, rung 8 or above: 'none' [\d.]+ % \([\d.]+-[\d.]+\); 'both' [+-][\d.]+ points \(", told)
    numbers = [int(number.replace(",", "")) for number in re.findall(r"([\d,]+) of 1,400 runs", told)]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) >= 3


def test_an_interrupt_says_what_is_kept_and_how_to_go_on(tmp_path: Path) -> None:
    out = tmp_path / "b"
    status, told = at_a_terminal([*WORDS, "-n", "200000", "--out", str(out)], interrupt_after=1.0)
    assert status == 130
    said = re.search(rf"interrupted; ([\d,]+) of 400,000 runs are kept in {out}: the same command goes on", told)
    assert said is not None
    assert "Traceback" not in told
    spans = [path.name.split(".")[0].split("-")[1:] for path in (out / "shards").glob("*.runs.parquet")]
    assert 2 * sum(int(stop) - int(start) for start, stop in spans) == int(said[1].replace(",", ""))


def test_an_interrupt_does_not_wait_for_long_shards(tmp_path: Path) -> None:
    out = tmp_path / "b"
    words = [*WORDS[:-1], "2", "-n", "4000", "--shard-size", "2000", "--out", str(out)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + 60
    while len(psutil.Process(process.pid).children()) < 3:  # two workers, and what looks after their resources
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(3)
    asked = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, told = process.communicate(timeout=60)
    assert time.monotonic() - asked < 5
    assert process.returncode == 130
    assert told.strip() == f"interrupted; 0 of 8,000 runs are kept in {out}: the same command goes on"


def test_nothing_is_drawn_where_nobody_looks() -> None:
    told = subprocess.run([*WORDS, "-n", "20"], capture_output=True, text=True, timeout=60, check=True)
    assert told.stderr == ""
    status, seen = at_a_terminal([*WORDS, "-n", "20", "--quiet"])
    assert (status, seen) == (0, "")
