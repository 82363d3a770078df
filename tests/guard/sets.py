"""Modules imported with sets that iterate in another order: what hangs on the order of a set then shows.

Python may iterate a set in any order. Here that is taken at its word: displays, comprehensions and the names `set` and
`frozenset` make sets of another order, and what an operator, a call, an attribute or an item gives is turned into one
where it is a plain set (of a library, of two views of dictionaries).
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

ORDERS: dict[str, Callable[[list[Any]], list[Any]]] = {
    "reversed": lambda items: items[::-1],
    "rotated": lambda items: items[1:] + items[:1],
}
_GIVE_SETS = (
    "__and__", "__rand__", "__or__", "__ror__", "__sub__", "__rsub__", "__xor__", "__rxor__",
    "copy", "difference", "intersection", "symmetric_difference", "union",
)  # fmt: skip
_PLACE = "simcrisis_guard_"
"""What the names begin with under which rewritten modules look for their sets."""


def ordered(base: Any, order: Callable[[list[Any]], list[Any]]) -> Any:
    """Return a class of sets that iterate, and are popped from, in another order."""

    def iterate(self: Any) -> Iterator[Any]:
        return iter(order(list(base.__iter__(self))))

    def pop(self: Any) -> Any:
        if not self:
            raise KeyError("pop from an empty set")
        found = next(iter(self))
        self.remove(found)
        return found

    def giving(name: str) -> Callable[..., Any]:
        def method(self: Any, *others: Any) -> Any:
            found = getattr(base, name)(self, *others)
            return found if found is NotImplemented else made(found)

        return method

    own = {"__iter__": iterate, **{name: giving(name) for name in _GIVE_SETS}}
    made: Any = type(base.__name__, (base,), own | ({"pop": pop} if base is set else {}))
    return made


class Rewrite(ast.NodeTransformer):
    """Rewrites a module so that all its sets are of the other order; what it annotates stays."""

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.value = self.visit(node.value) if node.value else None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        returns, node.returns = node.returns, None
        self.generic_visit(node)
        node.returns = returns
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        if not isinstance(node.target, ast.Name):
            return node
        name = node.target.id
        return [node, ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], _turned(_loaded(name, node))), node)]

    def visit_MatchValue(self, node: ast.MatchValue) -> ast.AST:
        return node

    def visit_MatchClass(self, node: ast.MatchClass) -> ast.AST:
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in {"set", "frozenset"} and isinstance(node.ctx, ast.Load):
            return _loaded(_PLACE + node.id, node)
        return node

    def visit_expr(self, node: ast.expr) -> ast.AST:
        """Turn what an expression gives."""
        self.generic_visit(node)
        return _turned(node) if isinstance(getattr(node, "ctx", ast.Load()), ast.Load) else node

    visit_Set = visit_SetComp = visit_BinOp = visit_Call = visit_Attribute = visit_Subscript = visit_expr  # noqa: N815

    def visit_iterating(self, node: Any) -> ast.AST:
        """Turn what a loop runs over."""
        self.generic_visit(node)
        node.iter = _turned(node.iter)
        return node  # type: ignore[no-any-return]

    visit_For = visit_comprehension = visit_iterating  # noqa: N815


def _loaded(name: str, at: ast.AST) -> ast.expr:
    return ast.copy_location(ast.Name(name, ast.Load()), at)


def _turned(node: ast.expr) -> ast.expr:
    return ast.copy_location(ast.Call(_loaded(_PLACE + "turned", node), [node], []), node)


def rewritten(source: str, file: str) -> CodeType:
    """Return the code of a module that makes its sets with what `sets` returns."""
    tree = ast.fix_missing_locations(Rewrite().visit(ast.parse(source, file)))
    code: CodeType = compile(tree, file, "exec", dont_inherit=True)
    return code


def sets(order: str) -> dict[str, Any]:
    """Return what rewritten modules make their sets with, by the names under which they look for it."""
    made = {base: ordered(base, ORDERS[order]) for base in (set, frozenset)}

    def turned(thing: Any) -> Any:
        return made[type(thing)](thing) if type(thing) in made else thing

    return {f"{_PLACE}set": made[set], f"{_PLACE}frozenset": made[frozenset], f"{_PLACE}turned": turned}


class Finder(MetaPathFinder):
    """Finds modules of some packages to import them rewritten, with a piece of their text replaced where asked."""

    def __init__(
        self, packages: Sequence[str], *, rewrites: bool, instead: Sequence[tuple[str, str, str]] = ()
    ) -> None:
        self._packages, self._rewrites, self._instead = packages, rewrites, instead

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Return the module's spec with a loader of its own."""
        if name.split(".")[0] not in self._packages:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            replaced = [(old, new) for module, old, new in self._instead if module == name]
            spec.loader = _Loader(spec.loader, replaced, self._rewrites)
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, of: SourceFileLoader, replaced: list[tuple[str, str]], rewrites: bool) -> None:
        super().__init__(of.name, of.path)
        self._replaced, self._rewrites = replaced, rewrites

    def get_code(self, fullname: str) -> CodeType:
        """Return the code from the source, never from a cache."""
        source = self.get_data(self.path).decode()
        for old, new in self._replaced:
            assert old in source, f"{fullname}: there is no {old!r} to replace"
            source = source.replace(old, new)
        if self._rewrites:
            return rewritten(source, self.path)
        code: CodeType = compile(source, self.path, "exec", dont_inherit=True)
        return code


def use(order: str | None, packages: Sequence[str], instead: Sequence[tuple[str, str, str]]) -> None:
    """Import some packages from now on with sets of another order (None: as they are) and texts replaced."""
    if order is not None:
        vars(builtins).update(sets(order))
    sys.meta_path.insert(0, Finder(packages, rewrites=order is not None, instead=instead))
