"""The studies, in the order of the index, and what is not asked."""

from __future__ import annotations

from tests.studies.published import (
    baliga_2020,
    edwards_2017,
    fearon_1994,
    jensen_2024,
    kydd_2000,
    richardson_1960,
    withdrawn,
    wu_axelrod_1995,
)
from tests.studies.published.study import Study

NOT_ASKED = (
    (
        "S. Kreps and J. Schneider, Escalation firebreaks in the cyber, conventional, and nuclear domains, Journal of "
        "Cybersecurity 5(1), 2019, doi:10.1093/cybsec/tyz007: the same effect by cyber means draws less support for "
        "force",
        "Incidents here differ in severity, visibility and cause, not in means: there is nothing to vary, and a "
        "difference would have to be put in. The model neither agrees nor disagrees.",
    ),
    (
        "J. Schneider, B. Schechter and R. Shaffer, Hacking Nuclear Stability, International Organization 77(3), 2023, "
        "doi:10.1017/S0020818323000115: wargames with cyber operations against nuclear command and control",
        "There are no nuclear forces in the model, nor exploits that a State holds and may lose.",
    ),
)
"""Published results that the model has no words for, with the reason."""


def studies() -> dict[str, Study]:
    """Return the studies by name."""
    modules = (
        baliga_2020,
        edwards_2017,
        wu_axelrod_1995,
        fearon_1994,
        jensen_2024,
        withdrawn,
        richardson_1960,
        kydd_2000,
    )
    return {module.STUDY.name: module.STUDY for module in modules}
