"""YAML text to plain data, with the place of every value; limits are checked before anything is composed."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.parser import Parser
from ruamel.yaml.reader import ReaderError

from simcrisis.errors import Problem, ScenarioError

MOST_BYTES = 1_000_000
MOST_DEPTH = 20
MOST_ALIASES = 200
MOST_VALUES = 200_000
MOST_PROBLEMS = 1_000

_HINTS = {
    "mapping values are not allowed": "; put a text that holds a colon in quotes, and check the indentation",
    "'\\t'": "; indent with spaces, not with tabs",
    "expected ',' or '}'": "; is a brace or a comma missing?",
    "expected ',' or ']'": "; is a bracket or a comma missing?",
}
"""What would do, by words of the parser's complaint."""

Path = tuple[str | int, ...]
Place = tuple[int, int]


@dataclass(slots=True)
class Source:
    """Plain data of a scenario (dicts with text keys, lists, scalars) and where each value stands."""

    file: str
    data: Any = None
    trusted: bool = False
    """Whether functions that it names may be imported."""
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    _found: list[tuple[Place, Path, str]] = field(default_factory=list)
    _paths: set[Path] = field(default_factory=set)

    @property
    def problems(self) -> list[Problem]:
        """What has been reported so far, paths spelled with the names that the file gives."""
        return [Problem(self.file, *place, self.spelled(path), message) for place, path, message in self._found]

    def reported(self, path: Path) -> bool:
        """Return whether something has been reported of a path, or of what is inside it."""
        return path in self._paths

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Return line and column of a value (or of its key), else of the nearest thing around it."""
        for stop in range(len(path), -1, -1):
            places = self.keys if key and stop == len(path) else self.values
            if path[:stop] in places:
                return places[path[:stop]]
        return (0, 0)

    def spelled(self, path: Path) -> str:
        """Return a path as people write it, list items by their names."""
        words: list[str] = []
        here = self.data
        for step in path:
            try:
                here = here[step]
            except (KeyError, IndexError, TypeError):
                here = None
            named = isinstance(step, int) and isinstance(here, dict) and isinstance(here.get("name"), str)
            words.append(here["name"] if named and here is not None else str(step))
        return ".".join(word if len(word) <= 80 else word[:77] + "..." for word in words)

    def report(self, path: Path, message: str, *, key: bool = False) -> None:
        """Add a problem at a path."""
        self.report_at(self.place(path, key=key), path, message)

    def report_at(self, place: Place, path: Path, message: str) -> None:
        """Add a problem at a place of its own; raises ScenarioError after a thousand, for nobody reads on."""
        if len(self._found) == MOST_PROBLEMS:
            raise _unusable(self, *place, f"more than {MOST_PROBLEMS:,} problems; the rest is not looked for")
        self._found.append((place, path, message))
        self._paths.update(path[:stop] for stop in range(1, len(path) + 1))


def read_yaml(content: bytes, file: str, *, trusted: bool = False) -> Source:
    """Return the data of a scenario file; raises ScenarioError where the text is no usable YAML."""
    source = Source(file, trusted=trusted)
    if len(content) > MOST_BYTES:
        raise _unusable(source, 1, 1, f"the file is too long; at most {MOST_BYTES:,} bytes are read")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = error.object[: error.start].decode()
        raise _unusable(source, *_end_of(good), "this is not UTF-8 text; save the file as UTF-8") from None
    root = _composed(text, source)
    if root is None:
        raise _unusable(source, 1, 1, "the file is empty; `simcrisis new FILE` writes one to start from")
    source.data = _Builder(source).build(root, ())
    return source


def read_mapping(data: Mapping[str, Any], file: str = "<dict>", *, trusted: bool = False) -> Source:
    """Return a mapping as plain data: text keys, lists, dates as text."""
    source = Source(file, trusted=trusted)
    source.data = _plain(data, (), source)
    return source


def _unusable(source: Source, line: int, column: int, message: str) -> ScenarioError:
    return ScenarioError([*source.problems, Problem(source.file, line, column, "", message)])


def _end_of(text: str) -> Place:
    """Return line and column of what follows a text."""
    return text.count("\n") + 1, len(text) - text.rfind("\n")


def _composed(text: str, source: Source) -> Node | None:
    """Return the nodes of a text; raises ScenarioError where it is no YAML, nests too deep or has too many aliases."""

    class LimitedParser(Parser):
        depth = aliases = 0
        latest: Place = (1, 1)

        def get_event(self) -> Any:
            event = super().get_event()
            self.latest = (event.start_mark.line + 1, event.start_mark.column + 1)
            if isinstance(event, CollectionStartEvent):
                self.depth += 1
            elif isinstance(event, CollectionEndEvent):
                self.depth -= 1
            elif isinstance(event, AliasEvent):
                self.aliases += 1
            if self.depth > MOST_DEPTH:
                raise _unusable(source, *self.latest, f"nested deeper than {MOST_DEPTH} levels")
            if self.aliases > MOST_ALIASES:
                raise _unusable(source, *self.latest, f"more than {MOST_ALIASES} aliases")
            return event

    yaml = YAML(typ="safe", pure=True)
    yaml.Parser = LimitedParser
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            root: Node | None = yaml.compose(text)
    except ScenarioError:
        raise
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else yaml.parser.latest
        why = " ".join(filter(None, (error.context, error.problem)))
        why += next((hint for words, hint in _HINTS.items() if words in why), "")
    except ReaderError as error:
        line, column = _end_of(text[: error.position])
        why = f"the character #x{error.character:04x} is not allowed"
    except Exception:  # ruamel asserts, looks up and converts on its way: what it trips over is no YAML either
        line, column = yaml.parser.latest
        why = "what follows cannot be read; check escapes, tags and directives"
    else:
        return root
    raise _unusable(source, line, column, f"this is not YAML: {why}")


class _Builder:
    """Builds plain data from composed nodes, noting places and reporting what cannot be used."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.values = 0
        self.open: set[int] = set()

    def build(self, node: Node, path: Path) -> Any:
        self.values += 1
        place = (node.start_mark.line + 1, node.start_mark.column + 1)
        if self.values > MOST_VALUES:
            raise _unusable(self.source, *place, f"more than {MOST_VALUES:,} values, aliases written out")
        if id(node) in self.open or len(path) > MOST_DEPTH:
            raise _unusable(self.source, *place, "an alias that contains itself")
        self.source.values[path] = place
        if isinstance(node, ScalarNode):
            return self._scalar(node, path)
        self.open.add(id(node))
        built: Any
        if isinstance(node, SequenceNode):
            built = [self.build(item, (*path, n)) for n, item in enumerate(node.value)]
        else:
            assert isinstance(node, MappingNode)
            built = self._mapping(node, path)
        self.open.discard(id(node))
        return built

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            place = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if not isinstance(key_node, ScalarNode):
                self.source.report_at(place, path, "a key must be a single word")
                continue
            key = key_node.value
            if not _is_text(key):
                self.source.report_at(place, path, "a key holds a character that is no text")
                continue
            if key in built:
                self.source.report_at(place, (*path, key), "this key is there twice")
                continue
            self.source.keys[(*path, key)] = place
            built[key] = self.build(value_node, (*path, key))
        return built

    def _scalar(self, node: ScalarNode, path: Path) -> Any:
        tag, text = str(node.tag).rpartition(":")[2], node.value
        if tag in {"str", "timestamp", "bool"} and not _is_text(text):
            self.source.report(path, "holds a character that is no text (half of a surrogate pair)")
            return None
        if tag in {"str", "timestamp"}:
            return text
        if tag == "null":
            return None
        if tag == "bool" and text.lower() in {"true", "false"}:
            return text.lower() == "true"
        if tag in {"int", "float"}:
            value = _number(text, tag)
            if value is not None:
                return value
            self.source.report(
                path, f"'{text[:40]}' is not a number that can be used; it must be finite and below 9e18"
            )
            return 0
        if tag == "bool":
            self.source.report(path, f"'{text[:40]}' should be true or false")
            return None
        self.source.report(path, f"the tag '{str(node.tag)[:40]}' is not used in scenario files; leave it out")
        return None


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _number(text: str, tag: str) -> float | int | None:
    """Return the number that a text stands for; None if it is none, not finite, or beyond 64 bits."""
    text = text.replace("_", "")
    try:
        value = int(text, 0) if text[:2].lower() in {"0x", "0o", "0b"} else int(text) if tag == "int" else float(text)
    except ValueError:
        return None
    return value if abs(value) < 2**63 else None


def _plain(value: Any, path: Path, source: Source) -> Any:
    if len(path) > MOST_DEPTH:
        raise _unusable(source, 0, 0, f"nested deeper than {MOST_DEPTH} levels")
    if isinstance(value, Mapping):
        return {str(key): _plain(item, (*path, str(key)), source) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, (*path, n), source) for n, item in enumerate(value)]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str) and not _is_text(value):
        source.report(path, "holds a character that is no text (half of a surrogate pair)")
        return None
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int | float):
        if abs(value) < 2**63:
            return value
        source.report(path, f"'{str(value)[:40]}' is not a number that can be used; it must be finite and below 9e18")
        return 0
    source.report(path, f"a {type(value).__name__} cannot stand in a scenario")
    return None
