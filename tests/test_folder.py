"""Folders of batches: full disks, damaged files, others who write, clocks that go wrong, shares of a whole."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from typer.testing import CliRunner, Result

import simcrisis as sc
from simcrisis.batch.batch import Batch, read_batch
from simcrisis.batch.folder import Share
from simcrisis.batch.plan import plan
from simcrisis.batch.running import Status, merge, run_batch, run_share
from simcrisis.cli.app import app
from simcrisis.draws import Luck
from simcrisis.engine.run import simulate_with
from simcrisis.engine.world import World
from simcrisis.events import EventLog
from simcrisis.measures import Tables, outcomes

WORDS = ("batch", "belgrade_2015", "-n", "24", "--arms", "none,both", "--seed", "3", "--shard-size", "5")


@pytest.fixture(scope="module")
def scenario() -> sc.Scenario:
    return sc.load("belgrade_2015")


@pytest.fixture(scope="module")
def batch(scenario: sc.Scenario, tmp_path_factory: pytest.TempPathFactory) -> Batch:
    return run_batch(scenario, 24, 3, arms=["none", "both"], out=tmp_path_factory.mktemp("whole"))


def call(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def same_files(one: Path, other: Path) -> None:
    names = sorted(path.name for path in (one / "tables").iterdir())
    assert names == sorted(path.name for path in (other / "tables").iterdir())
    for name in names:
        assert (one / "tables" / name).read_bytes() == (other / "tables" / name).read_bytes(), name


class Disk:
    """A small disk of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def mount(self, options: str) -> None:
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", self.path], check=True, capture_output=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    found = Disk(tmp_path / "disk")
    found.path.mkdir()
    try:
        found.mount("size=1m")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root can mount a small disk")
    yield found
    subprocess.run(["umount", found.path], check=True)


def test_a_full_disk_is_said_and_the_same_command_goes_on(disk: Disk, batch: Batch) -> None:
    out = disk.path / "b"
    filler = disk.path / "filler"
    (out / "shards").mkdir(parents=True)
    with filler.open("wb") as stream, suppress(OSError):
        stream.write(bytes(2**20 - 2**17 - 4096 * 8))
    told = call(*WORDS, "--out", str(out))
    assert told.exit_code == 2, told.stderr
    assert "No space left on device" in told.stderr
    assert "what was finished before is kept" in told.stderr
    assert "Traceback" not in told.stderr
    kept = sorted((out / "shards").glob("*.runs.parquet"))
    assert kept
    assert not list(out.rglob("*.part"))
    assert all(len(pl.read_parquet(path)) for path in kept)
    filler.unlink()
    before = [path.stat().st_mtime_ns for path in kept]
    assert call(*WORDS, "--out", str(out)).exit_code == 0
    assert before == [path.stat().st_mtime_ns for path in kept]
    same_files(out, batch.folder)


def test_a_read_only_folder_is_said(disk: Disk, batch: Batch) -> None:
    out = disk.path / "b"
    out.mkdir()
    disk.mount("remount,ro")
    told = call(*WORDS, "--out", str(out))
    assert told.exit_code == 2
    assert "Read-only file system" in told.stderr
    assert len(told.stderr.splitlines()) == 1


@pytest.mark.parametrize("spoil", ["truncate", "empty", "overwrite", "remove", "other table", "failures"])
def test_a_damaged_shard_is_made_again(scenario: sc.Scenario, batch: Batch, tmp_path: Path, spoil: str) -> None:
    def again() -> Batch:
        return run_batch(scenario, 24, 3, arms=["none", "both"], out=tmp_path, shard_size=5)

    again()
    victim = sorted((tmp_path / "shards").glob("*.runs.parquet"))[1]
    if spoil == "truncate":
        victim.write_bytes(victim.read_bytes()[:-20])
    elif spoil == "empty":
        victim.write_bytes(b"")
    elif spoil == "overwrite":
        content = bytearray(victim.read_bytes())
        content[len(content) // 4 : len(content) // 2] = os.urandom(len(content) // 2 - len(content) // 4)
        victim.write_bytes(content)
    elif spoil == "remove":
        victim.with_name(victim.name.replace("runs", "rung_changes")).unlink()
    elif spoil == "other table":
        victim.write_bytes(victim.with_name(victim.name.replace("runs", "rung_changes")).read_bytes())
    else:
        victim.with_name(victim.name.replace("runs.parquet", "failures.jsonl")).write_text('{"arm": ', encoding="utf-8")
    again()
    same_files(tmp_path, batch.folder)


def test_shards_of_unlike_sizes_count_no_replication_twice(scenario: sc.Scenario, batch: Batch, tmp_path: Path) -> None:
    for size in (7, 24):
        other = tmp_path / str(size)
        run_batch(scenario, 24, 3, arms=["none", "both"], out=other, shard_size=size)
        (tmp_path / "b" / "shards").mkdir(parents=True, exist_ok=True)
        for path in sorted((other / "shards").iterdir())[: 4 if size == 7 else None]:  # 0-7, 7-14; 0-24
            (tmp_path / "b" / "shards" / path.name).write_bytes(path.read_bytes())
        (tmp_path / "b" / "manifest.json").write_bytes((other / "manifest.json").read_bytes())
    spans = sorted(path.name[6:25] for path in (tmp_path / "b" / "shards").glob("*.runs.parquet"))
    assert spans == ["000000000-000000007", "000000000-000000024", "000000007-000000014"]
    run_batch(scenario, 24, 3, arms=["none", "both"], out=tmp_path / "b", shard_size=3)
    same_files(tmp_path / "b", batch.folder)


def test_two_batches_cannot_write_into_one_folder(scenario: sc.Scenario, tmp_path: Path) -> None:
    refused: list[str] = []

    def try_too(status: Status) -> None:
        if status.done and not refused:
            told = subprocess.run(
                [sys.executable, "-m", "simcrisis", *WORDS, "--out", str(tmp_path)],
                capture_output=True, text=True, timeout=60, check=False,
            )  # fmt: skip
            refused.append(told.stderr)
            assert told.returncode == 2
            with pytest.raises(sc.BatchError, match="another process is writing"):
                run_share(plan(scenario, 24, 3, arms=["none", "both"]), Share(1, 2), tmp_path)

    run_batch(scenario, 24, 3, arms=["none", "both"], out=tmp_path, progress=try_too, shard_size=5)
    assert "another process is writing this batch" in refused[0]
    assert len(refused[0].splitlines()) == 1


def test_a_clock_that_is_set_back_changes_nothing(
    scenario: sc.Scenario, batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_batch(scenario, 12, 3, arms=["none", "both"], out=tmp_path, shard_size=5)
    for path in tmp_path.rglob("*"):
        os.utime(path, (4e9, 4e9))  # in the year 2096
    now = [time.time()]

    def backwards() -> float:
        now[0] -= 3600.0
        return now[0]

    monkeypatch.setattr(time, "time", backwards)
    run_batch(scenario, 24, 3, arms=["none", "both"], out=tmp_path, shard_size=5)
    same_files(tmp_path, batch.folder)


def test_nothing_in_a_batch_asks_for_the_time_of_day_but_what_dates_it() -> None:
    asks = {"time.time", "datetime.now", "date.today", "datetime.today", "datetime.utcnow"}
    found = set()
    for path in (Path(sc.__file__).parent / "batch").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in asks:
                found.add(path.name)
    assert found == {"provenance.py"}


def test_shares_side_by_side_in_one_folder_make_the_same_tables(
    scenario: sc.Scenario, batch: Batch, tmp_path: Path
) -> None:
    words = [sys.executable, "-m", "simcrisis", *WORDS, "--out", str(tmp_path), "--quiet"]
    jobs = [subprocess.Popen([*words, "--shard", f"{n}/3"]) for n in (1, 2, 3)]
    assert [job.wait(120) for job in jobs] == [0, 0, 0]
    assert not (tmp_path / "tables").exists()
    with pytest.raises(sc.BatchError, match="not finished"):
        read_batch(tmp_path)
    before = sorted(path.name for path in (tmp_path / "shards").iterdir())
    assert call(*WORDS, "--out", str(tmp_path)).exit_code == 0
    assert before == sorted(path.name for path in (tmp_path / "shards").iterdir())
    same_files(tmp_path, batch.folder)


def test_shares_from_several_machines_are_merged(scenario: sc.Scenario, batch: Batch, tmp_path: Path) -> None:
    planned = plan(scenario, 24, 3, arms=["none", "both"])
    parts = [tmp_path / f"part{n}" for n in (1, 2, 3, 4)]
    for n, part in enumerate(parts, 1):
        run_share(planned, Share(n, 4), part, shard_size=4)
    told = call("merge", *map(str, parts[:3]), "--out", str(tmp_path / "whole"))
    assert told.exit_code == 2
    assert "6 replications are missing, the first are 18 to 23; `simcrisis batch --from" in told.stderr
    assert call("merge", *map(str, parts), "--out", str(tmp_path / "whole")).exit_code == 0
    same_files(tmp_path / "whole", batch.folder)
    run_batch(scenario, 24, 4, arms=["none", "both"], out=tmp_path / "other")
    told = call("merge", str(parts[0]), str(tmp_path / "other"), "--out", str(tmp_path / "no"))
    assert told.exit_code == 2
    assert "holds another batch than" in told.stderr
    assert "seed: 4 there, 3 now" in told.stderr or "seed: 3 there, 4 now" in told.stderr
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("share", ["0/3", "4/3", "1", "a/b", "1/0", "-1/3"])
def test_a_share_that_cannot_be_is_refused(share: str, tmp_path: Path) -> None:
    told = call(*WORDS, "--shard", share, "--out", str(tmp_path / "b"))
    assert told.exit_code == 2
    assert "should be a part and how many there are" in told.stderr
    assert not (tmp_path / "b").exists()


def test_the_manifest_regenerates_the_batch(scenario: sc.Scenario, tmp_path: Path) -> None:
    ours = scenario.with_({"model.kappa": 0.4})
    spread = {"experiment": {"vary": {"model.reassure": {"low": 0.1, "high": 1.0}}, "points": 3, "seed": 5}}
    first = run_batch(ours.with_(spread), 9, 7, arms=["none", "cbm8"], out=tmp_path / "a", keep=["decisions"])
    told = call("batch", "--from", str(tmp_path / "a" / "manifest.json"), "--out", str(tmp_path / "b"), "--json")
    assert told.exit_code == 0, told.stderr
    same_files(tmp_path / "b", tmp_path / "a")
    assert json.loads(told.stdout)["citation"] == first.citation
    told = call("batch", "--from", str(tmp_path / "a" / "manifest.json"), "-n", "20")
    assert told.exit_code == 2
    assert "the manifest says what is run" in told.stderr


@pytest.mark.parametrize("content", ["", "[]", "{", '{"batch": 99}', '{"batch": 1, "log": 1}', "\x00"])
def test_a_manifest_that_says_nothing_is_refused_in_words(tmp_path: Path, content: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(content, encoding="utf-8")
    for words in (
        ("batch", "--from", str(path)),
        ("export", str(tmp_path), "--to", "csv"),
        (*WORDS, "--out", str(tmp_path)),
    ):
        told = call(*words)
        assert told.exit_code == 2
        assert "manifest" in told.stderr
        assert "Traceback" not in told.stderr


def test_a_finished_batch_is_read_again(scenario: sc.Scenario, batch: Batch) -> None:
    again = read_batch(batch.folder)
    for name, table in batch.tables().items():
        assert_frame_equal(again.tables()[name], table, check_exact=True)
    assert again.replay(5, "both").log == batch.replay(5, "both").log
    assert (again.arms, again.seed, again.replications) == (("none", "both"), 3, 24)


def test_a_batch_that_grows_afterwards_leaves_what_was_returned_as_it_was(
    scenario: sc.Scenario, tmp_path: Path
) -> None:
    small = run_batch(scenario, 5, 3, arms=["none"], out=tmp_path)
    run_batch(scenario, 9, 3, arms=["none"], out=tmp_path)
    assert small.runs["replication"].to_list() == list(range(5))
    assert small.rung_changes["replication"].max() in {None, *range(5)}


def test_events_and_decisions_are_kept_when_asked_for(scenario: sc.Scenario, tmp_path: Path) -> None:
    done = run_batch(scenario, 6, 3, arms=["none", "both"], keep=["events", "decisions"], shard_size=4, out=tmp_path)
    single = [done.replay(k, arm) for k in range(6) for arm in ("none", "both")]
    assert_frame_equal(done.table("events"), pl.concat([each.events for each in single]), check_exact=True)
    assert_frame_equal(done.table("decisions"), pl.concat([each.decisions for each in single]), check_exact=True)
    plain = run_batch(scenario, 6, 3, arms=["none", "both"])
    with pytest.raises(sc.BatchError, match="no table 'events' was kept"):
        plain.table("events")
    with pytest.raises(sc.BatchError, match="no table 'evnts' to keep; there are events, decisions"):
        run_batch(scenario, 6, 3, keep=["evnts"])
    with pytest.raises(sc.BatchError, match="keeps the log of no single one"):
        run_batch(sc.load("osce_wide"), 1, 3, keep=["events"])


def test_a_failure_holds_what_runs_it_again(
    scenario: sc.Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(world: World, luck: Luck) -> EventLog:
        if luck.replication == 2:
            raise ZeroDivisionError("planted")
        return simulate_with(world, luck)

    monkeypatch.setattr("simcrisis.batch.work.simulate_with", fails)
    with pytest.warns(RuntimeWarning, match="2 of 8 runs failed"):
        run_batch(scenario, 4, 3, arms=["none"], vary={"model.kappa": [0.1, 0.9]}, out=tmp_path)
    first, second = map(json.loads, (tmp_path / "failures.jsonl").read_text(encoding="utf-8").splitlines())
    assert (first["point"], second["point"]) == (0, 1)
    assert second["changes"] == {"model.kappa": 0.9}
    monkeypatch.undo()
    again = read_batch(tmp_path).replay(second["replication"], second["arm"], second["point"])
    assert again.log == sc.run(scenario.with_(second["changes"]), "none", 3, 2).log


def test_a_folder_of_other_things_is_refused_and_left_alone(scenario: sc.Scenario, tmp_path: Path) -> None:
    download = tmp_path / "Downloads" / "film.mkv.part"
    download.parent.mkdir()
    download.write_text("half of it")
    told = call(*WORDS, "--out", str(tmp_path))
    assert told.exit_code == 2
    assert "holds no batch, but 'Downloads'; choose a new or empty folder" in told.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["Downloads"]
    out = tmp_path / "b"
    run_batch(scenario, 3, 3, arms=["none"], out=out)
    for folder in (out, out / "shards", out / "mine"):
        folder.mkdir(exist_ok=True)
        (folder / "notes.part").write_text("mine")
    run_batch(scenario, 4, 3, arms=["none"], out=out)
    assert len(list(out.rglob("notes.part"))) == 3


def test_the_texts_of_failures_may_hold_anything(
    scenario: sc.Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = "a\u2028b\u0085c\udc80d\ne"

    def fails(world: World, luck: Luck) -> EventLog:
        raise ValueError(odd)

    monkeypatch.setattr("simcrisis.batch.work.simulate_with", fails)
    with pytest.warns(RuntimeWarning, match="3 of 3 runs failed"):
        done = run_batch(scenario, 3, 3, arms=["none"], out=tmp_path)
    assert [failure.error for failure in done.failures] == [f"ValueError: {odd}"] * 3
    assert read_batch(tmp_path).failures == done.failures
    told = call(
        "batch", "belgrade_2015", "-n", "3", "--arms", "none", "--seed", "3", "--shard", "1/1", "--out", str(tmp_path)
    )
    assert told.exit_code == 3
    assert "3 runs failed; the first: arm none, replication 0: ValueError: a\\u2028b" in told.stderr


def give_up_on(monkeypatch: pytest.MonkeyPatch, replication: int) -> None:
    def breaks(tables: Tables) -> pl.DataFrame:
        if replication in tables.runs["replication"]:
            raise MemoryError("planted")
        return outcomes(tables)

    monkeypatch.setattr("simcrisis.batch.work.outcomes", breaks)


def test_what_was_given_up_is_tried_again_by_the_same_command_and_by_a_merge(
    scenario: sc.Scenario, batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_up_on(monkeypatch, 7)
    for name in ("again", "part"):
        with pytest.warns(RuntimeWarning, match="2 of 48 runs failed"):
            done = run_batch(scenario, 24, 3, arms=["none", "both"], out=tmp_path / name, shard_size=24)
        assert {(each.replication, each.error) for each in done.failures} == {(7, "MemoryError: planted")}
    monkeypatch.undo()
    merge([batch.folder, tmp_path / "part"], tmp_path / "part")
    for name in ("again", "part"):
        done = run_batch(scenario, 24, 3, arms=["none", "both"], out=tmp_path / name)
        assert done.failures == ()
        same_files(tmp_path / name, batch.folder)
        assert (tmp_path / name / "failures.jsonl").read_text() == ""


def test_tables_that_are_no_longer_kept_do_not_stay_behind(scenario: sc.Scenario, tmp_path: Path) -> None:
    run_batch(scenario, 3, 3, arms=["none"], out=tmp_path, keep=["events"])
    assert (tmp_path / "tables" / "events.parquet").exists()
    run_batch(scenario, 5, 3, arms=["none"], out=tmp_path)
    assert not (tmp_path / "tables" / "events.parquet").exists()


def test_shares_that_begin_at_the_same_moment_do_not_disturb_each_other(
    scenario: sc.Scenario, batch: Batch, tmp_path: Path
) -> None:
    planned = plan(scenario, 24, 3, arms=["none", "both"])
    with ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(run_share, planned, Share(n, 6), tmp_path) for n in range(1, 7)]
        assert [job.result() for job in jobs] == [[]] * 6
    run_batch(scenario, 24, 3, arms=["none", "both"], out=tmp_path)
    same_files(tmp_path, batch.folder)
    run_share(planned, Share(2, 6), tmp_path)
    assert read_batch(tmp_path).replications == 24


def test_what_is_merged_or_run_again_says_where_it_comes_from(tmp_path: Path) -> None:
    words = ["belgrade_2015", "-n", "4", "--arms", "none", "--set", "model.kappa=0.5"]
    parts = [str(tmp_path / f"part{n}") for n in (1, 2)]
    for n, part in enumerate(parts, 1):
        subprocess.run(
            [sys.executable, "-m", "simcrisis", "batch", *words, "--shard", f"{n}/2", "--out", part], check=True,
            capture_output=True,
        )  # fmt: skip
    assert call("merge", *parts, "--out", str(tmp_path / "whole")).exit_code == 0
    manifest = tmp_path / "whole" / "manifest.json"
    said = json.loads(manifest.read_text(encoding="utf-8"))
    assert said["command"] == f"simcrisis batch {' '.join(words)} --out {parts[0]}"
    assert (said["changed"], said["scenario_file"]) == ({"model.kappa": 0.5}, "belgrade_2015.yaml")
    told = json.loads(call("batch", "--from", str(manifest), "--json").stdout)
    assert told["made_by"] == "rule logit; seed 1; changed: model.kappa=0.5"


def test_a_rule_beside_the_scenario_is_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])
    source = "from simcrisis.rules.doctrines.logit import logit\ncalm = logit\n"
    (tmp_path / "rules_beside_it.py").write_text(source, encoding="utf-8")
    crisis = {**sc.load("belgrade_2015").data}
    crisis["model"] = {**crisis.get("model", {}), "rule": "rules_beside_it:calm"}
    (tmp_path / "crisis.json").write_text(json.dumps(crisis), encoding="utf-8")
    out = str(tmp_path / "b")
    words = ("batch", str(tmp_path / "crisis.json"), "-n", "2", "--arms", "none", "--trust-code", "--out", out)
    assert call(*words).exit_code == 0
    again = [sys.executable, "-m", "simcrisis", "batch", "--from", f"{out}/manifest.json", "--out", str(tmp_path / "c")]
    refused = subprocess.run(again, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "--trust-code" in refused.stderr
    subprocess.run([*again, "--trust-code"], check=True, capture_output=True)
    same_files(tmp_path / "c", tmp_path / "b")


@pytest.mark.parametrize(
    ("entry", "value", "told"),
    [
        ("replications", None, "replications: Input should be a valid integer"),
        ("replications", True, "replications: Input should be a valid integer"),
        ("arms", [[1]], "arms.0: Input should be a valid string"),
        ("keep", 5, "keep: Input should be a valid list"),
        ("command", None, "command: Input should be a valid string"),
        ("points", [1], "points.0: Input should be a valid dictionary"),
        ("points", [{"model.kappa": 0.1}], "its design points are not those of its scenario"),
        ("seed", "1", "seed: Input should be a valid integer"),
        ("scenario", {}, "the scenario in it is not the one that was run"),
        ("rules", "os:getpid", "is code; it is imported with --trust-code only"),
    ],
)
def test_a_manifest_that_was_changed_is_refused_with_the_entry(
    batch: Batch, tmp_path: Path, entry: str, value: object, told: str
) -> None:
    path = tmp_path / "manifest.json"
    there = json.loads((batch.folder / "manifest.json").read_text(encoding="utf-8"))
    path.write_text(json.dumps({**there, entry: value}), encoding="utf-8")
    for words in (("batch", "--from", str(path)), ("merge", str(tmp_path), "--out", str(tmp_path / "m"))):
        found = call(*words)
        assert found.exit_code == 2
        assert told in found.stderr
    with pytest.raises(sc.BatchError, match=re.escape(told)):
        read_batch(tmp_path)


@pytest.mark.parametrize("name", ["runs", "risk"])
def test_a_table_that_is_gone_is_said(scenario: sc.Scenario, tmp_path: Path, name: str) -> None:
    run_batch(scenario, 3, 3, arms=["none"], out=tmp_path)
    (tmp_path / "tables" / f"{name}.parquet").unlink()
    with pytest.raises(sc.BatchError, match=f"{name}.*makes the tables again"):
        read_batch(tmp_path)
    told = call("export", str(tmp_path), "--to", "csv")
    assert told.exit_code == 2
    assert f"{name}.parquet: is missing; the command that began the batch makes it again" in told.stderr
    run_batch(scenario, 3, 3, arms=["none"], out=tmp_path)
    assert read_batch(tmp_path).replications == 3
