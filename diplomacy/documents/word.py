"""Word (.docx) and OpenDocument (.odt): paragraphs and tables in their order. Macros and pictures are left alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import docx
from docx.document import Document as WordDocument
from docx.opc.exceptions import OpcError
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from lxml import etree

from diplomacy.documents.document import Document, DocumentError, Trouble

_CELLS = " | "
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def read_word(original: bytes) -> Document:
    """The text of a .docx, its letterhead first.

    Raises DocumentError for a damaged file and one without text.
    """
    try:
        document = docx.Document(io.BytesIO(original))
        lines = [*_letterhead(document), *_lines(document)]
    except (OpcError, KeyError, ValueError, etree.XMLSyntaxError, zipfile.BadZipFile) as error:
        raise DocumentError(Trouble.DAMAGED, f"{type(error).__name__}: {error}") from error
    return _document(lines, title=document.core_properties.title or "")


def _letterhead(document: WordDocument) -> Iterator[str]:
    seen: set[str] = set()
    for section in document.sections:
        for paragraph in section.header.paragraphs:
            if paragraph.text.strip() and paragraph.text not in seen:
                seen.add(paragraph.text)
                yield paragraph.text


def _lines(container: WordDocument | _Cell) -> Iterator[str]:
    for block in container.iter_inner_content():
        if isinstance(block, Paragraph):
            yield from block.text.split("\n")
        elif isinstance(block, Table):
            for row in block.rows:
                cells: list[str] = []
                last: object = None
                for cell in row.cells:
                    if cell._tc is not last:  # a merged cell is given once for each column
                        cells.append(" ".join(line.strip() for line in _lines(cell) if line.strip()))
                    last = cell._tc
                yield _CELLS.join(cells)


def read_open_document(original: bytes) -> Document:
    """The text of an .odt.

    Raises DocumentError for a damaged or encrypted file and one without text.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(original)) as archive:
            if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise DocumentError(Trouble.ENCRYPTED)
            parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
            root = etree.fromstring(archive.read("content.xml"), parser)
    except (KeyError, zipfile.BadZipFile, etree.XMLSyntaxError) as error:
        raise DocumentError(Trouble.DAMAGED, f"{type(error).__name__}: {error}") from error
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    return _document(list(_blocks(body)) if body is not None else [])


def _blocks(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            yield from _inline(child).split("\n")
        elif child.tag == f"{_TABLE}table-row":
            cells = (cell for cell in child if cell.tag == f"{_TABLE}table-cell")
            yield _CELLS.join(" ".join(line.strip() for line in _blocks(cell)) for cell in cells)
        elif isinstance(child.tag, str) and child.tag not in (f"{_TEXT}tracked-changes", f"{_OFFICE}annotation"):
            yield from _blocks(child)


def _inline(element: etree._Element) -> str:
    pieces = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            pieces.append(" " * min(int(child.get(f"{_TEXT}c", "1") or 1), 100))
        elif child.tag == f"{_TEXT}tab":
            pieces.append("\t")
        elif child.tag == f"{_TEXT}line-break":
            pieces.append("\n")
        elif isinstance(child.tag, str) and child.tag not in (f"{_OFFICE}annotation", f"{_TEXT}note"):
            pieces.append(_inline(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _document(lines: list[str], *, title: str = "") -> Document:
    text = "\n".join(line.rstrip() for line in lines)
    if not text.strip():
        raise DocumentError(Trouble.NO_TEXT)
    return Document(text=text, title=title.strip())
