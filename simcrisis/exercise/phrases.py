"""Facts in words: what a State came to know, said in a language, at its local time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from simcrisis.batch.run import Run
from simcrisis.exercise.knowledge import Fact, Known, Matter
from simcrisis.exercise.language import Language
from simcrisis.scenario.lines import by_key

_STRENGTHS = ((1.0, "strong_"), (0.4, ""), (0.05, "slight_"))
"""From how much weight (log-odds) evidence is called so."""
_LIKELIHOODS = ((0.1, "remote"), (0.35, "unlikely"), (0.65, "even"), (0.9, "likely"), (1.0, "nearly_certain"))
"""Up to which probability something is called so."""


def display_names(run: Run) -> dict[str, str]:
    """Return the names of States as the log has them, by the word that stands for them in the scenario."""
    return dict(zip(by_key(run.scenario.under(run.arm)), run.world.names.states, strict=True))


def phrases_of(run: Run, words: Language) -> Phrases:
    """Return what says things of a run; it holds nothing of what happens in it."""
    states = run.scenario.under(run.arm).states
    zones = {name: ZoneInfo(states[word].zone) for word, name in display_names(run).items()}
    seen = {incident.name: incident.seen for incident in run.scenario.under(run.arm).incidents if incident.seen}
    return Phrases(run.scenario.start, zones, words, seen)


@dataclass(frozen=True)
class Phrases:
    """Says things of one story in one language."""

    start: datetime
    zones: Mapping[str, ZoneInfo]
    words: Language
    seen: Mapping[str, str]
    """What the State that an incident strikes sees of it, in the words of the scenario."""

    def say(self, known: Known, shown: Fact = None) -> str:
        """Return a thing that a State came to know, as a sentence or two; a matter `shown` before is not named."""
        told = self.words.text(self._key(known), known.seq, **self._said(known, shown))
        seen = self.seen.get(str(known.facts.get("name")))
        return f"{told} {seen}" if seen else told

    def _key(self, known: Known) -> str:
        """Return the key of the text that says a thing."""
        key = f"sorts.{known.sort}"
        if known.facts.get("other", "") is None and f"{key}_nobody" in self.words:
            key += "_nobody"
        matter = known.facts.get("matter")
        if isinstance(matter, Matter) and matter.rung is not None and f"{key}_act" in self.words:
            key += "_act"
        return key

    def tell(self, told: Sequence[Known]) -> list[str]:
        """Return things that a State came to know, a paragraph each: those that differ in one point share one.

        What lies on another day than the last of them says so.
        """
        last = self.local(told[-1].state, told[-1].at).date()
        paragraphs, shown = [], None
        for (_, day), same in groupby(told, lambda k: (self._frame(k), self.local(k.state, k.at).date())):
            found = list(same)
            paragraph = self._together(found, shown)
            shown = found[0].facts.get("matter", shown)
            if day != last:
                date = self.words.text("calendar.date", 0, **self._date(day))
                paragraph = self.words.text("calendar.earlier", date=date, told=paragraph)
            paragraphs.append(paragraph)
        return paragraphs

    def _frame(self, known: Known) -> str | int:
        """Return what two things that are told together have in common; its number where nothing says that."""
        key = f"{self._key(known)}_many"
        return self.words.text(key, 0, **self._said(known), all="") if key in self.words else known.seq

    def _together(self, told: Sequence[Known], shown: Fact) -> str:
        if len(told) == 1:
            return self.say(told[0], shown)
        key = self._key(told[0])
        parts = [self.words.text(f"{key}_each", 0, **self._said(known)) for known in told]
        return self.words.text(f"{key}_many", 0, **self._said(told[0], shown), all=self.joined(parts))

    def joined(self, parts: Sequence[str]) -> str:
        """Return a list as it stands in a sentence; what is there twice is counted."""
        times = Counter(parts)
        *first, last = (part if n == 1 else self.words.text("lists.times", part=part, n=n) for part, n in times.items())
        between = self.words.text("lists.between").join(first)
        return between + self.words.text("lists.last") + last if first else last

    def local(self, state: str, at: int) -> datetime:
        """Return the time of a State at an instant (ms from the start)."""
        instant: datetime = self.start + timedelta(milliseconds=at)
        return instant.astimezone(self.zones[state])

    def _date(self, day: date) -> dict[str, object]:
        """Return the parts of a date as texts name them."""
        number = self.words.text("calendar.first") if day.day == 1 else str(day.day)
        return {
            "day": self.words.text("calendar.days", day.weekday()),
            "date": number,
            "month": self.words.text("calendar.months", day.month - 1),
            "year": day.year,
        }

    def written(self, day: date) -> str:
        """Return a date with its year."""
        return self.words.text("calendar.full", 0, **self._date(day))

    def number(self, value: float, digits: int) -> str:
        """Return a number with so many digits behind the point."""
        marks = {",": self.words.text("numbers.thousands"), ".": self.words.text("numbers.decimal")}
        return "".join(marks.get(sign, sign) for sign in f"{value:,.{digits}f}")

    def moment(self, state: str, at: int) -> str:
        """Return the local date and time of a State at an instant (ms from the start)."""
        local = self.local(state, at)
        return self.words.text("calendar.moment", 0, **self._date(local.date()), time=f"{local:%H:%M}")

    def matter(self, matter: Matter, to: str | None = None) -> str:
        """Return what a case is about, as it is said to a State."""
        sort = _sort(matter)
        own = "_own" if matter.state == to else ""
        told = self.words.text(f"matters.{sort}{own}", state=matter.state, sector=self.sector(matter.sector))
        return self.words.text("matters.again", matter=told, n=matter.nth) if matter.nth > 1 else told

    def _again(self, matter: Matter) -> str:
        """Return what a case is about, where the sentence before has said it."""
        return self.words.text(f"matters.{_sort(matter)}_same")

    def act(self, rung: int) -> str:
        """Return what a State does on a rung."""
        return self.words.text(f"ladder.{rung}")

    def sector(self, sector: str | None) -> str:
        """Return the name of a sector."""
        return self.words.text(f"sectors.{sector or 'unknown'}")

    def likelihood(self, belief: float) -> str:
        """Return a probability in the words of analysts."""
        name = next(name for most, name in _LIKELIHOODS if belief <= most)
        return self.words.text(f"likelihoods.{name}")

    def lasting(self, hours: float) -> str:
        """Return a time that passes."""
        of, unit = (1 / 60, "minute") if hours < 1.0 else (1, "hour") if hours < 72 else (24, "day")
        n = max(1, round(hours / of))
        return self.words.text(f"units.{unit}" if n == 1 else f"units.{unit}s", n=n)

    def _said(self, known: Known, shown: Fact = None) -> dict[str, str]:
        """Return facts as they stand in texts."""
        facts = known.facts
        other = facts.get("other", facts.get("sender")) or self.words.text("matters.nobody")
        said = {"other": str(other), "sender": str(facts.get("sender") or other)}
        for name, value in facts.items():
            if name in _IN_WORDS and (value is not None or name == "severity"):
                said[_NAMES.get(name, name)] = _IN_WORDS[name](self, value)
        if isinstance(matter := facts.get("matter"), Matter):
            said["sector"], said["state"] = self.sector(matter.sector), matter.state
            said["matter"] = self._again(matter) if matter == shown else self.matter(matter, known.state)
        if "weight" in facts:
            about = facts["suspect"] if "suspect" in facts else facts["other"]
            weight = facts["weight"] if about else 0.0
            said["suspect"] = str(about or said["other"])
            said["weight"] = self.words.text(f"weights.{strength(weight)}", other=said["suspect"])
            said["verdict"] = self.words.text(f"verdicts.{strength(weight)}")
        return said


def _sort(matter: Matter) -> str:
    return "forces" if matter.forces else "incident" if matter.rung is None else "act"


def strength(weight: Fact) -> str:
    """Return how strongly evidence (log-odds) speaks, and for or against whom, as the keys of words name it."""
    assert isinstance(weight, float | int)
    found = next((name for least, name in _STRENGTHS if abs(weight) >= least), None)
    return "nothing" if found is None else f"{found}{'against' if weight > 0 else 'for'}"


_IN_WORDS: Mapping[str, Callable[[Phrases, Any], str]] = {
    "severity": lambda say, severity: say.words.text(
        f"severities.{'unknown' if severity is None else round(severity)}"
    ),
    "hours": lambda say, hours: say.lasting(hours),
    "rung": lambda say, rung: say.act(rung),
    "line": lambda say, kind: say.words.text(f"ways.{kind}"),
    "service": lambda say, sector: say.sector(sector),
    "report": lambda say, kind: say.words.text(f"reports.{kind}"),
    "reply": lambda say, kind: say.words.text(f"replies.{kind}"),
    "procedure": lambda say, name: say.words.text(f"procedures.{name}"),
    "belief": lambda say, belief: say.likelihood(belief),
    "met": lambda say, yes: say.words.text(f"met.{yes}"),
    "heard": lambda say, yes: say.words.text(f"heard.{yes}"),
}
"""How each fact is said."""
_NAMES = {"rung": "act", "belief": "likelihood"}
"""What texts call a fact that is said in words."""
