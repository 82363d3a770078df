"""How often the garbage collector comes: seldom while shards are made, for runs leave it hardly anything."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_SELDOM = 10_000
"""New objects between two collections; by Python's own 700, they take some percent of a batch."""
_lock = Lock()
_inside = 0
_usual = gc.get_threshold()


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let the garbage collector of this process come less often; it may be entered from several threads at once."""
    global _inside, _usual
    with _lock:
        if not _inside:
            _usual = gc.get_threshold()
            if 0 < _usual[0] < _SELDOM:
                gc.set_threshold(_SELDOM, *_usual[1:])
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside:
                gc.set_threshold(*_usual)
