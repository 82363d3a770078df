"""Every number of the model that is not a property of a scenario: default, unit, null, source.

Defaults marked as retuned began as set B of the design study of this rule and were moved, by a random search, to meet
the patterns of `targets.toml` in the full model (docs/decisions/0002-defaults.md). No data identified them: assumed.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from simcrisis import units
from simcrisis.catalogue.sectors import Sector
from simcrisis.spec import (
    DelayLaw,
    Duration,
    Factor,
    Finite,
    NonNegative,
    PositiveDuration,
    Probability,
    Spec,
)

_RETUNED = "assumed (retuned, docs/decisions/0002-defaults.md)"
_SKETCH = "assumed (set B of the design study)"
_DESIGN = "assumed (design of the model)"
MOST_FINDINGS = 50
"""An investigation yields no more; the briefing on an operator's report has the luck of the finding after them."""


def parameter(
    default: object, *, unit: str = "", null: object = None, source: str = _DESIGN, alias: str | None = None
) -> Any:
    """Declare a parameter: its default, and the unit, null and source that the parameter page shows."""
    about: dict[str, Any] = {"unit": unit, "null": null, "source": source}
    return Field(default=default, alias=alias, json_schema_extra=about)


def _ms(text: str) -> int:
    return units.parse_duration(text)


def _delay(median: str, spread: float) -> units.Delay:
    return units.parse_delay({"median": median, "spread": spread})


class ScriptRow(Spec):
    """A row of a script: where all that it states holds, the State chooses its rung."""

    rung: Annotated[int, Field(ge=0, le=10)]
    """The rung chosen."""

    number: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """Only the State's decision with this number, counted from 1."""

    of_act: bool | None = None
    """Only decisions on an act (true) or on an incident (false)."""

    belief: Annotated[tuple[Probability, ...], Field(min_length=2, max_length=2)] = (0.0, 1.0)
    """Only beliefs between these two."""

    rung_before: Annotated[tuple[Annotated[int, Field(ge=0, le=10)], ...], Field(min_length=2, max_length=2)] = (0, 10)
    """Only present rungs between these two."""


class DecisionParameters(Spec):
    """How a State decides. Set for all in `model`, for one State in its `doctrine`."""

    rule: str = parameter("logit")
    """Decision rule: logit, threshold, scripted, or a function as `module:function` (with --trust-code only)."""

    script: Annotated[tuple[ScriptRow, ...], Field(max_length=1000)] = parameter(())
    """Rule `scripted`: its table; the first row that applies decides."""

    otherwise: str = parameter("logit")
    """Rule `scripted`: the rule that decides where no row applies."""

    patience: PositiveDuration = parameter(_ms("36 h"))
    """How long a State waits for an answer before it takes silence as one."""

    rationality: Annotated[float, Field(ge=0, le=1000)] = parameter(20.0, null=0, source=_RETUNED, alias="lambda")
    """lambda of the logit rule: 0 chooses at random, large values choose the best rung."""

    ten: NonNegative = parameter(1.6, null=0, source=_RETUNED)
    """How much tension adds to the worth of a grave answer."""

    wrong: NonNegative = parameter(0.8, null=0, source=_RETUNED)
    """Cost of acting against a State that may be innocent."""

    cost: NonNegative = parameter(0.65, null=0, source=_RETUNED)
    """Quadratic cost of going beyond the rung that a dyad is used to."""

    lin: NonNegative = parameter(0.55, null=0, source=_RETUNED)
    """Linear cost of going beyond the rung that a dyad is used to."""

    hab: Probability = parameter(0.9, null=0, source=_RETUNED)
    """Habituation: the share of the present rung's gravity that costs nothing any more."""

    fire: NonNegative = parameter(0.15, null=0, source=_RETUNED)
    """Cost of each threshold (rungs 8, 9, 10) that an act crosses."""

    prop: NonNegative = parameter(3.6, null=0, source=_RETUNED)
    """Quadratic cost of a disproportionate answer."""

    aud: NonNegative = parameter(0.0, null=0)
    """Audience cost: cost of falling below one's own last public act against the same State (Fearon 1994)."""

    det: NonNegative = parameter(0.0, null=0)
    """Deterrence: cost of a grave answer to a capable State."""

    proportion: NonNegative = parameter(0.075, unit="gravity per severity")
    """Gravity of the answer that is proportionate to one step of severity."""

    bar: Probability = parameter(0.5)
    """Rule `threshold`: belief that the mildest act needs."""

    bar_slope: NonNegative = parameter(0.45)
    """Rule `threshold`: how much more belief a graver act needs."""

    norm: NonNegative = parameter(0.0, null=0)
    """Cost of a counter-operation against a protected sector, which breaks a norm (`model.protected_sectors`)."""

    coalition: Probability = parameter(0.0, null=0)
    """Probability that a State which decides to attribute (rung 4) does so together with its allies, and later."""


class Cert(Spec):
    """The national CERT (CSIRT) of a State."""

    analysts: Annotated[int, Field(ge=1, le=1000)] = parameter(4, unit="analysts")
    """Analysts; each takes up one case or request at a time, the gravest first."""

    d: Annotated[float, Field(ge=0, le=10)] = parameter(0.52, null=0, source=_SKETCH)
    """Technical strength d': how far one finding separates culprits from innocents, in standard deviations."""

    finding: DelayLaw = parameter(_delay("36 h", 2.0), source="median: design of the model; spread assumed")
    """Time to each finding of an investigation."""

    briefing: DelayLaw = parameter(_delay("12 h", 2.0), source="median: design of the model; spread assumed")
    """From a finding to the briefing of the policy desk: the technical-to-political coupling."""

    answers: Probability = parameter(1.0)
    """Probability that this CERT answers a request as a third party (a suspect's CERT answers as its desk does)."""

    head_start: Annotated[float, Field(ge=0, le=10)] = parameter(0.0, null=0)
    """What is added to d' in the first findings of an investigation (`model.first_findings`)."""

    intelligence: Annotated[float, Field(ge=0, le=10)] = parameter(0.0, null=0)
    """Strength d' of an intelligence finding about the suspect, shared with allies only (1.2 in the design study)."""

    detection: Factor = parameter(1.0, null=1)
    """Factor on the time from a strike to its detection by the State itself."""

    misread: Annotated[float, Field(ge=0, le=5)] = parameter(0.4, null=0, unit="steps of severity")
    """Standard deviation of the error with which the severity of an incident is read."""

    exposure: Annotated[float, Field(ge=0, le=10)] = parameter(1.0, null=1)
    """Factor on the severity of incidents that strike the State and are no accidents."""

    patched: Probability = parameter(0.0, null=0)
    """Share of background incidents that find its vulnerabilities closed, and do not happen."""

    outages: Annotated[float, Field(ge=0, le=100)] = parameter(1.0, null=1)
    """Factor on the length of its outages."""

    cascades: Annotated[float, Field(ge=0, le=100)] = parameter(1.0, null=1)
    """Factor on the probability that its infrastructure goes out with other infrastructure."""

    reporting: Probability = parameter(0.0, null=0)
    """Share of operators that report incidents to the CERT in time (`model.early_warning`, `model.incident_report`)."""


class Policy(Spec):
    """The policy-level point of contact of a State: the desk that sends and answers inquiries."""

    officers: Annotated[int, Field(ge=1, le=1000)] = parameter(2, unit="officers")
    """Officers; each handles one inquiry at a time."""

    hours: Literal["office", "always"] = parameter("office")
    """Whether inquiries are read in office hours or round the clock."""

    reply: DelayLaw = parameter(_delay("10 h", 2.2), source="median: design of the model; spread assumed")
    """From having read and understood an inquiry to the reply."""

    translation: DelayLaw = parameter(units.Fixed(_ms("1 h")))
    """Time to translate an inquiry."""

    answers: Probability = parameter(0.75)
    """True probability rho that an inquiry is answered."""

    believed_answers: Probability | None = parameter(None, unit="null: the true one")
    """What others believe the answer probability to be; left out, they know the true one."""

    honesty: Probability | None = parameter(None, unit="null: the credibility k of the asker's reading")
    """Honesty cost h: the probability that a culpable State cannot bring itself to send a false assurance."""

    formulaic: Probability = parameter(0.2, null=0)
    """Share f of replies that say nothing."""

    asks: Probability = parameter(0.9)
    """Probability that this desk asks when it has reason to."""

    freshness: Duration = parameter(0)
    """Age, at the start, of this State's entry in the contact list; an old one may be stale: it answers nothing."""

    renewed: PositiveDuration | None = parameter(None, unit="null: only by communication checks")
    """After which time this State's entry is renewed, again and again."""

    week: Annotated[tuple[Annotated[int, Field(ge=0, le=6)], ...], Field(min_length=1, max_length=7)] = parameter(
        (0, 1, 2, 3, 4)
    )
    """Working days, 0 for Monday."""

    opens: Annotated[float, Field(ge=0, lt=24)] = parameter(9.0, unit="hour of the day, local time")
    """When office hours begin."""

    closes: Annotated[float, Field(gt=0, le=24)] = parameter(17.0, unit="hour of the day, local time")
    """When office hours end."""

    prefer: Annotated[tuple[str, ...], Field(max_length=10)] = parameter((), unit="kinds of lines")
    """Which kinds of lines it tries first to consult; the others follow in the catalogue's order."""

    misdirected: Probability = parameter(0.1, null=0)
    """Probability that an inquiry to it first goes to the wrong desk."""

    detour: DelayLaw = parameter(_delay("24 h", 2.0), null="0 h")
    """How long such an inquiry takes to the right one."""

    unclear: Probability = parameter(0.1, null=0)
    """Probability that an inquiry needs a round of clarification; of two States the greater counts."""

    clarification: DelayLaw = parameter(_delay("12 h", 2.0), null="0 h")
    """How long a round of clarification takes."""

    heeds_rumour: Annotated[float, Field(ge=0, le=1)] = parameter(1.0, null=0)
    """How far rumour hastens and biases the State: 1 fully, 0 not at all."""

    acquaintance: Probability = parameter(0.0, null=0)
    """Share of baseline mistrust that acquaintance takes away; of two States the lesser counts."""

    protection: Probability = parameter(0.0, null=0)
    """Probability that a line survives an outage of its sector, and a message needs no call-back; the lesser counts."""

    helps: Probability = parameter(0.0, null=0)
    """Probability that it offers help to a suspect that it holds innocent, where that is more than `model.help`."""

    consults: Probability = parameter(0.0, null=0)
    """Probability that it calls for consultations after silence or dispute; the other must do so as well (not 0)."""

    invokes: Probability = parameter(0.7, null=0)
    """Probability that it opens a procedure that a hub keeps for disputes."""

    explains: Probability = parameter(0.6, null=0)
    """Probability that it gives the explanation that a procedure asks of it, within the term."""

    attends: Probability = parameter(0.8, null=0)
    """Probability that it comes to a meeting."""

    seconds: Probability = parameter(0.4, null=0)
    """Probability that it supports another State's request for a meeting, where a procedure asks for seconders."""

    consents: Probability = parameter(0.5, null=0)
    """Probability that it agrees to good offices."""

    notifies: Probability = parameter(0.0, null=0)
    """Probability that it announces an exercise of its forces, cyber forces included, to those who will see it."""

    admits: Probability = parameter(0.6, null=0)
    """Probability that it lets others visit its forces where a procedure gives them that right."""

    secrecy: Probability = parameter(0.0, null=0)
    """Share of what a visit could show that it keeps from its visitors."""


class Parameters(DecisionParameters):
    """Parameters of the model, for all States; a scenario changes them under `model`."""

    time: bool = parameter(True, null=False)
    """Switch: an unanswered inquiry holds the decision while patience lasts."""

    information: bool = parameter(True, null=False)
    """Switch: assurances and silences move belief."""

    reassurance: bool = parameter(True, null=False)
    """Switch: contact lowers tension."""

    notice: bool = parameter(True, null=False)
    """Switch: an act by a State that had asked first is taken less badly."""

    ask_cert: bool = parameter(True, null=False)
    """Switch: a desk that answers an inquiry asks its own CERT first, which takes an analyst's time."""

    diplomatic: bool = parameter(True, null=False)
    """Switch: every pair of States can send notes through its embassies (written diplomatic lines are there anyway)."""

    kappa: Probability = parameter(0.7, null=0)
    """Credibility of an assurance over a line between States that do not mistrust each other at all."""

    reassure: Probability = parameter(0.5, null=1)
    """Factor on tension when a reply arrives."""

    forewarned: Probability = parameter(0.8, null=1)
    """Factor on the tension that an act causes when its author had asked first (switch: notice)."""

    ask_floor: Probability = parameter(0.05)
    """Believed answer probability below which nobody asks."""

    tip: Probability = parameter(0.0, null=0)
    """Share of d' that later findings about a culpable State lose once it has been asked: asking tips it off."""

    most_certain: Annotated[float, Field(ge=0, le=0.99)] = parameter(0.99)
    """Upper bound of credibility and of the believed probability of an answer in time."""

    mistrust: Probability = parameter(0.5)
    """Mistrust between States of which a scenario says nothing."""

    sway: Probability = parameter(0.3, null=0)
    """How far tension can move mistrust."""

    half_life: PositiveDuration = parameter(_ms("14 d"))
    """Half-life of tension."""

    quiet: PositiveDuration = parameter(_ms("10 d"))
    """After each such time without a public act that names somebody (not 3, not 7) the rung of a dyad steps down."""

    dx: NonNegative = parameter(2.0, null=0, source=_RETUNED)
    """Tension that an act of gravity 1 raises in its target."""

    innocent: NonNegative = parameter(1.6, null=1)
    """Factor on that tension when the target knows itself innocent."""

    own_tension: NonNegative = parameter(0.3, null=0)
    """Share of that tension that the act raises in its author."""

    react: NonNegative = parameter(4.4, null=0, source=_RETUNED)
    """Severity that an act is felt to have: react x gravity / 0.5, at most 5."""

    b_intent: Finite = parameter(0.11, null=0, source=_SKETCH)
    """Opening log-odds that an act was hostile, at mistrust one half."""

    wronged: Finite = parameter(0.6, null=0)
    """What being innocent adds to those log-odds."""

    opening: Finite = parameter(-1.0)
    """Opening log-odds that the first suspect is culpable, at mistrust one half."""

    opening_mistrust: Finite = parameter(2.0, null=0)
    """How much mistrust above one half adds to opening log-odds."""

    cleared: Annotated[float, Field(ge=-50, le=0)] = parameter(-3.0, unit="log-odds")
    """Log-odds below which a suspect is cleared and the next one considered."""

    findings: Annotated[int, Field(ge=0, le=MOST_FINDINGS)] = parameter(6, null=0, unit="findings")
    """Findings that one investigation can yield."""

    detection_public: DelayLaw = parameter(_delay("2 h", 2.0), source="median: design of the model; spread assumed")
    """From the strike of a public incident to its detection."""

    detection_covert: DelayLaw = parameter(
        _delay("14 days", 3.0), source="median: M-Trends 2025 (dwell time, through secondary pages); spread assumed"
    )
    """From the strike of a covert incident to its detection."""

    partners: Annotated[int, Field(ge=0, le=100)] = parameter(3, null=0, unit="States")
    """How many partners' CERTs a CERT asks."""

    partner_d: Annotated[float, Field(ge=0, le=10)] = parameter(0.4, null=0)
    """Technical strength d' of a finding in the answer of another CERT."""

    partner_work: DelayLaw = parameter(
        _delay("24 h", 2.0), source="median: design of the model; spread assumed", null="0 h"
    )
    """Analyst's time that answering a request takes."""

    check: DelayLaw = parameter(_delay("2 h", 2.0), null="0 h")
    """Analyst's time that a desk's question to its own CERT takes."""

    restoration: Probability = parameter(0.85, null=1)
    """Factor on the rest of an outage for each technical answer to its victim."""

    clock_incident: DelayLaw = parameter(_delay("96 h", 2.718281828459045), source="design; median of figures 4-5 d")
    """From opening a case on an incident to its decision."""

    clock_act: DelayLaw = parameter(_delay("72 h", 2.718281828459045))
    """From learning of an act to the decision how to answer it."""

    clock_severity: Annotated[float, Field(ge=0.01, le=100)] = parameter(2.0)
    """The incident clock runs (1 + c) / (c + severity) times as long as at severity 1 (c this number)."""

    clock_covert: Annotated[float, Field(ge=0.01, le=100)] = parameter(1.5, null=1)
    """Factor on the incident clock when the incident is covert."""

    haste: Probability = parameter(0.5, null=0)
    """Share of the incident clock that a full rumour takes away."""

    tempo: Annotated[float, Field(ge=0.001, le=1000)] = parameter(1.0, null=1)
    """Divides every decision clock: machine-speed decision support is a large tempo."""

    leads: Annotated[float, Field(ge=0, le=10)] = parameter(0.0, unit="times the ladder's leads", null=0)
    """Time from decision to act, in multiples of the ladder's leads; until it ends the act can be called off."""

    help: Probability = parameter(0.0, null=0)
    """Probability that a State which decides on rungs 0 to 2 and holds the suspect innocent offers it help."""

    help_below: Probability = parameter(0.2)
    """Belief below which help is offered."""

    soothe: Probability = parameter(0.3, null=0)
    """Share of tension that an offer of help takes away."""

    spillover: Probability = parameter(0.8, unit="share of severity")
    """How severe an incident is for a State that only its cascade reaches."""

    solidarity: Probability = parameter(0.15, null=0)
    """An ally of a State that is acted against takes it up with this probability x gravity x (1 - its mistrust)."""

    protected_sectors: Annotated[tuple[Sector, ...], Field(max_length=len(Sector))] = parameter(
        (Sector.ENERGY, Sector.FINANCE, Sector.HEALTH, Sector.TRANSPORT, Sector.WATER), unit="sectors", null=()
    )
    """Sectors that a norm protects (`norm`); a counter-operation strikes the sector of what it answers."""

    alarm: NonNegative = parameter(0.5, null=0)
    """Tension that a military activity of severity 5 raises in the State that watches it."""

    announced: Probability = parameter(0.5, null=1)
    """Factor on that tension when the activity had been announced (switch: reassurance)."""

    awareness: DelayLaw = parameter(
        _delay("9 days", 3.0), source="median: M-Trends 2025 (found by the victim, secondary pages); spread assumed"
    )
    """From the strike of a covert incident to its discovery by the operator that it struck (`cert.reporting`)."""

    early_warning: Duration = parameter(_ms("24 h"), source="F: NIS2 Art. 23")
    """From that discovery to the early warning, by which the CERT knows of the incident."""

    incident_report: Duration = parameter(_ms("72 h"), source="F: NIS2 Art. 23")
    """From that discovery to the operator's report, which holds a finding of the CERT's own strength."""

    first_findings: Annotated[int, Field(ge=0, le=MOST_FINDINGS)] = parameter(2, unit="findings")
    """How many findings of an investigation count as its first (`cert.head_start`)."""

    intelligence_time: DelayLaw = parameter(
        _delay("45 days", 2.0), source="median: design of the model; spread assumed"
    )
    """From opening a case to an intelligence finding about its suspect (`cert.intelligence`)."""

    rumour_belief: NonNegative = parameter(0.5, null=0, unit="log-odds")
    """What a full rumour adds to the opening log-odds that the first suspect is culpable."""

    withdraws: Probability = parameter(0.3, null=0)
    """Probability that a State which no longer believes its public attribution withdraws it."""

    coalition_lead: Duration = parameter(
        _ms("240 days"), null="0 h", source="F: coalition attribution of the two worms of 2017, about 8 months"
    )
    """From decision to act for an attribution in coalition, in place of the ladder's lead, also where `leads` is 0."""

    joins: Probability = parameter(0.6, null=0)
    """Probability that an ally joins an attribution in coalition, times (1 - its mistrust of the author)."""

    call_back: DelayLaw = parameter(_delay("4 h", 2.0), null="0 h")
    """How long it takes to make sure by call-back that a message is genuine, where its line does not."""

    police_finds: Probability = parameter(0.4, null=0)
    """Probability that the police of a suspect State finds the criminals or terrorists behind an incident."""

    police_work: DelayLaw = parameter(_delay("10 days", 2.0))
    """How long that takes."""

    police_credibility: Probability = parameter(0.8, null=0)
    """Credibility of such a result, which comes with evidence that can be checked, so that mistrust does not matter."""

    criminal_share: Probability = parameter(0.5)
    """What States believe: the probability that criminals or terrorists did it, if the suspect State is innocent."""

    meeting_succeeds: Probability = parameter(0.5, null=0)
    """Probability that a meeting that both attend succeeds: the dyad steps down a rung at once."""

    meeting_eases: Probability = parameter(0.5, null=1)
    """Factor on tension when a meeting succeeds."""

    good_offices: Probability = parameter(0.5, null=0)
    """Probability that a hub which keeps the procedure `good-offices` offers them after an act it covers."""

    learn: DelayLaw = parameter(units.Fixed(_ms("6 h")))
    """From an act to its target's learning of it."""

    own_act_window: Duration = parameter(_ms("24 h"), null="0 h")
    """A decision at or below the dyad's rung so soon after one's own act stays private."""

    stale_half_life: PositiveDuration = parameter(_ms("1095 days"))
    """Age at which half of the entries of a contact list are stale."""

    prior_checks: Annotated[float, Field(gt=0, le=1e6)] = parameter(4.0, unit="checks")
    """Weight of what was believed of a desk before the first communication check, in checks."""
