"""What the attributes of nouns say of themselves, for the schema, the parameter page and whoever asks for help."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Any

from simcrisis.spec import Spec


@cache
def help_of(noun: type[Any]) -> Mapping[str, str]:
    """Return the docstrings of the attributes of a noun by name, those that it inherits included.

    Read when somebody asks for help: to read them whenever nouns are made, as pydantic can, took a third of the time
    that a command needed to start.
    """
    found: dict[str, str] = {}
    for kind in reversed(noun.__mro__):
        written = _written(kind.__module__).get(kind.__qualname__) if issubclass(kind, Spec) else None
        if written is not None:
            found.update(_docstrings(written))
    return found


def _docstrings(written: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for name, text in pairwise(written.body):
        if (
            isinstance(name, ast.AnnAssign)
            and isinstance(name.target, ast.Name)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
            and isinstance(text.value.value, str)
        ):
            yield name.target.id, inspect.cleandoc(text.value.value)


@cache
def _written(module: str) -> Mapping[str, ast.ClassDef]:
    """Return the classes of a module as they are written, by name."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
