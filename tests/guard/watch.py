"""Looks at every call that is made while something runs, and tells of those that a run must not make.

A profile function sees each call of Python code, and each call from Python code into C. It does not see what C itself
calls (`sorted(states, key=id)`), nor functions compiled by Cython (NumPy's generators); so what the code of the project
names is looked up as well, when it first runs. What hides from both (a generator of NumPy out of a container) is left
to the ban on its import in test_architecture.
"""

from __future__ import annotations

import builtins
import dis
import gc
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any, NamedTuple

import simcrisis

PACKAGE = Path(simcrisis.__file__).parent
LIBRARIES = (*(sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")), "<")
SOURCES = ("random", "_random", "numpy.random", "secrets", "uuid", "_uuid", "time")
"""Modules of random sources and clocks: nothing of them may be used."""
OF_THE_SYSTEM = {"urandom", "getrandom", "getpid", "times"}
CLOCKS = {"now", "utcnow", "today"}
ADDRESSES = (id, hash)
"""These hang on where an object lies, or, for texts, on PYTHONHASHSEED. Libraries may keep books by them."""
KNOWN = {("builtins.id", "scenario/text.py", "build")}
"""The loader finds an alias that holds itself by the identity of its node, and orders nothing by it."""


class Breach(NamedTuple):
    """Something that a run must not use, and where it did."""

    what: str
    file: str
    line: int
    function: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.function} uses {self.what}"


@contextmanager
def watched() -> Iterator[list[Breach]]:
    """Give a list to which breaches are added while the body of the statement runs.

    Nothing is collected meanwhile: what others do when it is (hypothesis takes the time) would be seen as ours.
    """
    watch, before, collects = Watch(), sys.getprofile(), gc.isenabled()
    gc.disable()
    sys.setprofile(watch.look)
    try:
        yield watch.breaches
    finally:
        sys.setprofile(before)
        if collects:
            gc.enable()


class Watch:
    """What has been seen so far."""

    def __init__(self) -> None:
        self.breaches: list[Breach] = []
        self._code: set[CodeType] = set()
        self._functions: dict[tuple[object, str], str | None] = {}

    def look(self, frame: FrameType, event: str, arg: Any) -> None:
        """Take note of one call."""
        if event == "c_call":
            holder = getattr(arg, "__self__", None)
            owner = holder if isinstance(holder, (ModuleType, type)) else type(holder)
            key = (owner, arg.__name__)
            if key not in self._functions:
                self._functions[key] = forbidden(arg)
            what = self._functions[key]
            if what is not None and (arg not in ADDRESSES or is_ours(frame.f_code.co_filename)):
                self._tell(what, frame)
        elif event == "call" and frame.f_code not in self._code:
            self._code.add(frame.f_code)
            home = frame.f_globals.get("__name__", "")
            if _is_source(home):
                self._tell(f"{home}.{frame.f_code.co_name}", frame)
            elif is_ours(frame.f_code.co_filename):
                for what in names_in(frame.f_code, frame.f_globals):
                    self._tell(what, frame)

    def _tell(self, what: str, frame: FrameType) -> None:
        """Note a breach, at the place of the project from which it came about."""
        at: FrameType | None = frame
        while at is not None and not is_ours(at.f_code.co_filename):
            at = at.f_back
        place = at or frame
        breach = Breach(what, place.f_code.co_filename, place.f_lineno, place.f_code.co_name)
        if breach not in self.breaches and not permitted(what, breach.file, breach.function):
            self.breaches.append(breach)


def permitted(what: str, file: str, function: str) -> bool:
    """Return whether a function may use something after all.

    A hash within `__hash__` serves dictionaries and sets; whether anything hangs on their order is looked at elsewhere.
    """
    for_sets = what == "builtins.hash" and function == "__hash__"
    return for_sets or any(what == w and file.endswith(f) and function == n for w, f, n in KNOWN)


def names_in(code: CodeType, known: dict[str, Any]) -> Iterator[str]:
    """Yield what the names in a piece of code stand for and must not; `known` is what is global to it."""
    for each in dis.get_instructions(code):
        if each.opname == "IMPORT_NAME" and _is_source(each.argval):
            yield each.argval
        if each.opname in {"LOAD_ATTR", "LOAD_METHOD"} and each.argval == "__hash__":
            yield "__hash__"
    for name in code.co_names:
        thing = known.get(name, vars(builtins).get(name))
        inside = vars(thing) if isinstance(thing, ModuleType) else {}
        for found in (thing, *(inside[other] for other in code.co_names if other in inside)):
            what = forbidden(found)
            if what is not None:
                yield what


def forbidden(thing: Any) -> str | None:
    """Return the name of a module, class, function, method or generator that no run may use; None for all others."""
    while "func" in dir(type(thing)):  # a partial function
        thing = thing.func
    owner, name = getattr(thing, "__self__", None), getattr(thing, "__name__", type(thing).__name__)
    homes = [*_homes(thing), *_homes(owner)]
    told = next((f"{home}.{name}" for home in homes if _is_source(home)), None)
    if told is None and name in OF_THE_SYSTEM and {"posix", "nt"} & {*homes}:
        told = f"os.{name}"
    if told is None and name in CLOCKS and isinstance(owner, type) and issubclass(owner, date):
        told = f"{owner.__name__}.{name}"
    if told is None and any(thing is each for each in ADDRESSES):
        told = f"builtins.{name}"
    return told


def _homes(thing: object) -> Iterator[str]:
    """Yield the modules that something comes from, as an object and by its class."""
    if isinstance(thing, ModuleType):
        yield thing.__name__
    kind = thing if isinstance(thing, type) else type(thing)
    for home in (getattr(thing, "__module__", None), *(each.__module__ for each in kind.__mro__)):
        if isinstance(home, str):
            yield home


def _is_source(home: str) -> bool:
    return any(home == source or home.startswith(f"{source}.") for source in SOURCES)


def is_ours(file: str) -> bool:
    """Return whether a file is the project's, not a library's, and not made by one."""
    return file.startswith(str(PACKAGE)) or not file.startswith(LIBRARIES)
