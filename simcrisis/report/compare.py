"""Two arms of one replication, side by side: where they part, and why."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from simcrisis.batch.counterfactual import peak_of
from simcrisis.batch.parting import Parting, content, part
from simcrisis.batch.run import Run
from simcrisis.errors import isolated
from simcrisis.report.timeline import Entry, entry_of


@dataclass(frozen=True)
class Row:
    """One row: what both runs hold, or what only one of them does at that place."""

    left: Entry | None
    right: Entry | None

    @property
    def common(self) -> bool:
        """Whether both runs hold it."""
        return self.left is not None and self.right is not None


@dataclass(frozen=True)
class Comparison:
    """Two runs under the same luck."""

    rows: list[Row]
    parted: Parting | None
    """The first record that differs, in each run; None when the runs are the same."""
    sentence: str


def compare(left: Run, right: Run) -> Comparison:
    """Return two runs of one replication side by side, with the first record that differs and its cause."""
    mine, theirs = ([content(run.world, record) for record in run.log.records] for run in (left, right))
    rows: list[Row] = []
    for tag, a, b, c, d in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [Row(entry_of(left, i), entry_of(right, j)) for i, j in zip(range(a, b), range(c, d), strict=True)]
            continue
        apart = [(left.log.records[i].at, 0, Row(entry_of(left, i), None)) for i in range(a, b)]
        apart += [(right.log.records[j].at, 1, Row(None, entry_of(right, j))) for j in range(c, d)]
        rows += [row for _, _, row in sorted(apart, key=lambda each: each[:2])]
    parted = part((left.world, right.world), (left.log, right.log))
    if parted is None:
        return Comparison(
            rows, None, f"Arms '{isolated(left.arm)}' and '{isolated(right.arm)}' do not differ in this replication."
        )
    return Comparison(rows, parted, _sentence(left, right, parted))


def _sentence(left: Run, right: Run, parted: Parting) -> str:
    told = []
    for run, seq in ((left, parted.left), (right, parted.right)):
        if seq is None:
            told.append(f"in arm '{isolated(run.arm)}' nothing more happens")
            continue
        entry = entry_of(run, seq)
        cause = run.log.records[seq].cause_seq
        because = f", because {entry_of(run, cause).who} {entry_of(run, cause).text}" if cause >= 0 else ""
        told.append(f"in arm '{isolated(run.arm)}' {entry.who} {entry.text} ({entry.when}{because})")
    peaks = ", ".join(f"rung {peak_of(run.log)} in '{isolated(run.arm)}'" for run in (left, right))
    return f"The runs part here: {told[0]}; {told[1]}. Peaks: {peaks}."
