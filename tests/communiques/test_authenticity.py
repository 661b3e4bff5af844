"""How we know whom a text is from: what vouches for a source of each channel, and what does not."""

from __future__ import annotations

import pytest

from diplomacy.communiques.authenticity import (
    ATTACHED,
    DELIVERED,
    FOLDER,
    by_mail,
    by_page,
    by_token,
    is_authentic,
    user_of,
)

MINISTRY = {"diplomatie.example"}
PAGE = "https://diplomatie.example/news"


@pytest.mark.parametrize(
    ("noted", "kind"),
    [
        (by_token(7), "api"),
        (FOLDER, "folder"),
        (by_page(PAGE, PAGE), "page"),
        (by_page(PAGE, "https://DIPLOMATIE.example/news/1"), "feed"),
        (by_mail("diplomatie.example"), "mailbox"),
        (by_mail("presse.diplomatie.example"), "mailbox"),
    ],
)
def test_what_vouches(noted: str, kind: str) -> None:
    assert is_authentic(noted, kind, MINISTRY)


@pytest.mark.parametrize(
    ("noted", "kind"),
    [
        ("", "api"),
        ("", "mailbox"),
        ("", "page"),
        (DELIVERED, "mailbox"),  # nobody has looked at its fields yet
        (ATTACHED, "mailbox"),
        (ATTACHED, "folder"),
        (by_mail(""), "mailbox"),
        (by_mail("evil.example"), "mailbox"),
        (by_mail("diplomatie.example.evil.test"), "mailbox"),
        (by_mail("notdiplomatie.example"), "mailbox"),
        (by_mail("example"), "mailbox"),
        (by_page("http://diplomatie.example/", PAGE), "page"),  # whoever sits between sends us where they like
        (by_page(PAGE, "http://diplomatie.example/"), "page"),
        (by_page(PAGE, "https://evil.example/"), "page"),
        (by_page(PAGE, "https://www.diplomatie.example/"), "page"),  # hosts count one by one
        (by_page(PAGE, "https://diplomatie.example@evil.example/"), "page"),
        (by_token(7), "page"),
        (FOLDER, "mailbox"),
        (by_mail("diplomatie.example"), "desk"),
        (by_token(7), "desk"),
        (by_mail("diplomatie.example"), "page"),
    ],
)
def test_what_does_not(noted: str, kind: str) -> None:
    assert not is_authentic(noted, kind, MINISTRY)


def test_a_domain_of_one_label_stands_for_nothing() -> None:
    assert not is_authentic(by_mail("diplomatie.example"), "mailbox", {"example"})


def test_whose_token_it_was_is_told() -> None:
    assert (user_of(by_token(7)), user_of(FOLDER)) == (7, None)
