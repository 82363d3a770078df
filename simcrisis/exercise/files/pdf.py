"""Documents as PDF, A4; the only importer of reportlab."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from functools import cache, partial
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    Image,
    ListFlowable,
    ListItem,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from simcrisis.exercise.blocks import (
    Block,
    Bullets,
    Card,
    Document,
    Grid,
    Heading,
    Lines,
    Marks,
    NewPage,
    Picture,
    Sign,
    Text,
)
from simcrisis.exercise.files.plain import plain
from simcrisis.plots.fonts import font_file

_FONT, _BOLD = "DejaVuSans", "DejaVuSans-Bold"
_MARGIN, _TOP, _BOTTOM = 18 * mm, 22 * mm, 20 * mm
_INK, _BLUE, _RULE, _SHADE = (
    colors.HexColor("#1a1a1a"),
    colors.HexColor("#00507d"),
    colors.HexColor("#9a9a9a"),
    colors.HexColor("#eef3f6"),
)
_LINE = 8 * mm
_LEAST_BELOW = 50 * mm
"""Room that a heading needs, itself included; with less it stands on the next page."""
_TLP = {"CLEAR": "#ffffff", "GREEN": "#33ff00", "AMBER": "#ffc000", "RED": "#ff2b2b"}
"""Colours of the Traffic Light Protocol 2.0, on black (FIRST, first.org/tlp)."""


_SHORT = 14
"""Rows up to which a table stays with the text that leads to it."""
_WHOLE, _WHOLE_CARD = 120 * mm, 220 * mm
"""Height up to which a table, or a card, stays on one page."""


def pdf(document: Document, marks: Marks) -> bytes:
    """Return a document as PDF."""
    _fonts()
    document, marks = plain(document), plain(marks)
    stream = io.BytesIO()
    size = landscape(A4) if document.landscape else A4
    template = BaseDocTemplate(
        stream, pagesize=size, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_TOP, bottomMargin=_BOTTOM,
        title=document.title, author="simcrisis", lang=marks.language, invariant=1,
    )  # fmt: skip
    frame = Frame(_MARGIN, _BOTTOM, size[0] - 2 * _MARGIN, size[1] - _TOP - _BOTTOM, 0, 0, 0, 0)
    page = partial(_page, marks=marks, tlp=document.tlp, size=size, title=document.title)
    template.addPageTemplates([PageTemplate(frames=[frame], onPage=page)])
    wide = size[0] - 2 * _MARGIN
    flow: list[Flowable] = [_paragraph(document.title, "h1")]
    for before, block, after in zip(
        (None, *document.blocks), document.blocks, (*document.blocks[1:], None), strict=False
    ):
        made = list(_flow(block, wide))
        if (
            isinstance(before, Heading)
            and isinstance(block, Text)
            and isinstance(after, Grid)
            and len(after.rows) <= _SHORT
        ):
            for paragraph in made:
                paragraph.keepWithNext = True
        flow += made
    template.build(flow)
    return stream.getvalue()


@cache
def _fonts() -> None:
    pdfmetrics.registerFont(TTFont(_FONT, str(font_file())))
    pdfmetrics.registerFont(TTFont(_BOLD, str(font_file(bold=True))))


@cache
def _styles() -> Mapping[str, ParagraphStyle]:
    body = ParagraphStyle("body", fontName=_FONT, fontSize=9.5, leading=13.5, textColor=_INK, spaceAfter=4)

    def like(name: str, **other: Any) -> ParagraphStyle:
        return ParagraphStyle(name, parent=body, **other)

    return {
        "body": body,
        "strong": like("strong", fontName=_BOLD),
        "small": like("small", fontSize=8, leading=11),
        "foot": like("foot", fontSize=6.5, leading=9, alignment=TA_CENTER, spaceAfter=0),
        "cell": like("cell", fontSize=8.5, leading=11.5, spaceAfter=0),
        "head": like("head", fontSize=8.5, leading=11.5, spaceAfter=0, fontName=_BOLD),
        "aside": like("aside", fontName=_BOLD, fontSize=8.5, leading=11.5, alignment=TA_RIGHT, spaceAfter=0),
        "sign": like("sign", fontName=_BOLD, fontSize=64, leading=84, alignment=TA_CENTER),
        "h1": like("h1", fontName=_BOLD, fontSize=17, leading=22, textColor=_BLUE, spaceAfter=8),
        "h2": like("h2", fontName=_BOLD, fontSize=12.5, leading=17, textColor=_BLUE, spaceBefore=10, keepWithNext=1),
        "h3": like("h3", fontName=_BOLD, fontSize=10.5, leading=14, spaceBefore=6, keepWithNext=1),
    }


def _flow(block: Block, wide: float) -> Iterator[Flowable]:
    """Yield what a block is on paper."""
    match block:
        case Heading(text, level):
            yield CondPageBreak(_LEAST_BELOW)
            yield _paragraph(text, f"h{min(level, 3)}")
        case Text(text, strong, small):
            for part in text.split("\n\n"):
                yield _paragraph(part.strip(), "strong" if strong else "small" if small else "body")
        case Sign(text):
            wanted, style = pdfmetrics.stringWidth(text, _BOLD, 1), _styles()["sign"]
            size = min(style.fontSize, 0.95 * wide / max(1.0, wanted))
            yield Spacer(1, 40 * mm)
            yield Paragraph(escape(text), ParagraphStyle("fitted", parent=style, fontSize=size, leading=1.3 * size))
        case Bullets(items):
            found = [ListItem(_paragraph(item, "body"), leftIndent=12) for item in items]
            yield ListFlowable(found, bulletType="bullet", start="•", bulletFontName=_FONT, leftIndent=12)
        case Lines(count):
            yield _writing_lines(count, wide)
        case Picture(png, _):
            yield _image(png, wide)
        case NewPage():
            yield PageBreak()
        case Grid():
            yield _grid(block, wide)
            yield Spacer(1, 6)
        case Card():
            yield _card(block, wide)


def _paragraph(text: str, style: str) -> Paragraph:
    """Return a paragraph; narrow no-break spaces become wide ones, for the library breaks lines at narrow ones."""
    return Paragraph(escape(text.replace("\u202f", "\u00a0")).replace("\n", "<br/>"), _styles()[style])


def _writing_lines(count: int, wide: float) -> Table:
    lines = Table([[""]] * count, colWidths=[wide], rowHeights=[_LINE] * count)
    lines.setStyle(TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.4, _RULE)]))
    return lines


def _image(png: bytes, wide: float) -> Image:
    reader = ImageReader(io.BytesIO(png))
    across, down = reader.getSize()
    return Image(io.BytesIO(png), wide, wide * down / across)


def _grid(grid: Grid, wide: float) -> Table:
    total = sum(grid.widths)
    head = [[_paragraph(cell, "head") for cell in grid.head]] if grid.head else []
    rows = [[_paragraph(cell, "cell") for cell in row] for row in grid.rows]
    least = [_LINE * grid.tall] * len(rows) if grid.tall else [None] * len(rows)
    heights = [None] * len(head) + least
    across = [wide * each / total for each in grid.widths]
    table = Table(head + rows, colWidths=across, rowHeights=heights, repeatRows=len(head))
    look: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, _RULE),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ]
    if head:
        look += [("BACKGROUND", (0, 0), (-1, 0), _SHADE), ("LINEBELOW", (0, 0), (-1, 0), 0.8, _BLUE)]
    table.setStyle(TableStyle(look))
    return _whole(table, wide, _WHOLE)


def _whole(table: Table, wide: float, most: float) -> Table:
    """Keep a table on one page, unless it is higher than so much, and then each of its rows, unless one is."""
    if table.wrap(wide, 0)[1] <= most:
        table.setStyle(TableStyle([("NOSPLIT", (0, 0), (-1, -1))]))
    table.splitInRow = int(max(table._rowHeights) > most)
    return table


def _card(card: Card, wide: float) -> Table:
    inner = wide - 16
    head = Table(
        [[_paragraph(card.title, "head"), _paragraph(card.aside, "aside")]], colWidths=[0.6 * inner, 0.4 * inner]
    )
    head.setStyle(TableStyle([("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0)]))
    inside = [[flow] for block in card.blocks for flow in _flow(block, inner)]
    inside += [[_paragraph(card.foot, "foot")]] if card.foot else []
    table = Table([[head], *inside], colWidths=[wide], spaceAfter=8)
    table.setStyle(
        TableStyle(
            [
                ("BOX", (0, 0), (-1, -1), 1, _BLUE),
                ("BACKGROUND", (0, 0), (-1, 0), _SHADE),
                ("LEFTPADDING", (0, 0), (-1, -1), 8),
                ("RIGHTPADDING", (0, 0), (-1, -1), 8),
                ("TOPPADDING", (0, 1), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 1), (-1, -1), 2),
            ]
        )
    )
    return _whole(table, wide, _WHOLE_CARD)


def _page(canvas: Any, template: Any, marks: Marks, tlp: str, size: tuple[float, float], title: str) -> None:
    """Draw what stands on every page."""
    wide, high = size
    canvas.saveState()
    canvas.setFillColor(_INK)
    canvas.setFont(_BOLD, 9)
    canvas.drawCentredString(wide / 2, high - 11 * mm, marks.exercise)
    canvas.setFont(_BOLD, 7.5)
    across = pdfmetrics.stringWidth(marks.tlp, _BOLD, 7.5)
    canvas.setFillColor(colors.black)
    canvas.rect(wide - _MARGIN - across - 6, high - 18 * mm, across + 6, 4.2 * mm, stroke=0, fill=1)
    canvas.setFillColor(colors.HexColor(_TLP[tlp]))
    canvas.drawString(wide - _MARGIN - across - 3, high - 16.8 * mm, marks.tlp)
    canvas.setFillColor(_INK)
    canvas.setFont(_FONT, 7.5)
    canvas.drawString(_MARGIN, high - 16.8 * mm, simpleSplit(title, _FONT, 7.5, wide - 2 * _MARGIN - across - 12)[0])
    for line, text in enumerate(reversed(simpleSplit(marks.notice, _FONT, 7.5, wide - 2 * _MARGIN - 22 * mm))):
        canvas.drawString(_MARGIN, (12 + 3.2 * line) * mm, text)
    canvas.drawRightString(wide - _MARGIN, 12 * mm, marks.page.replace("{page}", str(template.page)))
    canvas.setFont(_BOLD, 8)
    canvas.drawCentredString(wide / 2, 7 * mm, marks.exercise)
    canvas.restoreState()
