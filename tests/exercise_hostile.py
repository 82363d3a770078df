"""A scenario whose every text tries to be more than a text."""

from __future__ import annotations

from typing import Any

import simcrisis as sc
from simcrisis.scenario import Scenario

NAMES = {
    "Alderland": '=HYPERLINK("evil","A") <b>',
    "Brevia": "=South & <i>East ]]>",
    "Corvania": "-south-& <i>EAST ]]>",
    "Dunmere": "\u200f@SUM(1+1) {other} \uffff--",
}
"""Two of them give one folder name, but for small and capital letters."""
TITLE = "=1+1 <para>\u202e../../etc &amp; ]]> {page} \ufffe"
SITUATION = "+cmd|' /C calc'!A0 <script>x</script> & ]]>\n\n-2+3 {0.__class__} \u2066\u202d \uffff"
SEEN = "@import <font size=99> &lt; ]]>\n\n=cmd() \u202e ../.. {other}"
HIDDEN_TEXT = "=SECRET()"


def hostile() -> Scenario:
    """Return the scenario, with two States at tables whose names look alike."""
    scenario = sc.load("belgrade_2015")
    renamed: dict[str, Any] = {}
    incidents = []
    for raw in scenario.data["incidents"]:
        renamed[raw["name"]] = f"=INC <u>{raw['name']} & ]]>"
        incidents.append({**raw, "name": renamed[raw["name"]], "key": raw["name"], "seen": SEEN})
    part = {
        "title": TITLE,
        "situation": SITUATION,
        "tables": ["Brevia", "Corvania"],
        "moves": 2,
    }
    names = {f"states.{word}.name": name for word, name in NAMES.items()}
    texts = {"title": HIDDEN_TEXT, "summary": HIDDEN_TEXT, "question": HIDDEN_TEXT, "sources": [HIDDEN_TEXT]}
    return scenario.with_({**names, **texts, "incidents": incidents, "exercise": part})


def spoken(text: str) -> str:
    """Return a text as files hold it."""
    return "".join(letter for letter in text if letter not in "\u202e\u202d\u2066\ufffe\uffff")
