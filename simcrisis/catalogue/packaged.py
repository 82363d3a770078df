"""Reading the packaged data files."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

_DATA = files(__package__).joinpath("data")


def text(name: str) -> str:
    """Return the text of a data file."""
    return _DATA.joinpath(name).read_text(encoding="utf-8")


def toml(name: str) -> dict[str, Any]:
    """Return the content of a TOML data file."""
    return tomllib.loads(text(name))
