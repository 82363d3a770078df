"""What looks like a person in a text: under the Chatham House Rule it is not kept."""

from __future__ import annotations

import re

_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"(?<![\w.,])(?:\+|00|\(0|0)[\d()\s./-]{6,}\d")
_CALL = re.compile(r"\b(?:tel|phone|mobile|mob|portable|t[ée]l)\b\.?\s*:?\s*[\d+(]", re.IGNORECASE)
_LABEL = re.compile(
    r"\b(?:name|signed(?: by)?|filled in by|typed by|author|moderator|rapporteur|facilitator"
    r"|nom|pr[ée]nom|sign[ée]e?(?: par)?|remplie? par|auteur|mod[ée]rat(?:eur|rice)|rapporteuse"
    r"|animat(?:eur|rice))\s*:",
    re.IGNORECASE,
)
_CAPITAL = r"[A-Z\u00c0-\u00de]"
_TITLE = re.compile(
    r"\b(?:Ms|Miss|Amb|Col|Gen|Capt|Cdr|Lt|Maj|Sgt|Mister|Madam|Madame|Mademoiselle|Monsieur|Sir|Doctor|Docteur"
    r"|Professor|Professeur|Ambassador|Ambassad(?:eur|rice)|Minister|Ministre|Colonel|General|G[ée]n[ée]ral|Captain"
    rf"|Capitaine|Commander|Commandant|Major|Lieutenant|Sergeant|Sergent|Admiral|Amiral)\b\.?\s+{_CAPITAL}"
    rf"|\b(?:M\.|H\.\s?E\.|S\.\s?E\.|(?i:signed by|sign[ée]e? par))\s+{_CAPITAL}"
    r"|\b(?i:Mr|Mrs|Dr|Prof|Mme|Mlle)\b\.?\s+[^\W\d]"
)
_DIGITS = 8
"""That a telephone number has at least."""


def names_somebody(text: str) -> bool:
    """Return whether a text holds an address, a telephone number, a label for a name, or a title before a name."""
    phones = (sum(sign.isdigit() for sign in found.group()) for found in _PHONE.finditer(text))
    return any(each.search(text) for each in (_MAIL, _CALL, _LABEL, _TITLE)) or any(n >= _DIGITS for n in phones)
