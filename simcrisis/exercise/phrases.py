"""Facts in words: what a State came to know, said in a language, at its local time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
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
    of = run.scenario.exercise
    seen = dict(of.incidents) if of is not None else {}
    return Phrases(run.scenario.start, zones, words, seen)


@dataclass(frozen=True)
class Phrases:
    """Says things of one story in one language."""

    start: datetime
    zones: Mapping[str, ZoneInfo]
    words: Language
    seen: Mapping[str, str]
    """What the State that an incident strikes sees of it, in the words of the scenario."""

    def say(self, known: Known) -> str:
        """Return a thing that a State came to know, as a sentence or two."""
        key = f"sorts.{known.sort}"
        if known.facts.get("other", "") is None and f"{key}_nobody" in self.words:
            key += "_nobody"
        matter = known.facts.get("matter")
        if isinstance(matter, Matter) and matter.rung is not None and f"{key}_act" in self.words:
            key += "_act"
        told = self.words.text(key, known.seq, **self._said(known))
        seen = self.seen.get(str(known.facts.get("name")))
        return f"{told} {seen}" if seen else told

    def moment(self, state: str, at: int) -> str:
        """Return the local date and time of a State at an instant (ms from the start)."""
        instant: datetime = self.start + timedelta(milliseconds=at)
        local = instant.astimezone(self.zones[state])
        day = self.words.text("calendar.days", local.weekday())
        month = self.words.text("calendar.months", local.month - 1)
        return self.words.text("calendar.moment", day=day, date=local.day, month=month, time=f"{local:%H:%M}")

    def matter(self, matter: Matter, to: str | None = None) -> str:
        """Return what a case is about, as it is said to a State."""
        sort = "forces" if matter.forces else "incident" if matter.rung is None else "act"
        own = "_own" if matter.state == to else ""
        return self.words.text(f"matters.{sort}{own}", state=matter.state, sector=self.sector(matter.sector))

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
        if hours < 1.0:
            return self.words.text("units.minutes", n=max(1, round(60 * hours)))
        return self.words.text(
            "units.hours" if hours < 72 else "units.days", n=round(hours if hours < 72 else hours / 24)
        )

    def _said(self, known: Known) -> dict[str, str]:
        """Return facts as they stand in texts."""
        facts = known.facts
        other = facts.get("other", facts.get("sender")) or self.words.text("matters.nobody")
        said = {"other": str(other), "sender": str(facts.get("sender") or other)}
        for name, value in facts.items():
            if name in _IN_WORDS and (value is not None or name == "severity"):
                said[_NAMES.get(name, name)] = _IN_WORDS[name](self, value)
        if isinstance(matter := facts.get("matter"), Matter):
            said["matter"], said["sector"] = self.matter(matter, known.state), self.sector(matter.sector)
        if "weight" in facts:
            about = facts["suspect"] if "suspect" in facts else facts["other"]
            said["weight"] = self.weight(facts["weight"] if about else 0.0, str(about or said["other"]))
        return said

    def weight(self, weight: Fact, other: str) -> str:
        """Return what evidence says about a State."""
        assert isinstance(weight, float | int)
        strength = next((name for least, name in _STRENGTHS if abs(weight) >= least), None)
        name = "nothing" if strength is None else f"{strength}{'against' if weight > 0 else 'for'}"
        return self.words.text(f"weights.{name}", other=other)


_IN_WORDS: Mapping[str, Callable[[Phrases, Any], str]] = {
    "severity": lambda say, severity: say.words.text(
        f"severities.{'unknown' if severity is None else round(severity)}"
    ),
    "hours": lambda say, hours: say.lasting(hours),
    "rung": lambda say, rung: say.act(rung),
    "line": lambda say, kind: say.words.text(f"channels.{kind}"),
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
