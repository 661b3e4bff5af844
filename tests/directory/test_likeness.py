"""Names that are one person's however they are written, and names that only look so."""

from __future__ import annotations

import pytest

from diplomacy.directory.likeness import Likeness, best_likeness, likeness


@pytest.mark.parametrize(
    ("one", "other"),
    [("Sergey LAVROV", "Sergey Lavrov"), ("LAVROV Sergey", "Sergey Lavrov"), ("Сергей Лавров", "Sergey Lavrov")],
)
def test_the_same_words_are_the_same_name(one: str, other: str) -> None:
    assert likeness(one, other) is Likeness.SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sergey Lavrov", "Sergueï Lavrov"), ("Sergey Lavrov", "Sergei Lawrow"), ("Sergey Lavrov", "S. Lavrov"),
        ("Grigori Belavin", "Grigory Belavine"),
        ("Mohammed Ould Ghazouani", "Mohamed Ould Ghazwani"), ("Volodymyr Zelensky", "Volodimir Zelenskyy"),
    ],
)  # fmt: skip
def test_another_transliteration_is_likely_the_same(one: str, other: str) -> None:
    assert likeness(one, other) is likeness(other, one) is Likeness.LIKELY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wang Yi", "Wang Yu"), ("Kim Jong Il", "Kim Jong Un"), ("Hun Sen", "Hun Manet"), ("Ali Bongo", "Omar Bongo"),
        ("Joseph Kabila", "Laurent Kabila"), ("Uhuru Kenyatta", "Jomo Kenyatta"), ("Hafez al-Assad", "Bashar al-Assad"),
        ("Li Qiang", "Li Keqiang"), ("Maria Silva", "Mario Silva e Costa"), ("", "Wang Yi"), ("A. B.", "Ana Bravo"),
    ],
)  # fmt: skip
def test_relatives_and_namesakes_are_others(one: str, other: str) -> None:
    assert likeness(one, other) is likeness(other, one) is Likeness.OTHER


@pytest.mark.parametrize(
    ("one", "other"),
    [("Mahamat Idriss Déby", "Idriss Déby"), ("Lula", "Luiz Inácio Lula da Silva"), ("Lavrov", "Sergey Lavrov")],
)
def test_a_name_that_leaves_words_out_is_just_a_part(one: str, other: str) -> None:
    assert likeness(one, other) is Likeness.PART


def test_of_several_spellings_the_best_counts() -> None:
    assert best_likeness(("Lavrov", "Sergey Lavrov"), ("Sergueï Lavrov",)) is Likeness.LIKELY
    assert best_likeness((), ("Sergueï Lavrov",)) is Likeness.OTHER
