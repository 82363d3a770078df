"""Headings and steps as people type them, in the pack's language or another one that is packaged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from unicodedata import combining, normalize

from simcrisis.exercise.documents.decisions import TYPED
from simcrisis.exercise.language import Language, language, languages
from simcrisis.rules.situation import COUNTER_OPERATION, LOWEST_PUBLIC, WAR

HEADS = {
    "number": "columns.number",
    "time": "columns.time",
    "story_time": "columns.story_time",
    "matter": "columns.matter",
    "rung": "columns.rung",
    "decided_at": "columns.decided_at",
    **{name: f"documents.decision_sheet.{name}" for name in TYPED},
}
"""The columns of a decision sheet, and where their headings stand among the words."""
_PRINTED = ("number", "time", "story_time", "matter", "rung", *TYPED, "decided_at")
"""Their order, as a sheet is made."""
_STEP = re.compile(r"^(?:(?P<word>\D{2,20}?) )?(?P<rung>\d{1,2})(?: (?P<rest>.*))?$")


def simple(text: str) -> str:
    """Return a text without what people type in many ways: case, accents, spaces, punctuation."""
    bare = "".join(letter for letter in normalize("NFKD", text) if not combining(letter))
    return " ".join(re.sub(r"[\W_]+", " ", bare.casefold()).split())


@dataclass(frozen=True)
class Spoken:
    """What headings, steps and channels are called."""

    heads: Mapping[str, str]
    """Simple heading -> column."""
    steps: Mapping[str, int]
    """Simple text of the ladder -> rung."""
    public: Sequence[str]
    """Simple names of the channel that all see."""
    inside: Sequence[str]
    """Simple names of the channel that nobody outside sees."""

    def step(self, text: str) -> int | None:
        """Return the rung that a text means: `4`, `step 4`, `4: attribute it in public ...` or its words; else None."""
        plain = simple(text)
        if plain in self.steps:
            return self.steps[plain]
        found = _STEP.match(plain)
        if found is None or int(found["rung"]) > WAR or (found["word"] and self.heads.get(found["word"]) != "rung"):
            return None
        rung = int(found["rung"])
        return rung if not found["rest"] or self.steps.get(found["rest"]) == rung else None

    def at_odds(self, rung: int, channel: str | None) -> bool:
        """Return whether a step and the channel that was named do not fit: one is public, the other is not."""
        said = simple(channel or "")
        is_public = rung >= LOWEST_PUBLIC and rung != COUNTER_OPERATION
        named = (_begins(said, self.public), _begins(said, self.inside))
        return (named[0] and not is_public) or (named[1] and is_public)


def _begins(said: str, names: Sequence[str]) -> bool:
    return any(said == name or said.startswith(f"{name} ") for name in names)


def spoken(own: Language) -> Spoken:
    """Return what things are called in a language, and in those that are packaged."""
    known = [own, *(language(code) for code in languages())]
    heads: dict[str, str] = {}
    steps: dict[str, int] = {}
    for words in known:
        for column, key in HEADS.items():
            heads.setdefault(simple(words.raw(key)), column)
        heads.setdefault(simple(words.raw("columns.step")), "rung")
        for rung in range(WAR + 1):
            steps.setdefault(simple(words.raw(f"ladder.{rung}")), rung)
    return Spoken(heads, steps, *(list(_channels(known, name)) for name in ("press", "internal")))


def _channels(known: Sequence[Language], name: str) -> Iterator[str]:
    for words in known:
        yield simple(words.raw(f"channels.{name}"))


def printed_columns() -> Sequence[str]:
    """Return the columns in the order in which a sheet has them."""
    return _PRINTED
