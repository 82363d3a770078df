"""Every law holds."""

from __future__ import annotations

import pytest

from tests.laws import LAWS
from tests.laws.law import Law


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_law(law: Law) -> None:
    outcome = law.check()
    assert outcome.holds, f"{law.says}: {outcome.measured}"
