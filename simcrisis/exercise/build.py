"""From a scenario to a pack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from simcrisis.batch.run import run
from simcrisis.errors import ExerciseError
from simcrisis.exercise.documents.start_here import candidate_grid
from simcrisis.exercise.language import language
from simcrisis.exercise.material import exercise_of, sealed
from simcrisis.exercise.pack import check_free, write_pack
from simcrisis.exercise.story import Candidate, Wish, candidates, playable
from simcrisis.scenario import Scenario


@dataclass(frozen=True)
class Request:
    """What an organiser asks for."""

    scenario: Scenario
    seed: int = 1
    arm: str | None = None
    wish: str = Wish.MEDIAN
    replication: int | None = None
    """The run to play, whatever the wish."""
    replications: int = 400
    """Runs to choose from."""
    tables: Sequence[str] = ()
    language: str = "en"
    """A code, or a file."""


@dataclass(frozen=True)
class Built:
    """What was made: files, and the runs that could be played as rows beneath heads, the one that is first."""

    files: Sequence[Path]
    peak: str
    """How far it goes."""
    heads: Sequence[str]
    candidates: Sequence[Sequence[str]]


def build_pack(request: Request, out: Path) -> Built:
    """Write the pack of an exercise into a new folder.

    Raises ExerciseError where no run can be played, the wish or language is unknown or the folder is in use,
    ScenarioError where there is no such arm or State.
    """
    scenario, wish, words = request.scenario, _wish(request.wish), language(request.language)
    check_free(out)
    if request.tables:
        part = exercise_of(scenario, words).model_dump(mode="json", exclude_defaults=True)
        scenario = scenario.with_({"exercise": {**part, "tables": list(request.tables)}})
    of = exercise_of(scenario, words)
    if request.replication is None:
        found = candidates(scenario, of, wish, arm=request.arm, seed=request.seed, replications=request.replications)
    else:
        chosen = run(scenario, request.arm, request.seed, request.replication)
        found = [Candidate(chosen, playable(chosen, of))]
    material = sealed(found[0], found, wish if request.replication is None else None, of, words)
    files = write_pack(material, out)
    table = candidate_grid(material.public, found)
    peak = found[0].counts()["peak"]
    return Built(files, f"{peak}: {material.public.say.act(peak)}", table.head, table.rows)


def _wish(word: str) -> Wish:
    if word not in list(Wish):
        raise ExerciseError(f"wish: '{word[:40]}' is none; there are {', '.join(Wish)}")
    return Wish(word)
