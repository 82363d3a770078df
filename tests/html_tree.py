"""An HTML document as elements with their texts, by the parser of the standard library."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"img", "meta", "br", "hr", "link", "input", "source", "wbr"}


@dataclass
class Element:
    """An element: what stands in it directly, text or elements, in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list[Element | str] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """The texts that stand in it directly."""
        return [each for each in self.inside if isinstance(each, str)]

    @property
    def elements(self) -> list[Element]:
        """It, and all elements in it."""
        return [self, *(one for each in self.inside if isinstance(each, Element) for one in each.elements)]

    @property
    def text(self) -> str:
        """All text in it."""
        return "".join(each if isinstance(each, str) else each.text for each in self.inside)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("document")
        self.path = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.path[-1].inside.append(made)
        if tag not in _VOID:
            self.path.append(made)

    def handle_endtag(self, tag: str) -> None:
        assert self.path[-1].tag == tag, f"{tag} ends in {self.path[-1].tag}"
        self.path.pop()

    def handle_data(self, data: str) -> None:
        self.path[-1].inside.append(data)


def read(text: str) -> Element:
    """Return a document; AssertionError where elements do not end as they begin."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader.path == [reader.root], [each.tag for each in reader.path]
    return reader.root
