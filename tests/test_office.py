"""Workbooks in a real office: `make test-office-web` installs it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import simcrisis as sc
from simcrisis.batch.export import export
from tests.office import as_text, convert

pytestmark = pytest.mark.office


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> sc.Batch:
    scenario = sc.load("belgrade_2015").with_({"title": "=1+1"})
    return sc.run_batch(scenario, 12, 3, workers=1, out=tmp_path_factory.mktemp("office") / "batch")


def test_a_workbook_opens_with_every_table_and_computes_nothing(batch: sc.Batch, tmp_path: Path) -> None:
    (book,) = export(batch.folder, "xlsx")
    sheets = {path.stem.split("-")[-1]: path for path in convert(book, "csv", tmp_path)}
    assert set(sheets) == {"about", *batch.tables()}
    for name, table in batch.tables().items():
        with sheets[name].open(encoding="utf-8", newline="") as stream:
            head, *rows = csv.reader(stream)
        assert head == table.columns
        assert [row[0] for row in rows] == [str(value) for value in table[:, 0]]
    assert "'=1+1" in sheets["about"].read_text(encoding="utf-8")


def test_a_workbook_prints(batch: sc.Batch, tmp_path: Path) -> None:
    (book,) = export(batch.folder, "xlsx")
    (pdf,) = convert(book, "pdf", tmp_path)
    told = as_text(pdf)
    assert "replications of each arm" in told
    assert "compensated" in told
