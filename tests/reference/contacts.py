"""Which lines work, and in which order they are tried (docs/odd.md 7.10)."""

from __future__ import annotations

from collections.abc import Iterator

from simcrisis.catalogue import line_kinds
from simcrisis.draws import Purpose, mix
from tests.reference.agenda import LEARN, WORLD, Process
from tests.reference.laws import Fixed, Law, expo, occasionally
from tests.reference.state import HOUR, Case, Outage, Run
from tests.reference.world import Line


def is_there(run: Run, line: Line) -> bool:
    return run.agenda.now >= line.first


def protection(run: Run, line: Line) -> float:
    return float(min(run.policy(end).protection for end in line.ends))


def cut_by(run: Run, line: Line) -> Outage | None:
    """Return the outage that cuts a line, if there is one."""
    if line.rides_on is None:
        return None
    for end in line.ends:
        outage = run.outages.get((end, line.rides_on))
        if outage is not None:
            q = protection(run, line)
            if not (q > 0 and run.u(Purpose.SURVIVES, mix(line.path, outage.incident.path)) < q):
                return outage
    return None


def repaired(run: Run, line: Line) -> int | None:
    """Return when a line that has failed is repaired; None if it has not failed."""
    if line.uptime is None:
        return None
    mtbf, mttr = line.uptime.mtbf, line.uptime.mttr
    ends = run.spells.setdefault(line.id, [])
    while not ends or ends[-1] <= run.agenda.now:
        n = len(ends)
        mean = mtbf if _up(run, line, n) else mttr
        length = max(1, round(expo(mean, run.n(Purpose.UPTIME, line.path, n + 1))))
        ends.append((ends[-1] if ends else 0) + length)
    spell = sum(end <= run.agenda.now for end in ends)
    return None if _up(run, line, spell) else ends[spell]


def _up(run: Run, line: Line, spell: int) -> bool:
    first_is_up = run.u(Purpose.UPTIME, line.path, 0) < line.uptime.mtbf / (line.uptime.mtbf + line.uptime.mttr)
    return first_is_up if spell % 2 == 0 else not first_is_up


def works(run: Run, line: Line) -> bool:
    return is_there(run, line) and cut_by(run, line) is None and repaired(run, line) is None


def usable(run: Run, case: Case, towards: int, lines: list[Line]) -> Iterator[Line]:
    """Yield the lines that work; record those that do not when they are come to."""
    rung = run.dyad(case.holder, towards).rung
    for line in lines:
        if is_there(run, line) and rung >= line_kinds()[line.kind].from_rung:
            if works(run, line):
                yield line
            else:
                run.record("line_down", case.holder, towards, case=case, line=line, cause=case.seq)


def find(run: Run, case: Case, towards: int, kind: str) -> Line | None:
    return next(usable(run, case, towards, of_kind(run, case.holder, towards, kind)), None)


def of_kind(run: Run, i: int, j: int, kind: str) -> list[Line]:
    """Return the lines of a kind between two States, by key."""
    ends = (min(i, j), max(i, j))
    return [line for line in run.world.lines if line.kind == kind and line.ends == ends]


def consulting(run: Run, i: int, j: int) -> list[Line]:
    """Return the lines over which i can consult j, in the order in which it tries them."""
    kinds, prefer = line_kinds(), run.policy(i).prefer

    def order(line: Line) -> tuple[int, int, str]:
        place = prefer.index(line.kind) if line.kind in prefer else len(prefer)
        return place, kinds[line.kind].order or 0, line.key

    ends = (min(i, j), max(i, j))
    found = [line for line in run.world.lines if line.ends == ends and kinds[line.kind].order is not None]
    return sorted(found, key=order)


def until_it_works(run: Run, line: Line) -> Process:
    while True:
        outage, repair = cut_by(run, line), repaired(run, line)
        if outage is not None:
            yield outage.waiting.append
        elif not is_there(run, line):
            yield line.first - run.agenda.now, WORLD
        elif repair is not None:
            yield repair - run.agenda.now, WORLD
        else:
            return


def call_back_law(run: Run, line: Line) -> Law:
    if line.authentic == 1:
        return Fixed(0)
    return occasionally(run.model.call_back, (1 - line.authentic) * (1 - protection(run, line)))


def call_back(run: Run, case: Case, line: Line, law: Law, path: int, sender: int, cause: int) -> Process:
    """Make sure that a message that has arrived is genuine."""
    delay = run.delay(law, Purpose.CALL_BACK, path)
    if delay:
        run.record("called_back", case.holder, sender, case=case, line=line, cause=cause, value=delay / HOUR)
        yield delay, LEARN
