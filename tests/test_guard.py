"""The guard, and that it sees what it is there to see."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from simcrisis.engine.compiler import compile_world
from simcrisis.engine.run import simulate
from simcrisis.engine.world import World
from simcrisis.scenario import load
from tests.guard import sets
from tests.guard.runs import ALLIED, NAMES, WIDE, logs
from tests.guard.watch import PACKAGE, Breach, names_in, permitted, watched

UNDER_THE_ENGINE = ("errors", "units", "spec", "draws", "events", "catalogue", "rules", "scenario", "engine")

BREACHES = {
    "random.random": "import random\ndef breach(): random.random()",
    "random.gauss": "from random import gauss\ndef breach(): gauss(0.0, 1.0)",
    "random.Random": "from random import Random\nown = Random(7)\ndef breach(): own.random()",
    "random.Random hidden": "from random import Random\nkept = [Random(7)]\ndef breach(): kept[0].random()",
    "random.SystemRandom": "def breach():\n    import random\n    random.SystemRandom().random()",
    "random by another name": "from importlib import import_module\n"
    "def breach(): getattr(import_module('ran' + 'dom'), 'rand' + 'int')(1, 6)",
    "random called by C": "import random\ndef breach(): sorted([1, 2], key=lambda n: random.random())",
    "random in a partial function": "import random\nfrom functools import partial\n"
    "drawn = partial(random.random)\ndef breach(): drawn()",
    "_random": "import _random\nkept = {'own': _random.Random(7)}\ndef breach(): kept['own'].random()",
    "secrets": "import secrets\ndef breach(): secrets.token_bytes(8)",
    "uuid": "from uuid import uuid4\ndef breach(): uuid4()",
    "os.urandom": "import os\ndef breach(): os.urandom(8)",
    "os.getrandom": "from os import getrandom\ndef breach(): getrandom(8)",
    "os.getpid": "import os\ndef breach(): os.getpid()",
    "numpy.random": "import numpy as np\ndef breach(): np.random.random()",
    "numpy.random.default_rng": "from numpy.random import default_rng\ndef breach(): default_rng(7).random()",
    "a generator of NumPy": "import numpy as np\nown = np.random.default_rng(7)\ndef breach(): own.random()",
    "numpy.random, imported late": "def breach():\n    from numpy.random import default_rng\n    default_rng(7)",
    "time.time": "from time import time\ndef breach(): time()",
    "time.perf_counter_ns": "import time\ndef breach(): time.perf_counter_ns()",
    "time.monotonic hidden": "import time\nclass Watch:\n    read = staticmethod(time.monotonic)\n"
    "def breach(): Watch.read()",
    "datetime.now": "from datetime import UTC, datetime\ndef breach(): datetime.now(UTC)",
    "datetime.utcnow": "import datetime, warnings\ndef breach():\n    with warnings.catch_warnings():\n"
    "        warnings.simplefilter('ignore')\n        datetime.datetime.utcnow()",
    "date.today": "from datetime import date\ndef breach(): date.today()",
    "id": "def breach(): id(object())",
    "id as a key": "def breach(): sorted([object(), object()], key=id)",
    "id hidden": "keys = (id,)\ndef breach(): keys[0](object())",
    "hash": "def breach(): hash('Alderland')",
    "hash as a key": "def breach(): min(('Alderland', 'Brevia'), key=hash)",
    "__hash__": "def breach(): 'Alderland'.__hash__()",
}
FINE = {
    "datetime.time": "from datetime import time\ndef breach(): time(8, 30).isoformat()",
    "a hash of content": "from hashlib import blake2b\ndef breach(): blake2b(b'x').digest()",
    "what is hashed to be found": "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass Key:\n    n: int\n"
    "def breach(): {Key(1): 1}[Key(1)]",
    "a sum": "import math\ndef breach(): math.fsum([0.1, 0.2])",
    "a copy": "from copy import deepcopy\ndef breach(): deepcopy({'a': [1]})",
}
RULE, PROCESS = "simcrisis.rules.belief.logistic", "simcrisis.engine.clock.call_after"
"""Functions of the engine that every run calls."""


def forget() -> None:
    """Let all that the project has kept of earlier calls be worked out again."""
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == "simcrisis":
            for kept in vars(module).values():
                if hasattr(kept, "cache_clear"):
                    kept.cache_clear()


QUICK = [name for name in NAMES if name != WIDE]


@pytest.mark.parametrize("name", QUICK)
def test_a_run_touches_no_other_random_source_no_clock_and_no_address(name: str) -> None:
    forget()
    with watched() as breaches:
        records = sum(len(log.records) for _, log in logs(name, 1))
    assert records > 100
    assert not breaches, "\n".join(map(str, breaches))


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_no_arm_of_it_does_in_more_runs(name: str) -> None:
    with watched() as breaches:
        assert list(logs(name, 12, every_arm=True))
    assert not breaches, "\n".join(map(str, breaches))


def pieces(code: CodeType) -> Iterator[CodeType]:
    """Yield a piece of code and all within it."""
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from pieces(each)


@pytest.mark.parametrize("part", UNDER_THE_ENGINE)
def test_no_code_names_what_it_must_not_use(part: str) -> None:
    """Of all code under the engine, also of what no scenario here runs."""
    files = [PACKAGE / f"{part}.py"] if (PACKAGE / f"{part}.py").exists() else sorted((PACKAGE / part).rglob("*.py"))
    assert files
    for file in files:
        inside = file.relative_to(PACKAGE.parent).with_suffix("")
        known = vars(importlib.import_module(".".join(inside.parts).removesuffix(".__init__")))
        for code in pieces(compile(file.read_text(encoding="utf-8"), str(file), "exec")):
            used = [what for what in names_in(code, known) if not permitted(what, str(file), code.co_name)]
            assert not used, f"{file}:{code.co_firstlineno}: {code.co_name} uses {used}"


@cache
def world() -> World:
    return compile_world(load("belgrade_2015"), "both")


def injected(source: str, place: str, monkeypatch: pytest.MonkeyPatch) -> list[Breach]:
    """Return what the guard says of a run in which a function of the engine also does what a piece of code does."""
    known: dict[str, Any] = {"__name__": __name__}
    exec(compile(source, "breach.py", "exec"), known)
    home, _, name = place.rpartition(".")
    original: Callable[..., Any] = getattr(sys.modules[home], name)

    def also(*arguments: Any) -> Any:
        known["breach"]()
        return original(*arguments)

    compiled = world()
    for module in [module for word, module in sys.modules.items() if word.startswith("simcrisis.")]:
        if vars(module).get(name) is original:
            monkeypatch.setattr(module, name, also)
    with watched() as breaches:
        simulate(compiled, 1, 0)
    return breaches


@pytest.mark.parametrize(("kind", "place"), [*((kind, RULE) for kind in BREACHES), ("random.random", PROCESS)])
def test_the_guard_sees(kind: str, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    breaches = injected(BREACHES[kind], place, monkeypatch)
    assert breaches
    assert {breach.file for breach in breaches} == {"breach.py"}
    assert {breach.function for breach in breaches} <= {"breach", "<lambda>"}


@pytest.mark.parametrize("kind", FINE)
def test_the_guard_lets_pass(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not injected(FINE[kind], RULE, monkeypatch)


HANG_ON_ORDER = {
    "a display": "found = list({1, 2, 3})",
    "a comprehension": "found = [n for n in {n * n for n in range(3)}]",
    "a loop": "found = []\nfor n in set(range(3)):\n    found.append(n)",
    "frozenset": "found = tuple(frozenset('abc'))",
    "the first": "found = next(iter({1, 2, 3}))",
    "pop": "found = {1, 2, 3}.pop()",
    "unpacking": "found, *others = {1, 2, 3}",
    "a star": "found = [*{1, 2}]",
    "join": "found = ', '.join({'Alderland', 'Brevia'})",
    "text": "found = str({1, 2})",
    "a tie": "found = max({'ab', 'cd'}, key=len)",
    "a dictionary": "found = list(dict.fromkeys({1, 2}))",
    "an operator": "found = list({1, 2, 3} - {3})",
    "a method": "found = list({1, 2}.union({3}))",
    "a copy": "found = list({1, 2}.copy())",
    "in place": "known = {1, 2}\nknown |= {3}\nfound = list(known)",
    "a default": "from collections import defaultdict\nknown = defaultdict(set)\nknown[0].update((1, 2))\n"
    "found = list(known[0])",
    "a field": "from dataclasses import dataclass, field\n@dataclass\nclass Kept:\n"
    "    all: set[int] = field(default_factory=set)\nkept = Kept()\nkept.all.update((1, 2))\nfound = list(kept.all)",
    "views": "found = list({1: 0, 2: 0, 3: 0}.keys() - [3])",
    "views in place": "known = {1: 0, 2: 0}.keys()\nknown |= {3}\nfound = list(known)",
    "a library's set": "import networkx\nfound = list(next(networkx.connected_components(networkx.path_graph(3))))",
    "a library's attribute": "import sys\nfound = list(sys.stdlib_module_names)",
    "a library's item": "import sys\nfound = list(vars(sys)['stdlib_module_names'])",
}
HANGS_ON_NONE = {
    "sorted": "found = sorted({3, 1, 2})",
    "a number": "found = (len({1, 2}), sum({1, 2, 3}), min({1, 2}), max({1, 2}))",
    "membership": "found = [n for n in range(5) if n in {1, 3}]",
    "a key": "found = {frozenset((1, 2)): 3}[frozenset((2, 1))]",
    "what is equal": "found = ({1, 2} == {2, 1}, {1} <= {1, 2}, {1, 2} & {2} == {2}, not {1}.isdisjoint({1}))",
    "the order of a dictionary": "found = list({1: 0, 2: 0}.keys())",
}


def found_in(source: str, order: str | None) -> Any:
    """Return what a piece of code finds, with sets as they are or of another order."""
    known: dict[str, Any] = {"__name__": __name__} | (sets.sets(order) if order else {})
    exec(sets.rewritten(source, "order.py") if order else compile(source, "order.py", "exec"), known)
    return known["found"]


@pytest.mark.parametrize("kind", HANG_ON_ORDER)
def test_what_hangs_on_the_order_of_a_set_shows(kind: str) -> None:
    assert found_in(HANG_ON_ORDER[kind], "reversed") != found_in(HANG_ON_ORDER[kind], None)


@pytest.mark.parametrize("order", sets.ORDERS)
@pytest.mark.parametrize("kind", HANGS_ON_NONE)
def test_what_does_not_is_as_it_was(kind: str, order: str) -> None:
    assert found_in(HANGS_ON_NONE[kind], order) == found_in(HANGS_ON_NONE[kind], None)


Instead = tuple[str, str, str]
"""A module, a text in it, and what takes its place."""


class Elsewhere:
    """Runs in a process of its own, under a PYTHONHASHSEED and an order of sets (None: as they are)."""

    def __init__(
        self,
        names: Sequence[str],
        hash_seed: int,
        order: str | None = None,
        *,
        instead: Sequence[Instead] = (),
        packages: Sequence[str] = ("simcrisis", "simpy"),
        replications: int = 1,
        every_arm: bool = False,
    ) -> None:
        asked = {"names": names, "replications": replications, "every_arm": every_arm, "order": order}
        words = json.dumps({**asked, "packages": packages, "instead": instead})
        places = [str(PACKAGE.parent), str(Path(__file__).parent.parent)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.guard", words],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONHASHSEED": str(hash_seed), "PYTHONPATH": os.pathsep.join(places)},
        )

    def digests(self) -> dict[str, str]:
        """Return a digest of the log of each run."""
        told, _ = self._process.communicate()
        assert self._process.returncode == 0
        digests: dict[str, str] = json.loads(told)
        assert digests
        return digests


def differing(one: Elsewhere, *others: Elsewhere) -> list[list[str]]:
    """Return the runs in which each of some processes differs from the first."""
    first, *rest = (each.digests() for each in (one, *others))
    assert all(first.keys() == each.keys() for each in rest)
    return [[run for run in first if first[run] != each[run]] for each in rest]


def test_no_run_hangs_on_the_order_of_a_set() -> None:
    """Neither on how Python orders it nor on the hashes of texts: both are others in the other process."""
    assert differing(Elsewhere(QUICK, 0), Elsewhere(QUICK, 1, "reversed")) == [[]]


@pytest.mark.long
@pytest.mark.parametrize(("hash_seed", "order"), [(1, None), (2, "rotated"), (3, "reversed")])
def test_no_run_does_in_any_arm_with_the_sets_of_libraries_turned_too(hash_seed: int, order: str | None) -> None:
    packages = ("simcrisis", "simpy", "networkx")
    as_it_is = Elsewhere(NAMES, 0, replications=4, every_arm=True)
    turned = Elsewhere(NAMES, hash_seed, order, packages=packages, replications=4, every_arm=True)
    assert differing(as_it_is, turned) == [[]]


ALLIES = ("simcrisis.engine.simulation", "tuple(sorted(found - {state}))", "tuple(found - {state})")
PENDING = ("simcrisis.engine.case", '", ".join(sorted(waiting))', '", ".join(waiting)')
MEMBERS = (
    "simcrisis.engine.network",
    "[state for state in by_key(scenario) if state in chosen]",
    "[state for state in chosen]",
)


LEFT_UNSORTED = [
    (ALLIES, ALLIED),
    pytest.param(PENDING, "belgrade_2015", marks=pytest.mark.long),
    pytest.param(MEMBERS, "hotline_down", marks=pytest.mark.long),
]


@pytest.mark.parametrize(("instead", "name"), LEFT_UNSORTED)
def test_an_engine_that_leaves_a_set_unsorted_is_seen(instead: Instead, name: str) -> None:
    as_it_is = Elsewhere([name], 0, replications=2)
    [differs] = differing(as_it_is, Elsewhere([name], 0, "reversed", instead=[instead], replications=2))
    assert differs


@pytest.mark.long
def test_an_engine_that_hangs_on_the_hash_of_texts_is_seen() -> None:
    seeds = [Elsewhere(["sixteen_measures"], seed, instead=[PENDING]) for seed in (0, 1)]
    [differs] = differing(*seeds)
    assert differs
