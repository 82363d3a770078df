"""Older and newer formats: scenario files are migrated, what newer versions wrote is refused in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

import simcrisis as sc
from simcrisis.batch.batch import read_batch
from simcrisis.batch.running import run_batch
from simcrisis.cli.app import app
from simcrisis.events import LOG_FORMAT
from simcrisis.scenario import migrations


def crisis(**more: Any) -> dict[str, Any]:
    return {**sc.load("belgrade_2015").data, **more}


def test_a_newer_format_is_refused_with_what_would_do() -> None:
    with pytest.raises(sc.ScenarioError, match=r"simcrisis: format 2 is newer than 1, .* install a newer simcrisis"):
        sc.load(crisis(simcrisis=2))


@pytest.mark.parametrize(("found", "told"), [(0, "there is no format 0"), (-3, "there is no format -3"), ("1", "'1'")])
def test_a_format_that_never_was_is_refused(found: Any, told: str) -> None:
    with pytest.raises(sc.ScenarioError, match=told):
        sc.load(crisis(simcrisis=found))


def test_older_formats_are_brought_up_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two planted formats: in -1 the start was `begin`, in 0 the title was `name`."""

    def renamed(old: str, new: str) -> migrations.Migration:
        return lambda data: {new if key == old else key: value for key, value in data.items()}

    monkeypatch.setattr(migrations, "MIGRATIONS", {-1: renamed("begin", "start"), 0: renamed("name", "title")})
    now = sc.load(crisis())
    old = {{"start": "begin", "title": "name"}.get(key, key): value for key, value in crisis(simcrisis=-1).items()}
    assert sc.load(old).digest == now.digest
    assert sc.run(sc.load(old), "none", 3, 1).log == sc.run(now, "none", 3, 1).log
    del old["begin"]
    with pytest.raises(sc.ScenarioError, match="the key 'start' is missing"):
        sc.load(old)


def test_files_say_which_format_their_log_has(tmp_path: Path) -> None:
    log = tmp_path / "log.parquet"
    assert CliRunner().invoke(app, ["run", "belgrade_2015", "--events", str(log)]).exit_code == 0
    assert pl.read_parquet_metadata(log)["simcrisis_log"] == str(LOG_FORMAT)
    run_batch(sc.load("belgrade_2015"), 2, arms=["none"], keep=["events"], out=tmp_path / "b")
    assert pl.read_parquet_metadata(tmp_path / "b" / "tables" / "events.parquet")["simcrisis_log"] == str(LOG_FORMAT)
    assert json.loads((tmp_path / "b" / "manifest.json").read_text(encoding="utf-8"))["log"] == LOG_FORMAT


@pytest.mark.parametrize(("entry", "told"), [("batch", "of format 99"), ("log", "log: 99 there, 1 now")])
def test_a_folder_of_another_format_is_refused(tmp_path: Path, entry: str, told: str) -> None:
    scenario = sc.load("belgrade_2015")
    run_batch(scenario, 2, arms=["none"], out=tmp_path)
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {entry: 99}), encoding="utf-8")
    with pytest.raises(sc.BatchError, match=told):
        run_batch(scenario, 2, arms=["none"], out=tmp_path)
    if entry == "batch":
        with pytest.raises(sc.BatchError, match=told):
            read_batch(tmp_path)
