"""`luck`: what two arms draw in common, where they part, what common luck saved."""

from __future__ import annotations

import json
from typing import Any

import pytest
from polars.testing import assert_frame_equal
from typer.testing import CliRunner

import simcrisis as sc
from simcrisis.batch import audit as auditing
from simcrisis.batch.audit import audit
from simcrisis.batch.parting import FirstDifference, Parting, first_difference, part
from simcrisis.cli.app import app
from simcrisis.draws import Luck, Purpose, RecordedLuck
from simcrisis.engine.compiler import compile_world
from simcrisis.engine.run import simulate, simulate_with
from simcrisis.errors import BatchError, ScenarioError
from simcrisis.events import EventLog, Kind, Record
from simcrisis.report.luck import WORDS
from simcrisis.scenario import Scenario, load, shipped

SMALL = sorted(name for name in shipped() if name != "osce_wide")
TWO: dict[str, Any] = {
    "simcrisis": 1,
    "title": "Two States and one incident",
    "start": "2026-03-02T08:00:00+01:00",
    "horizon": "30 days",
    "states": {
        "Alderland": {"profile": "medium", "zone": "Europe/Vienna"},
        "Brevia": {"profile": "medium", "zone": "Europe/Sofia", "cert": {"answers": 0.0}},
    },
    "incidents": [
        {
            "name": "blackout",
            "at": "36 h",
            "victim": "Alderland",
            "sector": "energy",
            "severity": 4,
            "visibility": "public",
            "appears_from": [],
            "cause": {"kind": "accident"},
        }
    ],
    "relations": [{"between": ["Alderland", "Brevia"]}],
    "model": {"diplomatic": False},
    "arms": {"none": {"cbms": []}, "certs": {"cbms": [2]}, "hotline": {"cbms": [8]}},
}


def two_states(**incident: Any) -> Scenario:
    return load({**TWO, "incidents": [{**TWO["incidents"][0], **incident}]})


@pytest.mark.parametrize("name", SMALL)
def test_to_record_luck_changes_no_bit_of_a_log(name: str) -> None:
    scenario = load(name)
    for arm in (scenario.reference, list(scenario.arms)[-1]):
        world = compile_world(scenario, arm)
        for replication in range(3):
            luck = RecordedLuck(1, replication)
            log = simulate_with(world, luck)
            assert log == simulate(world, 1, replication)
            assert luck.drawn


class OnlyThese:
    """Luck of which nothing can be reached but what is public."""

    __slots__ = ("first_uniforms", "normal", "uniform")

    def __init__(self, luck: Luck) -> None:
        self.normal, self.uniform, self.first_uniforms = luck.normal, luck.uniform, luck.first_uniforms


@pytest.mark.parametrize("name", SMALL)
def test_the_engine_draws_by_no_other_way(name: str) -> None:
    scenario = load(name)
    world = compile_world(scenario, list(scenario.arms)[-1])
    for replication in range(3):
        only: Any = OnlyThese(Luck(1, replication))
        assert simulate_with(world, only) == simulate(world, 1, replication)


def test_what_is_ruled_out_is_not_drawn() -> None:
    """Each pair of 57 States could have background incidents; only those whose luck allows one are drawn for."""
    world = compile_world(load("osce_wide"), "none")
    luck = RecordedLuck(1, 0)
    log = simulate_with(world, luck)
    drawn = [path for purpose, path, ordinal in luck.drawn if (purpose, ordinal) == (Purpose.BACKGROUND_RATE, 0)]
    struck = {record.incident for record in log.records if record.kind is Kind.STRIKE}
    assert struck
    assert len(drawn) < len(world.background) / 10


def test_an_arm_is_in_step_with_itself() -> None:
    found = audit(load("belgrade_2015"), ("both", "both"), 20)
    assert found.common == 1.0
    assert set(found.occasions["common"]) == {1.0}
    assert found.parting.row(0, named=True) == {
        "n": 20, "never": 20, "hour_low": None, "hour_median": None, "hour_high": None
    }  # fmt: skip
    assert not len(found.causes)
    assert set(found.saved["difference"]) == {0.0}
    assert set(found.saved["variance_ratio"]) == {None}
    assert set(found.saved["n"]) == {20}


def test_shares_by_hand() -> None:
    """Nobody is suspected: a victim detects, rates severity, deliberates and chooses; with CBM 2 it asks one CERT more.

    That CERT never answers, so whether it does is all that is drawn beyond the four, once a replication.
    """
    found = audit(two_states(), ("none", "certs"), 25)
    rows = {row.pop("purpose"): row for row in found.occasions.to_dicts()}
    alike = {"left": 25, "right": 25, "both": 25, "either": 25, "common": 1.0}
    asked = {"left": 0, "right": 25, "both": 0, "either": 25, "common": 0.0}
    assert rows == {"detection": alike, "misread": alike, "clock": alike, "choice": alike, "partner_answers": asked}
    assert found.common == 4 / 5
    other_way = {row.pop("purpose"): row for row in audit(two_states(), ("certs", "none"), 25).occasions.to_dicts()}
    assert other_way == {**rows, "partner_answers": {**asked, "left": 25, "right": 0}}


def test_arms_that_differ_in_one_line_part_at_the_record_that_it_makes() -> None:
    found = audit(two_states(appears_from=["Brevia"]), ("none", "hotline"), 60)
    assert found.parting.select("n", "never").row(0) == (60, 0)
    causes = {(left, right, differs) for left, right, differs, *_ in found.causes.rows()}
    assert causes == {(None, "inquiry", ""), (None, "not_asked", "")}
    assert found.causes["n"].sum() == 60
    assert found.causes["share"].sum() == pytest.approx(1.0)
    assert 36.0 < found.parting["hour_low"].item() <= found.parting["hour_median"].item()
    other_way = audit(two_states(appears_from=["Brevia"]), ("hotline", "none"), 60)
    assert other_way.causes.select("n", "share", "hour_median").equals(found.causes.select("n", "share", "hour_median"))
    assert other_way.causes["left"].equals(found.causes["right"])


def test_the_hour_is_that_of_the_first_record_that_differs() -> None:
    scenario = load("belgrade_2015")
    found = audit(scenario, ("none", "cbm2"), 1, 5)
    without, with_it = (sc.run(scenario, arm, 5, 0).log.records for arm in ("none", "cbm2"))
    n = next(n for n, (a, b) in enumerate(zip(without, with_it, strict=False)) if a[:4] != b[:4])
    assert found.parting["hour_median"].item() == min(without[n].at, with_it[n].at) / 3_600_000


@pytest.mark.parametrize("at_once", [7, 100])
def test_saved_is_what_a_batch_of_the_same_runs_says(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(auditing, "AT_ONCE", at_once)
    scenario = load("belgrade_2015")
    batch = sc.run_batch(scenario, 40, 3, arms=["none", "both"], workers=1)
    saved = audit(scenario, ("none", "both"), 40, 3).saved
    assert_frame_equal(saved, batch.differences.select(saved.columns))
    assert batch.differences["variance_ratio"].drop_nulls().len() > 3


def record(at: int, kind: Kind, value: float | None = None) -> Record:
    return Record(at, kind, 0, 1, -1, 0, 0, -1, value, "")


STRIKE, NOTICED = record(0, Kind.STRIKE), record(5, Kind.DETECTION)
ASKED, DECIDED = record(5, Kind.INQUIRY), record(5, Kind.DECISION, 3.0)
PARTINGS: list[tuple[list[Record], list[Record], Parting | None, FirstDifference | None]] = [
    ([STRIKE], [STRIKE], None, None),
    ([], [], None, None),
    ([STRIKE], [STRIKE, NOTICED], Parting(None, 1), FirstDifference(5, None, Kind.DETECTION, ())),
    ([STRIKE, NOTICED], [STRIKE], Parting(1, None), FirstDifference(5, Kind.DETECTION, None, ())),
    ([STRIKE, DECIDED], [STRIKE, ASKED, DECIDED], Parting(1, 1), FirstDifference(5, None, Kind.INQUIRY, ())),
    ([STRIKE, ASKED, DECIDED], [STRIKE, DECIDED], Parting(1, 1), FirstDifference(5, Kind.INQUIRY, None, ())),
    ([ASKED, DECIDED], [DECIDED, ASKED], Parting(0, 0), FirstDifference(5, Kind.INQUIRY, Kind.DECISION, ())),
    ([ASKED], [DECIDED], Parting(0, 0), FirstDifference(5, Kind.INQUIRY, Kind.DECISION, ())),
    ([DECIDED], [DECIDED._replace(at=6)], Parting(0, 0), FirstDifference(5, Kind.DECISION, None, ())),
    (
        [DECIDED],
        [DECIDED._replace(value=4.0, case=1)],
        Parting(0, 0),
        FirstDifference(5, Kind.DECISION, Kind.DECISION, ("case", "value")),
    ),
    ([DECIDED._replace(cause_seq=1)], [DECIDED._replace(cause_seq=2)], None, None),
]


@pytest.mark.parametrize(("left", "right", "parted", "first"), PARTINGS)
def test_where_two_logs_part(
    left: list[Record], right: list[Record], parted: Parting | None, first: FirstDifference | None
) -> None:
    world = compile_world(two_states(), "none")
    logs = EventLog([*left]), EventLog([*right])
    assert part((world, world), logs) == parted
    assert first_difference((world, world), logs) == first


def test_every_purpose_has_words() -> None:
    assert set(WORDS) == set(Purpose)
    assert len(set(WORDS.values())) == len(WORDS)


def test_command() -> None:
    call = CliRunner().invoke
    told = call(app, ["luck", "belgrade_2015", "-n", "20", "--set", "model.kappa=0.6"])
    assert told.exit_code == 0
    for words in ("what it decides", "Where they part", "variance ratio", "In this model", "changed: model.kappa=0.6"):
        assert words in told.stdout
    document = json.loads(call(app, ["luck", "belgrade_2015", "--arms", "none,both", "-n", "20", "--json"]).stdout)
    found = audit(load("belgrade_2015"), ("none", "both"), 20)
    assert document["arms"] == ["none", "both"]
    assert document["occasions"] == found.occasions.to_dicts()
    assert document["causes"] == found.causes.to_dicts()
    assert document["saved"] == found.saved.to_dicts()
    shown = call(app, ["luck", "belgrade_2015", "--arms", "none,both", "-n", "20"]).stdout
    assert document["sentence"] in " ".join(shown.split())
    shown = call(app, ["luck", "belgrade_2015", "--arms", "none,none", "-n", "3"]).stdout
    assert "None of 3 replications parts." in " ".join(shown.split())


def test_command_tells_aggregates_of_real_states() -> None:
    told = CliRunner().invoke(app, ["luck", "osce_wide", "-n", "2"])
    assert told.exit_code == 0
    assert "Names imply no endorsement" in told.stdout


@pytest.mark.parametrize("arms", ["none", "none,cbm2,both", "none,nobody", ""])
def test_wrong_arms(arms: str) -> None:
    told = CliRunner().invoke(app, ["luck", "belgrade_2015", "--arms", arms])
    assert told.exit_code == 2
    assert told.stdout == ""
    assert len(told.stderr.splitlines()) == 1


def test_wrong_numbers() -> None:
    scenario = load("belgrade_2015")
    for wrong in ({"replications": 0}, {"seed": -1}, {"arms": "none"}, {"arms": ["none"]}):
        with pytest.raises(BatchError):
            audit(scenario, **wrong)
    with pytest.raises(ScenarioError):
        audit(scenario, ("none", "nobody"))
    assert sc.audit is audit
