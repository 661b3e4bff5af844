"""How a draft says what was found: titles."""

from __future__ import annotations

import datetime as dt

from diplomacy.parsing import read


def test_a_title_ends_before_the_words_that_lead_to_the_next_item() -> None:
    text = (
        "Le ministre malien effectue une visite au Sénégal mardi 7 février. Au programme : une réunion bilatérale entre"
        " les deux ministres, suivie d'une séance élargie aux deux délégations et d'une conférence de presse, un"
        " déjeuner de travail et une audience avec le Président."
    )
    [visit] = read(text, published_on=dt.date(2023, 2, 6), language="fr").visits
    assert [item.title for item in visit.items] == [
        "réunion bilatérale entre les deux ministres",
        "séance élargie aux deux délégations",
        "conférence de presse",
        "déjeuner de travail",
        "audience avec le Président",
    ]
