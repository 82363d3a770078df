"""The files of a pack: the same again, inert whatever texts say, and all there or nothing."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

import simcrisis as sc
from simcrisis.cli.app import app
from simcrisis.errors import ExerciseError
from simcrisis.exercise import pack
from simcrisis.exercise.blocks import Block, Bullets, Card, Document, Grid, Heading, Marks, Text
from simcrisis.exercise.build import Request, build_pack
from simcrisis.exercise.documents.network_poster import drawn
from simcrisis.exercise.files.docx import docx
from simcrisis.exercise.files.pdf import _card, _fonts, _grid, pdf
from simcrisis.exercise.files.xlsx import Column, Sheet, xlsx
from simcrisis.exercise.language import language
from simcrisis.exercise.material import Sealed, exercise_of, sealed
from simcrisis.exercise.pack import folder_names, write_pack
from simcrisis.exercise.story import Candidate, Wish
from simcrisis.plots.style import style
from tests.exercise_hostile import NAMES, SEEN, SITUATION, TITLE, hostile, spoken
from tests.exercise_papers import played

PLAYED = 0
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MARKS = Marks("EXERCISE", "TLP:RED", "=notice & <b>", "page {page}", "en")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d")


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("packed") / "pack"
    build_pack(Request(hostile(), arm="both", replication=PLAYED), out)
    return out


@pytest.fixture(scope="module")
def material() -> Sealed:
    return played(sc.run(sc.load("energy_grid"), "both", 1, 4), ["Halvania"])


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_same_command_makes_the_same_pack_in_another_process_and_folder(packed: Path, tmp_path: Path) -> None:
    file, out = tmp_path / "other name.yaml", tmp_path / "another & folder"
    file.write_text(json.dumps(hostile().data), encoding="utf-8")
    words = ["exercise", "build", str(file), "--out", str(out), "--arm", "both", "--replication", str(PLAYED)]
    environment = {**os.environ, "PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-m", "simcrisis", *words], check=True, env=environment, capture_output=True)
    one, other = _files(packed), _files(out)
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []


def test_names_of_files_are_plain_and_tables_do_not_share_a_folder(packed: Path) -> None:
    names = list(_files(packed))
    assert all(re.fullmatch(r"[\w./-]+", name) and ".." not in name for name in names)
    folders = {name.split("/")[1] for name in names if name.startswith("tables/")}
    assert len({folder.casefold() for folder in folders}) == 2
    assert len([name for name in names if name.endswith("inject_cards.pdf")]) == 2


@pytest.mark.parametrize(
    "states",
    [
        ["A B", "A-B", "a b", "A  B"],
        ["<<<", ">>>", "\u200f", "&"],
        ["e\u0301tat", "\u00e9tat"],
        ["x" * 80, "x" * 79 + "y"],
        ["\U00010330" * 80],
        ["Foo", "foo-2", "FOO"],
    ],
)
def test_every_state_has_a_folder_of_its_own_that_a_disk_can_hold(states: list[str], tmp_path: Path) -> None:
    found = folder_names(states)
    assert list(found) == states
    assert len({name.casefold() for name in found.values()}) == len(states)
    for name in found.values():
        assert re.fullmatch(r"\w[\w-]*", name)
        (tmp_path / name).mkdir()


def test_a_folder_is_named_as_it_is_read() -> None:
    assert list(folder_names(["e\u0301tat", "La  C\u00f4te!"]).values()) == ["\u00e9tat", "La-C\u00f4te"]


def test_no_cell_is_a_formula(packed: Path) -> None:
    books = list(packed.rglob("*.xlsx"))
    assert len(books) == 4
    for path in books:
        with zipfile.ZipFile(path) as parts:
            assert not any("externalLink" in name or "vba" in name for name in parts.namelist())
            for name in parts.namelist():
                ElementTree.fromstring(parts.read(name))
            assert all(b"<f>" not in parts.read(name) for name in parts.namelist() if "worksheets" in name)
        for sheet in load_workbook(path).worksheets:
            texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
            assert not [text for text in texts if text.startswith(_FORMULA)]
            assert not set(sheet.title) & set("[]:*?/\\")
    with (packed / "controllers" / "msel.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert not [cell for row in rows for cell in row if cell.startswith(_FORMULA)]
    assert any(spoken(SEEN).replace("\n\n", "\n") in cell for row in rows for cell in row)


def test_heads_from_a_language_file_are_no_formulas_either() -> None:
    sheet = Sheet("list", "LIST", [Column("=1+1", 8), Column("\x01@x", 8)], [["=2", 3], [None, "\uffff+4"]])
    found = load_workbook(io.BytesIO(xlsx([sheet], _MARKS))).worksheets[0]
    assert [[cell.value for cell in row] for row in found.iter_rows()] == [["'=1+1", "'@x"], ["'=2", 3], [None, "'+4"]]


def _told(path: Path) -> Iterator[str]:
    """Yield the paragraphs of a DOCX file."""
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                tree = ElementTree.fromstring(parts.read(name))
                assert not [each for each in tree.iter() if each.get("TargetMode") == "External"]
                for paragraph in tree.iter(f"{_W}p"):
                    lines = ["\n" if each.tag == f"{_W}br" else each.text or "" for each in paragraph.iter()
                             if each.tag in {f"{_W}t", f"{_W}br"}]  # fmt: skip
                    yield "".join(lines)


def test_documents_hold_texts_as_texts(packed: Path) -> None:
    files = list(packed.rglob("*.docx"))
    assert len(files) == 17
    told = {path: list(_told(path)) for path in files}
    manual = told[packed / "edit" / "everyone" / "situation_manual.docx"]
    for text in (TITLE, *SITUATION.split("\n\n")):
        assert spoken(text).strip() in manual
    everything = "\n".join(line for lines in told.values() for line in lines)
    for name in NAMES.values():
        assert spoken(name) in everything
    assert not set("\u202e\u202d\u2066\ufffe\uffff") & set(everything)


def test_pages_hold_nothing_that_acts(packed: Path) -> None:
    files = list(packed.rglob("*.pdf"))
    assert len(files) == 18
    for path in files:
        content = re.sub(rb"stream\r?\n.*?endstream", b"", path.read_bytes(), flags=re.DOTALL)
        assert content.startswith(b"%PDF-")
        assert not [word for word in (b"/JavaScript", b"/JS", b"/URI", b"/Launch", b"/EmbeddedFile") if word in content]


@pytest.mark.parametrize("write", [pdf, docx])
@pytest.mark.parametrize("long", ["word " * 1999, "w" * 9_999, pytest.param("line\n" * 1999, marks=pytest.mark.long)])
def test_the_longest_texts_that_a_scenario_may_have_fit(write: Callable[[Document, Marks], bytes], long: str) -> None:
    blocks: list[Block] = [
        Heading("h" * 200),
        Text(long),
        Bullets([long]),
        Grid(("n" * 80, "b"), [("n" * 80, long)], (1, 6)),
        Card("t" * 80, "aside", [Text(long), Bullets(["x"])]),
    ]
    marks = Marks("EXERCISE", "TLP:RED " * 9, "notice " * 40, "page {page}", "en")
    assert len(write(Document("long", "T" * 120, "RED", blocks), marks)) > 2_000


def test_no_card_and_no_row_is_cut_by_the_end_of_a_page() -> None:
    _fonts()
    card = _card(Card("Title", "aside", [Text("A message. " * 30), Text("Another.")], "foot"), 400)
    grid = _grid(Grid(("n", "b"), [(str(n), "A message. " * 60) for n in range(9)], (1, 6)), 400)
    assert all(card.split(400, room) == [] for room in (30, 60, 90))
    assert grid.split(400, 60) == []
    above, below = grid.split(400, 300)
    assert above.wrap(400, 300)[1] <= 300
    assert below.split(400, 60) == []


@pytest.mark.parametrize("code", ["en", "fr"])
def test_the_legend_of_the_poster_stands_on_it(code: str) -> None:
    run = sc.run(sc.load("sixteen_measures"), "all", 1, 0)
    candidate = Candidate(run, [])
    words = language(code)
    public = sealed(candidate, [candidate], Wish.MEDIAN, exercise_of(run.scenario, words), words).public
    with style():
        figure = drawn(public).get_figure()
        figure.draw_without_rendering()
        legend = figure.axes[0].get_legend().get_window_extent()
        plt.close(figure)
    assert figure.bbox.x0 <= legend.x0
    assert legend.x1 <= figure.bbox.x1


def _nothing_more_in(folder: Path, before: set[Path]) -> bool:
    return set(folder.rglob("*")) == before


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt(), ValueError("x")])
def test_nothing_is_left_of_a_pack_that_was_not_finished(
    error: BaseException, material: Sealed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []
    put = pack._put

    def fail(path: Path, content: bytes) -> None:
        if len(written) == 3:
            raise error
        put(path, content)
        written.append(path)

    monkeypatch.setattr(pack, "_put", fail)
    out = tmp_path / "pack"
    with pytest.raises(ExerciseError if isinstance(error, OSError) else type(error)):
        write_pack(material, out)
    assert len(written) == 3
    assert _nothing_more_in(tmp_path, set())


def test_a_folder_that_holds_something_is_left_alone(material: Sealed, tmp_path: Path) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    before = set(tmp_path.rglob("*"))
    for out in (tmp_path / "used", tmp_path / "file"):
        with pytest.raises(ExerciseError, match=f"{out}: holds something already"):
            write_pack(material, out)
    with pytest.raises(ExerciseError, match=f"^{tmp_path / 'file'}[^:]*: [^:]*$"):
        write_pack(material, tmp_path / "file" / "pack")
    assert _nothing_more_in(tmp_path, before)
    assert (tmp_path / "used" / "mine.txt").read_text() == "mine"


def _call(*words: str) -> Result:
    return CliRunner().invoke(app, ["exercise", "build", *words])


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["belgrade_2015", "--wish", "war"], "wish: 'war' is none; there are median, p90, line-down, unanswered"),
        (["belgrade_2015", "--arm", "bth"], "no arm named 'bth'"),
        (["belgrade_2015", "--arm", "bth", "--replication", "1"], "no arm named 'bth'"),
        (["belgrade_2015", "--tables", "Alderlnd"], "exercise.tables"),
        (["belgrade_2015", "--tables", "Alderland,"], "exercise.tables"),
        (["belgrade_2015", "--tables", "Alderland,Alderland"], "exercise.tables"),
        (["belgrade_2015", "--set", 'exercise.begins="25:00"'], "exercise.begins: '25:00' should be a time of day"),
        (["belgrade_2015", "--language", "tlh"], "language: there is no 'tlh'"),
        (["belgrade_2015", "--language", "none.toml"], "none.toml: "),
        (["belgrade_2014"], "belgrade_2014"),
        (["osce_wide"], "aggregates_only"),
    ],
)
def test_what_is_wrong_is_one_line_and_nothing_is_written(words: list[str], problem: str, tmp_path: Path) -> None:
    found = _call(*words, "--out", str(tmp_path / "deep" / "pack"), "-n", "4", "--quiet")
    assert found.exit_code == 2, found.output
    (line,) = found.stderr.strip().split("\n")
    assert problem in line
    assert _nothing_more_in(tmp_path, set())


def test_a_language_file_with_several_problems_is_a_line_each(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('code = "en"\nmarks.exercise = ""\nsorts.finding = "{x}"\nnew = "y"\n', encoding="utf-8")
    found = _call("belgrade_2015", "--language", str(path), "--out", str(tmp_path / "pack"), "--quiet")
    assert found.exit_code == 2
    lines = found.stderr.strip().split("\n")
    assert len(lines) == 3
    assert all(line.startswith(f"{path}: ") for line in lines)
    assert _nothing_more_in(tmp_path, {path})


@pytest.mark.parametrize(
    "missing", ["reportlab", *(pytest.param(n, marks=pytest.mark.long) for n in ("docx", "openpyxl"))]
)
def test_without_the_extra_it_is_said_what_to_install(missing: str, tmp_path: Path) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None; from simcrisis.cli import main; main()"
    words = ["exercise", "build", "belgrade_2015", "--out", str(tmp_path / "pack")]
    found = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)
    assert found.returncode == 2
    assert found.stderr.strip() == f'exercise needs {missing}: pip install "simcrisis[office]"'
    assert _nothing_more_in(tmp_path, set())
