"""Measures the studies named, or all, and writes their pages and the index."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tests.studies.published import catalogue
from tests.studies.published.figure import draw
from tests.studies.published.keeping import keep, kept
from tests.studies.published.measuring import FOLDER
from tests.studies.published.page import index, page
from tests.studies.published.study import Study


def write(study: Study) -> None:
    """Write the page of a study and its figure, from the figures that are kept."""
    found = kept(study)
    (FOLDER / f"{study.name}.md").write_text(page(study, found), encoding="utf-8")
    draw(study, found.measured)


def main(names: Sequence[str] = ()) -> None:
    """Measure the studies named, or all, and write docs/validation/."""
    studies = catalogue.studies()
    for name in names or studies:
        keep(studies[name])
        print(name, file=sys.stderr)
    pages()


def pages() -> None:
    """Write every page, figure and the index from the figures that are kept."""
    studies = catalogue.studies()
    for each in studies.values():
        write(each)
    text = index(((each, kept(each)) for each in studies.values()), catalogue.NOT_ASKED)
    (FOLDER / "README.md").write_text(text, encoding="utf-8")
