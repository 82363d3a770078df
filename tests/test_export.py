"""Tables for others: complete, inert, and described."""

from __future__ import annotations

import csv
import json
import re
import sys
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from rocrate.rocrate import ROCrate
from typer.testing import CliRunner

import simcrisis as sc
from simcrisis.batch import workbook
from simcrisis.batch.batch import Batch
from simcrisis.batch.export import export
from simcrisis.batch.inert import inert
from simcrisis.batch.running import run_batch
from simcrisis.cli.app import app

STARTS_A_FORMULA = re.compile(r"^[=+\-@\t\r\n\uFF0B\uFF0D\uFF1D\uFF20]")
HOSTILE = "=cmd|' /C calc'!A0", "+Brevia", "@SUM(1+1)", "-2+3", "＝1+1"


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    scenario = sc.load("belgrade_2015")
    out = tmp_path_factory.mktemp("some batch")
    return run_batch(scenario, 12, 3, vary={"model.kappa": [0.1, 0.9]}, arms=["none", "both"], out=out)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """A batch whose every name would be a formula."""
    one, two, incident, arm, other = (name.replace("|", "").replace("/", "") for name in HOSTILE)
    crisis = {
        "simcrisis": 1, "title": "=1+1", "question": "=HYPERLINK(1)", "summary": "-1", "horizon": "30 days",
        "start": "2026-03-02T08:00:00+01:00", "states": {one: {}, two: {}},
        "relations": [{"between": [one, two], "mistrust": 0.9, "tension": 2.0, "rung": 3}],
        "incidents": [
            {"name": incident, "at": "1 h", "victim": one, "sector": "energy", "severity": 5, "visibility": "public",
             "appears_from": [two], "cause": {"kind": "state", "by": two}}
        ],
        "arms": {arm: {"cbms": []}, other: {"cbms": [2, 8]}},
    }  # fmt: skip
    out = tmp_path_factory.mktemp("hostile")
    return run_batch(sc.load(crisis), 10, 3, out=out, keep=["events", "decisions"])


def cells(path: Path) -> list[list[Any]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as stream:
            return list(csv.reader(stream))
    book = openpyxl.load_workbook(path)
    return [[cell.value for cell in row] for sheet in book for row in sheet.rows]


def test_csv_holds_every_table(batch: Batch) -> None:
    files = {path.stem: path for path in export(batch.folder, "csv")}
    assert set(files) == set(batch.tables())
    for name, table in batch.tables().items():
        again = pl.read_csv(files[name], schema=table.schema)
        assert again.equals(table), name


def test_a_workbook_holds_every_table_with_a_head_that_stays(batch: Batch) -> None:
    (path,) = export(batch.folder, "xlsx")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["about", "risk", "differences", "measures", "points", "curves", "runs", "rung_changes"]
    for name, table in batch.tables().items():
        head, *rows = book[name].iter_rows(values_only=True)
        assert list(head) == table.columns
        again = pl.DataFrame(rows, schema=table.schema, orient="row", strict=False)
        assert_frame_equal(again, table, rel_tol=1e-14)  # a worksheet keeps 15 digits
        assert (book[name].freeze_panes, book[name].auto_filter.ref) == ("A2", book[name].dimensions)
    about = {row[0]: row[1] for row in book["about"].iter_rows(values_only=True)}
    assert about["scenario"] == batch.scenario.title
    assert about["cite as"] == batch.citation


@pytest.mark.parametrize("to", ["csv", "xlsx"])
def test_no_cell_starts_a_formula(hostile: Batch, to: str) -> None:
    found = [str(cell) for path in export(hostile.folder, to) for row in cells(path) for cell in row]
    for name in HOSTILE:
        assert any(name.replace("|", "").replace("/", "") in cell for cell in found), name
    texts = [cell for cell in found if not re.fullmatch(r"[-+]?[\d.e+-]+|None|", cell)]
    assert [cell for cell in texts if STARTS_A_FORMULA.match(cell)] == []


def test_the_log_as_csv_is_inert_too(hostile: Batch, tmp_path: Path) -> None:
    scenario = tmp_path / "hostile.json"
    scenario.write_text(json.dumps(dict(hostile.scenario.data)), encoding="utf-8")
    told = CliRunner().invoke(app, ["run", str(scenario), "--events", str(tmp_path / "log.csv")])
    assert told.exit_code == 0, told.stderr
    texts = [cell for row in cells(tmp_path / "log.csv") for cell in row if not re.fullmatch(r"[-\d.e+]*", cell)]
    assert any("calc" in cell for cell in texts)
    assert [cell for cell in texts if STARTS_A_FORMULA.match(cell)] == []


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "＝1"])
def test_inert_texts_are_shown_with_an_apostrophe(text: str) -> None:
    assert inert(text) == f"'{text}"
    assert inert(f"a{text}") == f"a{text}"


def test_the_same_batch_gives_the_same_workbook(batch: Batch, tmp_path: Path) -> None:
    one, two = (export(batch.folder, "xlsx", tmp_path / name)[0] for name in ("one", "two"))
    assert cells(one) == cells(two)
    assert openpyxl.load_workbook(one).properties.created == openpyxl.load_workbook(two).properties.created


def test_what_cannot_be_exported_is_said(batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(*words: str) -> str:
        found = CliRunner().invoke(app, ["export", *words])
        assert found.exit_code == 2
        assert "Traceback" not in found.stderr
        return found.stderr

    assert "manifest.json: No such file or directory" in told(str(tmp_path), "--to", "csv")
    assert "'docx' is no format to export to; there are csv, xlsx" in told(str(batch.folder), "--to", "docx")
    file = tmp_path / "file"
    file.write_text("")
    assert "file" in told(str(batch.folder), "--to", "csv", "--out", str(file))
    monkeypatch.setattr(workbook, "MOST_ROWS", 20)
    assert "a worksheet holds 19; export to csv" in told(str(batch.folder), "--to", "xlsx", "--out", str(tmp_path))
    monkeypatch.setitem(sys.modules, "simcrisis.batch.workbook", None)
    assert 'pip install "simcrisis[office]"' in told(str(batch.folder), "--to", "xlsx", "--out", str(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_the_folder_is_a_crate(batch: Batch) -> None:
    crate = ROCrate(batch.folder)
    assert {entity.id for entity in crate.data_entities} == {
        "manifest.json", "failures.jsonl", "citation.txt",
        *(f"tables/{name}.parquet" for name in batch.tables()),
    }  # fmt: skip
    assert all((batch.folder / entity.id).is_file() for entity in crate.data_entities)
    action = crate.dereference("#batch")
    assert action["instrument"]["version"] == sc.__version__
    assert [entity.id for entity in action["object"]] == ["manifest.json"]
    assert crate.root_dataset["description"] == batch.citation


def test_the_citation_says_what_the_figures_are_of(batch: Batch) -> None:
    for part in (
        batch.scenario.title,
        batch.scenario.digest[:16],
        "12 replications",
        "seed 3",
        sc.__version__,
        "2 design",
    ):
        assert part in batch.citation
    assert (batch.folder / "citation.txt").read_text(encoding="utf-8") == f"{batch.citation}\n"
