"""What random crises leave out: keys and names of their own, and crises that run hot."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

Data = dict[str, Any]
_ELDERS = ["berlin-mechanism", "vienna-document", "verification-visit"]


def renamed(data: Data) -> Data:
    """Return a crisis whose States, lines and incidents have keys, in another order than their names."""
    data = copy.deepcopy(data)
    for n, (word, state) in enumerate(data["states"].items()):
        state.update(key=f"{9 - n} {word}", name=f"Republic of {word}")
    for part in ("lines", "incidents", "dependencies", "background"):
        for n, item in enumerate(data.get(part, ())):
            item["key"] = f"{9 - n} {item['name']}"
    return data


def heated(data: Data, n: int) -> Data:
    """Return a crisis in which States believe, act, ally themselves and take back more than by themselves."""
    data, dice = copy.deepcopy(data), Random(n)
    data["model"].update(
        opening=dice.choice((0.0, 0.5, 1.5)),
        rule=dice.choice(("logit", "threshold", "threshold", "scripted")),
        script=[{"rung": rung, "number": number} for number, rung in enumerate((5, 4, 7, 6, 0, 8), 1)],
        otherwise="threshold",
        cleared=dice.choice((-50.0, -3.0, -0.5)),
        ten=dice.choice((0.0, 1.6, 5.0)),
        proportion=dice.choice((0.075, 0.15)),
        withdraws=dice.choice((0.5, 1.0)),
        coalition=dice.choice((0.0, 1.0)),
        coalition_lead=dice.choice(("0 h", "12 h", "20 days")),
        joins=1.0,
        solidarity=dice.choice((0.0, 1.0)),
        help=dice.choice((0.0, 1.0)),
        help_below=0.9,
        intelligence_time=dice.choice(("0 h", "6 days")),
        clock_incident=dice.choice(("0 h", "20 h", "9 days")),
        quiet=dice.choice(("12 h", "4 days")),
        leads=dice.choice((0.0, 0.05)),
        tip=dice.choice((0.0, 0.5)),
        aud=dice.choice((0.0, 0.5)),
        react=dice.choice((4.4, 6.0)),
        norm=dice.choice((0.0, 0.4)),
        **{switch: dice.random() < 0.75 for switch in ("information", "time", "reassurance", "notice", "ask_cert")},
        partner_work=dice.choice(("5 h", {"median": "24 h", "spread": 2.0})),
        police_work=dice.choice(("0 h", "3 days")),
    )
    data["hubs"] += [{"name": f"Alliance {place}", "members": "all", "allied": True} for place in range(2)]
    for state in data["states"].values():
        state.pop("doctrine", None)
        opens, closes = dice.choice(((9.0, 17.0), (2.25, 2.75), (0.0, 24.0)))
        state["policy"].update(opens=opens, closes=closes)
        state["cert"].update(d=dice.choice((0.5, 1.5, 3.0)), intelligence=dice.choice((0.0, 1.0)))
        state["cert"].update(analysts=1, finding="7 h", briefing="5 h", reporting=dice.choice((0.0, 1.0)))
        state["policy"].update(officers=1, answers=dice.choice((0.0, 0.8, 1.0)), notifies=dice.choice((0.0, 0.7)))
    if dice.random() < 0.5:
        data["hubs"].append({"name": "Elders", "procedures": _ELDERS, "others": 11})
        for state in data["states"].values():
            state["policy"].update(seconds=1.0, invokes=1.0)
    for relation in data["relations"]:
        relation["rung"] = dice.choice((0, 3, 6, 9, 10))
    _let_fail(data, dice)
    if dice.random() < 0.5:
        data["arms"]["arm"]["cbms"] = list(range(1, 17))
        data["effects"] = {"cbm4": {"rumour": 2.0}, "cbm7": {"misdirected": 20.0}, "cbm9": {"unclear": 20.0}}
    return data


def tied(data: Data, n: int) -> Data:
    """Return a hot crisis in which all takes whole days or no time, so that much falls on one instant."""
    data, dice = heated(data, n), Random(n)

    def days(*most: int) -> str:
        return f"{dice.choice(most)} days"

    data["model"].update({law: days(0, 1) for law in ("partner_work", "police_work", "check", "call_back", "learn")})
    data["model"].update({law: days(0, 1, 2) for law in ("clock_incident", "clock_act", "intelligence_time")})
    data["model"].update({law: days(0, 1) for law in ("detection_public", "detection_covert", "awareness")})
    data["model"].update({term: days(0, 1) for term in ("early_warning", "incident_report", "coalition_lead")})
    data["model"].update(patience=days(1, 2), quiet=days(1, 2), clock_severity=100.0, tempo=1.0, clock_covert=1.0)
    for state in data["states"].values():
        state["cert"].update(finding=days(0, 1), briefing=days(0, 1), misread=0.0)
        laws = {law: days(0, 1) for law in ("reply", "translation", "detour", "clarification")}
        state["policy"].update(
            laws, hours=dice.choice(("office", "always")), week=list(range(7)), opens=0.0, closes=24.0
        )
    for incident in data["incidents"]:
        incident["at"] = days(0, 1, 2)
        incident["severity"] = 1.0
        incident["rumour"] = 0.0
        for report in incident.get("reports", ()):
            report["after"] = days(0, 1, 2)
        if "cuts" in incident:
            incident["cuts"] = {sector: days(1, 2) for sector in incident["cuts"]}
    for line in data["lines"]:
        line["latency"] = days(0, 1)
    for dependency in data["dependencies"]:
        dependency.update(after=days(0, 1), lasts=days(1, 2))
    data["arms"]["arm"]["set"] = {}
    return data


def _let_fail(data: Data, dice: Random) -> None:
    """Cut energy at each incident, and let it take lines and the energy of other States with it."""
    states = list(data["states"])
    for incident in data["incidents"]:
        incident["severity"] = dice.choice((2.0, 5.0))
        if incident.get("kind") != "military_activity":
            incident["cuts"] = {"energy": dice.choice(("5 h", "60 h", "20 days"))}
    for kind in ("technical", "policy", "law_enforcement"):
        data["lines"].append({"name": f"heated {kind}", "kind": kind, "among": "all"})
    data["lines"].append({"name": "capitals", "kind": "leader", "between": states[:2]})
    for line in data["lines"]:
        line["authentic"] = dice.choice((0.0, 0.5, 1.0))
        line["latency"] = dice.choice(("0 h", "8 h"))
        if dice.random() < 0.5:
            line["rides_on"] = "energy"
        if dice.random() < 0.5:
            line["uptime"] = {"mtbf": "30 h", "mttr": "20 h"}
    for of, on in zip(states, states[1:] + states[:1], strict=True):
        data["dependencies"].append(
            {
                "name": f"grid of {of}",
                "of": {"state": of, "sector": "energy"},
                "on": {"state": on, "sector": "energy"},
                "probability": dice.choice((0.5, 1.0)),
                "after": dice.choice(("0 h", "3 h", "3 days")),
                "lasts": dice.choice(("1 h", "30 h", "20 days")),
            }
        )
