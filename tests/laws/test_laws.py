"""Every law holds."""

from __future__ import annotations

import pytest

from tests.laws import LAWS
from tests.laws.breakages import BREAKAGES, broken
from tests.laws.law import Law


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_law(law: Law) -> None:
    outcome = law.check()
    assert outcome.holds, f"{law.says}: {outcome.measured}"


def test_every_law_has_a_way_to_be_broken() -> None:
    assert set(BREAKAGES) == {law.name for law in LAWS}


@pytest.mark.long
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_a_law_fails_when_what_it_guards_is_broken(law: Law) -> None:
    with broken(law.name):
        assert not law.check().holds
