"""A mail can say anything of itself; only what our own server found counts."""

from __future__ import annotations

import pytest

from diplomacy.documents.authenticity import proven_domain

FROM = "Service de presse <presse@diplomatie.gouv.example>"
OURS = "mx.desk.example"


@pytest.mark.parametrize(
    "results",
    [
        ["mx.desk.example; dmarc=pass (p=REJECT) header.from=diplomatie.gouv.example"],
        ["mx.desk.example 1; spf=fail smtp.mailfrom=x@other.example;\n dkim=pass header.d=diplomatie.gouv.example"],
        ["mx.desk.example; dkim=pass header.i=@gouv.example"],
        ["mx.desk.example; SPF=Pass smtp.mailfrom=bounce@diplomatie.gouv.example"],
        ["other.example; dmarc=fail header.from=diplomatie.gouv.example",
         "mx.desk.example; dmarc=pass header.from=diplomatie.gouv.example"],
    ],
)  # fmt: skip
def test_a_pass_for_the_senders_domain_proves_it(results: list[str]) -> None:
    assert proven_domain(FROM, results, server=OURS) == "diplomatie.gouv.example"


@pytest.mark.parametrize(
    "results",
    [
        [],
        ["mx.desk.example; none"],
        ["mx.desk.example; dmarc=fail header.from=diplomatie.gouv.example"],
        ["mx.forger.example; dmarc=pass header.from=diplomatie.gouv.example"],
        ["mx.desk.example.forger.example; dmarc=pass header.from=diplomatie.gouv.example"],
        ["mx.desk.example; dkim=pass header.d=forger.example"],
        ["mx.desk.example; dkim=pass header.d=example"],
        ["mx.desk.example; dkim=pass header.d=x.diplomatie.gouv.example"],
        ["mx.desk.example; spf=pass smtp.mailfrom=forger.example"],
        ["mx.desk.example; spf=pass header.d=diplomatie.gouv.example"],
        ["mx.desk.example; dkim=fail (dmarc=pass header.from=diplomatie.gouv.example) header.d=gouv.example"],
        ["mx.desk.example; dmarc=fail header.from=diplomatie.gouv.example",
         "mx.desk.example; dmarc=pass header.from=diplomatie.gouv.example"],
        ["mx.desk.example; dmarc=pass header.from=gouv.example.forger.example"],
    ],
)  # fmt: skip
def test_anything_else_proves_nothing(results: list[str]) -> None:
    assert proven_domain(FROM, results, server=OURS) == ""


@pytest.mark.parametrize(("sender", "server"), [("", OURS), ("presse", OURS), (FROM, "")])
def test_without_sender_or_server_nothing_is_proven(sender: str, server: str) -> None:
    assert not proven_domain(sender, ["; dmarc=pass header.from=diplomatie.gouv.example"], server=server)
