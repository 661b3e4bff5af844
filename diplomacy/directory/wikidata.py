"""Wikidata identifiers as people paste them. No database here."""

from __future__ import annotations

import re

_ID = re.compile(r"(?:https?://(?:www\.|m\.)?wikidata\.org/(?:wiki|entity)/)?(Q[1-9]\d{0,14})", re.IGNORECASE)


class NoIdentifierError(ValueError):
    """Raised for a text that is no identifier of an item."""


def item_id(text: str) -> str:
    """ "Q42" for "Q42", "q42" and the item's address; "" for nothing.

    Raises NoIdentifierError.
    """
    said = text.strip()
    found = _ID.fullmatch(said)
    if said and found is None:
        raise NoIdentifierError(f"“{said}” is not an identifier of Wikidata such as Q42.")
    return found[1].upper() if found else ""
