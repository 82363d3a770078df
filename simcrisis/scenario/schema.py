"""The JSON Schema of scenario files."""

from __future__ import annotations

from typing import Any

from simcrisis.scenario import nouns


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) that editors check scenario files against."""
    schema = nouns.Scenario.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "simcrisis scenario",
        **{key: value for key, value in schema.items() if key != "title"},
    }
