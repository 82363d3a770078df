"""The shipped scenarios."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent
FOLDERS = (_PACKAGE / "scenarios", _PACKAGE.parent / "scenarios")
"""Where they lie in a wheel, and in a checkout."""


def shipped() -> dict[str, Path]:
    """Return the shipped scenarios: name -> file, by name."""
    folder = next((folder for folder in FOLDERS if folder.is_dir()), None)
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))} if folder else {}


def shipped_path(name: str) -> Path | None:
    """Return the file of a shipped scenario, None if there is none of that name."""
    return shipped().get(name)


def starter() -> str:
    """Return the text of a commented scenario file to start from."""
    return (Path(__file__).parent / "starter.yaml").read_text(encoding="utf-8")
