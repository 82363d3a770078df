"""Hubs: procedures for disputes between their members, allies who attribute together and share intelligence."""

from __future__ import annotations

from typing import Any

import pytest

from simcrisis import load
from simcrisis.batch.run import Run
from simcrisis.events import NO_CONSENT, NO_SECONDERS, NOBODY_CAME, Kind
from simcrisis.units import DAY, HOUR
from tests.laws.settings import ONE_DYAD
from tests.staged import SUSPECT, THIRD, VICTIM, decision_of, of, only, runs, script, staged

STEPS = (Kind.PROCEDURE, Kind.EXPLANATION, Kind.MEETING, Kind.PROCEDURE_ENDED)
READY = {
    "states.*.policy.invokes": 1.0,
    "states.*.policy.explains": 0.0,
    "states.*.policy.attends": 1.0,
    "states.*.policy.seconds": 1.0,
    "states.*.policy.consents": 1.0,
    "model.good_offices": 1.0,
    "model.meeting_succeeds": 1.0,
}
"""Both open, second, agree and come; neither explains itself."""


def disputes(procedure: str, rung: int, changes: dict[str, Any] | None = None, n: int = 20) -> list[Run]:
    """Return runs in which Aldmark acts on a rung and Bexia may open a procedure of the OSCE."""
    hub = {"name": "OSCE", "others": 51, "procedures": [procedure]}
    return runs(staged({**READY, **script(rung), "hubs": [hub], **(changes or {})}), n)


def members(words: Any, procedure: str = "vienna-document") -> dict[str, Any]:
    return {"hubs": [{"name": "OSCE", "procedures": [procedure], "members": words}]}


@pytest.mark.parametrize(("procedure", "rung"), [("vienna-document", 8), ("berlin-mechanism", 6), ("good-offices", 4)])
def test_a_procedure_is_opened_from_its_rung_up_by_the_one_acted_against(procedure: str, rung: int) -> None:
    for told in disputes(procedure, rung, n=5):
        opened, act = only(told, Kind.PROCEDURE), only(told, Kind.ACT)
        assert (opened.actor, opened.counterpart, opened.detail) == (SUSPECT, VICTIM, f"{procedure} of OSCE")
        assert opened.at == act.at + 6 * HOUR
    for told in disputes(procedure, rung - 1, n=5):
        assert of(told, Kind.DECISION)
        assert not of(told, *STEPS)


@pytest.mark.parametrize("procedure", ["vienna-document", "berlin-mechanism"])
def test_only_the_one_acted_against_decides_to_invoke(procedure: str) -> None:
    for state, opened in (("Bexia", 0), ("Aldmark", 1)):
        for told in disputes(procedure, 8, {f"states.{state}.policy.invokes": 0.0}, 5):
            assert len(of(told, Kind.PROCEDURE)) == opened
    used = sum(len(of(told, Kind.PROCEDURE)) for told in disputes(procedure, 8, {"states.*.policy.invokes": 0.5}, 100))
    assert 30 <= used <= 70


def test_the_vienna_document_asks_for_an_explanation_within_48_hours_which_may_satisfy() -> None:
    satisfied = 0
    for told in disputes("vienna-document", 8, {"states.*.policy.explains": 1.0}, 60):
        opened, told_why = only(told, Kind.PROCEDURE), only(told, Kind.EXPLANATION)
        assert (told_why.actor, told_why.counterpart) == (VICTIM, SUSPECT)
        assert 0 <= told_why.at - opened.at <= 48 * HOUR
        assert told_why.value == 0.0  # An act is not denied.
        satisfied += not of(told, Kind.MEETING, Kind.PROCEDURE_ENDED)
    assert 15 <= satisfied <= 45


def test_without_an_explanation_the_two_meet_within_96_hours_if_both_come() -> None:
    for told in disputes("vienna-document", 8):
        opened, meeting = only(told, Kind.PROCEDURE), only(told, Kind.MEETING)
        assert 48 * HOUR < meeting.at - opened.at <= 96 * HOUR
        assert not of(told, Kind.EXPLANATION, Kind.PROCEDURE_ENDED)
    for state in ("Aldmark", "Bexia"):
        for told in disputes("vienna-document", 8, {f"states.{state}.policy.attends": 0.0}, 5):
            ended = only(told, Kind.PROCEDURE_ENDED)
            assert ended.detail == NOBODY_CAME
            assert 48 * HOUR < ended.at - only(told, Kind.PROCEDURE).at <= 96 * HOUR
            assert not of(told, Kind.MEETING)


@pytest.mark.parametrize("explains", [0.0, 1.0])
def test_the_decision_waits_for_the_explanation_while_time_is_on(explains: float) -> None:
    for time in (True, False):
        for told in disputes("vienna-document", 8, {"states.*.policy.explains": explains, "model.time": time}):
            opened, decided = only(told, Kind.PROCEDURE).at, decision_of(told, SUSPECT).at
            term = only(told, Kind.EXPLANATION).at if explains else opened + 48 * HOUR
            assert decided == (max(term, opened + HOUR) if time else opened + HOUR)


def test_the_berlin_mechanism_needs_twelve_seconders_and_takes_its_time() -> None:
    spans = set()
    for told in disputes("berlin-mechanism", 6):
        span = only(told, Kind.MEETING).at - only(told, Kind.PROCEDURE).at
        assert (48 + 48 + 48) * HOUR <= span <= (48 + 48 + 72) * HOUR
        spans.add(span)
    assert len(spans) > 10
    hub = {"name": "OSCE", "procedures": ["berlin-mechanism"]}
    for changes in ({"states.*.policy.seconds": 0.0}, {"hubs": [{**hub, "others": 10}]}):
        for told in disputes("berlin-mechanism", 6, changes, 5):
            ended = only(told, Kind.PROCEDURE_ENDED)
            assert ended.detail == NO_SECONDERS
            assert ended.at - only(told, Kind.PROCEDURE).at == 96 * HOUR
            assert not of(told, Kind.MEETING)
    # A third State that neither of the two has anything to do with is a bystander; with a relation to one it counts.
    eleven = {"hubs": [{**hub, "others": 11}]}
    for told in disputes("berlin-mechanism", 6, eleven, 5):
        assert only(told, Kind.PROCEDURE_ENDED).detail == NO_SECONDERS
    known = [*ONE_DYAD["relations"], {"between": ["Bexia", "Corland"]}]
    for told in disputes("berlin-mechanism", 6, {**eleven, "relations": known}, 5):
        assert only(told, Kind.MEETING)


def test_good_offices_need_a_hub_that_offers_them_and_the_consent_of_both() -> None:
    for told in disputes("good-offices", 4, {"states.*.policy.invokes": 0.0}):
        assert only(told, Kind.MEETING).detail == "good-offices of OSCE"
    for state in ("Aldmark", "Bexia"):
        for told in disputes("good-offices", 4, {f"states.{state}.policy.consents": 0.0}, 5):
            ended = only(told, Kind.PROCEDURE_ENDED)
            assert (ended.detail, ended.at) == (NO_CONSENT, only(told, Kind.PROCEDURE).at)
    for none in ({"model.good_offices": 0.0}, {"hubs": [{"name": "OSCE", "procedures": ["vienna-document"]}]}):
        for told in disputes("good-offices", 4, none, 5):
            assert not of(told, *STEPS)


def after_meeting(changes: dict[str, Any]) -> list[float]:
    """Return Bexia's tension, and the rung, at its decision four hours after the meeting."""
    late = {"model.time": False, "model.clock_act": "100 h", "model.meeting_eases": 0.25}
    (told,) = disputes("vienna-document", 8, {**late, **changes}, 1)
    decision = decision_of(told, SUSPECT)
    return [decision.tension, decision.rung_before]


def test_a_meeting_that_succeeds_brings_the_dyad_down_a_rung_and_eases_tension() -> None:
    failed, rung = after_meeting({"model.meeting_succeeds": 0.0})
    assert rung == 8
    assert after_meeting({}) == pytest.approx([0.25 * failed, 7])
    assert after_meeting({"model.reassurance": False}) == pytest.approx([failed, 7])
    for told in disputes("vienna-document", 8):
        meeting = only(told, Kind.MEETING)
        assert meeting.value == 1.0
        (down,) = (r for r in of(told, Kind.RUNG) if r.at == meeting.at)
        assert (down.value, told.log.records[down.cause_seq]) == (7.0, meeting)
    for told in disputes("vienna-document", 8, {"model.meeting_succeeds": 0.0}, 5):
        meeting = only(told, Kind.MEETING)
        assert meeting.value == 0.0
        assert not [r for r in of(told, Kind.RUNG) if r.at == meeting.at]


def test_an_explanation_eases_tension() -> None:
    explained, silent = (
        after_meeting({"states.*.policy.explains": explains, "model.meeting_succeeds": 0.0}) for explains in (1.0, 0.0)
    )
    assert explained == pytest.approx([0.5 * silent[0], 8])


@pytest.mark.parametrize("procedure", ["vienna-document", "berlin-mechanism", "good-offices"])
def test_a_procedure_is_for_members_from_their_accession_on(procedure: str) -> None:
    for words in (["Aldmark"], ["Bexia", "Corland"], {"Aldmark": None, "Bexia": "60 days"}):
        for told in disputes(procedure, 8, members(words, procedure), 5):
            assert of(told, Kind.ACT)
            assert not of(told, *STEPS)
    for told in disputes(procedure, 8, members({"Aldmark": None, "Bexia": "1 day"}, procedure), 5):
        assert only(told, Kind.PROCEDURE)


def test_by_default_there_is_no_procedure() -> None:
    for cbms in ([], [2, 8, 10]):
        acts = staged({**READY, **script(8), "arms.arm": {"cbms": cbms}})
        for told in runs(acts, 10):
            assert of(told, Kind.ACT)
            assert not of(told, *STEPS)


def struck_at(*times: str) -> dict[str, Any]:
    strike = dict(staged().data["incidents"][0])
    return {"incidents": [{**strike, "name": f"strike {n}", "at": at} for n, at in enumerate(times)]}


def test_a_procedure_is_not_opened_again_while_it_is_under_way() -> None:
    both = {**script(8, 8, 8), **struck_at("36 h", "84 h", "40 days")}
    for told in disputes("vienna-document", 8, both, 5):
        acts, opened = of(told, Kind.ACT), of(told, Kind.PROCEDURE)
        assert len(acts) == 3
        assert [r.at for r in opened] == [acts[0].at + 6 * HOUR, acts[2].at + 6 * HOUR]
        assert len(of(told, Kind.MEETING)) == 2


def test_two_procedures_can_be_under_way_side_by_side() -> None:
    procedures = ["vienna-document", "berlin-mechanism", "good-offices"]
    hub = {"name": "OSCE", "others": 51, "procedures": procedures}
    for told in disputes("", 8, {"hubs": [hub], "model.time": False}, 5):
        opened = [f"{procedure} of OSCE" for procedure in procedures]
        assert [r.detail for r in of(told, Kind.PROCEDURE)] == opened
        assert {r.detail for r in of(told, Kind.MEETING)} == {*opened}


def test_two_hubs_keep_a_procedure_each_and_their_order_in_the_file_moves_nothing() -> None:
    osce = {"name": "OSCE", "others": 51, "procedures": ["berlin-mechanism"]}
    union = {"name": "Union", "others": 0, "procedures": ["berlin-mechanism"], "members": "all"}
    one, other = (disputes("", 6, {"hubs": hubs}, 10) for hubs in ([osce, union], [union, osce]))
    for here, there in zip(one, other, strict=True):
        assert here.log.records == there.log.records
        assert [r.detail for r in of(here, Kind.PROCEDURE)] == ["berlin-mechanism of OSCE", "berlin-mechanism of Union"]


def test_the_order_of_hubs_and_of_their_procedures_moves_nothing() -> None:
    """Two hubs keep a procedure each; the one without seconders gets nowhere."""
    hubs: list[dict[str, Any]] = [
        {"name": "OSCE", "others": 51, "procedures": ["vienna-document", "berlin-mechanism"]},
        {"name": "UN", "procedures": ["berlin-mechanism", "good-offices"]},
    ]
    turned = [{**hub, "procedures": hub["procedures"][::-1]} for hub in reversed(hubs)]
    for one, other in zip(disputes("", 8, {"hubs": hubs}, 5), disputes("", 8, {"hubs": turned}, 5), strict=True):
        assert (len(of(one, Kind.PROCEDURE)), len(of(one, Kind.MEETING))) == (4, 3)
        assert one.log.records == other.log.records


def consulting(adopters: Any, changes: dict[str, Any] | None = None, n: int = 5) -> list[Run]:
    arm = {"cbms": {3: adopters, 8: "all"}}
    return runs(staged({**READY, "effects.cbm3.consults": 1.0, "arms.arm": arm, **(changes or {})}), n)


def test_consultations_need_both_and_follow_an_act_that_names() -> None:
    for told in consulting(["Aldmark", "Bexia"], script(4)):
        opened, meeting = only(told, Kind.PROCEDURE), only(told, Kind.MEETING)
        assert (opened.actor, opened.counterpart, opened.detail) == (SUSPECT, VICTIM, "consultations")
        assert meeting.at > opened.at
    for adopters in (["Aldmark", "Corland"], "Bexia", {"Aldmark": None, "Bexia": "60 days"}):
        for told in consulting(adopters, script(4)):
            assert not of(told, *STEPS)
    for told in consulting("all", script(3)):
        assert not of(told, *STEPS)


def test_consultations_follow_silence() -> None:
    mute = {"states.Aldmark.policy.asks": 1.0, "states.*.policy.answers": 0.0, "states.*.policy.believed_answers": 0.9}
    for told in consulting("all", mute):
        silence, opened = only(told, Kind.SILENCE), only(told, Kind.PROCEDURE)
        assert (opened.at, opened.actor, opened.counterpart) == (silence.at, VICTIM, SUSPECT)
        assert told.log.records[opened.cause_seq] == silence
    hub = {"hubs": [{"name": "OSCE", "procedures": ["vienna-document", "good-offices"]}]}
    for told in consulting("Aldmark", {**mute, **hub}):
        assert of(told, Kind.SILENCE)
        assert not of(told, *STEPS)


TOGETHER: dict[str, Any] = {
    **script(4),
    "states.Aldmark.doctrine.coalition": 1.0,
    "model.leads": 1.0,
    "model.joins": 1.0,
    "relations": [{"between": ["Aldmark", "Corland"], "mistrust": 0.0}],
}
ALLIED = {"hubs": [{"name": "Compact", "members": ["Aldmark", "Corland"], "allied": True}]}


def attributing(changes: dict[str, Any], n: int = 5) -> list[Run]:
    return runs(load({**staged({**TOGETHER, **changes}).data, "horizon": "300 days"}), n)


def test_allies_attribute_together_after_240_days() -> None:
    for told in attributing(ALLIED):
        act, joined = only(told, Kind.ACT), only(told, Kind.JOINED)
        assert act.at - decision_of(told, VICTIM).at == 240 * DAY
        assert (joined.actor, joined.counterpart, joined.value, joined.at) == (THIRD, SUSPECT, 4.0, act.at)
        raised = {(r.actor, r.counterpart) for r in of(told, Kind.RUNG) if r.at == act.at}
        assert raised == {(VICTIM, SUSPECT), (SUSPECT, THIRD)}


@pytest.mark.parametrize(
    "apart",
    [
        {"hubs": [{"name": "Compact", "members": ["Aldmark", "Corland"]}]},
        {"hubs": [{"name": "Compact", "members": ["Bexia", "Corland"], "allied": True}]},
        {**ALLIED, "states.Aldmark.doctrine.coalition": 0.0},
    ],
    ids=["no alliance", "not its own", "null"],
)
def test_without_allies_a_state_attributes_alone_and_sooner(apart: dict[str, Any]) -> None:
    for told in attributing(apart):
        assert only(told, Kind.ACT).at - decision_of(told, VICTIM).at == 6 * DAY
        assert not of(told, Kind.JOINED)


def test_allies_that_do_not_trust_the_author_do_not_join() -> None:
    for told in attributing({**ALLIED, "relations": [{"between": ["Aldmark", "Corland"], "mistrust": 1.0}]}):
        assert only(told, Kind.ACT)
        assert not of(told, Kind.JOINED)


def learned_from(changes: dict[str, Any]) -> list[str]:
    """Return whose intelligence reaches Aldmark; Corland has some, and it takes a day."""
    knows = {"states.Corland.cert.intelligence": 1.2, "model.intelligence_time": "1 day", **changes}
    found = [of(told, Kind.INTELLIGENCE) for told in runs(staged(knows), 3)]
    assert all(r.actor == VICTIM and r.counterpart == SUSPECT and r.value for records in found for r in records)
    (alike,) = {tuple(r.detail for r in records) for records in found}
    return list(alike)


def test_intelligence_is_shared_with_allies_only() -> None:
    own = {"states.Aldmark.cert.intelligence": 1.2}
    assert learned_from({}) == []
    assert learned_from(own) == ["Aldmark"]
    assert sorted(learned_from({**own, **ALLIED})) == ["Aldmark", "Corland"]
    assert learned_from({"hubs": [{"name": "Compact", "members": ["Aldmark", "Corland"]}]}) == []
    late = {"name": "Compact", "members": {"Aldmark": None, "Corland": "60 days"}, "allied": True}
    assert learned_from({"hubs": [late]}) == []


def test_a_suspect_that_is_an_ally_tells_nothing() -> None:
    knows = {"states.Bexia.cert.intelligence": 1.2, "model.intelligence_time": "1 day"}
    allies = {"hubs": [{"name": "Compact", "members": ["Aldmark", "Bexia"], "allied": True}]}
    for told in runs(staged({**knows, **allies}), 3):
        assert not of(told, Kind.INTELLIGENCE)
