"""Every law holds."""

from __future__ import annotations

import pytest

from tests.laws import bayes, choice, common_luck, nulls, signal_detection
from tests.laws.law import LAWS, Law

assert all((bayes, choice, common_luck, nulls, signal_detection))


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_law(law: Law) -> None:
    outcome = law.check()
    assert outcome.holds, f"{law.says}: {outcome.measured}"
