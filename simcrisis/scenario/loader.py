"""Loading: text or data in, a validated scenario out, or every problem at once."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any

from pydantic import PrivateAttr, ValidationError

from simcrisis.errors import Problem, ScenarioError
from simcrisis.scenario import nouns
from simcrisis.scenario.line_checks import check_lines
from simcrisis.scenario.messages import report_validation
from simcrisis.scenario.migrations import migrate
from simcrisis.scenario.overrides import OverrideError, overridden
from simcrisis.scenario.references import check_references, suggestion
from simcrisis.scenario.resolve import real_state, resolved
from simcrisis.scenario.shelf import shipped, shipped_path
from simcrisis.scenario.text import MOST_BYTES, Source, read_mapping, read_yaml
from simcrisis.shown import card
from simcrisis.units import format_duration

_COMMON = {"arms", "simcrisis", "start", "horizon", "experiment"}
"""What no arm can change."""
_NO_FACTORS = {"simcrisis", "experiment", "arms"}
"""Whole blocks that no design point can change."""
NOTICE = (
    "States that exist take part. Names imply no endorsement; nothing here is a statement about what they did or "
    "will do; the project is not affiliated with the OSCE."
)


class Scenario(nouns.Scenario):
    """A validated scenario, with the plain data it was made of."""

    _data: dict[str, Any] = PrivateAttr(default_factory=dict)
    _file: str = PrivateAttr(default="<dict>")
    _trusted: bool = PrivateAttr(default=False)
    _changes: dict[str, Any] = PrivateAttr(default_factory=dict)

    @property
    def data(self) -> Mapping[str, Any]:
        """The plain data of the file, before anything was filled in from the catalogue."""
        return self._data

    @property
    def file(self) -> str:
        """Where it was read from."""
        return self._file

    @property
    def trusted(self) -> bool:
        """Whether functions that it names may be imported."""
        return self._trusted

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the plain data in canonical JSON: equal for files that say the same in the same order."""
        return digest_of(self._data)

    def __hash__(self) -> int:
        """Hash what the file says (pydantic's own hash needs every field hashable, and mappings are not)."""
        return hash(self.digest)

    @property
    def notice(self) -> str | None:
        """What every output must carry when States that exist take part; None when all are invented."""
        return NOTICE if any(real_state(word) or real_state(s.name or "") for word, s in self.states.items()) else None

    @property
    def changes(self) -> Mapping[str, Any]:
        """What `with_` changed since the file was read, by path."""
        return self._changes

    @property
    def reference(self) -> str:
        """The arm that others are compared with: the first."""
        return next(iter(self.arms))

    def _repr_html_(self) -> str:
        size = f"{len(self.states)} States, {len(self.incidents)} incidents, {format_duration(self.horizon)}"
        arms = f"Arms: {', '.join(self.arms)}"
        return card(self.title, [self.question, f"{size} from {self.start:%d %B %Y}. {arms}.", self.notice or ""], {})

    def with_(self, changes: Mapping[str, Any]) -> Scenario:
        """Return a changed, validated copy; keys are paths such as `lines.hotline.latency`.

        Raises ScenarioError where a path leads nowhere or a value does not fit.
        """
        changed = _validated(_changed(self._data, changes, self._file, self._trusted))
        changed._changes = {**self._changes, **changes}
        return changed

    def at(self, point: Mapping[str, Any]) -> Scenario:
        """Return the scenario at a design point: changed by path, and with nothing left to vary.

        Raises ScenarioError where the values do not fit together.
        """
        if self.experiment is None and not point:
            return self
        fixed = {key: value for key, value in self._data.items() if key != "experiment"}
        scenario = _validated(_changed(fixed, point, self._file, self._trusted))
        scenario._changes = {**self._changes, **point}
        return scenario

    def under(self, arm: str) -> Scenario:
        """Return the scenario as it stands in an arm: with that arm's `set` applied.

        Raises ScenarioError when there is no such arm.
        """
        if arm not in self.arms:
            message = f"no arm named '{arm[:80]}'{suggestion(arm, self.arms)}"
            raise ScenarioError([Problem(self._file, 0, 0, "arms", message)])
        changes = self.arms[arm].set
        if not changes:
            return self
        changed = _changed(self._data, changes, self._file, self._trusted)
        scenario = _checked(changed)
        if scenario is None:
            raise ScenarioError(changed.problems)
        return scenario


def digest_of(data: Mapping[str, Any]) -> str:
    """Return the SHA-256 of plain data in canonical JSON."""
    return hashlib.sha256(json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def load(
    source: str | FilePath | Mapping[str, Any],
    *,
    trust_code: bool = False,
    name: str | None = None,
    changes: Mapping[str, Any] | None = None,
) -> Scenario:
    """Return the scenario that a path, the name of a shipped scenario or a mapping stands for.

    Of a mapping, `name` is the file that it was read from, and `changes` what was changed since.

    A scenario is data: a decision rule that it names as `module:function` is imported only with `trust_code`, from
    the folder of the file or from wherever Python finds it.
    Raises ScenarioError, whose `problems` hold file, line, column, path and message of everything that is wrong.
    """
    if isinstance(source, Mapping):
        if trust_code and name is not None:
            _let_import_beside(FilePath(name))
        known = _validated(read_mapping(source, name or "<dict>", trusted=trust_code))
        known._changes = dict(changes or {})
        return known
    path = FilePath(source)
    shelved = shipped_path(str(source))
    if trust_code:
        _let_import_beside(path)
    if shelved is not None and not path.exists():
        path = shelved
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        hint = suggestion(str(source), shipped()) if path.suffix == "" else ""
        message = f"cannot be read: {error.strerror or error}{hint}"
        raise ScenarioError([Problem(str(source), 0, 0, "", message)]) from None
    except ValueError:
        raise ScenarioError([Problem(repr(str(source)), 0, 0, "", "cannot be the name of a file")]) from None
    return _validated(read_yaml(content, str(source) if path != shelved else path.name, trusted=trust_code))


def _let_import_beside(file: FilePath) -> None:
    folder = str(file.parent.resolve())
    if folder not in sys.path:
        sys.path.insert(0, folder)


def _changed(data: Mapping[str, Any], changes: Mapping[str, Any], file: str, trusted: bool) -> Source:
    plain = read_mapping(changes, file)
    if plain.problems:
        raise ScenarioError(plain.problems)
    try:
        return read_mapping(overridden(data, plain.data), file, trusted=trusted)
    except OverrideError as error:
        raise ScenarioError([Problem(file, 0, 0, ", ".join(changes)[:200], str(error))]) from None


def _validated(source: Source) -> Scenario:
    """Return the scenario of plain data; raises ScenarioError with all problems, those of every arm included."""
    scenario = _checked(source)
    if scenario is not None:
        for name, arm in scenario.arms.items():
            _try_arm(source, name, arm.set)
        sound = [name for name in scenario.arms if not source.reported(("arms", name, "set"))]
        check_lines(source, {name: scenario.under(name) for name in sound if scenario.arms[name].moves_lines})
        _try_factors(source, scenario)
    if source.problems or scenario is None:
        raise ScenarioError(source.problems)
    return scenario


def _checked(source: Source) -> Scenario | None:
    if not isinstance(source.data, Mapping):
        source.report((), "a scenario is a mapping of keys to values; `simcrisis new FILE` writes one to start from")
        return None
    migrate(source)
    check_references(source)
    try:
        scenario = Scenario.model_validate_json(json.dumps(resolved(source.data)))
    except ValidationError as error:
        report_validation(error, source)
        return None
    if source.problems:
        return None
    scenario._data = dict(source.data)
    scenario._file = source.file
    scenario._trusted = source.trusted
    return scenario


def _try_arm(source: Source, arm: str, changes: Mapping[str, Any]) -> None:
    """Report what is wrong with the overrides of an arm: each by itself where one is to blame, else all of them."""
    here = ("arms", arm, "set")
    common = {path: path.split(".")[0] for path in changes if path.split(".")[0] in _COMMON}
    for path, word in common.items():
        source.report((*here, path), f"'{word}' is common to all arms and cannot be set in one")
    together = [] if common else list(_wrong(source, changes))
    if not together and not common:
        return
    alone = [
        (path, problem) for path in changes if path not in common for problem in _wrong(source, {path: changes[path]})
    ]
    for path, (about, message) in alone:
        source.report((*here, path), f"{about}: {message}" if about not in {"", path} else message)
    if not alone:
        for about, message in together:
            source.report(here, f"{about}: {message}" if about else message)


def _try_factors(source: Source, scenario: Scenario) -> None:
    """Report what is wrong with the levels of factors, and with the bounds of ranges, each by itself."""
    if scenario.experiment is None:
        return
    for path, factor in scenario.experiment.vary.items():
        here = ("experiment", "vary", path)
        if path in _NO_FACTORS or path.startswith("experiment."):
            source.report(here, f"'{path[:80]}' cannot be varied", key=True)
            continue
        values = factor if isinstance(factor, tuple) else (factor.value(0.0), factor.value(1.0))
        values = values[:1] if scenario.experiment.ensemble else values  # a plan tries each row as a whole
        for n, value in enumerate(values):
            found = list(_wrong(source, {path: value}))
            nowhere = any(not about for about, _ in found)
            for about, message in found:
                at_value = (*here, n) if isinstance(factor, tuple) and not nowhere else here
                source.report(at_value, f"{about}: {message}" if about not in {"", path} else message, key=nowhere)
            if nowhere:
                break


def _wrong(source: Source, changes: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield path and message of all that is wrong with a changed copy, each message once."""
    try:
        _checked_copy(source, changes)
    except OverrideError as error:
        yield "", str(error)
    except ScenarioError as error:
        for message, problem in {problem.message: problem for problem in reversed(error.problems)}.items():
            yield problem.path, message


def _checked_copy(source: Source, changes: Mapping[str, Any]) -> None:
    copy = read_mapping(overridden(source.data, changes), source.file, trusted=source.trusted)
    _checked(copy)
    if copy.problems:
        raise ScenarioError(copy.problems)
