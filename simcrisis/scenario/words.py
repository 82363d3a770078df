"""What the nouns of a scenario file are made of: names, texts, pairs and classes of States."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

_CONTROL = r"\x00-\x08\x0b-\x1f\x7f-\x9f"
"""Characters that a terminal acts on, tab and line feed apart."""
_DIRECTION = r"\u202a-\u202e\u2066-\u2069"
"""Characters that turn the direction of writing: fine in a text, misleading in a name."""
_BREAKS = r"\t\n\u2028\u2029"
NAME_PATTERN = rf"^[^{_CONTROL}{_DIRECTION}{_BREAKS}./*|]+$"
LINE_PATTERN = rf"^[^{_CONTROL}{_BREAKS}]+$"
TEXT_PATTERN = rf"^[^{_CONTROL}]*$"
CLOCK_PATTERN = r"^([01]\d|2[0-3]):[0-5]\d$"

Name = Annotated[str, Field(min_length=1, max_length=80, pattern=NAME_PATTERN)]
"""A name; not with a dot, slash, bar or asterisk, which paths and keys use, nor with a control character."""
LineName = Annotated[str, Field(min_length=1, max_length=300, pattern=LINE_PATTERN)]
"""The name of a line as the log tells it: that of the file, or `KIND A / B`."""
Text = Annotated[str, Field(max_length=10_000, pattern=TEXT_PATTERN)]


def _one_or_more(data: Any) -> Any:
    return (data,) if isinstance(data, str) else tuple(data) if isinstance(data, list) else data


Pair = Annotated[tuple[Name, ...], Field(min_length=2, max_length=2)]
"""Two States."""
Among = Annotated[
    tuple[Name, ...],
    BeforeValidator(_one_or_more, json_schema_input_type=str | list[str]),
    Field(min_length=1, max_length=1000),
]
"""Every pair of `all`, of a group, or of a list of States."""
