"""The languages of exercises: complete, alike, and the only place where visible words stand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

import simcrisis as sc
from simcrisis.cli.app import app
from simcrisis.errors import ExerciseError
from simcrisis.exercise.back.alternatives import alternatives
from simcrisis.exercise.back.answers import Answer, Answers, Status
from simcrisis.exercise.back.talk import talk_of
from simcrisis.exercise.blocks import Block, Bullets, Card, Document, Grid, Heading, Picture, Sign, Text
from simcrisis.exercise.debrief.material import Debriefing
from simcrisis.exercise.debrief.report import report
from simcrisis.exercise.documents.network_poster import drawn
from simcrisis.exercise.documents.start_here import start_here
from simcrisis.exercise.files.pdf import pdf
from simcrisis.exercise.files.xlsx import Sheet
from simcrisis.exercise.knowledge import Known, Matter, received
from simcrisis.exercise.language import Language, language, language_file, languages
from simcrisis.exercise.material import Sealed, exercise_of, sealed
from simcrisis.exercise.pack import items
from simcrisis.exercise.phrases import Phrases, phrases_of
from simcrisis.exercise.story import Candidate, Wish, playable
from simcrisis.units import DAY, HOUR
from tests.words_page import DOCUMENT, facts_by_key, words_document

RUN = 23
SAME = re.compile(
    r"(calendar\.(moment|date|full)|lists\.between|marks\.page|severities\.4|units\.minutes?|sorts\.\w+_each|records\.strike"
    r"|groups\.\w+\.objective|columns\.(table|message)|documents\.forms\.verbale_title"
    r"|documents\.debrief\.(overview\.(tables|programme)|talk\.(title|line|used)|annex\.question))"
)
"""Keys whose text is the same word in both languages, or made of facts only."""


def texts(code: str) -> dict[str, tuple[str, ...]]:
    """Return the texts of a packaged language by key."""
    return _flat(tomllib.loads(language_file(code)))


def _flat(tree: object, under: str = "") -> dict[str, tuple[str, ...]]:
    if not isinstance(tree, dict):
        return {under: tuple(map(str, tree)) if isinstance(tree, list) else (str(tree),)}
    found: dict[str, tuple[str, ...]] = {}
    for name, value in tree.items():
        found |= _flat(value, f"{under}.{name}" if under else name)
    return found


@cache
def material(code: str) -> Sealed:
    """Return what a pack is made from."""
    return _material(Language(_pseudo()) if code == "pseudo" else language(code))


def _material(words: Language) -> Sealed:
    scenario = sc.load("belgrade_2015")
    run = sc.run(scenario, "untested", 1, RUN)
    of = exercise_of(scenario, words)
    chosen = Candidate(run, playable(run, of))
    return sealed(chosen, [chosen], Wish.MEDIAN, of, words)


def _pseudo() -> dict[str, tuple[str, ...]]:
    """Return English with every letter of every text an x: what still has other letters does not come from it."""
    found = {}
    for key, several in texts("en").items():
        found[key] = tuple("".join(_masked(part) for part in re.split(r"(\{\w+\})", text)) for text in several)
    return found


def _masked(part: str) -> str:
    return part if part.startswith("{") else re.sub(r"[^\W\d_]", "x", part)


def test_all_languages_have_the_same_keys_and_facts() -> None:
    model = facts_by_key(tomllib.loads(language_file("en")))
    assert len(model) > 400
    for code in languages():
        assert facts_by_key(tomllib.loads(language_file(code))) == model, code


def test_every_french_text_is_french() -> None:
    english, french = texts("en"), texts("fr")
    same = [key for key in english if english[key] == french[key]]
    assert [key for key in same if not SAME.fullmatch(key)] == []


def test_french_spaces_do_not_break_before_high_punctuation() -> None:
    for key, several in texts("fr").items():
        for text in several:
            assert not re.search(r"(?<![\u202f :;?!])[;?!»%]|« | [;?!»%]| :", text.replace("{n} %", "")), (key, text)


def test_every_visible_text_comes_from_the_language_file() -> None:
    made = material("pseudo")
    run = made.run
    of = made.public.exercise
    own = [
        run.scenario.title,
        of.title,
        of.situation,
        *(incident.seen for incident in run.scenario.incidents),
        *run.world.names.states,
    ]
    own += [
        *map(str.lower, run.world.names.states),
        *run.world.names.incidents,
        run.arm,
        run.scenario.digest[:16],
        "simcrisis",
        "SHA",
        "UTC",
    ]
    allowed = {word for text in own for word in _words(text)}
    told = set[str]()
    for item in items(made):
        told |= {word for text in _visible(item.content) for word in _words(text)}
    first = start_here(made, [("controllers/msel", "msel", made.public.text("files.msel.what"))])
    told |= {word for text in _visible(first) for word in _words(text)} - {"controllers", "msel"}
    decided = {d.seq: d for d in run.log.decisions}
    answers = [
        Answer(table=i.state, number=i.number, move=i.move, seq=i.lead.seq, status=Status.GIVEN,
               step=decided[i.lead.seq].act, belief=40.0)
        for i in made.chosen.injects if i.is_decision
    ]  # fmt: skip
    answers[0] = answers[0].model_copy(update={"step": None, "status": Status.MISSING})
    found = Answers(pack="none", sheets="", decisions=tuple(answers))
    courses = alternatives(made, found, made.public.tables, 3)
    back = report(Debriefing("none", made, found, talk_of(made), courses, wanted=made.public.tables))
    told |= {word for text in _visible(back) for word in _words(text)} - {"none"}
    axes = drawn(made.public)
    legend = axes.get_legend()
    assert legend is not None
    painted = [axes.get_title(), legend.get_title().get_text(), *(text.get_text() for text in legend.get_texts())]
    told |= {word for text in painted for word in _words(text)}
    assert {word for word in told - allowed if set(word.lower()) != {"x"}} <= {"O", "policy", "cert", "example"}


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text)


def _visible(content: Document | Sheet) -> Iterator[str]:
    """Yield every text of a document or worksheet."""
    if isinstance(content, Sheet):
        yield content.title
        yield from (column.head for column in content.columns)
        yield from (str(cell) for row in content.rows for cell in row if cell is not None)
        return
    yield content.title
    yield from _shown(content.blocks)


def _shown(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading(text) | Text(text) | Sign(text):
                yield text
            case Bullets(texts):
                yield from texts
            case Grid(head, rows):
                yield from (*head, *(cell for row in rows for cell in row))
            case Picture(_, alt):
                yield alt
            case Card():
                yield from (block.title, block.aside, block.foot)
                yield from _shown(block.blocks)


@pytest.mark.parametrize("code", languages())
def test_each_decision_has_one_page(code: str) -> None:
    made = material(code)
    for item in items(made):
        if isinstance(item.content, Document) and item.content.name == "decision_sheet":
            state = item.folder.rpartition("/")[2]
            decisions = sum(inject.is_decision for inject in made.chosen.injects if inject.state == state)
            assert _pages(pdf(item.content, made.public.marks("AMBER"))) == max(1, decisions), (code, state)


def _pages(file: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", file))


@cache
def _say() -> Phrases:
    return phrases_of(sc.run(sc.load("belgrade_2015"), "both", 1, 0), language("en"))


def _known(sort: str, at: int, seq: int, **facts: str | float) -> Known:
    return Known("Brevia", seq, at, sort, 0, {"matter": Matter("Brevia", "finance"), **facts})


def test_what_differs_in_one_point_is_told_in_one_paragraph() -> None:
    others = ("Alderland", "Corvania", "Dunmere")
    asked = [_known("technical_request", HOUR, n, other=name) for n, name in enumerate(others)]
    told = "Your CERT has asked other CERTs for help with the incident in your finance sector"
    assert _say().tell(asked) == [f"{told}: Alderland, Corvania and Dunmere."]
    assert _say().tell(asked[:1]) == [_say().say(asked[0])]


def test_findings_on_the_same_suspect_are_counted_and_others_stand_apart() -> None:
    weights = (("Alderland", -0.2), ("Alderland", -0.3), ("Alderland", 0.5), ("Dunmere", 0.5))
    told = _say().tell([_known("finding", HOUR, n, other=name, weight=w) for n, (name, w) in enumerate(weights)])
    assert len(told) == 2
    assert told[0].endswith("as regards Alderland: slightly exonerating (×2) and incriminating.")
    assert "towards Dunmere" in told[1]


def test_what_is_older_than_its_card_says_when_it_was_and_a_matter_is_named_once() -> None:
    told = _say().tell([
        _known("technical_silence", HOUR, 1, other="Dunmere"),
        _known("silence", HOUR + 2 * DAY, 2, other="Dunmere"),
    ])  # fmt: skip
    assert told[0].startswith("(2 March) ")
    assert "the incident in your finance sector" in told[0]
    assert "about this incident" in told[1]


def test_a_second_incident_in_a_sector_is_told_apart_from_when_it_is_noticed() -> None:
    scenario = sc.load("energy_grid")
    run = sc.run(scenario, "both", 1, 178)
    told = [k for k in received(run)["Halvania"] if isinstance(k.facts.get("matter"), Matter)]
    second = [k for k in told if k.facts["matter"].nth == 2]  # type: ignore[union-attr]
    noticed = [k.at for k in told if k.sort == "detection"]
    assert len(noticed) == 2
    assert second
    assert min(k.at for k in second) == noticed[1]
    assert [k for k in told if k not in second and k.at > noticed[1]], "the first goes on"


def test_a_file_of_changes_takes_the_rest_from_its_language(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('code = "fr"\n[tlp]\nRED = "TLP:RED - cellule"\n', encoding="utf-8")
    words = language(str(path))
    assert (words.text("tlp.RED"), words.text("tlp.GREEN")) == ("TLP:RED - cellule", language("fr").text("tlp.GREEN"))


def test_problems_of_a_file_are_told_all_at_once_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('code = "en"\nnonsense = "x"\n[sorts]\ninquiry = "{sender.name} {who}"\n', encoding="utf-8")
    with pytest.raises(ExerciseError) as caught:
        language(str(path))
    lines = str(caught.value).splitlines()
    assert [line.split(": ")[1] for line in lines] == ["sorts.inquiry", "sorts.inquiry", "nonsense"]
    path.write_text('code = "de"\n', encoding="utf-8")
    with pytest.raises(ExerciseError) as caught:
        language(str(path))
    lines = str(caught.value).splitlines()
    missing = [line.split(": ")[1] for line in lines]
    assert missing == sorted(missing)
    assert len(lines) > 400


def test_the_words_command_gives_a_language_file(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["exercise", "words", "fr"])
    assert told.stdout == language_file("fr")
    out = tmp_path / "mine.toml"
    assert CliRunner().invoke(app, ["exercise", "words", "en", "--out", str(out)]).exit_code == 0
    assert out.read_text(encoding="utf-8") == language_file("en")
    again = CliRunner().invoke(app, ["exercise", "words", "en", "--out", str(out)])
    assert (again.exit_code, "already" in again.stderr) == (2, True)
    wrong = CliRunner().invoke(app, ["exercise", "words", "xx"])
    assert (wrong.exit_code, "there are en, fr" in wrong.stderr) == (2, True)


def test_the_page_of_words_is_fresh() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == words_document()


def test_an_answer_in_kind_is_told_to_its_author_as_one_and_not_as_the_incident_that_it_answers() -> None:
    told = _known("own_operation", HOUR, 1)
    assert "an operation against Brevia, in the finance sector" in _say().say(told)
