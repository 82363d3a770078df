"""The words of an exercise: a language file, checked as a whole before anything is written with it."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from textwrap import shorten
from typing import Any

from simcrisis.errors import ExerciseError, printable

_FOLDER = files("simcrisis.exercise").joinpath("words")
_COMPLETE = "en"
"""The language whose keys and facts all others have."""
Texts = tuple[str, ...]


class _Plain(string.Formatter):
    """Puts facts into a text: names in braces only, never what hangs on them."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        """Return a fact by its name."""
        return kwargs[field_name], field_name


_PLAIN = _Plain()


class Language:
    """Texts by key, such as `marks.exercise`; where there are several, the occasion picks one."""

    def __init__(self, texts: Mapping[str, Texts]) -> None:
        self._texts = texts

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def several(self, key: str) -> Texts:
        """Return all texts under a key."""
        return self._texts[key]

    def text(self, key: str, pick: int = 0, **facts: object) -> str:
        """Return a text with its facts; `pick` chooses among several under one key."""
        texts = self._texts[key]
        return _PLAIN.vformat(texts[pick % len(texts)], (), facts)

    def raw(self, key: str) -> str:
        """Return a text with its facts left open."""
        return self._texts[key][0]

    def keys(self, under: str) -> list[str]:
        """Return the last parts of the keys under one."""
        return [key.rpartition(".")[2] for key in self._texts if key.rpartition(".")[0] == under]


def languages() -> list[str]:
    """Return the codes of the packaged languages."""
    return sorted(path.name.removesuffix(".toml") for path in _FOLDER.iterdir() if path.name.endswith(".toml"))


def language(named: str = _COMPLETE) -> Language:
    """Return a packaged language by its code, or one from a file; what the file leaves out is taken from its `code`.

    Raises ExerciseError with every problem: a key that is not known or missing, a fact that a text cannot have.
    """
    if named in languages():
        return Language(_flat(_packaged(named)))
    path = Path(named)
    if path.suffix != ".toml":
        raise ExerciseError(f"language: there is no '{named}'; there are {', '.join(languages())}, or a file .toml")
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ExerciseError(f"{path}: {error}") from None
    texts, code = _flat(tree), tree.get("code")
    if code in languages():
        texts = {**_flat(_packaged(code)), **texts}
    problems = list(_problems(texts, _flat(_packaged(_COMPLETE))))
    if problems:
        raise ExerciseError("\n".join(printable(f"{path}: {problem}") for problem in problems))
    return Language(texts)


def kept_words(words: Language) -> str | dict[str, list[str]]:
    """Return what a language can be had from again: its code where it is as packaged, else its texts by key."""
    texts = {key: list(words.several(key)) for key in words}
    code = words.text("code")
    packaged = _flat(_packaged(code)) if code in languages() else None
    return code if packaged == {key: tuple(several) for key, several in texts.items()} else texts


def words_kept(kept: str | Mapping[str, list[str]]) -> Language:
    """Return the language that `kept_words` kept; texts that it did not have yet are those of its code, or English."""
    if isinstance(kept, str):
        return language(kept)
    code = kept["code"][0]
    packaged = _flat(_packaged(code if code in languages() else _COMPLETE))
    return Language({**packaged, **{key: tuple(several) for key, several in kept.items()}})


def language_file(code: str) -> str:
    """Return the text of a packaged language file, to be translated or changed; raises ExerciseError."""
    if code not in languages():
        raise ExerciseError(f"language: there is no '{code[:40]}'; there are {', '.join(languages())}")
    return _FOLDER.joinpath(f"{code}.toml").read_text(encoding="utf-8")


def _packaged(code: str) -> dict[str, Any]:
    return tomllib.loads(language_file(code))


def _flat(tree: Mapping[str, Any], under: str = "") -> dict[str, Texts]:
    """Return the texts of a tree by their whole key."""
    found: dict[str, Texts] = {}
    for name, value in tree.items():
        key = f"{under}.{name}" if under else name
        if isinstance(value, Mapping):
            found |= _flat(value, key)
        else:
            found[key] = tuple(map(str, value)) if isinstance(value, list) else (str(value),)
    return found


def _problems(texts: Mapping[str, Texts], model: Mapping[str, Texts]) -> Iterator[str]:
    """Yield what is wrong with texts, compared with those of the complete language."""
    for key in sorted(model.keys() - texts.keys()):
        yield f"{key}: missing; the English text is '{shorten(model[key][0], 100, placeholder=' ...')}'"
    for key, several in texts.items():
        if key not in model:
            yield f"{key}: is not a key of a language file"
            continue
        known = {fact for text in model[key] for fact in _facts(text)}
        if not several or not all(several):
            yield f"{key}: should not be empty"
        for text in several:
            try:
                strange = sorted(set(_facts(text)) - known)
            except ValueError as error:
                yield f"{key}: {error}; double a brace that is to be shown"
                continue
            there = ", ".join(f"{{{fact}}}" for fact in sorted(known)) or "none"
            for fact in strange:
                yield f"{key}: there is no {{{fact}}} here; there are: {there}"


def _facts(text: str) -> list[str]:
    """Return what stands in the braces of a text: a name, and what no fact has, a conversion or a format."""
    return [
        name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
        for _, name, form, conversion in _PLAIN.parse(text)
        if name is not None
    ]
