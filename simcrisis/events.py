"""The vocabulary of the event log, and the log itself: the only output of the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum, unique
from typing import Any, NamedTuple

from simcrisis.members import members

LOG_FORMAT = 1
"""Of records and their meaning. A log of another format is not read: its run is regenerated (docs/formats.md)."""
RUNGS = range(11)
"""The rungs of the ladder."""
EXCEEDED = range(3, 11)
"""The rungs whose exceedance is reported: the public ones."""
FIREBREAK = 8
"""The rung at and above which force is threatened or used."""
MOST_COUNTER_OPERATIONS = 64
"""Counter-operations beyond this many in one run share a name."""
NOBODY = -1
"""The id that stands for no State, line, incident, case or record."""


@unique
class Kind(IntEnum):
    """What a record of the log says. Numbers are stored in shards: never reuse or renumber one.

    `value` is named behind each kind; `actor` does it, `counterpart` is whom it concerns.
    """

    STRIKE = 1
    """An incident happens to `counterpart`; `actor` is its hidden author, if a State. Value: severity (0-5)."""
    SECTOR_DOWN = 2
    """A sector of `actor` goes out. Value: hours; detail: the sector."""
    SECTOR_UP = 3
    """A sector of `actor` works again. Detail: the sector."""
    DETECTION = 4
    """The victim `actor` notices. Value: hours since the strike."""
    CASE_OPENED = 5
    """`actor` opens a case about `counterpart` (nobody: no suspect). Value: opening log-odds."""
    INVESTIGATION = 6
    """An analyst takes up the case. Value: hours waited."""
    FINDING = 7
    """The CERT of `actor` finds something about `counterpart`. Value: log-likelihood ratio."""
    BRIEFING = 8
    """The desk of `actor` is briefed on a finding. Value: log-likelihood ratio."""
    SUSPECT_CLEARED = 9
    """`actor` drops the suspect `counterpart`. Value: log-odds at which it did."""
    SUSPECT_NAMED = 10
    """`actor` turns to the next suspect `counterpart`. Value: opening log-odds."""
    TECHNICAL_REQUEST = 11
    """The CERT of `actor` asks the CERT of `counterpart`."""
    TECHNICAL_ANSWER = 12
    """The CERT of `actor` has answered `counterpart`. Value: log-likelihood ratio of its finding."""
    TECHNICAL_BRIEFING = 13
    """The desk of `actor` is briefed on an answer by `counterpart`'s CERT. Value: log-odds shift, of both."""
    TECHNICAL_SILENCE = 14
    """`actor` has waited in vain for the suspect's CERT. Value: log-odds shift."""
    LINE_DOWN = 15
    """`actor` wanted a line to `counterpart` and found it down."""
    NOT_ASKED = 16
    """`actor` does not ask `counterpart`. Value: believed answer probability; detail: why."""
    INQUIRY = 17
    """The desk of `actor` asks the desk of `counterpart`. Value: credibility of an assurance."""
    INQUIRY_READ = 18
    """The desk of `actor` reads the inquiry of `counterpart`. Value: hours since it was sent."""
    REPLY_SENT = 19
    """The desk of `actor` replies to `counterpart`. Detail: assurance or formulaic."""
    ASSURANCE = 20
    """An assurance by `actor` reaches `counterpart`. Value: log-odds shift."""
    FORMULAIC = 21
    """A formulaic reply by `actor` reaches `counterpart`. Value: 0."""
    SILENCE = 22
    """The patience of `actor` with `counterpart` ends. Value: log-odds shift."""
    DECISION = 23
    """`actor` decides about `counterpart`. Value: rung; detail: private where it stays so."""
    ACT = 24
    """`actor` acts against `counterpart` (rungs 3 to 10). Value: rung."""
    RUNG = 25
    """The rung of the dyad of `actor` and `counterpart` changes. Value: new rung."""
    REOPENED = 26
    """`actor` reopens a decided case. Value: belief."""
    DRILL = 27
    """A communication check of `actor` with `counterpart`. Value: 1 answered, 0 not."""
    ENTRY_RENEWED = 28
    """The stale contact entry of `actor` is found by a check and renewed."""
    REPORT = 29
    """A claim or vendor's report about the incident is read. Value: log-likelihood ratio; detail: which."""
    CALLED_OFF = 30
    """`actor` calls off what it had decided against `counterpart`. Value: rung."""
    HELP_OFFERED = 31
    """`actor` offers `counterpart` help."""
    POLICE_REQUEST = 32
    """The police of `actor` asks the police of `counterpart` about an incident."""
    POLICE_RESULT = 33
    """The police of `actor` has told `counterpart` that it found who was behind an incident. Value: log-odds shift."""
    INTELLIGENCE = 34
    """`actor` learns from intelligence about `counterpart`. Value: log-likelihood ratio; detail: whose it is."""
    JOINED = 35
    """`actor` joins an ally's attribution to `counterpart`. Value: rung."""
    WITHDRAWN = 36
    """`actor` withdraws its public attribution to `counterpart`. Value: belief, if it is the suspect still."""
    PROCEDURE = 37
    """`actor` opens a procedure towards `counterpart`, or a hub offers it to both. Detail: which, and whose."""
    EXPLANATION = 38
    """`actor` explains itself to `counterpart`, as a procedure asks of it. Value: log-odds shift."""
    PROCEDURE_ENDED = 39
    """A procedure that `actor` opened towards `counterpart` goes no further. Detail: why."""
    MEETING = 40
    """`actor` and `counterpart` meet. Value: 1 it succeeds, 0 it does not; detail: the procedure."""
    MISDIRECTED = 41
    """The inquiry of `counterpart` to `actor` goes to the wrong desk first. Value: hours to the right one."""
    ASKED_BACK = 42
    """`actor` asks `counterpart` what its inquiry means. Value: hours that takes."""
    CALLED_BACK = 43
    """`actor` makes sure that the reply of `counterpart` is genuine. Value: hours that takes."""
    TAKES_UP = 44
    """`actor` takes up what `counterpart` has done to its ally. Value: rung of the act; detail: the ally."""
    CONFERS = 45
    """`actor` takes its attribution to `counterpart` to its allies first. Value: hours until it acts."""
    TERM_PASSED = 46
    """The term of a procedure has passed without an explanation of `counterpart` to `actor`. Value: log-odds shift."""
    ANNOUNCED = 47
    """`actor` had announced to `counterpart` what its forces now do. Value: log-odds shift."""
    UNANNOUNCED = 48
    """`actor` had not announced to `counterpart` what its forces now do. Value: log-odds shift."""
    VISIT = 49
    """`actor` has visited the forces of `counterpart`. Value: log-likelihood ratio."""
    VISIT_REFUSED = 50
    """`actor` does not let `counterpart` visit its forces. Value: log-odds shift."""
    VISIT_GRANTED = 52
    """`actor` will let `counterpart` visit its forces. Value: log-odds shift."""
    OPERATOR_REPORT = 51
    """The operator whom an incident has struck reports to the CERT of `actor`. Value: log-likelihood ratio."""

    @property
    def label(self) -> str:
        """Return the name that tables show."""
        return self.name.lower()


kinds = members(Kind)
"""Kinds as plain attributes, for the engine."""
PRIVATE = "private"
"""Detail of a decision that stays private."""
IMPOSED = "imposed"
"""Detail of a rung that the scenario sets at the start."""
CHOSE_NOT_TO = "chose not to"
BELIEVED_DEAF = "believes that nobody would answer"
"""Details of a question that was not asked."""
NO_SECONDERS = "too few States support the request for a meeting"
NO_CONSENT = "not both sides agree"
NOBODY_CAME = "not both sides come to the meeting"
AT_WAR = "the two are at war"
"""Details of a procedure that goes no further."""
TECHNICAL_EXCHANGE = frozenset(
    {Kind.TECHNICAL_REQUEST, Kind.TECHNICAL_ANSWER, Kind.TECHNICAL_BRIEFING, Kind.TECHNICAL_SILENCE, Kind.CALLED_BACK}
)
"""Requests between CERTs and what comes back: all that CBM 2 changes at its null."""
POLICE_EXCHANGE = frozenset({Kind.POLICE_REQUEST, Kind.POLICE_RESULT})
"""Requests between police and their results: all that CBM 6 changes at its null."""
INQUIRY_EXCHANGE = frozenset(
    {Kind.INQUIRY, Kind.INQUIRY_READ, Kind.REPLY_SENT, Kind.ASSURANCE, Kind.FORMULAIC, Kind.SILENCE, Kind.NOT_ASKED,
     Kind.LINE_DOWN, Kind.MISDIRECTED, Kind.ASKED_BACK, Kind.CALLED_BACK}
)  # fmt: skip
"""Inquiries between policy desks and what comes back: all that CBM 8 changes at its null."""


class Record(NamedTuple):
    """One record of the log, by ids (`Names` turns them into words). Times are ms from the start of the run."""

    at: int
    kind: Kind
    actor: int
    counterpart: int
    line: int
    incident: int
    case: int
    cause_seq: int
    value: float | None
    detail: str


Row = tuple[Any, ...]
"""What a `Record` holds, without names to it."""


class Decision(NamedTuple):
    """One decision, with the situation in which it was taken; `seq` is that of its record in the log."""

    seq: int
    case: int
    at: int
    actor: int
    about: int
    belief: float
    culpable: bool
    severity: float
    tension: float
    rung_before: int
    pending: str
    act: int
    private: bool
    of_incident: bool
    silence: float
    """Log-odds that the silence of those asked adds to the belief at this moment."""
    chances: tuple[float, ...]
    """Probability that an act of at least rung r counts, r = 3 ... 10."""


@dataclass(frozen=True, slots=True)
class Names:
    """The words behind the ids of a log."""

    states: tuple[str, ...]
    lines: tuple[str, ...]
    incidents: tuple[str, ...]

    @staticmethod
    def of(names: Sequence[str], index: int) -> str | None:
        """Return the name behind an id, None for nobody."""
        return names[index] if index >= 0 else None


def incident_names(names: Names) -> list[str]:
    """Return the names of a scenario's incidents, and of the counter-operations that may follow."""
    return [*names.incidents, *(f"counter-operation {n + 1}" for n in range(MOST_COUNTER_OPERATIONS))]


@dataclass(slots=True)
class EventLog:
    """The records and decisions of one run, in the order in which they happened."""

    rows: list[Row] = field(default_factory=list)
    """The records as the engine writes them, in the order of the fields of `Record`: names cost more than the rest."""
    decisions: list[Decision] = field(default_factory=list)
    _records: list[Record] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def records(self) -> Sequence[Record]:
        """The records with names to their fields, made when first asked for."""
        if len(self._records) != len(self.rows):
            self._records = [Record._make(row) for row in self.rows]
        return self._records
