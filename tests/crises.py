"""Random crises: scenarios drawn over everything that the format allows, small enough to run at once."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from simcrisis.catalogue import (
    CONSULTATIONS,
    Cert,
    DecisionParameters,
    How,
    Parameters,
    Policy,
    Sector,
    cbms,
    line_kinds,
    procedures,
    profiles,
)
from simcrisis.rules.doctrines import RULES
from simcrisis.scenario.references import CONSULTED
from simcrisis.units import Fixed, Lognormal, Triangular

STATES = ("Alderland", "Brevia", "Corvania", "Dunmere", "Estrand")
ZONES = ("UTC", "Europe/Vienna", "Asia/Tbilisi", "Asia/Kolkata", "America/Toronto")
START = "2026-03-02T08:00:00+01:00"
_SECTORS = st.sampled_from([str(sector) for sector in Sector])
_SHARE = st.one_of(st.sampled_from((0.0, 1.0, 0.5)), st.floats(0.0, 1.0).map(lambda share: round(share, 3)))


def durations(least: int = 0, most: int = 40 * 24) -> st.SearchStrategy[str]:
    """Durations in whole minutes, between two numbers of hours."""
    return st.integers(60 * least, 60 * most).map(lambda minutes: f"{minutes} min")


def delays(most: int = 10 * 24) -> st.SearchStrategy[Any]:
    """Delay laws of every form."""
    spread = st.floats(1.1, 4.0).map(lambda value: round(value, 2))
    lognormal = st.tuples(durations(1, most), spread).map(lambda law: {"median": law[0], "spread": law[1]})
    triangular = st.lists(st.integers(0, 60 * most), min_size=3, max_size=3, unique=True).map(
        lambda points: dict(zip(("low", "mode", "high"), (f"{p} min" for p in sorted(points)), strict=True))
    )
    return st.one_of(durations(0, most), lognormal, triangular)


def moments(days: int) -> st.SearchStrategy[str]:
    """Times after the start, and dates."""
    return st.one_of(
        st.integers(0, days * 24 * 60 - 1).map(lambda minutes: f"{minutes} min"),
        st.integers(3, 28).map(lambda day: f"2026-03-{day:02}T12:30:00+01:00"),
        st.integers(3, 28).map(lambda day: f"2026-03-{day:02}"),
    )


def _bounds(field: FieldInfo) -> tuple[float, float]:
    low, high, margin = 0.0, 10.0, 0.01
    bounds: list[Any] = list(field.metadata)
    for part in get_args(field.annotation):
        for inner in getattr(part, "__metadata__", ()):
            bounds += inner.metadata if isinstance(inner, FieldInfo) else [inner]
    for bound in bounds:
        match bound:
            case Ge(ge=least):
                low = float(str(least))
            case Gt(gt=least):
                low = float(str(least)) + margin
            case Le(le=most):
                high = float(str(most))
            case Lt(lt=most):
                high = float(str(most)) - margin
    return low, high


def worth(name: str, field: FieldInfo) -> st.SearchStrategy[Any] | None:
    """Return values of a parameter, made from its declaration; None for those that need another hand."""
    default, annotation = field.default, field.annotation
    if isinstance(default, bool):
        return st.booleans()
    if get_origin(annotation) is Literal:
        return st.sampled_from(get_args(annotation))
    if isinstance(default, Fixed | Lognormal | Triangular):
        return delays()
    if name == "prefer":
        return st.lists(st.sampled_from(CONSULTED), unique=True, max_size=4)
    if name == "week":
        return st.lists(st.integers(0, 6), unique=True, min_size=1, max_size=7)
    if name == "protected_sectors":
        return st.lists(_SECTORS, unique=True, max_size=4)
    if name in {"rule", "script", "otherwise", "opens", "closes"}:
        return None
    if name in _DURATIONS:
        return durations(1, 60 * 24)
    if isinstance(default, int):
        low, high = _bounds(field)
        return st.integers(int(low), int(min(high, 8)))
    low, high = _bounds(field)
    around = 3.0 * abs(default or 1.0)
    return st.floats(max(low, -around), min(high, around)).map(lambda value: round(value, 4))


_DURATIONS = {
    name
    for part in (Cert, Policy, Parameters)
    for name, field in part.model_fields.items()
    if "parse_duration" in f"{field!r} {field.annotation!r}"
}


def some(part: type[Any], most: int, without: frozenset[str] = frozenset()) -> st.SearchStrategy[dict[str, Any]]:
    """Return a few fields of a part, each with a value."""
    known = {
        field.alias or name: values
        for name, field in part.model_fields.items()
        if name not in without and (values := worth(name, field)) is not None
    }
    return st.lists(st.sampled_from(sorted(known)), unique=True, max_size=most).flatmap(
        lambda names: st.fixed_dictionaries({name: known[name] for name in names})
    )


def scripts() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return tables of scripted rules, which go to every rung."""
    pair = st.tuples(_SHARE, _SHARE).map(sorted)
    rungs = st.tuples(st.integers(0, 10), st.integers(0, 10)).map(sorted)
    row = st.fixed_dictionaries(
        {"rung": st.sampled_from((0, 2, 3, 4, 4, 6, 7, 7, 8, 8, 9, 10))},
        optional={
            "number": st.integers(1, 6),
            "of_act": st.booleans(),
            "belief": pair,
            "rung_before": rungs,
        },
    )
    return st.lists(row, min_size=1, max_size=4)


def doctrines() -> st.SearchStrategy[dict[str, Any]]:
    """Return doctrines under every rule."""
    weights = some(DecisionParameters, 3)
    scripted = st.tuples(weights, scripts(), st.sampled_from(sorted(RULES))).map(
        lambda three: {**three[0], "rule": "scripted", "script": three[1], "otherwise": three[2]}
    )
    plain = st.tuples(weights, st.sampled_from(sorted(RULES))).map(lambda two: {**two[0], "rule": two[1]})
    return st.one_of(plain, scripted)


@st.composite
def adoption(draw: st.DrawFn, words: list[str], days: int, *, practised: bool) -> Any:
    """Return who has adopted something, in every form."""
    form = draw(st.integers(0, 3))
    if form == 0:
        return "all"
    if form == 1:
        return draw(st.sampled_from(words))
    if form == 2:
        return draw(st.lists(st.sampled_from(words), unique=True, max_size=3))
    how: list[st.SearchStrategy[Any]] = [st.none(), moments(days), st.fixed_dictionaries({"since": moments(days)})]
    if practised:
        how += [
            st.just("on paper"),
            st.fixed_dictionaries({"since": moments(days), "practice": _SHARE}),
            st.fixed_dictionaries({"practice": _SHARE}),
        ]
    chosen = draw(st.lists(st.sampled_from([*words, "all"]), unique=True, min_size=1, max_size=3))
    return {word: draw(st.one_of(how)) for word in chosen}


@st.composite
def among(draw: st.DrawFn, states: list[str], words: list[str]) -> dict[str, Any]:
    """Return two States, or a class of them."""
    if draw(st.booleans()):
        return {"between": draw(st.lists(st.sampled_from(states), min_size=2, max_size=2, unique=True))}
    return {
        "among": draw(st.one_of(st.just("all"), st.lists(st.sampled_from(words), unique=True, min_size=1, max_size=3)))
    }


@st.composite
def incidents(draw: st.DrawFn, n: int, states: list[str], days: int) -> dict[str, Any]:
    """Return an incident of any kind and cause."""
    victim = draw(st.sampled_from(states))
    others = [state for state in states if state != victim]
    suspects = draw(st.lists(st.sampled_from(others), unique=True, max_size=3))
    base = {
        "name": f"incident {n}",
        "at": draw(moments(days)),
        "victim": victim,
        "sector": draw(_SECTORS),
        "severity": draw(st.floats(0, 5).map(lambda value: round(value, 2))),
        "visibility": draw(st.sampled_from(("public", "public", "covert"))),
        "rumour": draw(_SHARE),
    }
    if draw(st.integers(0, 4)) == 0:
        by = draw(st.sampled_from(others))
        kind = draw(st.sampled_from(("exercise", "state")))
        return {**base, "kind": "military_activity", "appears_from": [by], "cause": {"kind": kind, "by": by}}
    kind = draw(st.sampled_from(("state", "proxy", "criminal", "terrorist", "accident")))
    cause: dict[str, Any] = {"kind": kind}
    if kind != "accident" and draw(st.integers(0, 4)) == 0:
        cause["outside"] = True
    elif kind in {"state", "proxy"}:
        cause[{"state": "by", "proxy": "of"}[kind]] = draw(st.sampled_from([*suspects, *others]))
    report = st.fixed_dictionaries(
        {"kind": st.sampled_from(("claim", "vendor")), "after": delays(), "d": st.sampled_from((0.0, 0.5, 1.5))}
    )
    more = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "cuts": st.dictionaries(_SECTORS, durations(1, 72), max_size=3),
                "reports": st.lists(report, max_size=2),
                "planted": st.fixed_dictionaries(
                    {"findings": st.integers(1, 4), "shift": st.sampled_from((0.0, 0.7, 2.0))}
                ),
            },
        )
    )
    return {**base, **more, "appears_from": suspects, "cause": cause}


@st.composite
def hubs(draw: st.DrawFn, name: str, words: list[str], days: int) -> dict[str, Any]:
    """Return a hub with what it keeps."""
    kept = [each for each in procedures() if each != CONSULTATIONS]
    hub: dict[str, Any] = {"name": name}
    if draw(st.booleans()):
        hub["members"] = draw(adoption(words, days, practised=False))
    more = st.fixed_dictionaries(
        {"procedures": st.lists(st.sampled_from(kept), unique=True, max_size=4)},
        optional={"others": st.sampled_from((0, 12, 51)), "relays": st.booleans(), "allied": st.booleans()},
    )
    return {**hub, **draw(more)}


@st.composite
def lines(draw: st.DrawFn, n: int, states: list[str], words: list[str], hubs_: list[str]) -> dict[str, Any]:
    """Return a written line of any kind."""
    kind = draw(st.sampled_from(sorted(line_kinds())))
    line: dict[str, Any] = {"name": f"line {n}", "kind": kind, **draw(among(states, words))}
    if kind == "relay" or draw(st.integers(0, 2)) == 0:
        line["hub"] = draw(st.sampled_from(hubs_))
    uptime = st.fixed_dictionaries({"mtbf": durations(24, 400), "mttr": durations(1, 72)})
    more = st.fixed_dictionaries(
        {},
        optional={
            "latency": delays(96),
            "authentic": _SHARE,
            "credibility": _SHARE,
            "rides_on": _SECTORS,
            "protected": st.booleans(),
            "uptime": uptime,
        },
    )
    return {**line, **draw(more)}


@st.composite
def dependencies(draw: st.DrawFn, n: int, states: list[str]) -> dict[str, Any]:
    """Return a dependency within every State, or from one to another."""
    of, on = draw(st.lists(_SECTORS, unique=True, min_size=2, max_size=2))
    places: list[dict[str, Any]] = [{"sector": of}, {"sector": on}]
    if draw(st.booleans()):
        two = draw(st.lists(st.sampled_from(states), min_size=2, max_size=2))
        places = [{"state": state, **place} for state, place in zip(two, places, strict=True)]
    return {
        "name": f"dependency {n}",
        "of": places[0],
        "on": places[1],
        "probability": draw(_SHARE),
        "after": draw(delays(48)),
        "lasts": draw(durations(1, 72)),
    }


@st.composite
def effects(draw: st.DrawFn) -> dict[str, Any]:
    """Return sizes of a few effects of CBMs."""
    known = [(cbm.key, name, effect) for cbm in cbms().values() for name, effect in cbm.effect.items()]
    found: dict[str, Any] = {}
    for key, name, effect in draw(st.lists(st.sampled_from(known), max_size=3, unique_by=lambda each: each[:2])):
        aged = st.one_of(st.just("none"), durations(24, 9000))
        most = 1.0 if effect.how is How.TOWARDS else 2.0
        found.setdefault(key, {})[name] = draw(aged if effect.how is How.AT_MOST else st.sampled_from((0.0, 0.5, most)))
    return found


@st.composite
def arms(draw: st.DrawFn, states: list[str], words: list[str], days: int) -> dict[str, Any]:
    """Return one regime: CBMs adopted in every form, and overrides."""
    numbers = draw(st.lists(st.sampled_from(sorted(cbms())), unique=True, max_size=16))
    arm: dict[str, Any] = {"cbms": numbers}
    if draw(st.booleans()):
        arm["cbms"] = {number: draw(adoption(words, days, practised=True)) for number in numbers}
    paths = {
        "model.kappa": _SHARE,
        "states.*.policy.answers": _SHARE,
        f"states.{states[0]}.policy.honesty": _SHARE,
        "states.*.cert.briefing": delays(96),
        "incidents.*.rumour": _SHARE,
    }
    chosen = draw(st.lists(st.sampled_from(sorted(paths)), unique=True, max_size=2))
    arm["set"] = {path: draw(paths[path]) for path in chosen}
    return arm


_STIR: dict[str, st.SearchStrategy[Any]] = {
    "rule": st.sampled_from(sorted(RULES)),
    "ten": st.sampled_from((0.5, 2.0, 5.0)),
    "wrong": st.sampled_from((0.0, 0.4)),
    "fire": st.sampled_from((0.0, 0.05)),
    "cost": st.sampled_from((0.0, 0.3)),
    "prop": st.sampled_from((0.0, 1.0)),
    "leads": st.sampled_from((0.1, 1.0)),
    "coalition": st.sampled_from((0.5, 1.0)),
    "coalition_lead": durations(1, 300),
    "withdraws": st.sampled_from((0.5, 1.0)),
    "solidarity": st.sampled_from((0.5, 1.0)),
    "joins": st.sampled_from((0.5, 1.0)),
    "help": st.sampled_from((0.5, 1.0)),
}
"""What brings States to act, so that all that follows from acts is met."""


@st.composite
def crises(draw: st.DrawFn) -> dict[str, Any]:
    """Return the data of a scenario with one arm, `arm`, over everything that the format allows."""
    days = draw(st.integers(28, 90))
    states = list(STATES[: draw(st.integers(2, len(STATES)))])
    groups: dict[str, list[str]] = {}
    if draw(st.booleans()):
        groups["inner"] = draw(st.lists(st.sampled_from(states), unique=True, max_size=3))
        groups["outer"] = draw(st.lists(st.sampled_from(["inner", *states]), unique=True, max_size=3))
    words = [*states, *groups]
    named = ["OSCE", *draw(st.sampled_from(([], ["Compact"], ["Compact", "Union"])))]
    pairs = [(a, b) for n, a in enumerate(states) for b in states[n + 1 :]]
    state = st.fixed_dictionaries(
        {
            "profile": st.sampled_from(sorted(profiles())),
            "zone": st.sampled_from(ZONES),
            "cert": some(Cert, 3),
            "policy": some(Policy, 4),
        },
        optional={"doctrine": doctrines(), "capability": _SHARE},
    )
    relation = st.fixed_dictionaries(
        {}, optional={"mistrust": _SHARE, "tension": st.sampled_from((0.0, 0.3, 1.5)), "rung": st.integers(0, 10)}
    )
    background = st.fixed_dictionaries(
        {"rate": st.sampled_from((0.0, 1.0, 4.0)), "sector": _SECTORS},
        optional={"returns": _SHARE, "states": _SHARE, "public": _SHARE},
    )
    model = {
        **draw(some(Parameters, 8, frozenset(DecisionParameters.model_fields))),
        **draw(st.fixed_dictionaries({}, optional=_STIR)),
    }
    data: dict[str, Any] = {
        "simcrisis": 1,
        "title": "A random crisis",
        "start": START,
        "horizon": f"{days} days",
        "states": {name: draw(state) for name in states},
        "relations": [
            {"between": list(pair), **draw(relation)}
            for pair in draw(st.lists(st.sampled_from(pairs), unique=True, max_size=3))
        ],
        "groups": groups,
        "hubs": [draw(hubs(name, words, days)) for name in named],
        "lines": [draw(lines(n, states, words, named)) for n in range(draw(st.integers(0, 3)))],
        "dependencies": [draw(dependencies(n, states)) for n in range(draw(st.integers(0, 2)))],
        "incidents": [draw(incidents(n, states, days)) for n in range(draw(st.integers(1, 4)))],
        "background": [
            {"name": "background", **draw(among(states, words)), **draw(background)}
            for _ in range(draw(st.integers(0, 1)))
        ],
        "model": model,
        "effects": draw(effects()),
        "arms": {"arm": draw(arms(states, words, days))},
    }
    if draw(st.integers(0, 3)) == 0:
        data["checks"] = {"every": draw(durations(24, 700))}
    return data
