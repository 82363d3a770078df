"""Ctrl-C that cannot get lost."""

from __future__ import annotations

import _thread
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

_A_MOMENT = 0.01
"""Seconds until an interrupt comes again: by then whatever dropped it is over."""


@contextmanager
def insistent_interrupts() -> Iterator[None]:
    """Let a Ctrl-C that Python drops come again.

    One that arrives while a generator is thrown away cannot be raised there: Python reports it as ignored and goes on.
    A run throws its unfinished processes away when it ends, so that one Ctrl-C in twenty hit such a moment.
    """
    before = sys.unraisablehook

    def again(lost: sys.UnraisableHookArgs) -> None:
        if issubclass(lost.exc_type, KeyboardInterrupt):
            Timer(_A_MOMENT, _thread.interrupt_main).start()
        else:
            before(lost)

    sys.unraisablehook = again
    try:
        yield
    finally:
        sys.unraisablehook = before
