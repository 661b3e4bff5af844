"""HTML: the article of a page without menus and scripts."""

from __future__ import annotations

import datetime as dt
import re

import trafilatura
from lxml import etree, html

from diplomacy.documents.document import Document, DocumentError, Trouble
from diplomacy.documents.plain import decode

_STATED_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
# As a share of a page's words without its menus: an article below it was missed (a programme that is one long list, for
# example), one above it has the menus in it.
_ARTICLE = (0.3, 1.1)
_OUTER_BARS = re.compile(r"^\|[ |-]*$\n?|^\| ?| ?\| *$", re.MULTILINE)
_IGNORED = {"script", "style", "noscript", "template", "head", "iframe", "svg", "nav", "form", "button", "select"}
_BLOCKS = {
    "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "br", "table", "ul", "ol", "section", "article",
    "blockquote", "dt", "dd", "header", "footer", "main", "aside", "figure", "figcaption", "pre", "hr",
}  # fmt: skip


def read_html(original: bytes) -> Document:
    """The text of a page, with its title and the publication date that its metadata states.

    Raises DocumentError for a page without text.
    """
    stated = _STATED_CHARSET.search(original[:2048])
    page = decode(original, charset=stated.group(1).decode() if stated else "")
    tree = _parse(page)
    whole = _plain(tree)
    if not whole.strip():
        raise DocumentError(Trouble.NO_TEXT)
    article = trafilatura.extract(
        page, output_format="txt", include_comments=False, include_tables=True, favor_recall=True
    )
    least, most = (share * len(whole) for share in _ARTICLE)
    text = article if article and least <= len(article) <= most else whole
    return Document(text=_OUTER_BARS.sub("", text), title=_title(tree), published_on=_stated_day(tree))


def _parse(page: str) -> etree._Element:
    # lxml refuses text that declares its own encoding.
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        return html.document_fromstring(page.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise DocumentError(Trouble.NO_TEXT, str(error)) from error


def _plain(tree: etree._Element) -> str:
    """The words of a page, one line a block; cells of a row stand on one line."""
    pieces: list[str] = []
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            pieces.append(element.tail or "")
            continue
        name = str(element.tag)
        if event == "start":
            if name in _BLOCKS:
                pieces.append("\n- " if name == "li" else "\n")
            if not _is_ignored(element):
                pieces.append(re.sub(r"\s+", " ", element.text or ""))
            continue
        if name in ("td", "th") and element.getnext() is not None:
            pieces.append(" | ")
        if name in _BLOCKS:
            pieces.append("\n")
        parent = element.getparent()
        if parent is not None and not _is_ignored(parent):
            pieces.append(re.sub(r"\s+", " ", element.tail or ""))
    lines = (re.sub(r" {2,}", " ", line).strip() for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line.strip("|- "))


def _is_ignored(element: etree._Element) -> bool:
    return str(element.tag) in _IGNORED or any(str(above.tag) in _IGNORED for above in element.iterancestors())


def _title(tree: etree._Element) -> str:
    for query in ("//meta[@property='og:title']/@content", "//title/text()", "//h1//text()"):
        found = [str(value).strip() for value in tree.xpath(query)]
        if found and found[0]:
            return re.sub(r"\s+", " ", found[0])
    return ""


def _stated_day(tree: etree._Element) -> dt.date | None:
    """The day in a page's metadata: never one guessed from its text or its address."""
    queries = (
        "//meta[@property='article:published_time' or @name='article:published_time']/@content",
        "//meta[@itemprop='datePublished']/@content",
        "//meta[translate(@name, 'DCI', 'dci')='dc.date.issued' or translate(@name, 'DC', 'dc')='dc.date']/@content",
        "//meta[@name='date' or @name='pubdate' or @name='publication_date']/@content",
        "//time[@pubdate or @itemprop='datePublished']/@datetime",
    )
    for query in queries:
        for value in tree.xpath(query):
            try:
                return dt.date.fromisoformat(str(value).strip()[:10])
            except ValueError:
                continue
    return None
