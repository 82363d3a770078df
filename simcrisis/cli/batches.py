"""`batch`: the risk."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simcrisis.cli.common import (
    DEFAULT_SEED,
    ArmsOption,
    JsonOption,
    OutOption,
    QuietOption,
    SetOption,
    TrustOption,
    WorkersOption,
    given_command,
    load_with,
    words,
)
from simcrisis.cli.designs import (
    DesignSeedOption,
    EnsembleOption,
    PointsOption,
    SampleOption,
    VaryOption,
    over_ensemble,
    varied,
)
from simcrisis.cli.output import end_with, make_table, print_json, print_table, say, tell
from simcrisis.cli.progress import Reached, attended
from simcrisis.errors import BatchError, isolated

if TYPE_CHECKING:
    import polars as pl

    from simcrisis.batch.batch import Batch
    from simcrisis.batch.folder import Share
    from simcrisis.batch.plan import Plan
    from simcrisis.batch.work import Failure

SHOWN = {3: "public concern", 4: "attribution", 6: "sanctions", 8: "force"}
"""Rungs shown at the terminal; tables and JSON hold all."""
MOST_ROWS = 40
"""Rows of a table at the terminal."""


def batch(
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="A scenario file, or the name of a shipped scenario.")
    ] = None,
    replications: Annotated[
        int | None,
        typer.Option(
            "--replications",
            "-n",
            min=1,
            max=100_000_000,
            help="Runs of each arm at each design point [default: 1000; with --until at most 100000].",
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="PRECISION",
            help="Stop by itself: 'sign', or 'width 0.01' (of the whole interval), also 'sign of ARM at RUNG' "
            "[default: last arm, rung 8].",
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=2**63 - 1, help="Seed of the luck [default: 1].")] = None,
    arms: ArmsOption = None,
    vary: VaryOption = None,
    points: PointsOption = None,
    sample: SampleOption = None,
    design_seed: DesignSeedOption = None,
    ensemble: EnsembleOption = None,
    workers: WorkersOption = None,
    dask: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Let the workers of this Dask scheduler do it.")
    ] = None,
    out: OutOption = None,
    shard: Annotated[
        str | None,
        typer.Option(
            metavar="I/N", help="Do part I of N into --out, for array jobs; then the command without --shard."
        ),
    ] = None,
    shard_size: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, max=1_000_000, help="Replications in a shard; default: two seconds."),
    ] = None,
    keep: Annotated[
        str | None, typer.Option(metavar="TABLES", help="Also keep these tables, with commas: events, decisions.")
    ] = None,
    adjust: Annotated[
        str | None,
        typer.Option(metavar="CORRECTION", help="Correct p-values for many comparisons: holm or fdr."),
    ] = None,
    manifest: Annotated[
        Path | None,
        typer.Option("--from", metavar="MANIFEST", help="Run the batch of a manifest.json again, instead of FILE."),
    ] = None,
    changes: SetOption = None,
    trust_code: TrustOption = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Run replications of every arm, at every design point, and print the risk of escalation."""
    asked = _Asked(file, replications, until, seed, arms, vary, points, sample, design_seed, ensemble, keep, changes)
    with attended(out, quiet) as reached, ExitStack() as stack:
        correction = None if adjust is None else _correction(adjust)
        planned = asked.plan(manifest, trust_code)
        share = _share(shard, out)
        done, failures = _run(planned, share, out, workers, dask, shard_size, reached, stack)
    if done is None:
        say(f"share {share} is done; with all shares, the command without --shard makes the tables", quiet=quiet)
    elif as_json:
        print_json(_document(done, _differences(done, correction), correction))
    elif done.ensemble is not None:
        _print_ensemble(done)
    else:
        _print(done, _differences(done, correction), correction)
    if out and done is not None:
        say(f"tables in {out / 'tables'}", quiet=quiet)
    end_with(failures)


@dataclass(frozen=True)
class _Asked:
    """What a command asks to be run."""

    file: str | None
    replications: int | None
    until: str | None
    seed: int | None
    arms: str | None
    vary: list[str] | None
    points: int | None
    sample: str | None
    design_seed: int | None
    ensemble: str | None
    keep: str | None
    changes: list[str] | None

    def plan(self, manifest: Path | None, trust_code: bool) -> Plan:
        """Return the plan of the file, or of a manifest; raises ScenarioError or BatchError."""
        from simcrisis.batch.manifest import read_manifest
        from simcrisis.batch.plan import plan, plan_of

        if manifest is not None:
            if any(value is not None for value in vars(self).values()):
                raise BatchError("--from: the manifest says what is run; leave out FILE and what changes it")
            return plan_of(read_manifest(manifest), trust_code=trust_code)
        if self.file is None:
            raise BatchError("name a scenario FILE, or a manifest with --from")
        scenario = load_with(self.file, self.changes, trust_code)
        scenario = varied(scenario, self.vary, self.points, self.sample, self.design_seed)
        return plan(
            over_ensemble(scenario, self.ensemble),
            self.replications,
            DEFAULT_SEED if self.seed is None else self.seed,
            until=self.until,
            arms=words(self.arms),
            keep=words(self.keep) or (),
            command=given_command(),
        )


def _share(text: str | None, out: Path | None) -> Share | None:
    """Return the part that `--shard` names; raises BatchError."""
    from simcrisis.batch.folder import Share

    if text is None:
        return None
    number, slash, of = text.partition("/")
    if not (slash and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of) <= 100_000):
        raise BatchError(f"--shard: '{text[:40]}' should be a part and how many there are, such as 1/8 to 8/8")
    if out is None:
        raise BatchError("--shard: say with --out where the shards go")
    return Share(int(number), int(of))


def _run(
    planned: Plan,
    share: Share | None,
    out: Path | None,
    workers: int | None,
    dask: str | None,
    shard_size: int | None,
    reached: Reached,
    stack: ExitStack,
) -> tuple[Batch | None, Sequence[Failure]]:
    """Return the batch (None where only a share of it was run) and the runs that failed."""
    from simcrisis.batch.cluster import dask_cluster
    from simcrisis.batch.running import run_plan, run_share

    executor = None
    if dask is not None:
        executor, threads = stack.enter_context(dask_cluster(dask))
        workers = workers or threads
    if share is not None and out is not None:
        return None, run_share(
            planned, share, out, workers=workers, executor=executor, shard_size=shard_size, progress=reached
        )
    done = run_plan(planned, out=out, workers=workers, executor=executor, shard_size=shard_size, progress=reached)
    return done, done.failures


def _correction(text: str) -> str:
    from simcrisis.batch.batch import correction_of

    return correction_of(text)


def _differences(done: Batch, adjust: str | None) -> pl.DataFrame:
    return done.differences if adjust is None else done.adjusted(adjust)


def _document(done: Batch, differences: pl.DataFrame, adjust: str | None) -> dict[str, object]:
    from simcrisis.report.sentence import headline, made_by
    from simcrisis.shown import ASSUMED

    return {
        "scenario": done.scenario.title,
        "scenario_sha256": done.scenario.digest,
        "seed": done.seed,
        "arms": list(done.arms),
        "replications": done.replications,
        "points": done.points.to_dicts(),
        "failed": len(done.failures),
        "standing": ASSUMED,
        "notice": done.scenario.notice,
        "made_by": made_by(done),
        "citation": done.citation,
        "headline": headline(done, differences),
        "adjusted_by": adjust,
        "risk": done.risk.to_dicts(),
        "differences": differences.to_dicts(),
        "measures": done.measures.to_dicts(),
        "stopping": None if done.stopping is None else done.stopping.to_dicts(),
        "ensemble": None if done.ensemble is None else done.ensemble.to_dicts(),
    }


def _print(done: Batch, differences: pl.DataFrame, adjust: str | None) -> None:
    from simcrisis.report.phrases import act_in_words
    from simcrisis.report.sentence import headline, made_by
    from simcrisis.report.stopping import stopped
    from simcrisis.report.tables import differences_rows, factor_names, risk_rows
    from simcrisis.units import format_duration

    within = format_duration(done.scenario.horizon)
    factors = factor_names(done)
    heads = [f"{act}\n(rung {rung} or above)" for rung, act in SHOWN.items()]
    title = f"{isolated(done.scenario.title)}: share of runs that reach a rung within {within} (95 % interval)"
    _show(title, [*factors, "arm", "runs", *heads], risk_rows(done, list(SHOWN)), ["runs", *heads])
    corrected = "p" if adjust is None else f"p ({adjust})"
    heads = ["change, percentage points", "compensated", "ratio", "only with it", "only without", corrected]
    for rung in sorted({4, 8} | ({done.plan.until.rung} if done.plan.until else set())):
        of = f"rung {rung} or above ({act_in_words(rung)})"
        title = f"Change against '{isolated(done.arms[0])}' under the same luck: {of}"
        _show(title, [*factors, "arm", *heads], differences_rows(done, rung, differences), heads)
    if adjust is None:
        tell("p-values are of single comparisons, not corrected for their number (--adjust holm).")
    else:
        tell(f"p-values are corrected for the number of comparisons at a rung ({adjust}); intervals are not.")
    tell("Compensated: the same change with less noise, from the chances that decisions stated; from 30 hits on.\n")
    for sentence in stopped(done):
        tell(f"{sentence}\n")
    tell(headline(done, differences))
    tell(f"[{made_by(done)}] Another decision rule can reverse the sign of an effect: see docs/contrasts.md.")
    if done.scenario.notice:
        tell(f"\n{done.scenario.notice}")


def _print_ensemble(done: Batch) -> None:
    from simcrisis.report.ensemble import EFFECT_HEADS, NOTE, RISK_HEADS, ensemble_headline, ensemble_rows, filtered
    from simcrisis.report.phrases import act_in_words
    from simcrisis.report.sentence import made_by

    size = f"{len(done.plan.points) - 1:,} parameter sets, {done.replications:,} replications of each arm at each"
    tell(f"{isolated(done.scenario.title)}: the default and {size}\n")
    for rung in (4, 8):
        of = f"rung {rung} or above ({act_in_words(rung)})"
        tell(f"Share of runs that reach {of}")
        print_table(make_table("", RISK_HEADS, ensemble_rows(done, "risk", rung), numbers=RISK_HEADS[1:]))
        if len(done.arms) > 1:
            tell(f"Change against '{isolated(done.arms[0])}' under the same luck, percentage points: {of}")
            print_table(make_table("", EFFECT_HEADS, ensemble_rows(done, "effect", rung), numbers=EFFECT_HEADS[1:]))
    for note in (f"{NOTE} {filtered(done)}".strip(), "", ensemble_headline(done), f"[{made_by(done)}]"):
        tell(note)
    if done.scenario.notice:
        tell(f"\n{done.scenario.notice}")


def _show(title: str, columns: list[str], rows: list[list[str]], numbers: list[str]) -> None:
    print_table(make_table(title, columns, rows[:MOST_ROWS], numbers=numbers))
    if len(rows) > MOST_ROWS:
        typer.echo(f"... and {len(rows) - MOST_ROWS:,} rows more; --json and the tables hold all.\n")
