"""PDF: the text layer, page by page, with the lines of a paragraph joined again."""

from __future__ import annotations

import io
import re

from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError, PdfReadError, PyPdfError

from diplomacy.documents.document import Document, DocumentError, Trouble
from diplomacy.documents.limits import MOST_PAGES, MOST_TEXT

# A line this full, as a share of the page's longest, was broken by the margin and not by the writer.
_FULL = 0.75
_SENTENCE_ENDS = (".", "!", "?", ":", ";", "»", "”", '"')
_ITEM = re.compile(r"\s*(?:[-–—•*▪◦·]|\d{1,2}\s?[.):hH]|\d{1,2}\s?[:h]\s?\d{2})")
_COLUMNS = re.compile(r"\S\s{3,}\S")


def read_pdf(original: bytes) -> Document:
    """The text of a PDF.

    Raises DocumentError for an encrypted or damaged one, one of too many pages, and one that holds pictures only.
    """
    try:
        reader = PdfReader(io.BytesIO(original), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError(Trouble.ENCRYPTED)
        if len(reader.pages) > MOST_PAGES:
            raise DocumentError(Trouble.TOO_LARGE, f"{len(reader.pages)} pages")
        pages: list[str] = []
        for page in reader.pages:
            pages.append(page.extract_text(extraction_mode="layout") or "")
            if sum(map(len, pages)) > 4 * MOST_TEXT:  # layout pads with blanks
                raise DocumentError(Trouble.TOO_LARGE, "text")
        title = str((reader.metadata.title if reader.metadata else "") or "").strip()
    except FileNotDecryptedError as error:
        raise DocumentError(Trouble.ENCRYPTED, str(error)) from error
    except (PdfReadError, PyPdfError, KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, DocumentError):
            raise
        raise DocumentError(Trouble.DAMAGED, f"{type(error).__name__}: {error}") from error
    text = "\n".join(unwrapped(page) for page in pages).strip("\n")
    if not text.strip():
        raise DocumentError(Trouble.SCANNED)
    return Document(text=text, title=title)


def unwrapped(page: str) -> str:
    """A page whose paragraphs are one line each again. Lines of tables, lists and headings stay as they are."""
    lines = [re.sub(r"\t", "   ", line).rstrip() for line in page.split("\n")]
    widest = max((len(line.strip()) for line in lines), default=0)
    result: list[str] = []
    joins = False
    for line in lines:
        bare = line.strip()
        if not bare:
            joins = False
            if result and result[-1]:
                result.append("")
            continue
        columns = bool(_COLUMNS.search(bare))
        if joins and not columns and not _ITEM.match(bare):
            result[-1] = _joined(result[-1], bare)
        else:
            result.append(bare)
        joins = not columns and len(bare) >= _FULL * widest and not bare.endswith(_SENTENCE_ENDS)
    return "\n".join(result)


def _joined(line: str, following: str) -> str:
    # "communi-" + "qué" is one word; "Sous-" + "Secrétaire" keeps its hyphen.
    if line.endswith("-") and len(line) > 1 and line[-2].isalpha():
        return line[:-1] + following if following[:1].islower() else line + following
    return f"{line} {following}"
