"""Decision rules. A new one is one file with a function of type `Rule`, and one entry here."""

from __future__ import annotations

from collections.abc import Mapping

from simcrisis.rules.doctrines.logit import logit
from simcrisis.rules.doctrines.threshold import threshold
from simcrisis.rules.situation import Rule

RULES: Mapping[str, Rule] = {"logit": logit, "threshold": threshold}
