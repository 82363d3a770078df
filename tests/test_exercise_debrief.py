"""The way round: built, filled in, read, replayed, reported, purged; and what stands in the report for whom."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import docx as python_docx
import pytest
from openpyxl import Workbook
from typer.testing import CliRunner, Result

from simcrisis.batch.continuation import replayed
from simcrisis.batch.run import Run
from simcrisis.cli.app import app
from simcrisis.draws import Luck
from simcrisis.engine.run import simulate_with
from simcrisis.engine.script import scripted
from simcrisis.errors import ExerciseError
from simcrisis.events import Decision, Kind
from simcrisis.exercise.back import alternatives as courses_of
from simcrisis.exercise.back.alternatives import PRIVATE, alternatives, steps_of
from simcrisis.exercise.back.answers import Status, read_answers
from simcrisis.exercise.back.notes import read_notes
from simcrisis.exercise.back.questionnaire import read_questionnaire
from simcrisis.exercise.back.talk import first_other_decision, talk_of
from simcrisis.exercise.blocks import Document, Heading, Marks
from simcrisis.exercise.debrief import report as reports
from simcrisis.exercise.debrief.report import debriefing, report, write_report
from simcrisis.exercise.files.html import html
from simcrisis.exercise.injects import Inject
from simcrisis.exercise.language import language
from simcrisis.exercise.saved import PACK, pack_in
from tests.exercise_back import answered, bare, build, decisions_of, fill
from tests.exercise_papers import texts

ORDER = ("1. Overview", "2. Objectives", "3. What happened", "4. Decisions and alternative courses", "5. Communication",
         "6. Strengths", "7. Areas for improvement", "8. Improvement plan")  # fmt: skip
HOSTILE = '<script>alert(1)</script> & "]]>\n=HYPERLINK(1)'


def otherwise(inject: Inject, decision: Decision) -> Mapping[str, Any]:
    """Decide otherwise than the run: one step further where it kept quiet, nothing in public where it did not."""
    row: dict[str, Any] = {"rung": 4 if decision.act < 3 else 1, "belief": 40, "reasons": HOSTILE}
    if inject.number == 11:
        row |= {"decided_at": "23:00", "change": "A reply"}
    if inject.number == 37:
        row |= {"rung": None, "dissent": "We were split"}
    return row


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("built") / "pack")


@pytest.fixture(scope="module")
def day(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack after the day: sheets, notes and questionnaires are there, and it was read."""
    folder = tmp_path_factory.mktemp("day") / "pack"
    shutil.copytree(built, folder)
    fill(folder, otherwise)
    (folder / "notes").mkdir()
    (folder / "notes" / "hot_wash_1.md").write_text(
        "# Move 1\n- The CERT spoke first\n+ Effect and author were kept apart\n! Nobody knew whom to call\n"
        "Name: John Smith\nwrite to j@example.org\n",
        encoding="utf-8",
    )
    made = python_docx.Document()
    made.add_paragraph("Plenary: " + "lines were never tried")
    made.add_table(1, 2).rows[0].cells[0].text = "! No second way"
    made.save(str(folder / "notes" / "plenary.docx"))
    (folder / "questionnaire.csv").write_text(
        "Timestamp;Name;The day was worth it;Asked twice;What should change?\n"
        "1;Smith;5;4;More time\n2;Jones;4;4;less paper\n3;;5;;a@b.org\n4;;2;;\n",
        encoding="utf-8",
    )
    answered(folder)
    return folder


@pytest.fixture(scope="module")
def told(day: Path) -> Document:
    return report(debriefing(day))


def test_decisions_equal_to_the_models_own_give_exactly_the_run(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "pack")
    material = fill(tmp_path / "pack")
    answers = answered(tmp_path / "pack")
    steps = {each.seq: each.step for each in answers.decisions if each.step is not None}
    assert len(steps) == len(answers.decisions) == 8
    assert replayed(material.run, steps) == material.run.log
    numbered, forced = Counter[int](), {}
    for decision in material.run.log.decisions:
        numbered[decision.actor] += 1
        forced[decision.actor, numbered[decision.actor]] = steps.get(decision.seq, decision.act)
    again = simulate_with(scripted(material.run.world, forced), Luck(material.run.seed, material.run.replication))
    assert again.records == material.run.log.records
    found = debriefing(tmp_path / "pack")
    assert found.sealed.run.log == material.run.log
    chosen = [courses_of.steps_of(each, found.decided[each.seq])[0] for each in answers.decisions]
    assert chosen == [max(found.decided[each.seq].act, PRIVATE) for each in answers.decisions]


def test_other_decisions_give_another_run(day: Path) -> None:
    pack, material = pack_in(day)
    answers = read_answers(day, pack)
    log = replayed(material.run, {each.seq: each.step for each in answers.decisions if each.step is not None})
    first = next(each for each in answers.decisions if each.step != decisions_of(material)[each.number][1].act)
    assert log.records[: first.seq] == material.run.log.records[: first.seq]
    assert log.records != material.run.log.records


def test_sections_stand_in_the_customary_order(told: Document) -> None:
    headings = [each.text for each in told.blocks if isinstance(each, Heading)]
    assert [text for text in headings if text[0].isdigit()] == list(ORDER)


def test_the_report_says_what_tables_decided_what_was_late_and_what_is_missing(told: Document, day: Path) -> None:
    said = "\n".join(texts(told))
    pack, _ = pack_in(day)
    status = {each.number: each.status for each in read_answers(day, pack).decisions}
    assert status[11] is Status.LATE
    assert status[37] is Status.MISSING
    assert "Brevia: 3 asked for, 1 given, 1 late, 1 missing, 0 contradictory" in said
    assert "Brevia: no step was written down on card 37." in said
    assert "Brevia: the decision on card 11 came after its move." in said
    assert "Card 37, other opinions: We were split" in said
    assert "Card 11, what would have changed its mind: A reply" in said


def test_alternative_courses_are_for_who_asks(told: Document, day: Path) -> None:
    standing = "In this model, under these assumptions: from each decision"
    said = "\n".join(texts(told))
    assert standing not in said
    assert "Alternative courses: on request" in said
    of_one = "\n".join(texts(report(debriefing(day, ["Alderland"], 12))))
    assert standing in of_one
    assert "Alternative courses: Alderland" in of_one
    assert "Alternative courses: Brevia" not in of_one
    assert "continued 12 times" in of_one
    for word in ("score", "correct answer", "best step was"):
        assert word not in of_one


def test_a_table_of_which_nothing_counts_is_told_so(day: Path) -> None:
    found = debriefing(day)
    answers = found.answers.model_copy(
        update={"decisions": tuple(each.model_copy(update={"step": None}) for each in found.answers.decisions)}
    )
    asked = replace(found, answers=answers, wanted=["Brevia"])
    said = "\n".join(texts(report(asked)))
    assert "Alternative courses: Brevia\nNo decision of this table counts." in said
    assert "Alternative courses: on request" not in said
    status = tuple(each.model_copy(update={"status": Status.CONTRADICTORY}) for each in answers.decisions)
    torn = replace(found, answers=answers.model_copy(update={"decisions": status}))
    assert "no step" not in {each.strip() for each in "\n".join(texts(report(torn))).split("\n")}
    assert (asked.uncounted, replace(found, wanted=["Brevia"]).uncounted) == (["Brevia"], [])
    assert reports.tables_named(day, ["brevia"]) == ["Brevia"]


def test_bounds_of_later_steps_lie_on_the_ladder(day: Path) -> None:
    pack, material = pack_in(day)
    found = alternatives(material, read_answers(day, pack), material.public.tables, 3)
    rows = [row for each in found for row in each.table.iter_rows(named=True)]
    assert any(row["later_low"] == 0.0 < row["later"] for row in rows)
    assert all(0.0 <= row["later_low"] <= row["later"] <= row["later_high"] <= 10.0 for row in rows)


def test_what_is_compared_and_how_it_is_played(day: Path) -> None:
    pack, material = pack_in(day)
    answers = read_answers(day, pack)
    calls: list[tuple[int, int]] = []
    found = alternatives(material, answers, ["Brevia"], 11, lambda done, total: calls.append((done, total)))
    assert [each.answer.number for each in found] == [11, 40]
    assert calls[-1][0] == calls[-1][1] == 11 * sum(len(each.table) for each in found)
    decided = decisions_of(material)
    for each in found:
        steps = each.table["choice"].to_list()
        assert steps == steps_of(each.answer, decided[each.answer.number][1])
        assert steps[0] == each.played
        assert {PRIVATE, each.story} <= set(steps)
    with pytest.raises(ExerciseError, match="there is no 'Brevai'; there are Alderland, Brevia"):
        alternatives(material, answers, ["Brevai"])


@pytest.mark.parametrize(
    ("step", "act", "about", "steps"),
    [
        (0, 1, 1, [2, 3]),
        (4, 0, 1, [4, 2, 3, 5]),
        (6, 8, 1, [6, 2, 5, 7, 8]),
        (9, 2, 1, [9, 2, 8]),
        (10, 2, 1, [10, 2, 9]),
        (5, 0, -1, [3, 2]),
        (2, 2, -1, [2, 3]),
    ],
)
def test_which_steps_are_compared(day: Path, step: int, act: int, about: int, steps: list[int]) -> None:
    pack, material = pack_in(day)
    answer = read_answers(day, pack).decisions[0].model_copy(update={"step": step})
    assert steps_of(answer, material.run.log.decisions[0]._replace(act=act, about=about)) == steps


def test_notes_and_questionnaires_are_merged_without_persons(told: Document, day: Path) -> None:
    said = "\n".join(texts(told))
    for text in ("The CERT spoke first", "Effect and author were kept apart", "Nobody knew whom to call",
                 "Plenary: lines were never tried", "No second way", "Notes 1", "Notes 2",
                 "The day was worth it", "More time"):  # fmt: skip
        assert text in said
    for name in ("Smith", "Jones", "example.org", "a@b.org", "hot wash 1", "Asked twice\n4"):
        assert name not in said
    notes = read_notes(day)
    assert notes.areas == ["Nobody knew whom to call", "No second way"]
    assert notes.strengths == ["Effect and author were kept apart"]
    assert len(notes.said) == 2
    assert notes.said[0].startswith("notes/hot_wash_1.md: line 5: looks like a person's name")
    found = read_questionnaire(day)
    assert found is not None
    worth, twice = found.items
    assert (worth.question, list(worth.counts), worth.median) == ("The day was worth it", [0, 1, 0, 1, 2], 4.5)
    assert (twice.n, twice.median) == (2, None)
    assert found.texts == [("What should change?", ["less paper", "More time"])]
    assert found.said == [
        "questionnaire.csv: line 1, column 1: a column that tells who answered, or when; it was not read",
        "questionnaire.csv: line 1, column 2: a column that tells who answered, or when; it was not read",
        "questionnaire.csv: line 1, column 5: 'What should change?': 3 answers in words; look for names in the report",
        "questionnaire.csv: line 4, column 5: looks like a person's name or address; left out (Chatham House Rule)",
    ]


def test_columns_that_tell_who_answered_and_lone_answers_are_not_shown(tmp_path: Path) -> None:
    (tmp_path / "Questionnaire.csv").write_text(
        "ID;Start time;Completion time;Email;Full name;First name;Surname;Your organisation;Signature;Age;"
        "Time was enough;What worked?;What did not?\n"
        + "".join(f"{n};9:00;9:30;x;Anna Kovacs;Anna;Kovacs;MFA;AK;{40 + n};4;text {n};{'alone' if n == 1 else ''}\n"
                  for n in (1, 2, 3)),
        encoding="utf-8",
    )  # fmt: skip
    (tmp_path / "questionnaire.ods").write_bytes(b"PK")
    found = read_questionnaire(tmp_path)
    assert found is not None
    assert [(item.question, item.n) for item in found.items] == [("Time was enough", 3)]
    assert found.texts == [("What worked?", ["text 1", "text 2", "text 3"])]
    assert found.said[0] == "questionnaire.ods: was not read; save it as questionnaire.xlsx or .csv"
    assert sum(line.endswith("it was not read") for line in found.said) == 10
    assert found.said[-1] == (
        "Questionnaire.csv: line 1, column 13: 'What did not?': fewer than 3 answers; they are not shown"
    )


def test_notes_are_numbered_and_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "Notes").mkdir()
    (tmp_path / "Notes" / "Anna_Kovacs.txt").write_text("All went well\n", encoding="utf-8")
    (tmp_path / "Notes" / "plenary.rtf").write_bytes(b"{}")
    found = read_notes(tmp_path)
    assert found.files == [["All went well"]]
    assert found.said == ["Notes/plenary.rtf: was not read; save it as .docx or .txt"]


def test_what_is_wrong_with_notes_and_questionnaires_is_said_with_its_place(day: Path, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_bytes(b"\xff\xfe\xfa")
    (tmp_path / "notes" / "b.docx").write_bytes(b"no document")
    with pytest.raises(ExerciseError) as raised:
        read_notes(tmp_path)
    assert str(raised.value).split("\n") == [
        "notes/a.txt: is not in UTF-8; save it anew as UTF-8",
        "notes/b.docx: cannot be read as a document; save it anew as .docx",
    ]
    book = Workbook()
    for row in (["Worth it", "Name"], [5, "x"], [7, "y"], ["often", "z"], [4, None], [3, None]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "questionnaire.xlsx")
    with pytest.raises(ExerciseError) as raised:
        read_questionnaire(tmp_path)
    assert str(raised.value).split("\n") == [
        "questionnaire.xlsx: Sheet!A3: '7' should be an answer from 1 to 5, or empty",
        "questionnaire.xlsx: Sheet!A4: 'often' should be an answer from 1 to 5, or empty",
    ]


def test_communication_is_that_of_the_run(day: Path) -> None:
    _, material = pack_in(day)
    talk = talk_of(material)
    records = material.run.log.records
    assert len(talk.inquiries) == sum(r.kind is Kind.INQUIRY for r in records)
    replies = sum(r.kind in {Kind.ASSURANCE, Kind.FORMULAIC} for r in records)
    assert sum(each.reply is not None for each in talk.inquiries) == replies
    assert sum(each.given_up for each in talk.inquiries) == sum(r.kind is Kind.SILENCE for r in records)
    assert all(each.hours is None or each.read is None or each.hours >= each.read for each in talk.inquiries)
    used = {material.run.world.names.lines[r.line] for r in records if r.kind in {Kind.INQUIRY, Kind.TECHNICAL_REQUEST}}
    assert len(talk.mattered) == len(used)
    assert len(talk.unused) + len(used) == 12
    assert any(each.decision is not None for each in talk.mattered)


def test_a_private_decision_that_is_not_taken_is_no_difference(day: Path) -> None:
    run = pack_in(day)[1].run
    for decision in run.log.decisions:
        rest = [each for each in run.log.decisions if each is not decision]
        without = replace(run, log=replace(run.log, decisions=rest))
        last = max(d.seq for d in run.log.decisions if _about(run, d) == _about(run, decision)) == decision.seq
        if last:
            found = first_other_decision(run, without)
            assert found == ((None, None) if decision.act <= PRIVATE else (decision, None))
    assert {d.act <= PRIVATE for d in run.log.decisions} == {True, False}


def _about(run: Run, decision: Decision) -> tuple[int, int, bool]:
    return decision.actor, run.log.records[decision.seq].incident, decision.of_incident


def _docx_text(path: Path) -> str:
    with zipfile.ZipFile(path) as parts:
        tree = ElementTree.fromstring(parts.read("word/document.xml"))
    return "\n".join(each.text or "" for each in tree.iter() if each.tag.endswith("}t"))


def test_both_files_say_the_same_and_the_page_holds_nothing_that_acts(day: Path, tmp_path: Path) -> None:
    shutil.copytree(day, tmp_path / "pack")
    files = write_report(debriefing(tmp_path / "pack"), tmp_path / "pack")
    assert [file.name for file in files] == ["report.docx", "report.html"]
    page, document = files[1].read_text(encoding="utf-8"), _docx_text(files[0])
    assert HOSTILE.splitlines()[0] in document
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in page
    assert "default-src 'none'" in page
    assert not re.findall(r"(?:src|href)=\"(?!data:image/png;base64,)", page)
    assert " style=" not in page
    for section in ORDER:
        assert section in page
        assert section in document
    again = write_report(debriefing(tmp_path / "pack"), tmp_path / "pack")
    assert [file.read_bytes() for file in again] == [file.read_bytes() for file in files]


def test_the_policy_of_the_page_allows_its_own_style_alone() -> None:
    import hashlib
    from base64 import b64encode

    marks = Marks("EXERCISE", "TLP:GREEN", "notice", "page {page}", "en")
    page = html(Document("x", "<b>", "GREEN", []), marks).decode()
    style = page.partition("<style>")[2].partition("</style>")[0]
    assert f"'sha256-{b64encode(hashlib.sha256(style.encode()).digest()).decode()}'" in page
    assert "unsafe-inline" not in page
    assert "<b>" not in page.partition("<main>")[2]


def test_nothing_is_left_of_a_report_that_was_not_finished(
    day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(day, tmp_path / "pack")
    monkeypatch.setattr(reports, "html", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    found = CliRunner().invoke(app, ["exercise", "debrief", str(tmp_path / "pack")])
    assert found.exit_code == 130
    assert not (tmp_path / "pack" / "debrief").exists()


def test_where_the_document_cannot_be_replaced_the_page_is_not(
    day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(day, tmp_path / "pack")
    found = debriefing(tmp_path / "pack")
    files = write_report(found, tmp_path / "pack")
    for file in files:
        file.write_text("old")
    move = Path.replace

    def locked(self: Path, target: Path) -> Path:
        if target.suffix == ".docx":
            raise PermissionError(13, "is open in another program", str(target))
        return move(self, target)

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(ExerciseError, match=r"report\.docx: is open"):
        write_report(found, tmp_path / "pack")
    assert [file.read_text() for file in files] == ["old", "old"]
    assert sorted(path.name for path in files[0].parent.iterdir()) == ["report.docx", "report.html"]


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _call(*words: str, text: str | None = None) -> Result:
    return CliRunner().invoke(app, ["exercise", *words], input=text)


def test_purged_a_pack_is_as_it_was_built(built: Path, day: Path, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(day, pack)
    write_report(debriefing(pack), pack)
    (pack / "tables" / "Brevia" / "decisions.txt").write_text("No.\tRung\n11\t3\n")
    assert _files(pack) != _files(built)
    refused = _call("purge", str(pack))
    assert refused.exit_code == 2
    assert "nothing was removed; say --yes to remove it" in refused.stderr
    done = _call("purge", str(pack), "--yes", "--json")
    assert _files(pack) == _files(built)
    assert [path for path in pack.rglob("*") if path.name in {"answers", "notes", "debrief"}] == []
    document = json.loads(done.stdout)
    assert {Path(path).name for path in document["removed"]} == {
        "answers", "notes", "debrief", "questionnaire.csv", "decisions.txt"}  # fmt: skip
    assert len(document["emptied"]) == 4
    assert document["left"] == []
    assert "there is nothing that anybody has typed" in _call("purge", str(pack)).stderr
    fill(pack)
    assert _call("read", str(pack)).exit_code == 0


def test_what_was_named_otherwise_is_removed_or_named(tmp_path: Path) -> None:
    pack = bare(tmp_path / "pack")
    before = _files(pack)
    typed = ("Questionnaire.csv", "Notes/a.txt", "tables/Brevia/~$decisions.xlsx", "tables/Brevia/Decisions 2.csv",
             "tables/Brevia/.~lock.decisions.xlsx#")  # fmt: skip
    strange = ("tables/Brevia/Copy of decisions.xlsx", "tables/Brevia/decisions.ods", "report_sent.docx")
    (pack / "Notes").mkdir()
    for name in (*typed, *strange):
        (pack / name).write_text("Anna Kovacs")
    done = _call("purge", str(pack), "--yes", "--json")
    assert _files(pack) == {**before, **dict.fromkeys(strange, b"Anna Kovacs")}
    assert set(json.loads(done.stdout)["left"]) == {str(pack / name) for name in strange}
    assert done.stderr.count("the pack was not built with it, and it stays") == len(strange)


def test_a_pack_that_cannot_be_made_again_is_purged(tmp_path: Path) -> None:
    pack = bare(tmp_path / "pack")
    record = json.loads((pack / PACK).read_text())
    (pack / PACK).write_text(json.dumps({**record, "log": "x"}))
    for name in ("answers/decisions.json", "notes/a.txt", "debrief/report.html", "questionnaire.csv"):
        (pack / name).parent.mkdir(exist_ok=True)
        (pack / name).write_text("Anna Kovacs")
    done = _call("purge", str(pack), "--yes")
    assert done.exit_code == 0
    assert "plays the same run otherwise" in done.stderr
    assert "the empty sheets cannot be made again" in done.stderr
    assert list(_files(pack)) == [PACK]
    (pack / PACK).unlink()
    (pack / "answers").mkdir()
    assert _call("purge", str(pack), "--yes").exit_code == 2
    assert (pack / "answers").exists()


def test_the_command_reports_and_names_what_is_wrong(day: Path, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(day, pack)
    done = _call("debrief", str(pack), "--table", "Dunmere", "-n", "10", "--json")
    assert done.exit_code == 0
    document = json.loads(done.stdout)
    assert document["standing"] == "In this model, under these assumptions"
    assert {each["table"] for each in document["courses"]} == {"Dunmere"}
    assert len(document["said"]) == 6
    assert "report.html" in document["files"][1]
    wrong = _call("debrief", str(pack), "--table", "Dunmeer")
    assert (wrong.exit_code, wrong.stderr.count("\n")) == (2, 1)
    assert "table: there is no 'Dunmeer'; there are Alderland, Brevia, Corvania, Dunmere, or all" in wrong.stderr
    shutil.rmtree(pack / "answers")
    unread = _call("debrief", str(pack))
    assert unread.exit_code == 2
    assert "run `simcrisis exercise read" in unread.stderr


def test_a_report_in_french_is_in_french(tmp_path: Path) -> None:
    pack = bare(tmp_path / "pack", named="fr")
    fill(pack, lambda inject, decision: {"rung": language("fr").text(f"ladder.{decision.act}").upper()})
    answers = answered(pack)
    assert all(each.status is Status.GIVEN for each in answers.decisions)
    document = report(debriefing(pack, ["Dunmere"], 10))
    said = "\n".join(texts(document))
    for text in (
        "Rapport apr\u00e8s exercice",
        "Dans ce mod\u00e8le, sous ces hypoth\u00e8ses",
        "8. Plan d'am\u00e9lioration",
    ):
        assert text in said
    for english in ("The story", "Step of the table", "attribute it in public", "In this model"):
        assert english not in said


def test_a_language_of_ones_own_is_kept_in_the_pack(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('code = "en"\ndocuments.debrief.title = "What we learnt"\nladder.4 = "name it"\n', encoding="utf-8")
    pack = bare(tmp_path / "pack", named=str(own))
    own.unlink()
    fill(pack, lambda inject, decision: {"rung": "name it" if inject.number == 11 else 0})
    answers = answered(pack)
    assert next(each.step for each in answers.decisions if each.number == 11) == 4
    assert report(debriefing(pack)).title == "What we learnt"


def test_the_id_of_a_pack_is_that_of_what_it_was_made_from(built: Path, tmp_path: Path) -> None:
    of_bare = pack_in(bare(tmp_path / "same"))[0]
    assert pack_in(built)[0] == of_bare
    assert pack_in(bare(tmp_path / "other", replication=53))[0] != of_bare


def test_where_states_exist_no_absolute_risk_stands_in_the_report(day: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = debriefing(day, ["Dunmere"], 10)
    told = "\n".join(texts(report(found)))
    assert "Force threatened or used\n" in told
    monkeypatch.setattr(type(found), "real", True)
    said = "\n".join(texts(report(found)))
    assert "Force threatened or used\n" not in said
    assert "Change against the table's step (percentage points)" in said
