"""Decision rules. A new one is one file with a function of type `Rule`, and one entry here."""

from __future__ import annotations

from collections.abc import Mapping

from simcrisis.rules.doctrines.foreign import foreign_rule, is_foreign
from simcrisis.rules.doctrines.logit import logit
from simcrisis.rules.doctrines.scripted import Row, Scripted
from simcrisis.rules.doctrines.threshold import threshold
from simcrisis.rules.situation import Rule

__all__ = ["RULES", "SCRIPTED", "Row", "Scripted", "foreign_rule", "is_foreign", "rule_named"]

RULES: Mapping[str, Rule] = {"logit": logit, "threshold": threshold}
SCRIPTED = "scripted"
"""The rule that a table gives, with another for what the table leaves open."""


def rule_named(name: str) -> Rule:
    """Return a shipped rule, or a function of the user's named as `module:function` (its file must be trusted)."""
    return foreign_rule(name) if is_foreign(name) else RULES[name]
