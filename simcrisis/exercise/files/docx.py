"""Documents as DOCX, A4; the only importer of python-docx."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import docx as python_docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

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
from simcrisis.exercise.files.steady import steady

_DATED = datetime(2000, 1, 1)
_REGIONS = {"en": "en-GB", "fr": "fr-FR"}
_BLUE, _SHADE = RGBColor(0x00, 0x50, 0x7D), "EEF3F6"
_LINE = Mm(7.5)
_SHORT = 16
"""Letters of a name up to which it is written large."""
_WIDE, _HIGH, _MARGIN = 210, 297, 18


def docx(document: Document, marks: Marks) -> bytes:
    """Return a document as DOCX."""
    document, marks = plain(document), plain(marks)
    made = python_docx.Document()
    made.core_properties.author = "simcrisis"
    made.core_properties.title = document.title
    made.core_properties.comments = ""
    made.core_properties.created = made.core_properties.modified = _DATED
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(10)
    normal.paragraph_format.space_after = Pt(4)
    _speak(normal, marks.language)
    for level, size in ((1, 18), (2, 13), (3, 11)):
        style = made.styles[f"Heading {level}"]
        style.font.name, style.font.size, style.font.color.rgb = "Arial", Pt(size), _BLUE
        if level == 1:
            style.paragraph_format.space_before = Pt(0)
        style.element.rPr.rFonts.set(qn("w:asciiTheme"), "")
        style.element.rPr.rFonts.attrib.pop(qn("w:asciiTheme"))
    _paper(made.sections[0], document, marks)
    made.add_heading(document.title, 1)
    for block in document.blocks:
        _write(made, made, block)
    stream = io.BytesIO()
    made.save(stream)
    return steady(stream.getvalue())


def _paper(section: Any, document: Document, marks: Marks) -> None:
    """Set paper, margins, and what stands on every page."""
    across, down = (_HIGH, _WIDE) if document.landscape else (_WIDE, _HIGH)
    section.orientation = WD_ORIENT.LANDSCAPE if document.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(across), Mm(down)
    section.left_margin = section.right_margin = Mm(_MARGIN)
    section.top_margin = section.bottom_margin = Mm(22)
    head = section.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.add_run(marks.exercise).bold = True
    mark = section.header.add_paragraph()
    mark.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    mark.add_run(marks.tlp).bold = True
    foot = section.footer.paragraphs[0]
    before, _, after = marks.page.partition("{page}")
    foot.add_run(f"{marks.notice}   {before}")
    _page_number(foot)
    foot.add_run(after)
    end = section.footer.add_paragraph()
    end.alignment = WD_ALIGN_PARAGRAPH.CENTER
    end.add_run(marks.exercise).bold = True
    for paragraph in (mark, foot, end):
        for run in paragraph.runs:
            run.font.size = Pt(8)


def _speak(style: Any, code: str) -> None:
    """Say in which language texts are, for the spelling checker."""
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), _REGIONS.get(code, code))
    style.element.get_or_add_rPr().append(language)


def _page_number(paragraph: Any) -> None:
    for sort, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = paragraph.add_run()
        if sort:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), sort)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def _write(made: Any, into: Any, block: Block) -> None:
    """Write a block into a document, or into a cell of a card."""
    match block:
        case Heading(text, level):
            made.add_heading(text, min(level, 3))
        case Text(text, strong, small):
            for part in text.split("\n\n"):
                paragraph = into.add_paragraph()
                paragraph.paragraph_format.keep_with_next = strong or None
                run = paragraph.add_run(part.strip())
                run.bold = strong
                run.font.size = Pt(8.5) if small else None
        case Bullets(items):
            for item in items:
                into.add_paragraph(item, style="List Bullet")
        case Lines(count):
            _lines(into, count)
        case Picture(png, _):
            section = made.sections[0]
            made.add_picture(io.BytesIO(png), section.page_width - section.left_margin - section.right_margin)
        case Sign(text):
            sign = into.add_paragraph()
            sign.alignment = WD_ALIGN_PARAGRAPH.CENTER
            sign.paragraph_format.space_before = Mm(40)
            run = sign.add_run(text)
            run.bold, run.font.size = True, Pt(64 if len(text) <= _SHORT else 36)
        case NewPage():
            made.add_page_break()
        case Grid():
            _grid(made, into, block)
        case Card():
            _card(made, block)


def _lines(into: Any, count: int) -> None:
    """Write empty lines: a table, for Word draws the borders of neighbouring paragraphs as one."""
    table = into.add_table(count, 1)
    borders = OxmlElement("w:tblBorders")
    for side in ("bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "9A9A9A")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    after = next(each for each in table._tbl.tblPr if each.tag in {qn("w:tblLayout"), qn("w:tblLook")})
    after.addprevious(borders)  # Word wants them in the order of its schema
    for row in table.rows:
        row.height, row.height_rule = _LINE, WD_ROW_HEIGHT_RULE.EXACTLY
    _gap(into)


def _grid(made: Any, into: Any, grid: Grid) -> None:
    section = made.sections[0]
    wide = section.page_width - section.left_margin - section.right_margin
    rows = ([grid.head] if grid.head else []) + list(grid.rows)
    table = into.add_table(len(rows), len(grid.widths))
    table.style = made.styles["Table Grid"]
    table.autofit = False
    widths = [int(wide * width / sum(grid.widths)) for width in grid.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, (made_row, row) in enumerate(zip(table.rows, rows, strict=True)):
        _whole(made_row)
        if grid.tall and not (grid.head and number == 0):
            made_row.height = Mm(8 * grid.tall)
        for cell, width, text in zip(made_row.cells, widths, row, strict=True):
            cell.width = width
            run = cell.paragraphs[0].add_run(text)
            run.font.size = Pt(9)
            if grid.head and number == 0:
                run.bold = True
                _shade(cell)
    if grid.head:
        _repeated(table.rows[0])
    _gap(into)


def _card(made: Any, card: Card) -> None:
    table = made.add_table(2, 1)
    table.style = made.styles["Table Grid"]
    for row in table.rows:
        _whole(row)
    head = table.cell(0, 0)
    _shade(head)
    section = made.sections[0]
    edge = section.page_width - section.left_margin - section.right_margin - Mm(4)
    head.paragraphs[0].paragraph_format.tab_stops.add_tab_stop(edge, WD_TAB_ALIGNMENT.RIGHT)
    head.paragraphs[0].add_run(f"{card.title}\t{card.aside}").bold = True
    head.paragraphs[0].paragraph_format.keep_with_next = True
    body = table.cell(1, 0)
    for block in card.blocks:
        _write(made, body, block)
    first = body.paragraphs[0]
    if not first.text and len(body.paragraphs) > 1:
        first._p.getparent().remove(first._p)
    if card.foot:
        foot = body.add_paragraph()
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        foot.add_run(card.foot).font.size = Pt(6.5)
    _gap(made)


def _gap(into: Any) -> None:
    """Keep what follows apart from a table."""
    empty = into.add_paragraph()
    empty.paragraph_format.space_after = Pt(0)
    empty.paragraph_format.line_spacing = Pt(8)


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", _SHADE)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _whole(row: Any) -> None:
    """Keep a row on one page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _repeated(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
