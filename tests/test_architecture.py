"""The arrows of the house: who may import whom, read from the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "simcrisis"

GROUND = {"errors", "files", "members", "units", "draws", "events", "spec", "docstrings", "shown"}
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "files": set(),
    "members": set(),
    "units": set(),
    "spec": {"units"},
    "docstrings": {"spec"},
    "shown": set(),
    "draws": {"members", "units"},
    "luck_table": {"draws"},
    "events": {"members"},
    "frames": {"events", "units"},
    "catalogue": GROUND,
    "rules": {"units"},
    "scenario": GROUND | {"catalogue", "rules"},
    "engine": GROUND | {"catalogue", "rules", "scenario"},
    "measures": {"events", "frames"},
    "stats": {"events"},
    "batch": GROUND | {"luck_table", "frames", "scenario", "engine", "measures", "stats"},
    "calibration": GROUND | {"catalogue", "scenario", "engine", "batch"},
    "plots": {"errors", "events", "units", "catalogue"},
    "report": GROUND | {"frames", "catalogue", "scenario", "engine", "batch", "calibration", "plots"},
    "exercise": GROUND | {"catalogue", "scenario", "rules", "batch", "plots"},
    "claims": GROUND | {"catalogue", "scenario", "batch"},
    "cli": GROUND | {"claims", "catalogue", "scenario", "batch", "calibration", "report", "exercise"},
    "__init__": {"errors", "scenario", "batch"},
    "__main__": {"cli"},
}
"""Part -> what else of the package it may import. Data flows down this list and never back."""
ONLY_IN = {
    "SALib": {"batch"},
    "openpyxl": {"batch", "exercise"},
    "docx": {"exercise"},
    "reportlab": {"exercise"},
    "distributed": {"batch"},
    "filelock": {"batch"},
    "matplotlib": {"plots"},
    "simpy": {"engine"},
    "networkx": {"engine"},
    "typer": {"cli"},
    "rich": {"cli"},
    "ruamel": {"scenario"},
}
FORBIDDEN_UNDER_THE_ENGINE = {"random", "time", "secrets", "uuid", "threading"}


def files() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        inside = path.relative_to(PACKAGE)
        yield (inside.parts[0] if len(inside.parts) > 1 else inside.stem), path


def imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            assert node.module is not None
            if node.module == "simcrisis":
                for name in node.names:
                    yield f"simcrisis.{name.name}", node.lineno
            else:
                yield node.module, node.lineno


def test_arrows() -> None:
    wrong = []
    for part, path in files():
        for name, line in imports(path):
            words = name.split(".")
            if words[0] != "simcrisis" or len(words) < 2 or words[1] == "__version__":
                continue
            if words[1] != part and words[1] not in MAY_IMPORT[part]:
                wrong.append(f"{path.relative_to(PACKAGE)}:{line}: {part} imports {words[1]}")
    assert not wrong, "\n".join(wrong)


def test_every_part_is_placed() -> None:
    assert {part for part, _ in files()} == set(MAY_IMPORT)


def test_libraries_have_one_home() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)}:{line}: {name}"
        for part, path in files()
        for name, line in imports(path)
        if part not in ONLY_IN.get(name.split(".")[0], {part})
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("part", ["members", "draws", "rules", "engine", "events", "units"])
def test_nothing_under_the_engine_has_luck_or_a_clock_of_its_own(part: str) -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)}:{line}: {name}"
        for where, path in files()
        if where == part
        for name, line in imports(path)
        if name.split(".")[0] in FORBIDDEN_UNDER_THE_ENGINE or name.startswith("numpy")
    ]
    assert not wrong, "\n".join(wrong)


def test_no_circle_between_modules() -> None:
    graph = {}
    for _, path in files():
        name = ".".join(("simcrisis", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
        graph[name] = {target for target, _ in imports(path) if target.startswith("simcrisis.")}
    seen: dict[str, int] = {}

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert seen.get(name) != 1, " -> ".join((*trail, name))
        if name in seen or name not in graph:
            return
        seen[name] = 1
        for target in graph[name]:
            if target != name and not name.startswith(f"{target}."):
                visit(target, (*trail, name))
        seen[name] = 2

    for name in graph:
        visit(name, ())
