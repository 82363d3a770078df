"""Every law holds."""

from __future__ import annotations

import pytest

from tests.laws import LAWS, compensator
from tests.laws.breakages import BREAKAGES, broken
from tests.laws.law import Law

LONG = {"Compensator", "Queues: Pollaczek-Khinchine"}
"""Take a minute and half of one; some of the scenarios of the first do in `make test`, and Erlang C of the queues."""


@pytest.mark.parametrize(
    "law",
    [pytest.param(law, marks=pytest.mark.long if law.name in LONG else ()) for law in LAWS],
    ids=lambda law: law.name,
)
def test_law(law: Law) -> None:
    outcome = law.check()
    assert outcome.holds, f"{law.says}: {outcome.measured}"


def test_the_compensator_of_some_scenarios() -> None:
    outcome = compensator.over(["belgrade_2015", "rumour_storm"])
    assert outcome.holds, outcome.measured


def test_every_law_has_a_way_to_be_broken() -> None:
    assert set(BREAKAGES) == {law.name for law in LAWS}


@pytest.mark.long
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_a_law_fails_when_what_it_guards_is_broken(law: Law) -> None:
    with broken(law.name):
        assert not law.check().holds
