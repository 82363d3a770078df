"""docs/sources.md: nothing that the documents name is left out, and what the page points to is there."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from simcrisis.scenario.shelf import shipped
from tests.studies import DOCS, sources

ROOT = DOCS.parent
ROWS = sources.catalogue()["row"]
LEFT = sources.catalogue()["left"]
NAMED = {
    "000": ("CBM 2", "CBM 8", "discussion exercise", "sub-regional processes"),
    "001": (
        "crisis communication links",
        "incorrect perception",
        *(f"(CBM {number})" for number in (1, 4, 5, 6, 7, 9)),
        "codes of conduct",
        "critical national and international infrastructure",
        "inside or outside the region",
        "conventional conflicts",
        "human rights",
        "gender",
    ),
    "002": ("Partners", "verification, secrecy", "upward spiral", "deterrence", "capitals", "AI"),
    "003": ("Communications Network", "challenges", "training", "energy", "Mediterranean", "police"),
    "004": ("points of contact", "not yet leveraged", "joint exercises", "uneven capacity", "NIS2", "disinformation"),
}
"""What a reader of the documents finds named in each, in words that its row must hold."""


@pytest.mark.parametrize("document", NAMED)
def test_everything_that_a_document_names_has_a_row_or_a_reason(document: str) -> None:
    held = [row["system"] for row in ROWS if row["document"] == document]
    held += [entry["what"] for entry in LEFT if entry["document"] == document and entry["why"]]
    for words in NAMED[document]:
        assert any(words in system for system in held), words


def functions_in(path: Path) -> set[str]:
    return {
        node.name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['document']}-{row['system'][:30]}")
def test_what_a_row_points_to_is_there(row: dict[str, Any]) -> None:
    assert row["files"]
    assert row["tests"]
    assert row["scenario"] in shipped()
    for name in row["files"]:
        assert (ROOT / "simcrisis" / name).is_file(), name
    for test in row["tests"]:
        file, function = test.split("::")
        assert function in functions_in(ROOT / "tests" / file), test


def test_the_page_holds_every_row_as_it_stands() -> None:
    page = (DOCS / "sources.md").read_text(encoding="utf-8")
    for row in ROWS:
        assert f"| **{row['system']}** | {sources.standing(row)} | {row['effect'][0]['what']}" in page
        for effect in row["effect"]:
            assert f"{effect['what']}" in page
            assert f"`{effect['measure']}` " in page
    for entry in LEFT:
        assert f"| {entry['document']} | {entry['what']} | {entry['why']} |" in page


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['document']}-{row['system'][:30]}")
def test_every_contrast_is_two_arms_that_differ(row: dict[str, Any]) -> None:
    for effect in row["effect"]:
        scenario = sources.contrast(row["scenario"], effect)
        one, other = (scenario.under(side).data["arms"][side] for side in sources.SIDES)
        assert one != other
