"""docs/sources.md: nothing that the documents name is left out, and what the page points to is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from simcrisis import load, run_batch
from simcrisis.catalogue import Cert, Parameters, Policy, cbms
from simcrisis.engine.compiler import compile_world
from simcrisis.engine.run import simulate
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


def named(row: dict[str, Any]) -> str:
    return f"{row['document']}-{row['system'][:30]}"


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


@pytest.mark.parametrize("row", ROWS, ids=named)
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
    lines = iter((DOCS / "sources.md").read_text(encoding="utf-8").splitlines())
    number = r"[-+]?[\d.,]+(e[-+]\d+)?"
    change = rf"{number} \({number} to {number}\) from {number}( in \d+ of [\d,]+ pairs)?(: not told from zero)?"
    for document in NAMED:
        for row in sources.rows_of(document):
            for n, effect in enumerate(row["effect"]):
                head = f"| **{row['system']}** | {sources.standing(row)} |" if n == 0 else "|  |  |  |  |"
                expected = re.escape(f"{head} {sources.contrasted(effect)} | `{effect['measure']}` ")
                assert any(re.fullmatch(f"{expected}{change} \\|", line) for line in lines), effect["what"]
    rest = list(lines)
    for entry in LEFT:
        assert f"| {entry['document']} | {entry['what']} | {entry['why']} |" in rest


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_every_contrast_changes_what_happens(row: dict[str, Any]) -> None:
    columns = run_batch(load("belgrade_2015"), 1, 1, workers=1).runs.columns
    for effect in row["effect"]:
        assert effect["measure"] in columns
        scenario = sources.contrast(row["scenario"], effect)
        one, other = (compile_world(scenario, side) for side in sources.SIDES)
        assert any(simulate(one, 1, n).records != simulate(other, 1, n).records for n in range(20)), effect["what"]


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_what_is_null_by_default_ships_at_its_null(row: dict[str, Any]) -> None:
    for path in (path for effect in row["effect"] for path in effect.get("null", ())):
        part, name, *size = path.split(".")
        if part == "effects":
            effect = next(cbm for cbm in cbms().values() if cbm.key == name).effect[size[0]]
            assert effect.size == effect.null
        else:
            parts: dict[str, type[BaseModel]] = {"model": Parameters, "cert": Cert, "policy": Policy}
            field = parts[part].model_fields[name]
            assert isinstance(field.json_schema_extra, dict)
            assert field.default == field.json_schema_extra["null"]
