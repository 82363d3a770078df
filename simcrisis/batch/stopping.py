"""Batches that stop by themselves: what is asked for in words, and after how many replications it is looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from simcrisis.errors import BatchError
from simcrisis.events import EXCEEDED, FIREBREAK
from simcrisis.stats import Rule

MOST_UNTIL = 100_000
"""Replications after which a batch stops in any case, where nobody says."""
_FIRST_LOOK = 100
_GROWTH = 8
"""Each look comes after an eighth more replications: at most so much is run beyond need."""
_WORDS = re.compile(r"(?P<what>sign|width\s+(?P<width>\S+))(\s+of\s+(?P<arm>.+?))?(\s+at\s+(?P<rung>\d+))?")
_FORMS = "'sign', 'width 0.01', 'sign of cbm8', 'width 0.01 of cbm8 at 4'"


def parse_rule(text: str, arms: Sequence[str]) -> Rule:
    """Return the rule that `sign` or `width W`, with `of ARM` and `at RUNG`, stands for; raises BatchError.

    By default it is about what the last arm changes at the firebreak; with a single arm, about its risk.
    """
    found = _WORDS.fullmatch(str(text).strip())
    if found is None:
        raise BatchError(f"until: '{str(text)[:60]}' is no precision; write {_FORMS}")
    arm, rung = found["arm"] or arms[-1], int(found["rung"] or FIREBREAK)
    if arm not in arms:
        raise BatchError(f"until: no arm '{arm[:60]}' is run; there are {', '.join(arms)}")
    if rung not in EXCEEDED:
        raise BatchError(f"until: rung {rung} should be from {EXCEEDED[0]} to {EXCEEDED[-1]}")
    if found["width"] is None:
        if arm == arms[0]:
            raise BatchError(f"until: '{arm[:60]}' is the reference; a sign is that of another arm against it")
        return Rule(arm, rung)
    try:
        width = float(found["width"])
    except ValueError:
        width = 0.0
    if not 0.0001 <= width < 1.0:
        raise BatchError(f"until: a width of '{found['width'][:20]}' should be a share from 0.0001, below 1")
    return Rule(arm, rung, width)


def looks(most: int) -> Iterator[int]:
    """Yield the numbers of replications after which a batch is looked at, up to the most it may have."""
    n = min(_FIRST_LOOK, most)
    while n < most:
        yield n
        n += max(n // _GROWTH, 1)
    yield most
