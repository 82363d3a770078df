"""What a State makes of what it learns: log-odds L that its suspect is culpable (Bayes throughout).

Symbols: k credibility of an assurance, r probability of an answer in time, f share of formulaic replies,
d signal strength d' of a finding.
"""

from __future__ import annotations

import math


def logistic(log_odds: float) -> float:
    """Return the probability p in [0, 1] that belongs to log-odds."""
    if log_odds >= 0.0:
        return 1.0 / (1.0 + math.exp(-log_odds))
    odds = math.exp(log_odds)
    return odds / (1.0 + odds)


def opening(base: float, weight: float, mistrust: float) -> float:
    """Return the log-odds at which a case opens: `base` at mistrust one half, more with more mistrust."""
    return base + weight * (mistrust - 0.5)


def credibility(kappa: float, mistrust: float, most: float) -> float:
    """Return the credibility k of an assurance from a State that is mistrusted so much, at most `most`."""
    return min(kappa * (1.0 - mistrust), most)


def finding(d: float, culpable: bool, score: float) -> float:
    """Return the log-likelihood ratio of a finding: Normal(+-d^2/2, d^2), + if the suspect is culpable."""
    half = 0.5 * d * d
    return (half if culpable else -half) + d * score


def planted(log_likelihood: float, culpable: bool, shift: float) -> float:
    """Return a finding's log-likelihood ratio when planted traces push it the wrong way by `shift`."""
    return log_likelihood - shift if culpable else log_likelihood + shift


def assurance_shift(k: float) -> float:
    """Return the log-odds shift (<= 0) of an assurance of credibility k."""
    return math.log1p(-k)


def silence_shift(r: float, k: float, formulaic: float) -> float:
    """Return the log-odds shift (>= 0) of an inquiry unanswered so far, Bayes on both readings.

    An innocent State would have been heard with probability r; a culpable one with r(f + (1-f)(1-k)),
    for it may shrink from a false assurance.
    """
    heard_if_culpable = r * (formulaic + (1.0 - formulaic) * (1.0 - k))
    return math.log1p(-heard_if_culpable) - math.log1p(-r)


SILENT, ASSURANCE, FORMULAIC = 0, 1, 2
"""What a State answers."""


def answer(answers: float, formulaic: float, honesty: float, culpable: bool, u: float) -> int:
    """Return what the asked State answers: SILENT, ASSURANCE or FORMULAIC.

    `answers` is its true answer probability rho, `honesty` its cost h of a false assurance, u uniform in (0, 1).
    The one u serves culprit and innocent, so that luck is common to both.
    """
    assured = answers * (1.0 - formulaic)
    if u < assured * (1.0 - honesty if culpable else 1.0):
        return ASSURANCE
    if assured <= u < answers:
        return FORMULAIC
    return SILENT
