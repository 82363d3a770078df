"""Lines between points of contact: kept by a hub, relayed, preferred, opened late, genuine or not, protected."""

from __future__ import annotations

from typing import Any

import pytest

from simcrisis.batch.run import Run
from simcrisis.events import Kind
from simcrisis.scenario import Scenario
from simcrisis.scenario.lines import lines_of
from simcrisis.units import DAY, HOUR
from tests.staged import SUSPECT, VICTIM, lines_used, of, only, runs, script, staged

PAIR = ["Aldmark", "Bexia"]
ASKING = {
    "states.Aldmark.policy.asks": 1.0,
    "states.*.policy.answers": 1.0,
    "states.*.policy.hours": "always",
    "states.*.policy.misdirected": 0.0,
    "states.*.policy.unclear": 0.0,
    "model.diplomatic": False,
}
"""Aldmark asks whom it suspects, who answers for certain; no embassies."""


def asking(changes: dict[str, Any], cbms: Any = (), n: int = 5) -> list[Run]:
    return runs(asked(changes, cbms), n)


def asked(changes: dict[str, Any], cbms: Any = ()) -> Scenario:
    adopted = cbms if isinstance(cbms, dict) else list(cbms)
    return staged({**ASKING, "arms.arm": {"cbms": adopted}, **changes})


def line(kind: str, **keys: Any) -> dict[str, Any]:
    return {"name": kind, "kind": kind, "between": PAIR, **keys}


def test_a_hub_relays_between_its_members_only_and_if_it_relays() -> None:
    def relayed(**keys: Any) -> list[str]:
        (alike,) = {tuple(lines_used(told)) for told in asking({"hubs": [{"name": "UN", **keys}]})}
        return list(alike)

    assert relayed(relays=True) == ["relay UN Aldmark / Bexia"]
    assert relayed(relays=True, members=PAIR) == ["relay UN Aldmark / Bexia"]
    assert relayed(relays=True, members=["Aldmark", "Corland"]) == []
    assert relayed(relays=True, members={"Aldmark": None, "Bexia": "60 days"}) == []
    assert relayed(relays=False) == []


def test_a_relay_is_the_last_resort_before_the_embassies() -> None:
    relays = {"hubs": [{"name": "OSCE", "relays": True}]}
    for cbms, best in (([8, 10], "policy"), ([10], "network"), ([], "relay OSCE")):
        for told in asking({**relays, "model.diplomatic": True}, cbms):
            assert lines_used(told) == [f"{best} Aldmark / Bexia"]


def kept(**keys: Any) -> dict[str, Any]:
    members = {"Aldmark": None, "Bexia": "10 days", "all": "90 days"}
    hub = {"name": "Compact", "members": keys.pop("members", members)}
    return {"hubs": [hub], "lines": [{"name": "compact", "kind": "policy", "among": "all", "hub": "Compact", **keys}]}


def test_lines_of_a_hub_need_no_cbm_and_join_its_members_from_their_accession_on() -> None:
    found = {(one.a, one.b): one.since for one in lines_of(asked(kept()), "arm") if one.kind == "policy"}
    assert found == {
        ("Aldmark", "Bexia"): 10 * DAY,
        ("Aldmark", "Corland"): 90 * DAY,
        ("Bexia", "Corland"): 90 * DAY,
    }
    few = asked(kept(members=PAIR))
    assert [(one.a, one.b, one.hub) for one in lines_of(few, "arm")] == [(*PAIR, "Compact")]
    assert list(lines_of(asked(kept(hub=None)), "arm")) == []
    for told in asking(kept()):
        assert lines_used(told) == []
    for told in asking({**kept(), "incidents.strike.at": "11 days"}):
        assert lines_used(told) == ["compact Aldmark / Bexia"]


def test_a_line_believed_dead_gives_way_to_the_next() -> None:
    dead = {"states.Bexia.policy.freshness": "36500 days", "effects.cbm8.yearly": "none"}
    for told in asking(dead, [8, 10]):
        assert lines_used(told) == ["network Aldmark / Bexia"]
        assert not of(told, Kind.NOT_ASKED)


@pytest.mark.parametrize(
    ("prefer", "first"),
    [([], "policy"), (["network"], "network"), (["diplomatic", "network"], "diplomatic"), (["leader"], "policy")],
)
def test_a_desk_tries_first_what_it_prefers_then_the_usual_order(prefer: list[str], first: str) -> None:
    changes = {"states.Aldmark.policy.prefer": prefer, "states.Bexia.policy.prefer": ["relay"]}
    for told in asking({**changes, "model.diplomatic": True}, [8, 10]):
        assert lines_used(told) == [f"{first} Aldmark / Bexia"]


def test_when_a_line_is_down_the_next_one_is_tried() -> None:
    lines = [line("policy"), line("network", rides_on="telecom")]
    cut = {"lines": lines, "states.Aldmark.policy.prefer": ["network"], "incidents.strike.cuts": {"telecom": "9 days"}}
    for told in asking(cut, [8, 10]):
        assert lines_used(told, Kind.LINE_DOWN) == ["network"]
        assert lines_used(told) == ["policy"]
    for told in asking({**cut, "incidents.strike.cuts": {"energy": "9 days"}}, [8, 10]):
        assert lines_used(told, Kind.LINE_DOWN) == []
        assert lines_used(told) == ["network"]


@pytest.mark.parametrize(("rung", "open_"), [(5, False), (6, True), (9, True)])
def test_capitals_speak_from_rung_6_up(rung: int, open_: bool) -> None:
    tense = {"relations": [{"between": PAIR, "rung": rung}], "lines": [line("leader")]}
    for told in asking(tense):
        assert lines_used(told) == ["leader"] * open_
    for told in asking(tense, [8]):
        assert lines_used(told) == ["leader" if open_ else "policy Aldmark / Bexia"]
    answer = {"states.Bexia.policy.asks": 1.0, "states.Aldmark.policy.asks": 0.0, "lines": [line("leader")]}
    for told in asking({**answer, **script(rung)}):
        inquiries = of(told, Kind.INQUIRY)
        assert [(r.actor, r.counterpart) for r in inquiries] == [(SUSPECT, VICTIM)] * open_


def arrival(authentic: float, protection: dict[str, float]) -> list[int]:
    """Return when the reply arrives, over a line whose messages are known to be genuine so often."""
    changes = {f"states.{word}.policy.protection": share for word, share in protection.items()}
    both = {"model.call_back": "5 h", "lines": [line("policy", authentic=authentic)], **changes}
    return [only(told, Kind.ASSURANCE).at for told in asking({**both, "states.*.policy.formulaic": 0.0}, [8], 20)]


def test_a_reply_that_may_not_be_genuine_takes_a_call_back() -> None:
    at_once = arrival(1.0, {})
    assert [at - before for at, before in zip(arrival(0.0, {}), at_once, strict=True)] == [5 * HOUR] * 20
    later = [at - before for at, before in zip(arrival(0.5, {}), at_once, strict=True)]
    assert set(later) == {0, 5 * HOUR}
    assert arrival(0.0, {"*": 1.0}) == at_once
    assert arrival(0.0, {"Aldmark": 1.0, "Bexia": 0.0}) == arrival(0.0, {})


def survived(protection: dict[str, float], n: int = 5) -> list[bool]:
    """Return for each run whether a line works while the sector that it rides on is out."""
    changes = {f"states.{word}.policy.protection": share for word, share in protection.items()}
    cut = {"incidents.strike.cuts": {"telecom": "30 days"}, "lines": [line("policy", rides_on="telecom")]}
    told = asking({**cut, **changes}, [8], n)
    assert all(len(lines_used(t)) + len(lines_used(t, Kind.LINE_DOWN)) == 1 for t in told)
    return [bool(lines_used(t)) for t in told]


def test_protected_channels_survive_outages_as_often_as_stated() -> None:
    assert survived({}) == [False] * 5
    assert survived({"*": 1.0}) == [True] * 5
    assert survived({"Aldmark": 1.0, "Bexia": 0.0}) == [False] * 5
    some, most = survived({"*": 0.3}, 100), survived({"*": 0.7}, 100)
    assert 15 <= sum(some) <= 45
    assert 55 <= sum(most) <= 85
    assert all(here <= there for here, there in zip(some, most, strict=True))


def test_an_entry_that_was_stale_is_fresh_once_a_measure_is_in_force() -> None:
    """Asking in vain before the date changes nothing after it."""
    strike = staged().data["incidents"][0]
    before, after = ({**strike, "name": f"day {day}", "at": f"{day} days"} for day in (10, 40))
    aged = {"states.*.policy.freshness": "36500 days", "states.*.policy.believed_answers": 0.9}
    kept_fresh = {"effects.cbm8.yearly": "1 h", "lines": [line("policy", hub="OSCE")], **aged}
    for incidents, read in (([before, after], 1), ([after], 1), ([before], 0)):
        for told in asking({**kept_fresh, "incidents": incidents}, {8: {"all": "30 days"}}):
            assert len(of(told, Kind.INQUIRY)) == len(incidents)
            assert len(of(told, Kind.INQUIRY_READ)) == read
