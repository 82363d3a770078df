"""`play`: one run on the network, as a film or as a page with a time slider."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simcrisis.cli.common import FileArgument, QuietOption, SeedOption, SetOption, TrustOption, load_to_tell
from simcrisis.cli.output import located_errors, say
from simcrisis.errors import BatchError
from simcrisis.files import aside


def play(
    file: FileArgument,
    out: Annotated[Path, typer.Option(metavar="OUT", help="What to write: .gif, .html (with a time slider) or .mp4.")],
    arm: Annotated[str | None, typer.Option(help="Which arm; default: the last.")] = None,
    seed: SeedOption = 1,
    replication: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Which replication.")] = 0,
    frames: Annotated[int, typer.Option(min=1, max=30, help="Frames a second, of .gif and .mp4.")] = 6,
    changes: SetOption = None,
    trust_code: TrustOption = False,
    quiet: QuietOption = False,
) -> None:
    """Play one run on the network: messages on their way, silences, decisions, outages, the climb."""
    from simcrisis.batch.run import run as run_once
    from simcrisis.report.film import ENDINGS, check_ending, film

    with located_errors():
        if out.suffix not in ENDINGS:
            raise BatchError(f"{out}: the ending says what to make; use {', '.join(ENDINGS)}")
        check_ending(out.suffix)
        with aside(out) as target:
            told = run_once(load_to_tell(file, changes, trust_code), arm, seed, replication)
            say(
                "drawing; a film takes about half a minute or more" if out.suffix != ".html" else "drawing", quiet=quiet
            )
            target.write_bytes(film(told, out.suffix, frames))
        say(f"the run is {out}", quiet=quiet)
