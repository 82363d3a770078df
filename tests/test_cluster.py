"""Many machines: a real Dask scheduler and two real workers, on loopback."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from typer.testing import CliRunner

import simcrisis as sc
from simcrisis.batch.cluster import dask_cluster
from simcrisis.batch.running import Status, run_batch
from simcrisis.cli.app import app

ARMS = ("none", "both")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started(*words: str, folder: Path) -> subprocess.Popen[bytes]:
    with (folder / "dask.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]], stdout=log, stderr=log
        )


def end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.kill()
    for process in processes:
        process.wait(20)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    folder = tmp_path_factory.mktemp("dask")
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    quiet = ("--no-dashboard",)
    with ExitStack() as stack:
        processes = [started("dask_scheduler", "--host", "127.0.0.1", "--port", str(port), *quiet, folder=folder)]
        stack.callback(end, processes)
        for _ in range(2):
            words = (address, "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1", "--local-directory", str(folder))
            processes.append(started("dask_worker", *words, *quiet, folder=folder))
        yield address, processes


def same_files(one: Path, other: Path) -> None:
    for path in sorted((one / "tables").iterdir()):
        assert path.read_bytes() == (other / "tables" / path.name).read_bytes(), path.name


def test_dask_workers_make_the_same_tables_also_when_one_is_killed(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    address, processes = cluster
    scenario = sc.load("belgrade_2015")
    run_batch(scenario, 60, 3, arms=ARMS, workers=1, out=tmp_path / "here")
    words = ["batch", "belgrade_2015", "-n", "60", "--seed", "3", "--arms", ",".join(ARMS), "--shard-size", "6"]
    told = CliRunner().invoke(app, [*words, "--dask", address, "--out", str(tmp_path / "there")])
    assert told.exit_code == 0, told.stderr
    same_files(tmp_path / "there", tmp_path / "here")

    def kill_one(status: Status) -> None:
        if status.done and processes[1].poll() is None:
            processes[1].kill()

    with dask_cluster(address) as (executor, workers):
        assert workers == 2
        run_batch(
            scenario, 60, 3, arms=ARMS, executor=executor, shard_size=2, out=tmp_path / "fewer", progress=kill_one
        )
    assert processes[1].wait(10) != 0
    same_files(tmp_path / "fewer", tmp_path / "here")


def test_a_scheduler_that_is_not_there_or_has_no_workers_is_said(tmp_path: Path) -> None:
    port = free_port()
    with (
        pytest.raises(sc.BatchError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1"),
        dask_cluster(f"tcp://127.0.0.1:{port}", 1.0),
    ):
        pass
    alone = started("dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", folder=tmp_path)
    try:
        began = time.monotonic()
        with pytest.raises(sc.BatchError, match="has no workers"), dask_cluster(f"tcp://127.0.0.1:{port}", 8.0):
            pass
        assert time.monotonic() - began < 30
    finally:
        alone.kill()
        alone.wait(20)


def test_an_address_that_is_none_is_said() -> None:
    told = CliRunner().invoke(app, ["batch", "belgrade_2015", "--dask", "nonsense://x"])
    assert told.exit_code == 2
    assert "no Dask scheduler answers at nonsense://x" in told.stderr
