"""A user's own decision rule: a Python function, named `module:function` or handed in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from simcrisis.rules.situation import HIGHEST, Rule, Situation, Weights


@dataclass(frozen=True, slots=True)
class Checked:
    """A rule whose every answer is checked, so that a slip in it is named and not simulated."""

    rule: Rule

    def __call__(self, situation: Situation, weights: Weights, g: Sequence[float]) -> Sequence[float]:
        """Return what the rule says; raises ValueError if that is no distribution over the eleven rungs."""
        chances = [float(chance) for chance in self.rule(situation, weights, g)]
        if len(chances) != HIGHEST + 1 or min(chances) < 0.0 or not math.isclose(math.fsum(chances), 1.0):
            raise ValueError(f"a decision rule must return eleven chances that add up to one; got {chances}")
        return chances


def is_foreign(name: str) -> bool:
    """Return whether a name means a function of the user's."""
    return ":" in name


def foreign_rule(name: str) -> Rule:
    """Import `module:function`; raises ImportError when there is no such function."""
    module, _, function = name.partition(":")
    try:
        found = getattr(import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise ImportError(f"'{name}' cannot be imported: {error}") from None
    if not callable(found):
        raise ImportError(f"'{name}' is not a function")
    return Checked(found)
