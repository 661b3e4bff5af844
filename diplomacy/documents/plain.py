"""Bytes of text in any encoding."""

from __future__ import annotations

from charset_normalizer import from_bytes

from diplomacy.documents.document import DocumentError, Trouble


def decode(original: bytes, *, charset: str = "") -> str:
    """The text of bytes: UTF-8, else the stated charset, else the most likely encoding; line feeds end its lines.

    Raises DocumentError for bytes that are no text.
    """
    if b"\x00" in original and not original.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DocumentError(Trouble.UNKNOWN_TYPE, "NUL in text")
    text = _as(original, "utf-8-sig")
    if text is None and charset:
        text = _as(original, charset)
    if text is None:
        best = from_bytes(original).best()
        if best is None:
            raise DocumentError(Trouble.UNKNOWN_TYPE, "no encoding fits")
        text = str(best)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        raise DocumentError(Trouble.UNKNOWN_TYPE, "NUL in text")
    return text


def _as(original: bytes, charset: str) -> str | None:
    try:
        return original.decode(charset)
    except (UnicodeDecodeError, LookupError):
        return None


def tidy(text: str) -> str:
    """Text with line feeds only, no NUL or other control character, and at most one empty line at a stretch."""
    lines: list[str] = []
    for line in "".join(sign for sign in text if sign >= " " or sign in "\n\t").split("\n"):
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines).strip("\n")
