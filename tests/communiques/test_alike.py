"""What is a mere repeat of a text and what is not: no database."""

from __future__ import annotations

import time

import pytest

from diplomacy.communiques.alike import LEAST_WORDS, fingerprint, is_mere_repeat, words_of

TEXT = (
    "DAKAR, 7 février - Le ministre malien des Affaires étrangères, Abdou Keïta, effectue une visite officielle à "
    "Dakar, au Sénégal, le 9 février 2023. Il sera reçu à 10 heures par son homologue sénégalaise, Mme Awa Ndiaye, "
    "avant un déjeuner de travail au Palais de la République. Une conférence de presse commune est prévue à 15 heures, "
    "puis le ministre regagnera Bamako dans la soirée du même jour avec la délégation qui l'accompagne."
)


def repeats(other: str) -> bool:
    return is_mere_repeat(words_of(TEXT), words_of(other))


@pytest.mark.parametrize(
    "other",
    [
        TEXT,
        TEXT.upper(),
        TEXT.replace("Sénégal,", "Senegal"),
        f"(AFP) - Communiqué de presse. {TEXT}",
        f"{TEXT} Diffusé par l'agence",
        TEXT.replace("Keïta", "Keitta"),
        TEXT.replace("\n", " ").replace(". ", ".\n\n"),
    ],
)
def test_what_is_a_mere_repeat(other: str) -> None:
    assert repeats(other)
    shared = set(fingerprint(words_of(TEXT))) & set(fingerprint(words_of(other)))
    assert len(shared) >= 2


@pytest.mark.parametrize(
    "other",
    [
        TEXT.replace("10 heures", "11 heures"),
        TEXT.replace("9 février", "10 février"),
        TEXT.replace("2023", "2024"),
        TEXT.replace("officielle", "privée"),
        TEXT.replace("du même jour", "du lendemain"),
        TEXT.replace("est prévue", "n'est pas prévue"),
        TEXT.replace("conférence de presse commune", "conférence de presse commune, annulée,"),
        TEXT.replace("Awa", "Ama"),
        f"Communiqué 12. {TEXT}",
        TEXT[: len(TEXT) // 2],
        f"{TEXT} {TEXT}",
        TEXT.replace("est prévue", "est reportée"),
        "Rien de tout cela.",
        "",
    ],
)
def test_what_differs_in_a_number_or_in_its_body_is_no_mere_repeat(other: str) -> None:
    assert not repeats(other)


def test_a_short_text_is_not_known_by_its_words() -> None:
    assert fingerprint(["Conseil"] * (LEAST_WORDS - 1)) == ()
    assert fingerprint(words_of("a " * 40_000)) == ()


def test_a_long_text_is_judged_in_bounded_time() -> None:
    words = [f"mot{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}" for n in range(9_000)]
    other = [*words[:4_000], "autre", *words[4_000:]]
    started = time.process_time()
    assert fingerprint(words)
    assert not is_mere_repeat(words, other)
    assert time.process_time() - started < 2


STORY = (
    "The minister of foreign affairs, Abdou Keita, {goes} his visit to {country} on Thursday, his office said in a "
    "note that was sent to the press in the evening. He was to meet the {people} president and to sign an accord "
    "on trade."
)


def story(**said: str) -> tuple[str, ...]:
    return words_of(STORY.format(**{"goes": "cancels", "country": "Niger", "people": "Nigerien", **said}))


@pytest.mark.parametrize(
    "other",
    [{"country": "Nigeria"}, {"people": "Nigerian"}, {"goes": "cancelled"}, {"goes": "cancelling"}],
)
def test_another_country_or_another_state_is_no_spelling(other: dict[str, str]) -> None:
    assert not is_mere_repeat(story(), story(**other))


def test_a_name_spelled_otherwise_is_a_spelling_and_a_like_country_is_none() -> None:
    assert is_mere_repeat(story(), tuple(word.replace("keita", "keitta") for word in story()))
    assert not is_mere_repeat(story(country="Austria"), story(country="Australia"))
    assert not is_mere_repeat(story(country="Slovakia"), story(country="Slovenia"))
