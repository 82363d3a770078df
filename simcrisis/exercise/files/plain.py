"""Texts that every file can hold."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

Content = TypeVar("Content")
_NOT_HELD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold, and what turns the direction of what stands after it on a page."""


def plain(content: Content) -> Content:
    """Return a text, or what is made of texts, without characters that a file cannot hold or a page should not."""
    found: Any = content
    if isinstance(content, str):
        found = _NOT_HELD.sub("", content)
    elif is_dataclass(content) and not isinstance(content, type):
        found = replace(content, **{field.name: plain(getattr(content, field.name)) for field in fields(content)})
    elif isinstance(content, list | tuple):
        found = tuple(plain(each) for each in content)
    return found  # type: ignore[no-any-return]
