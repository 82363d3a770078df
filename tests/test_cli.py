"""The command line as a user meets it: output, messages, exit status."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from simcrisis.cli.app import app
from simcrisis.scenario import shipped

EVENTS = (
    "arm", "replication", "seq", "hour", "kind", "actor", "counterpart", "line", "incident", "case", "cause_seq",
    "value",
)  # fmt: skip
INVALID = Path(__file__).parent / "scenarios" / "invalid"


def call(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_list_names_every_scenario_with_its_question() -> None:
    told = json.loads(call("list", "--json").stdout)
    assert [row["name"] for row in told] == list(shipped())
    assert all(row["question"].endswith("?") for row in told)
    assert "belgrade_2015" in call("list").stdout


def test_new_writes_a_valid_file_and_overwrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    assert call("new", str(path)).exit_code == 0
    assert call("validate", str(path)).exit_code == 0
    again = call("new", str(path))
    assert again.exit_code == 2
    assert "nothing was written" in again.stderr


def test_validate_reports_all_files_and_exits_2() -> None:
    told = call("validate", "belgrade_2015", str(INVALID / "names.yaml"), str(INVALID / "ranges.yaml"))
    assert told.exit_code == 2
    assert "belgrade_2015: valid" in told.stdout
    assert "names.yaml:19:13: incidents.blackout.victim: no State named 'Aldreland'" in told.stderr
    assert "ranges.yaml:21:15: " in told.stderr
    document = json.loads(call("validate", "--json", str(INVALID / "names.yaml")).stdout)
    assert document[0]["problems"][0]["line"] == 11


def test_a_run_is_told_with_local_times_and_reasons() -> None:
    told = call("run", "belgrade_2015", "--arm", "both", "--seed", "7", "--replication", "3")
    assert told.exit_code == 0
    assert "Tue 03 Mar 20:00 CET" in told.stdout
    assert "likely guilty; severity" in " ".join(told.stdout.split())
    assert "In this model, under these assumptions." in told.stdout


def test_run_as_json_holds_what_regenerates_it() -> None:
    document = json.loads(call("run", "belgrade_2015", "--arm", "cbm8", "--json").stdout)
    assert (document["arm"], document["seed"], document["replication"]) == ("cbm8", 1, 0)
    assert document["timeline"][0]["what"].startswith("is hit by blackout")
    assert document["outcome"]["peak_rung"] >= 0


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl"])
def test_run_writes_the_log(tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"log.{ending}"
    assert call("run", "belgrade_2015", "--events", str(out), "--quiet").exit_code == 0
    table = {
        "parquet": lambda: pl.read_parquet(out),
        "csv": lambda: pl.read_csv(out),
        "jsonl": lambda: pl.read_ndjson(out),
    }[ending]()
    columns = list(EVENTS)
    assert table.columns[: len(columns)] == columns
    assert len(table) > 10
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


def test_set_changes_the_run_and_is_checked() -> None:
    changed = call("run", "belgrade_2015", "--json", "--set", "incidents.blackout.severity=1")
    assert json.loads(changed.stdout)["timeline"][0]["what"].startswith(
        "is hit by blackout in the energy sector, severity 1"
    )
    wrong = call("run", "belgrade_2015", "--set", "model.kapa=1")
    assert wrong.exit_code == 2
    assert "did you mean 'kappa'?" in wrong.stderr
    assert call("run", "belgrade_2015", "--set", "nonsense").exit_code == 2
    assert call("run", "belgrade_2015", "--set", "model.kappa=[").exit_code == 2


def test_batch_prints_the_risk_and_a_sentence() -> None:
    told = call("batch", "belgrade_2015", "-n", "30", "--workers", "1")
    assert told.exit_code == 0
    assert "untested" in told.stdout
    assert "In this model, under these assumptions, force is threatened or used" in told.stdout
    document = json.loads(call("batch", "belgrade_2015", "-n", "30", "--workers", "1", "--json").stdout)
    assert len(document["risk"]) == 5 * 8
    assert document["replications"] == 30


@pytest.mark.parametrize(
    "words",
    [
        ("run", "no_such_scenario"),
        ("run", "belgrade_2015", "--arm", "bth"),
        ("run", "belgrade_2015", "--events", "log.docx"),
        ("run", "belgrade_2015", "--events", "/no/such/folder/log.csv"),
        ("run", "belgrade_2015", "--seed", "-1"),
        ("batch", "belgrade_2015", "--arms", "none,bth"),
        ("batch", "belgrade_2015", "-n", "0"),
        ("batch", str(INVALID / "names.yaml")),
        ("run", "belgrade_2015", "--set", "title.x=1"),
        ("run", "belgrade_2015", "--set", "incidents.blackout.at.x=3"),
        ("run", "belgrade_2015", "--set", "states.Alderlnd={}"),
        ("run", "belgrade_2015", "--set", "model.kappa="),
        ("run", "belgrade_2015", "--set", "model.most_certain=1"),
        ("run", "belgrade_2015", "--set", "model.tempo=1.0e-320"),
        ("run", "belgrade_2015", "--set", "states.Alderland.name=Germany"),
        ("run", "belgrade_2015", "--set", "states.Alderland.name=Brevia"),
        ("run", "belgrade_2015", "--set", "arms.both.cbms=[3, 88, x]"),
        ("validate", "\x00"),
        ("nonsense",),
    ],
)
def test_wrong_input_exits_2_with_words_and_no_traceback(words: tuple[str, ...]) -> None:
    told = call(*words)
    assert told.exit_code == 2
    assert told.stderr.strip()
    assert "Traceback" not in told.stderr
    assert not told.stdout


def test_catalogue_prints_data_with_sources() -> None:
    states = json.loads(call("catalogue", "states", "--json").stdout)
    assert len(states) == 68
    holy_see = next(row for row in states if row["name"] == "Holy See")
    assert holy_see["gci_2020"] is None
    assert "not scored" in call("catalogue", "states").stdout
    assert [row["number"] for row in json.loads(call("catalogue", "ladder", "--json").stdout)] == list(range(11))
    assert all(row["source"] for row in json.loads(call("catalogue", "targets", "--json").stdout))


def test_schema_is_json() -> None:
    assert json.loads(call("schema").stdout)["$schema"].endswith("2020-12/schema")


def test_an_interrupt_exits_130_and_the_same_command_resumes(tmp_path: Path) -> None:
    words = ["batch", "belgrade_2015", "-n", "6000", "--workers", "2", "--out", str(tmp_path / "b"), "--quiet"]
    started = subprocess.Popen(
        [sys.executable, "-m", "simcrisis", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # tests run in the background ignore it
    )
    deadline = time.monotonic() + 60
    while not list((tmp_path / "b").glob("shards/*.runs.parquet")):
        assert time.monotonic() < deadline
        assert started.poll() is None
        time.sleep(0.1)
    started.send_signal(signal.SIGINT)
    _, told = started.communicate(timeout=60)
    assert started.returncode == 130, told
    assert "the same command goes on" in told
    assert told.strip().count("\n") == 0, told


HEAVY = ("matplotlib", "pandas", "scipy.stats", "polars", "simpy", "networkx", "pydantic")


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = f"import simcrisis, sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom simcrisis.cli.app import app\ntry: app(['--help'])\nexcept SystemExit: pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip().endswith("[]")


def test_names_that_the_terminal_cannot_show_stop_nothing(tmp_path: Path) -> None:
    body = (INVALID.parent / "valid" / "minimal.yaml").read_text(encoding="utf-8")
    (tmp_path / "é\n.yaml").write_text(body.replace("A blackout", "Ünruhe"), encoding="utf-8")
    for words, encoding, shown in (
        (["run"], "ascii", "\\xdcnruhe"),
        (["run", "--json"], "ascii", "\\u00dcnruhe"),
        (["validate"], "utf-8", "é\\n.yaml: valid: Ünruhe"),
    ):
        told = subprocess.run(
            [sys.executable, "-m", "simcrisis", *words, "é\n.yaml"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONIOENCODING": encoding},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        assert shown in told.stdout
        assert not told.stderr


def test_a_closed_pipe_is_quiet() -> None:
    command = f"{sys.executable} -m simcrisis run belgrade_2015 | head -n 1"
    told = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert not told.stderr


def test_markup_in_texts_is_shown_as_it_stands(tmp_path: Path) -> None:
    text = tmp_path / "x.yaml"
    assert call("new", str(text)).exit_code == 0
    body = text.read_text(encoding="utf-8").replace("Two neighbours", "A [/red] [bold]x[/] two")
    text.write_text(body, encoding="utf-8")
    for words in (("batch", str(text), "-n", "3"), ("run", str(text)), ("why", str(text)), ("compare", str(text))):
        told = call(*words)
        assert told.exit_code == 0, told.output
        assert "[/red] [bold]x[/]" in told.stdout
