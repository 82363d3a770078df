"""Language files: each problem with its key, and texts that never read what stands in facts."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

import simcrisis as sc
from simcrisis.errors import ExerciseError
from simcrisis.exercise.injects import sorts
from simcrisis.exercise.knowledge import Known, Matter
from simcrisis.exercise.language import language, languages
from simcrisis.exercise.phrases import phrases_of

ENGLISH = files("simcrisis.exercise").joinpath("words").joinpath("en.toml").read_text(encoding="utf-8")


def _problems(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExerciseError) as raised:
        language(str(path))
    lines = str(raised.value).split("\n")
    assert all(line.startswith(f"{path}: ") for line in lines)
    return [line.removeprefix(f"{path}: ") for line in lines]


@pytest.mark.parametrize("code", languages())
def test_packaged_languages_are_whole(code: str, tmp_path: Path) -> None:
    text = files("simcrisis.exercise").joinpath("words").joinpath(f"{code}.toml").read_text(encoding="utf-8")
    path = tmp_path / "copy.toml"
    path.write_text(text.replace(f'code = "{code}"', 'code = "of nobody"'), encoding="utf-8")
    whole, own = language(str(path)), language(code)
    assert all(own.raw(key) == whole.raw(key) for key in ("marks.exercise", "sorts.finding", "documents.forms.title"))


def test_every_sort_and_what_it_refers_to_has_words() -> None:
    words = language()
    for name, sort in sorts().items():
        assert f"sorts.{name}" in words
        for key in (f"roles.{sort.sender}", f"roles.{sort.receiver}", f"channels.{sort.channel}"):
            assert key in words
        for part in ("objective", "expected", "note", "contingency"):
            assert f"groups.{sort.group}.{part}" in words


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('code = "en"\nsorts.finding = "A finding: {weigth}."', "sorts.finding: there is no {weigth} here"),
        ('code = "en"\nsorts.finding = "{other.__class__}"', "sorts.finding: there is no {other.__class__} here"),
        ('code = "en"\nsorts.finding = "{weight[0]}"', "sorts.finding: there is no {weight[0]} here"),
        ('code = "en"\nsorts.finding = "{weight!r}"', "sorts.finding: there is no {weight!r} here"),
        ('code = "en"\nsorts.finding = "{weight:>999999999}"', "sorts.finding: there is no {weight:>999999999} here"),
        ('code = "en"\nsorts.finding = "{weight:{matter}}"', "sorts.finding: there is no {weight:{matter}} here"),
        ('code = "en"\nsorts.finding = "{}"', "sorts.finding: there is no {} here"),
        ('code = "en"\nsorts.finding = "{0}"', "sorts.finding: there is no {0} here"),
        ('code = "en"\nmarks.exercise = "{state}"', "marks.exercise: there is no {state} here; there are: none"),
        ('code = "en"\nsorts.finding = "open { brace"', "sorts.finding: "),
        ('code = "en"\nsorts.finding = "closed } brace"', "sorts.finding: "),
        ('code = "en"\nsorts.finding = []', "sorts.finding: should not be empty"),
        ('code = "en"\nsorts.finding = ["right {weight}", ""]', "sorts.finding: should not be empty"),
        ('code = "en"\nmarks.exercise = ""', "marks.exercise: should not be empty"),
        ('code = "en"\nsorts.findings = "One s too many"', "sorts.findings: is not a key of a language file"),
        ('code = "en"\n"sorts.\\u001b[2J" = "x"', "sorts.\\x1b[2J: is not a key of a language file"),
    ],
)  # fmt: skip
def test_each_problem_is_located_and_alone(text: str, problem: str, tmp_path: Path) -> None:
    (found,) = _problems(tmp_path, text)
    assert found.startswith(problem)


def test_all_problems_are_told_together_in_the_order_of_the_texts(tmp_path: Path) -> None:
    text = ENGLISH.replace('code = "en"', 'code = "xx"').replace('rest = "Break"\n', "").replace(
        'tense = "', 'tense = "{mood} ').replace('exercise = "EXERCISE   EXERCISE   EXERCISE"\n', "")  # fmt: skip
    assert [problem.partition(":")[0] for problem in _problems(tmp_path, text)] == [
        "marks.exercise",
        "parts.rest",
        "documents.briefing.relation_tense",
    ]


def test_a_file_of_no_language_lacks_every_key_on_a_line_each(tmp_path: Path) -> None:
    found = _problems(tmp_path, 'language = "Esperanto"\ncode = "eo"\n')
    keys = [problem.partition(":")[0] for problem in found]
    assert len(set(keys)) == len(keys) > 200
    assert all(": missing; the English text is '" in problem for problem in found)


def test_a_partial_file_changes_its_texts_and_leaves_the_others(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text('code = "en"\nmarks.exercise = "DRILL"\n', encoding="utf-8")
    words = language(str(path))
    assert words.text("marks.exercise") == "DRILL"
    assert words.raw("sorts.finding") == language().raw("sorts.finding")


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("none.toml", None, "No such file"),
        ("folder.toml", "", "Is a directory"),
        ("broken.toml", b"code = ", "Invalid value"),
        ("latin.toml", b'code = "\xe9"', "can't decode"),
    ],
)
def test_files_that_cannot_be_read_are_one_line(
    name: str, content: bytes | str | None, problem: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        path.mkdir()
    with pytest.raises(ExerciseError, match=problem) as raised:
        language(str(path))
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_language_that_is_not_there_is_said() -> None:
    with pytest.raises(ExerciseError, match=r"language: there is no 'tlh'; there are .*en"):
        language("tlh")


@pytest.mark.parametrize("name", ["{other}", "{", "}}", "{0.__class__}", "%s %(x)d"])
def test_facts_are_never_read_as_texts(name: str) -> None:
    scenario = sc.load("belgrade_2015").with_({"states.Brevia.name": name} if "." not in name else {})
    say = phrases_of(sc.run(scenario, "both", 1, 0), language())
    known = Known("Alderland", 0, 0, "first_thoughts", 0, {"matter": Matter(name, "energy"), "other": name})
    assert say.say(known).count(name) == 2
