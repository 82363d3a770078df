"""The benchmarks keep working: every part runs, in its smallest form; what the figures are is not looked at here."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks import history, parts, readme, speed
from benchmarks.__main__ import main
from benchmarks.parts import COMPILING, Part, part_of
from benchmarks.results import Figure, Size, exponents, interval, quartiles

ROOT = Path(__file__).parent.parent
EXPECTED = {
    "speed": {"speed of simcrisis over lean SimPy", "speed of simcrisis over lean Mesa",
              "speed of simcrisis over lean salabim", "largest difference from lean SimPy: Mesa",
              "largest difference from lean SimPy: salabim"},
    "growth": {"exponent in States that take no part", "exponent in events, by incidents",
               "exponent in events, by horizon", "exponent in lines", "exponent in arms",
               "exponent in workers (wall clock)", "exponent of compiling in States"},
    "parts": {"share of draws", "share of draws, by counting", "share of log, by counting"},
    "start": {"simcrisis --help", "simcrisis run two_states.yaml", "import simcrisis"},
    "memory": {"one run: two States", "batch of 10 x 4 runs, one worker"},
    "batch": {"10 x 4 runs with tables, one worker", "10 x 4 runs with tables, one worker: outside the engine"},
    "micro": {"a score", "compiling all arms, two States", "fifty runs, two States"},
}  # fmt: skip
NEEDED = ("mesa", "salabim", "pytest_benchmark")


@pytest.mark.long
def test_every_part_measures_and_keeps_what_it_says(tmp_path: Path) -> None:
    missing = [name for name in NEEDED if not find_spec(name)]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed")
    command = [sys.executable, "-m", "benchmarks", "--tiny", "--store", "--history", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (path,) = tmp_path.iterdir()
    text = path.read_text(encoding="utf-8")
    parts = json.loads(text)["parts"]
    found = {part: {figure["name"] for figure in figures} for part, figures in parts.items()}
    assert list(found) == list(EXPECTED)
    for part, names in EXPECTED.items():
        assert names <= found[part]
    assert str(ROOT) not in text
    assert platform.node() not in text


@pytest.mark.parametrize(("package", "runs"), [("mesa", 3000), ("salabim", 150)])
def test_lean_scripts_tell_one_story(package: str, runs: int) -> None:
    pytest.importorskip(package)
    script, simpy = speed.lean(package, 10_000_000, 1), speed.lean("simpy", 0, 1)
    with ThreadPoolExecutor(1) as beside:  # as in the benchmark: salabim reads the call stack, and pytest's is deep
        beside.submit(script.block, runs).result()
    simpy.block(3000)
    far = {what: apart for what in speed.whats() if abs(apart := speed.apart(script, simpy, what)) > speed.MOST_APART}
    assert not far


def test_a_part_that_is_not_there() -> None:
    with pytest.raises(SystemExit, match="no part named sped: speed, growth"):
        main(["sped"])


def test_all_that_a_batch_calls_is_of_some_part() -> None:
    found = {figure.name: figure.value for figure in parts.measure(Size.TINY).figures}
    assert {f"share of {part}" for part in Part} <= set(found)
    assert found["share of draws, by counting"] > 0.0


def test_every_file_of_the_engine_is_of_one_part() -> None:
    for path in sorted((ROOT / "simcrisis" / "engine").glob("*.py")):
        if path.stem not in COMPILING and path.stem != "__init__":
            assert part_of(f"simcrisis/engine/{path.name}", "whatever") in Part


def test_a_file_of_no_part_is_not_passed_over() -> None:
    with pytest.raises(KeyError, match=r"simcrisis/engine/new\.py"):
        part_of("simcrisis/engine/new.py", "anything")


def test_history_gives_back_what_was_kept_and_readmes_show_the_latest(tmp_path: Path) -> None:
    name = "speed of simcrisis over lean SimPy"
    old, new = (quartiles(name, [value, value, value], "times", least=0.8) for value in (0.5, 1.25))
    one = history.entry(Size.FULL, {"speed": [old]})
    for date, figure in (("2026-01-01T00:00:00Z", old), ("2026-01-02T00:00:00Z", new)):
        kept = history.Entry(**{**vars(one), "date": date, "parts": {"speed": [figure]}})
        history.keep(kept, tmp_path)
    latest = history.latest("speed", Size.FULL, tmp_path)
    assert latest is not None
    assert (latest.date, latest.parts["speed"]) == ("2026-01-02T00:00:00Z", [new])
    assert history.latest("speed", Size.QUICK, tmp_path) is None
    (tmp_path / "benchmarks").mkdir()
    for path in readme.FILES:
        (tmp_path / path).write_text("before\n<!-- benchmarks: headline -->\nold\n<!-- end of benchmarks -->\nafter\n")
    readme.renew(tmp_path, tmp_path)
    renewed = (tmp_path / "README.md").read_text()
    assert f"| {name} | 1.25 times (quartiles 1.25 to 1.25) | at least 0.800 |" in renewed
    assert renewed.startswith("before\n")
    assert renewed.endswith("<!-- end of benchmarks -->\nafter\n")
    assert "old" not in renewed
    assert "old" in (tmp_path / "benchmarks" / "README.md").read_text()  # which asks for `all`


def test_limits() -> None:
    assert Figure("a", 1.0, "s").kept is None
    assert Figure("a", 1.0, "s", least=0.9, most=1.1).kept is True
    assert Figure("a", 1.2, "s", least=0.9, most=1.1).kept is False
    assert Figure("a", 0.8, "s", least=0.9).kept is False


def test_exponents_are_those_of_power_laws() -> None:
    sizes = [2, 20, 200]
    rounds = [[k * size**p for size in sizes] for k, p in ((1, 1.0), (3, 0.1), (2, 0.5), (1, 0.4), (1, 0.6), (1, 0.45))]
    found = exponents(sizes, rounds)
    assert found == pytest.approx([1.0, 0.1, 0.5, 0.4, 0.6, 0.45])
    of_six = interval("x", found, "")
    assert [of_six.low, of_six.high] == pytest.approx([0.1, 1.0])
    assert of_six.spread == "95 %"
    assert interval("x", found[:3], "").spread == "range"
