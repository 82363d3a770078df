"""Decision rules handed in: the names by which they are found again."""

from __future__ import annotations

from collections.abc import Mapping

from simcrisis.engine.compiler import Rules
from simcrisis.rules.doctrines import foreign_rule
from simcrisis.rules.doctrines.foreign import Checked
from simcrisis.rules.situation import Rule

Names = str | dict[str, str] | None


def names_of(rules: Rules | None) -> Names:
    """Return rules as `module:function`, by State where they were handed in so."""
    if rules is None:
        return None
    return {state: _name(rule) for state, rule in rules.items()} if isinstance(rules, Mapping) else _name(rules)


def rules_of(names: Names) -> Rules | None:
    """Return the rules of that name; raises ImportError where there is none."""
    if isinstance(names, Mapping):
        return {state: foreign_rule(name) for state, name in names.items()}
    return None if names is None else foreign_rule(names)


def _name(rule: Rule) -> str:
    plain = rule.rule if isinstance(rule, Checked) else rule
    return f"{plain.__module__}:{getattr(plain, '__qualname__', type(plain).__qualname__)}"
