"""The page of a batch: it says what the tables say, and nothing of a scenario is taken for markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

import simcrisis as sc
from simcrisis.batch.batch import Batch
from simcrisis.cli.app import app
from simcrisis.report.page import page
from simcrisis.report.player import POLICY, SCRIPT
from simcrisis.report.told_runs import told_runs

HOSTILE = "<script>alert(1)</script> <img src=x onerror=alert(2)> =1+1 {{ 7*7 }} $x_1$ \u202eabc &amp;"


class Elements(HTMLParser):
    """Counts elements, and keeps texts and attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    out = tmp_path_factory.mktemp("page")
    return sc.run_batch(sc.load("belgrade_2015"), 60, 3, arms=["none", "both"], workers=1, out=out)


def test_it_says_what_the_tables_say(batch: Batch) -> None:
    found = Elements(page(batch))
    said = " ".join(" ".join(found.texts).split())
    assert batch.scenario.title in said
    assert batch.scenario.question in said
    assert "In this model, under these assumptions" in said
    assert batch.citation in said
    assert batch.scenario.digest in said
    hits = batch.risk.filter(pl.col("rung") == 3, pl.col("arm") == "both").row(0, named=True)
    assert f"{100 * hits['probability']:.0f} %" in said
    assert "No run of this batch reached rung 8 or above" in said
    assert found.tags.count("img") == 5
    alts = [value for tag, name, value in found.attributes if (tag, name) == ("img", "alt")]
    assert all(len(alt) > 40 for alt in alts)
    assert found.tags.count("h1") == 1


def test_nothing_is_fetched_and_nothing_runs_but_the_player(batch: Batch) -> None:
    found = Elements(page(batch))
    assert [value for tag, name, value in found.attributes if tag == "script"] == ["application/json", "data"] * 2
    assert found.tags.count("script") == 3
    assert page(batch).count(f"<script>{SCRIPT}</script>") == 1
    assert not {"link", "iframe", "object", "embed", "form"} & set(found.tags)
    sources = [value for _, name, value in found.attributes if name in {"src", "href", "srcset", "action"}]
    ids = {value for _, name, value in found.attributes if name == "id"}
    inside = [value for value in sources if value.startswith("#")]
    assert {value[1:] for value in inside} <= ids
    assert all(value.startswith("data:image/svg+xml;base64,") for value in sources if value not in inside)
    assert not [name for _, name, _ in found.attributes if name.startswith("on")]
    assert any("default-src 'none'" in value and POLICY in value for _, _, value in found.attributes)


def test_no_text_of_a_scenario_is_taken_for_markup() -> None:
    known = dict(sc.load("belgrade_2015").data)
    arms = {"none": known["arms"]["none"], "$b_2$ <b>": known["arms"]["both"]}
    hostile = sc.load(
        {**known, "title": HOSTILE, "question": HOSTILE, "summary": HOSTILE, "sources": [HOSTILE], "arms": arms}
    )
    told = page(sc.run_batch(hostile, 6, 1, workers=1))
    found = Elements(told)
    assert found.tags.count("script") == 3
    assert "b" not in found.tags
    assert " ".join(found.texts).count("<script>alert(1)</script>") >= 4
    assert "49" not in re.findall(r"=1\+1 (\S+)", told)
    assert "$b_2$ <b>" in " ".join(found.texts)


def test_the_runs_that_are_told(batch: Batch) -> None:
    typical, surprising = told_runs(batch)
    runs = batch.runs.filter(pl.col("arm") == "both")
    peaks = dict(runs.select("replication", "peak_rung").iter_rows())
    assert typical.peak == peaks[typical.replication]
    assert abs(typical.peak - float(runs["peak_rung"].median() or 0)) <= 3  # type: ignore[arg-type]
    assert surprising.entries


def test_command(batch: Batch, tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["report", str(batch.folder), "--out", str(tmp_path / "p.html")])
    assert told.exit_code == 0, told.stderr
    text = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert text == page(batch)
    assert text.startswith("<!doctype html>")
    told = CliRunner().invoke(app, ["report", str(tmp_path)])
    assert told.exit_code == 2
    assert len(told.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("out", "says"), [("", "this is a folder"), ("pages", "this is a folder"), ("no/p.html", "there is no folder no")]
)
def test_where_no_page_can_be_is_one_line_and_nothing_is_written(
    batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pages").mkdir()
    told = CliRunner().invoke(app, ["report", str(batch.folder), "--out", out])
    assert told.exit_code == 2
    assert told.stderr.count("\n") == 1
    assert says in told.stderr
    assert ".part" not in told.stderr
    assert [path.name for path in tmp_path.rglob("*")] == ["pages"]
