"""Templates as HTML: every text is escaped, and what is not there is an error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from simcrisis.errors import isolated


def rendered(template: str, content: Mapping[str, Any]) -> str:
    """Return a template of the package with content in it."""
    made = Environment(loader=PackageLoader("simcrisis.report"), autoescape=True, undefined=StrictUndefined)
    made.filters["isolated"] = isolated
    return made.get_template(template).render(content)
