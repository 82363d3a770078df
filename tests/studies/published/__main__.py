"""Measures the studies named, or all, and writes their pages and the index."""

from __future__ import annotations

import sys

from tests.studies.published import catalogue
from tests.studies.published.figure import draw
from tests.studies.published.measuring import FOLDER, keep, kept, measure
from tests.studies.published.page import index, page
from tests.studies.published.study import Study

PAGES = "--pages"
"""Instead of names: write all pages from the figures that are kept, and measure nothing."""


def write(study: Study) -> None:
    """Write the page of a study and its figure, from the figures that are kept."""
    found = kept(study)
    (FOLDER / f"{study.name}.md").write_text(page(study, found), encoding="utf-8")
    draw(study, found)


def main(names: list[str]) -> None:
    """Measure studies and write docs/validation/."""
    studies = catalogue.studies()
    for name in [] if names == [PAGES] else names or studies:
        keep(studies[name], measure(studies[name]))
        print(name, file=sys.stderr)
    for each in studies.values():
        write(each)
    text = index(((each, kept(each)) for each in studies.values()), catalogue.NOT_ASKED)
    (FOLDER / "README.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
