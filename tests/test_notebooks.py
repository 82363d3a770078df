"""Notebooks run from top to bottom, and are kept without outputs: who opens one sees what this version makes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
BOOKS = sorted(NOTEBOOKS.glob("*.ipynb"))
QUICK = 2
"""Notebooks that `make test` runs."""
RUN = [*BOOKS[:QUICK], *(pytest.param(path, marks=pytest.mark.long) for path in BOOKS[QUICK:])]


def cells(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return found


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_it_opens_with_a_question_ends_with_an_answer_and_holds_no_outputs(path: Path) -> None:
    told = cells(path)
    assert "**Question.**" in "".join(told[0]["source"])
    assert any("**Answer" in "".join(cell["source"]) for cell in told[-3:])
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in told)


@pytest.mark.parametrize("path", RUN, ids=lambda path: path.stem)
def test_it_runs_from_top_to_bottom(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(NOTEBOOKS.parent), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    book: Any = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call,unused-ignore]
    NotebookClient(book, timeout=240, kernel_name="python3", resources={"metadata": {"path": tmp_path}}).execute()
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.get("name") == "stderr"]
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert len(pictures) == sum(
        "plots." in line
        for cell in book.cells
        for line in cell.source.splitlines()
        if cell.cell_type == "code" and not line.startswith("from")
    )
