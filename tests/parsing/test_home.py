"""The country a text is written in: whose officials it names without their country."""

from __future__ import annotations

import pytest

from diplomacy.parsing.document import open_document
from diplomacy.parsing.findings import find_all
from diplomacy.parsing.language import language as language_of
from tests.parsing.pairs import TODAY


def home(text: str, language: str = "fr") -> str | None:
    return find_all(open_document(text, published_on=TODAY, language=language), language_of(language)).home


@pytest.mark.parametrize(
    ("language", "text", "country"),
    [
        ("fr", "BAMAKO, 7 fév 2023 - Le ministre arrive.", "ML"),
        ("fr", "Bamako, le 7 février 2023\n\nLe ministre arrive.", "ML"),
        ("fr", "RÉPUBLIQUE DU SÉNÉGAL\nMinistère des Affaires étrangères\n\nLe ministre arrive.", "SN"),
        ("fr", "Le ministre a été reçu à l'Élysée, puis à Matignon.", "FR"),
        ("en", "LONDON, 7 February 2023 - The minister arrives.", "GB"),
        ("es", "Lima, 7 de febrero de 2023\n\nEl ministro llega.", "PE"),
        ("fr", "Le ministre arrive.", None),
        ("fr", "VISITE DE S.E. M. PAUL ANDONG,\nPRÉSIDENT DE LA RÉPUBLIQUE DU MALI\n\nLe ministre arrive.", None),
        ("fr", "Le ministre est attendu à Bamako jeudi.", None),
        ("fr", "Le ministre de la République du Sénégal arrive.", None),
    ],
)
def test_where_a_text_is_written(language: str, text: str, country: str | None) -> None:
    assert home(text, language) == country
