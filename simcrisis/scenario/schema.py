"""The JSON Schema of scenario files."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from simcrisis.docstrings import help_of
from simcrisis.scenario import nouns


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) that editors check scenario files against."""
    schema = nouns.Scenario.model_json_schema(schema_generator=_WithHelp)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "simcrisis scenario",
        **{key: value for key, value in schema.items() if key != "title"},
    }


class _WithHelp(GenerateJsonSchema):
    """Adds the docstrings of attributes."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Return the schema of a noun, what its attributes are included."""
        made = super().model_schema(schema)
        noun: Any = schema["cls"]
        for name, text in help_of(noun).items():
            field = noun.model_fields.get(name)
            if field is not None:
                made["properties"][field.alias or name].setdefault("description", text)
        return made
