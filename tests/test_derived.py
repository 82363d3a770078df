"""Shipped scenarios derived a second time, by another hand, from their documents: who is joined by what in which arm.

The names of invented States, and of those that negotiate, are the scenarios' own; what joins them in an arm, and the
list of States of `osce_wide`, was written down from the documents before a look at the files.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pytest

from simcrisis import load
from simcrisis.catalogue import state_by_name
from simcrisis.engine.network import build
from simcrisis.scenario import Scenario

Names = frozenset[str]
NOBODY: Names = frozenset()
ENDS = {"technical": "/CERT", "policy": "/desk", "diplomatic": "/desk"}
"""Where a line of a kind ends: CERTs speak to CERTs; contact points and embassies' notes go from desk to desk."""


@dataclass(frozen=True)
class Arm:
    """What a document says of one communication regime."""

    lines: Mapping[str, frozenset[Names]]
    """Kind of line -> the pairs of States that it joins."""
    adopted: Mapping[int, Names]
    members: Mapping[str, Names]


def each_pair(states: Iterable[str]) -> frozenset[Names]:
    return frozenset(map(frozenset, combinations(states, 2)))


# Document 000, on the exercise of the second day: measure 2 joins competent national authorities, measure 8 the policy
# levels. It looks at these two and nothing else, so an arm is a choice among them. The OSCE as a whole adopts measures,
# so within an arm everybody has them; it is host there and keeps no line. Embassies are in no measure, hence in every
# arm (model, section 2). Written out pair by pair.
A, B, C, D = BELGRADE = ("Alderland", "Brevia", "Corvania", "Dunmere")
SIX = frozenset(map(frozenset, ((A, B), (A, C), (A, D), (B, C), (B, D), (C, D))))
FOUR = frozenset(BELGRADE)
HOST = {"OSCE": FOUR}
BOTH = Arm({"diplomatic": SIX, "technical": SIX, "policy": SIX}, {2: FOUR, 8: FOUR}, HOST)
BELGRADE_ARMS = {
    "none": Arm({"diplomatic": SIX}, {}, HOST),
    "cbm2": Arm({"diplomatic": SIX, "technical": SIX}, {2: FOUR}, HOST),
    "cbm8": Arm({"diplomatic": SIX, "policy": SIX}, {8: FOUR}, HOST),
    "both": BOTH,
    "untested": BOTH,  # The lines exist: what nobody tried out is whether anybody answers.
}

# Document 004: technical co-operation has grown (among all partners, who meet in exercises), and has not yet become
# political co-operation: so `technical`, the present, has no line between desks. Contact points are put forward as a
# remedy, and cyber issues belong to accession negotiations: so `accession` joins the desks of those who negotiate, by a
# hub of their own, and of nobody else. That is the Union's co-operation and no measure of the OSCE: it adopts no CBM 8.
# `both` is the remedy for the whole region, by CBM 8, which leaves the hub nothing to keep. Where there are no contact
# points yet, there is no member who could have one. `coupled` quickens what a CERT tells its desk and joins nobody, nor
# do the duties of operators to report to their own CERT, in `nis2`.
REGION = frozenset({"Kestria", "Lumeria", "Vallonde", "Dravenna", "Sorkava", "Belmare"})
TALKS = frozenset({"Vallonde", "Sorkava", "Lumeria"})
APART, TOGETHER = {"OSCE": REGION, "Accession": NOBODY}, {"OSCE": REGION, "Accession": TALKS}
NOTES, CERTS, DESKS = ({kind: each_pair(REGION)} for kind in ("diplomatic", "technical", "policy"))
BALKANS_ARMS = {
    "none": Arm(NOTES, {}, APART),
    "technical": Arm(NOTES | CERTS, {2: REGION}, APART),
    "nis2": Arm(NOTES | CERTS, {2: REGION}, APART),
    "accession": Arm(NOTES | CERTS | {"policy": each_pair(TALKS)}, {2: REGION}, TOGETHER),
    "both": Arm(NOTES | CERTS | DESKS, {2: REGION, 8: REGION}, APART),
    "coupled": Arm(NOTES | CERTS | DESKS, {2: REGION, 8: REGION}, APART),
}

# Document 002, its list of participating States, in its order. Measures 2 and 8 bring lines only to those who have both
# adopted them (model, section 2), so that a half reaches itself and nobody else. "Every second" leaves open which half:
# here, as in the file, the one with the first of the alphabet (29, not 28).
LIST = """
Albania, Andorra, Armenia, Austria, Azerbaijan, Belgium, Belarus, Bosnia and Herzegovina, Bulgaria, Canada, Croatia,
Cyprus, Czechia, Denmark, Estonia, Finland, France, Georgia, Germany, Greece, Holy See, Hungary, Iceland, Ireland,
Italy, Kazakhstan, Kyrgyzstan, Latvia, Liechtenstein, Lithuania, Luxembourg, Malta, Moldova, Monaco, Mongolia,
Montenegro, The Netherlands, North Macedonia, Norway, Poland, Portugal, Romania, Russian Federation, San Marino, Serbia,
Slovakia, Slovenia, Spain, Sweden, Switzerland, Tajikistan, Türkiye, Turkmenistan, Ukraine, United Kingdom,
United States of America, Uzbekistan"""
PARTICIPATING = [name.strip() for name in LIST.split(",")]


def in_order(name: str) -> str:
    """Return what an English index sorts by: the name without its article and its accents."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return plain.removeprefix("the ")


def codes(names: Iterable[str]) -> Names:
    return frozenset(state.iso3 for state in map(state_by_name, names) if state)


def wide(adopters: Names) -> Arm:
    everybody = codes(PARTICIPATING)
    lines = {"diplomatic": each_pair(everybody), "technical": each_pair(adopters), "policy": each_pair(adopters)}
    return Arm(lines, {2: adopters, 8: adopters} if adopters else {}, {"OSCE": everybody})


HALF = codes(sorted(PARTICIPATING, key=in_order)[::2])
WIDE_ARMS = {"none": wide(NOBODY), "half": wide(HALF), "all": wide(codes(PARTICIPATING))}

DERIVED = {
    "belgrade_2015": (FOUR, BELGRADE_ARMS),
    "western_balkans": (REGION, BALKANS_ARMS),
    "osce_wide": (codes(PARTICIPATING), WIDE_ARMS),
}
ARMS = [(name, arm) for name, (_, arms) in DERIVED.items() for arm in arms]


def edges(scenario: Scenario, arm: str, *, lines: bool) -> Iterator[tuple[str, str, str]]:
    """Yield the edges that are lines, or those that are not, with both nodes; infrastructure is no contact."""
    for here, there, held in build(scenario, arm).edges(data=True):
        if ("line" in held) is lines and held["kind"] != "dependency":
            yield held["kind"], here, there


@pytest.mark.parametrize("name", DERIVED)
def test_the_states_and_the_arms_are_those_of_the_document(name: str) -> None:
    states, arms = DERIVED[name]
    scenario = load(name)
    assert scenario.states.keys() == states
    # One arm more, all sixteen measures, comes from document 003 and is nothing that these documents tell.
    assert set(scenario.arms) - ({"sixteen"} if name == "osce_wide" else set()) == set(arms)


@pytest.mark.parametrize(("name", "arm"), ARMS)
def test_lines_join_whom_the_document_joins_each_way_once(name: str, arm: str) -> None:
    derived = Counter(
        (kind, here + ENDS[kind], there + ENDS[kind])
        for kind, joined in DERIVED[name][1][arm].lines.items()
        for a, b in map(sorted, joined)
        for here, there in ((a, b), (b, a))
    )
    assert Counter(edges(load(name), arm, lines=True)) == derived


@pytest.mark.parametrize(("name", "arm"), ARMS)
def test_each_state_has_a_cert_and_a_desk_and_is_in_the_hubs_that_the_document_puts_it_in(name: str, arm: str) -> None:
    states, arms = DERIVED[name]
    derived = {("membership", state, hub) for hub, members in arms[arm].members.items() for state in members}
    for state in states:
        for a, b in ((f"{state}/CERT", f"{state}/desk"), (f"{state}/desk", state)):
            derived |= {("internal", a, b), ("internal", b, a)}
    assert Counter(edges(load(name), arm, lines=False)) == Counter(derived)
    hubs = {node for node, held in build(load(name), arm).nodes(data=True) if held["kind"] == "hub"}
    assert hubs == arms[arm].members.keys()


@pytest.mark.parametrize(("name", "arm"), ARMS)
def test_the_measures_are_adopted_by_whom_the_document_names_before_the_start_and_in_full(name: str, arm: str) -> None:
    scenario = load(name)
    found: dict[int, Names] = {}
    for cbm, adoption in scenario.arms[arm].cbms.items():
        assert all(how.since is None and how.practice == 1.0 for how in adoption.values())
        for word in adoption:
            those = scenario.states if word == "all" else scenario.groups.get(word, (word,))
            found[cbm] = found.get(cbm, NOBODY) | frozenset(those)
    assert found == DERIVED[name][1][arm].adopted


@pytest.mark.parametrize(
    ("name", "arm", "kind", "pairs"),
    [
        ("belgrade_2015", "both", "technical", 4 * 3 // 2),
        ("western_balkans", "accession", "technical", 6 * 5 // 2),
        ("western_balkans", "accession", "policy", 3 * 2 // 2),
        ("western_balkans", "technical", "policy", 0),
        ("osce_wide", "half", "policy", 29 * 28 // 2),
        ("osce_wide", "all", "technical", 57 * 56 // 2),
        ("osce_wide", "none", "diplomatic", 57 * 56 // 2),
    ],
)
def test_n_states_have_n_times_n_minus_1_over_2_lines(name: str, arm: str, kind: str, pairs: int) -> None:
    assert sum(found == kind for found, *_ in edges(load(name), arm, lines=True)) == 2 * pairs


def leaves(data: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield each value in nested data with its path."""
    if isinstance(data, Mapping | list):
        for key, value in data.items() if isinstance(data, Mapping) else enumerate(data):
            yield from leaves(value, *path, str(key))
    else:
        yield path, data


def apart(name: str, arm: str, other: str) -> set[tuple[str, ...]]:
    """Return the paths at which a scenario stands otherwise in one arm than in another; adoption apart."""
    one, two = (set(leaves(load(name).under(word).data)) for word in (arm, other))
    return {path for path, _ in one ^ two}


def test_untested_lines_differ_only_in_what_is_believed_and_what_is_answered() -> None:
    """Document 000 has lines established; whether they work is another matter, and nobody has looked."""
    differs = apart("belgrade_2015", "both", "untested")
    assert {path[0] for path in differs} == {"states"}
    assert {path[2:] for path in differs} == {("policy", "answers"), ("policy", "believed_answers")}
    tested, untested = (load("belgrade_2015").under(arm).states for arm in ("both", "untested"))
    for state in FOUR:
        known, hoped = tested[state].policy, untested[state].policy
        assert known.believed_answers in {None, known.answers}
        assert hoped.answers < known.answers
        assert hoped.answers < (hoped.believed_answers or 0.0)


@pytest.mark.parametrize(
    ("name", "arm", "other", "where"),
    [
        *(("belgrade_2015", "none", arm, set[Any]()) for arm in ("cbm2", "cbm8", "both")),
        *(("western_balkans", "technical", arm, set[Any]()) for arm in ("none", "both")),
        ("western_balkans", "technical", "nis2", {("states", state, "cert", "reporting") for state in REGION}),
        ("western_balkans", "technical", "accession", {("hubs", "0", "members")}),
        ("western_balkans", "both", "coupled", {("states", state, "cert", "briefing") for state in REGION}),
        *(("osce_wide", "none", arm, set[Any]()) for arm in ("half", "all")),
    ],
)
def test_besides_adoption_arms_differ_in_nothing_the_document_does_not_vary(
    name: str, arm: str, other: str, where: set[tuple[str, ...]]
) -> None:
    assert {path[:4] for path in apart(name, arm, other)} == where
