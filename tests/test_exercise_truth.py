"""What controllers are told: the sealed truth and the list of injects, against the log."""

from __future__ import annotations

from dataclasses import replace

import pytest

import simcrisis as sc
from simcrisis.events import NOBODY, Kind
from simcrisis.exercise.blocks import Bullets, Grid, Text
from simcrisis.exercise.documents.hot_wash import questions
from simcrisis.exercise.documents.msel import msel
from simcrisis.exercise.documents.sealed_truth import sealed_truth
from simcrisis.exercise.documents.start_here import start_here
from simcrisis.exercise.language import language
from simcrisis.exercise.material import Sealed
from simcrisis.exercise.programme import Part
from simcrisis.exercise.story import Wish
from tests.exercise_papers import played
from tests.exercise_runs import runs

WORDS = language()
TABLES = ["Alderland", "Brevia", "Corvania", "Dunmere"]


def _played(run: sc.Run) -> Sealed:
    return played(run, run.world.names.states[:1])


def _causes(material: Sealed) -> list[str]:
    return list(next(block for block in sealed_truth(material).blocks if isinstance(block, Bullets)).items)


@pytest.mark.parametrize("case", [8, 9])
def test_the_truth_names_who_was_behind_incidents_that_nobody_wrote(case: int) -> None:
    seen = set()
    for run in runs(case):
        try:
            material = _played(run)
        except sc.SimcrisisError:
            continue
        strikes = [record for record in run.log.records if record.kind is Kind.STRIKE]
        for record, told in zip(strikes, _causes(material), strict=True):
            if record.incident < len(run.world.incidents):
                continue
            author = run.world.names.of(run.world.names.states, record.actor)
            key = "causes.criminal" if record.actor == NOBODY else "causes.state"
            assert told.endswith(WORDS.text(key, by=author))
            seen.add(key)
    assert seen == {"causes.criminal", "causes.state"}


def test_the_truth_calls_states_as_everybody_does() -> None:
    scenario = sc.load("upward_spiral").with_(
        {
            "states.Carsovia.name": "Land of C",
            "horizon": "62 days",
            "exercise": {"title": "A day", "situation": "", "moves": 1, "span": "1 h"},
        }
    )
    material = _played(sc.run(scenario, "none", 1, 0))
    told = " ".join(_causes(material))
    assert WORDS.text("causes.exercise", by="Land of C") in told
    assert WORDS.text("causes.proxy", by="Land of C") in told
    assert "Carsovia" not in told


def test_the_list_says_what_the_state_chose_and_from_which_records_a_card_is() -> None:
    run = sc.run(sc.load("energy_grid"), "both", 1, 4)
    material = played(run, ["Halvania"])
    heads = [column.head for column in msel(material).columns]
    chosen, records = (heads.index(WORDS.text(f"columns.{name}")) for name in ("in_the_run", "records"))
    decisions = {decision.seq: decision for decision in run.log.decisions}
    for row, inject in zip(msel(material).rows, material.chosen.injects, strict=True):
        seqs = [int(seq) for seq in str(row[records]).split()]
        assert seqs == [known.seq for known in inject.known]
        if inject.is_decision:
            assert str(row[chosen]).startswith(f"{decisions[seqs[0]].act}: ")
        else:
            assert not row[chosen]


def test_a_decision_sheet_is_collected_before_the_table_gets_another_card() -> None:
    material = played(sc.run(sc.load("belgrade_2015"), "untested", 1, 23), TABLES)
    note = [column.head for column in msel(material).columns].index(WORDS.text("columns.note"))
    injects = material.chosen.injects
    ends = {slot.number: slot.ends for slot in material.public.slots if slot.part is Part.MOVE}
    asked = [(row, inject) for row, inject in zip(msel(material).rows, injects, strict=True) if inject.is_decision]
    assert len(asked) == 4
    for row, inject in asked:
        after = [i.minute for i in injects if i.state == inject.state and i.number > inject.number]
        until = min([ends[inject.move], *after])
        assert row[note] == WORDS.text("groups.decision.note", minutes=until - inject.minute)


def test_a_hot_wash_asks_about_nothing_that_only_one_table_knows() -> None:
    material = played(sc.run(sc.load("belgrade_2015"), "untested", 1, 23), TABLES)
    (secret,) = (i for i in material.chosen.injects if i.lead.sort == "own_operation")
    unused = [WORDS.text("washes.none_2"), WORDS.text("washes.none_8")]
    assert list(questions(material.public, [secret])) == unused
    another = next(i for i in material.chosen.injects if i.is_decision)
    assert len(list(questions(material.public, [secret, another]))) == 3


@pytest.mark.parametrize("wish", [None, Wish.P90])
def test_the_first_sheet_says_how_the_run_was_chosen(wish: Wish | None) -> None:
    material = replace(_played(sc.run(sc.load("energy_grid"), "both", 1, 4)), wish=wish)
    told = " ".join(block.text for block in start_here(material, []).blocks if isinstance(block, Text))
    assert (WORDS.text("documents.start_here.wishes_p90") in told) == (wish is Wish.P90)
    assert WORDS.text("documents.start_here.wishes_median") not in told


def test_the_truth_holds_every_record_and_every_decision() -> None:
    run = sc.run(sc.load("energy_grid"), "both", 1, 4)
    decided, log = (block for block in sealed_truth(played(run, ["Halvania"])).blocks if isinstance(block, Grid))
    assert len(log.rows) == len(run.log.records)
    assert [row[3] for row in decided.rows] == [str(decision.act) for decision in run.log.decisions]
