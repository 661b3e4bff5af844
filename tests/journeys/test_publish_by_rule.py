"""Sources that publish by themselves: off by default, only what is proven to be theirs, never against an editor."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client

from agenda.tokens.models import ApiToken
from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques import by_rule, review, tasks, undo
from diplomacy.communiques.authenticity import ATTACHED, DELIVERED, FOLDER
from diplomacy.communiques.intake import Arrival, receive
from diplomacy.communiques.models import CommuniqueVersion, Proposal, Source, SourceKind
from diplomacy.communiques.rules import PublishingRule, RuledAct
from diplomacy.visits import lifecycle, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.models import Visit
from diplomacy.vocabulary import VisitStatus
from tests import factories
from tests.documents.files import mail

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
NOW = factories.NOW
ENGLISH = {"accept-language": "en"}
OURS = "mx.desk.example"
MINISTRY = "protocole.example"
VISIT = (
    "Le ministre malien des Affaires étrangères, Abdou Keïta, effectue une visite officielle à Dakar, au Sénégal, "
    "du 9 au 10 février 2023."
)
CANCELLED = (
    "La visite officielle du ministre malien des Affaires étrangères, Abdou Keïta, à Dakar, au Sénégal, prévue les "
    "9 et 10 février 2023, est annulée."
)
LONGER = VISIT.replace("10 février", "11 février")
PASS = f"{OURS}; dmarc=pass header.from={MINISTRY}"
KINDS = ["new_visit", "change_visit", "new_item", "change_item"]


@pytest.fixture(autouse=True)
def _switched_on(settings: Any) -> object:
    settings.AGENDA_AUTO_PUBLISH = True
    settings.AGENDA_MAIL_SERVER = OURS
    with time_machine.travel(NOW, tick=False):
        yield


def source_of(kind: SourceKind, *, is_on: bool = True, listed: str = MINISTRY, **given: Any) -> Source:
    """A source whose rule publishes everything that is read with some confidence."""
    made = Source.objects.create(name=f"Ministry by {kind.value}", slug=f"by-{kind.value}", kind=kind, **given)
    PublishingRule.objects.create(source=made, is_on=is_on, least_confidence=0.6, kinds=KINDS, listed=listed)
    return made


@pytest.fixture
def mailbox() -> Source:
    return source_of(SourceKind.MAILBOX)


@pytest.fixture
def folder() -> Source:
    return source_of(SourceKind.FOLDER)


def arrives(source: Source, original: bytes, **given: Any) -> CommuniqueVersion:
    """Something arrives and is read."""
    arrival = Arrival(original=original, received_at=NOW, published_on=NOW.date(), **given)
    version = receive(arrival, source).version
    tasks.read_version.run(version.pk)
    return version


def delivered(source: Source, original: bytes, **given: Any) -> CommuniqueVersion:
    """Our mail server delivered it into the mailbox."""
    return arrives(source, original, media_type="message/rfc822", authenticity=DELIVERED, **given)


def dropped(source: Source, text: str, **given: Any) -> CommuniqueVersion:
    """Somebody put it into the watched folder."""
    return arrives(source, text.encode(), authenticity=FOLDER, **given)


def published() -> list[Visit]:
    return list(Visit.objects.filter(publication="published"))


def test_a_proven_mail_is_published_marked_and_revoked_by_one_press(mailbox: Source, desk: Client) -> None:
    delivered(mailbox, mail(VISIT, Authentication_Results=PASS))
    (visit,) = published()
    ruled = RuledAct.objects.get()
    assert Client().get(f"/visits/{visit.slug}/").status_code == 200
    page = desk.get(f"/admin/review/{ruled.pk}/", headers=ENGLISH).content.decode()
    assert "Ministry by mailbox" in page.split('class="decided"')[1].split("</div>")[0]
    assert visit.revisions.get().reason.startswith("Publié par la règle de la source")
    assert "published by the rule of Ministry by mailbox" in desk.get("/admin/rules/", headers=ENGLISH).content.decode()
    answer = desk.post(f"/admin/rules/{ruled.pk}/revoke/", headers=ENGLISH, follow=True)
    assert "Revoked." in answer.content.decode()
    assert published() == []
    assert Client().get(f"/visits/{visit.slug}/").status_code in {404, 410}
    assert Proposal.objects.get().state == "waiting"
    assert "revoked by ada" in desk.get("/admin/rules/", headers=ENGLISH).content.decode()


def test_what_was_revoked_is_not_published_again_however_it_comes(mailbox: Source, desk: Client) -> None:
    delivered(mailbox, mail(VISIT, Authentication_Results=PASS, Message_ID="<1@x>"), identity="<1@x>")
    desk.post(f"/admin/rules/{RuledAct.objects.get().pk}/revoke/")
    delivered(mailbox, mail(f"{VISIT} ", Authentication_Results=PASS, Message_ID="<1@x>"), identity="<1@x>")
    delivered(mailbox, mail(f"Rappel. {VISIT}", Authentication_Results=PASS))
    assert (published(), RuledAct.objects.count()) == ([], 1)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authentication_Results": f"mx.evil.example; dmarc=pass header.from={MINISTRY}"},
        {"Authentication_Results": f"{OURS}; dmarc=fail header.from={MINISTRY}"},
        {"Authentication_Results": f"{OURS}; spf=pass smtp.mailfrom=evil.example"},
        {"Authentication_Results": f"{OURS}; dkim=pass header.d=evil.example"},
        {"From": "presse@evil.example", "Authentication_Results": f"{OURS}; dmarc=pass header.from=evil.example"},
        {"From": f'"{MINISTRY}" <x@evil.example>', "Authentication_Results": PASS},
        {"From": f"x@{MINISTRY}.evil.example", "Authentication_Results": PASS},
    ],
    ids=str,
)
def test_a_forged_mail_waits_for_an_editor(mailbox: Source, headers: dict[str, Any]) -> None:
    delivered(mailbox, mail(VISIT, **headers))
    assert published() == []
    assert Proposal.objects.get().state == "waiting"


def test_a_mail_sent_within_a_mail_proves_nothing(mailbox: Source) -> None:
    inner = mail(VISIT, Authentication_Results=PASS)
    delivered(
        mailbox, mail("Voir ci-joint.", From="x@evil.example", files=[("a.eml", "application/octet-stream", inner)])
    )
    attached = CommuniqueVersion.objects.exclude(authenticity="").get()
    assert attached.authenticity == ATTACHED
    tasks.read_version.run(attached.pk)
    assert attached.text or CommuniqueVersion.objects.get(pk=attached.pk).text
    assert (published(), CommuniqueVersion.objects.get(pk=attached.pk).communique.proven_domain) == ([], "")


def test_a_file_of_a_proven_mail_waits_too(mailbox: Source) -> None:
    delivered(mailbox, mail("Ci-joint.", Authentication_Results=PASS, files=[("a.txt", "text/plain", VISIT.encode())]))
    attached = CommuniqueVersion.objects.get(authenticity=ATTACHED)
    tasks.read_version.run(attached.pk)
    assert Proposal.objects.get().state == "waiting"
    assert published() == []


def test_a_forged_version_of_a_proven_mail_inherits_no_proof(mailbox: Source) -> None:
    first = mail("Rien à annoncer.", Authentication_Results=PASS, Message_ID="<1@x>")
    delivered(mailbox, first, identity="<1@x>")
    forged = mail(VISIT, Message_ID="<1@x>").replace(b"From: presse@protocole.example\n", b"")
    version = delivered(mailbox, forged, identity="<1@x>")
    version.communique.refresh_from_db()
    assert (version.number, published(), version.communique.proven_domain) == (2, [], "")


def test_the_same_mail_uploaded_by_hand_proves_nothing(mailbox: Source) -> None:
    arrives(mailbox, mail(VISIT, Authentication_Results=PASS), media_type="message/rfc822")
    assert published() == []


@pytest.mark.parametrize("off", ["settings", "rule", "second eyes", "source's second eyes", "kinds", "confidence"])
def test_off_is_off(folder: Source, settings: Any, off: str) -> None:
    rule = folder.rule
    if off == "settings":
        settings.AGENDA_AUTO_PUBLISH = False
    elif off == "second eyes":
        settings.AGENDA_SECOND_EYES = True
    elif off == "source's second eyes":
        Source.objects.update(needs_second_eyes=True)
    else:
        rule.is_on, rule.kinds = off != "rule", ["new_item"] if off == "kinds" else KINDS
        rule.least_confidence = 0.99 if off == "confidence" else 0.6
        rule.save()
    dropped(folder, VISIT)
    assert published() == []
    assert Proposal.objects.get().state == "waiting"


def test_it_is_off_unless_somebody_switches_it_on() -> None:
    assert not PublishingRule(source=factories.source()).is_on
    from agenda import settings as shipped

    assert shipped.AGENDA_AUTO_PUBLISH is False


def test_without_a_rule_nothing_is_published() -> None:
    plain = Source.objects.create(name="Plain", slug="plain", kind=SourceKind.FOLDER)
    dropped(plain, VISIT)
    assert published() == []


def test_a_later_text_changes_and_cancels_what_rules_alone_made(folder: Source) -> None:
    dropped(folder, VISIT)
    dropped(folder, LONGER)
    assert str(Visit.objects.get().end_on) == "2023-02-11"
    dropped(folder, CANCELLED.replace("10 février", "11 février"))
    visit = Visit.objects.get()
    assert (visit.status, visit.publication, RuledAct.objects.count()) == ("cancelled", "published", 3)
    assert visit.revisions.filter(made_by=None).count() == visit.revisions.count() == 3


def test_a_revoked_change_puts_back_what_stood(folder: Source, desk: Client) -> None:
    dropped(folder, VISIT)
    dropped(folder, LONGER)
    change = Proposal.objects.get(kind="change_visit")
    desk.post(f"/admin/rules/{change.pk}/revoke/")
    visit = Visit.objects.get()
    assert (str(visit.end_on), visit.publication, visit.revisions.count()) == ("2023-02-10", "published", 3)
    change.refresh_from_db()
    assert (change.state, RuledAct.objects.filter(revoked_at=None).count()) == ("waiting", 1)


@pytest.mark.parametrize("act", ["accepted", "made by hand", "corrected", "withdrawn", "confirmed"])
@pytest.mark.parametrize("text", [LONGER, CANCELLED], ids=["longer", "cancelled"])
def test_what_an_editor_decided_is_neither_changed_nor_cancelled(
    folder: Source, editor: Any, act: str, text: str
) -> None:
    by = Act(now=NOW + dt.timedelta(minutes=1), by=editor)
    if act == "accepted":
        folder.rule.delete()
        dropped(folder, VISIT)
        review.accept(Proposal.objects.get(), by, publish=True)
        PublishingRule.objects.create(source=folder, is_on=True, least_confidence=0.6, kinds=KINDS)
    elif act == "made by hand":
        facts = replace(
            factories.VISIT,
            host_country="SN",
            cities=("Dakar",),
            start_on=dt.date(2023, 2, 9),
            end_on=dt.date(2023, 2, 10),
        )
        member = replace(factories.VISIT.members[0], name="Abdou Keïta", country="ML")
        publication.publish(lifecycle.announce(replace(facts, members=(member,)), (), by), by)
    else:
        dropped(folder, VISIT)
        visit = Visit.objects.get()
        if act == "corrected":
            lifecycle.postpone(visit, by, start_on=dt.date(2023, 2, 10), end_on=dt.date(2023, 2, 12))
        elif act == "withdrawn":
            publication.withdraw(visit, by)
        else:
            lifecycle.set_status(visit, VisitStatus.CONFIRMED, by)
    (before,) = Visit.objects.values("start_on", "end_on", "status", "publication", "version")
    acts = RuledAct.objects.count()
    dropped(folder, text)
    assert list(Visit.objects.values("start_on", "end_on", "status", "publication", "version")) == [before]
    assert RuledAct.objects.count() == acts
    assert Proposal.objects.filter(state="waiting").exists()


def test_what_an_editor_rejected_is_not_published_when_it_is_told_again(folder: Source, editor: Any) -> None:
    folder.rule.delete()
    dropped(folder, VISIT)
    review.reject(Proposal.objects.get(), Act(now=NOW, by=editor))
    PublishingRule.objects.create(source=folder, is_on=True, least_confidence=0.6, kinds=KINDS)
    dropped(folder, f"Communiqué. {VISIT}")
    assert published() == []


def test_a_visit_with_a_warning_waits(folder: Source) -> None:
    dropped(folder, VISIT)
    dropped(folder, VISIT.replace("Dakar, au Sénégal", "Niamey, au Niger"))  # the same man, elsewhere on the same days
    assert [visit.host_country_id for visit in published()] == ["SN"]
    assert Visit.objects.count() == 1
    assert Proposal.objects.filter(state="waiting").count() == 1


def test_a_text_read_anew_after_an_editor_corrected_its_day_is_an_editors(folder: Source, editor: Any) -> None:
    folder.rule.delete()
    version = dropped(folder, VISIT)
    PublishingRule.objects.create(source=folder, is_on=True, least_confidence=0.6, kinds=KINDS)
    from diplomacy.communiques.intake import date_version

    date_version(version, dt.date(2023, 2, 6), now=NOW)
    tasks.read_version.run(version.pk)
    assert published() == []


@pytest.mark.parametrize(("role", "shown"), [(DeskRole.EDITOR, 1), (DeskRole.CONTRIBUTOR, 0)])
def test_a_token_publishes_what_its_holder_may_publish(role: DeskRole, shown: int) -> None:
    source_of(SourceKind.API, listed="")
    Source.objects.filter(slug="by-api").update(slug="api")
    made: Any = ApiToken.objects.create(user=factories.user(role))  # knox gives the secret with it
    _token, secret = made
    sent = {"text": VISIT, "published_on": "2023-02-07"}
    answer = Client(headers={"authorization": f"Token {secret}"}).post("/api/v1/communiques/", sent)
    assert answer.status_code == 202
    tasks.read_version.run(CommuniqueVersion.objects.get().pk)
    assert len(published()) == shown


def test_revoking_after_an_editors_change_is_refused_and_said(folder: Source, editor: Any, desk: Client) -> None:
    dropped(folder, VISIT)
    lifecycle.set_status(Visit.objects.get(), VisitStatus.CONFIRMED, Act(now=NOW, by=editor))
    ruled = RuledAct.objects.get()
    with pytest.raises(undo.UndoError):
        by_rule.revoke(ruled, Act(now=NOW, by=editor))
    assert RuledAct.objects.get().revoked_at is None
    answer = desk.post(f"/admin/rules/{ruled.pk}/revoke/", headers=ENGLISH, follow=True)
    assert "changed since" in answer.content.decode()


def test_a_rule_that_cannot_stand_is_refused() -> None:
    handed_in = Source.objects.create(name="Desk", slug="d", kind=SourceKind.DESK)
    with pytest.raises(ValidationError, match=r"editor|éditeur|rédacteur"):
        PublishingRule(source=handed_in, is_on=True, kinds=KINDS).full_clean()
    page = Source.objects.create(name="Page", slug="p", kind=SourceKind.PAGE, address="https://a.example/")
    for wrong in (
        {"listed": ""},
        {"listed": "com"},
        {"listed": "https://a.example/"},
        {"listed": "a.example", "kinds": []},
    ):
        with pytest.raises(ValidationError):
            PublishingRule(**{"source": page, "is_on": True, "kinds": KINDS, **wrong}).full_clean()
    PublishingRule(source=page, is_on=True, kinds=KINDS, listed="a.example, b.example").full_clean()


def test_an_editor_switches_a_rule_on_at_the_page_of_its_source(desk: Client) -> None:
    made = Source.objects.create(name="In", slug="in", kind=SourceKind.FOLDER, address="in")
    path = f"/admin/diplomacy/source/{made.pk}/change/"
    sent = {
        "name": "In", "address": "in", "trust": "other", "is_enabled": "on", "interval_minutes": "15",
        "rule-TOTAL_FORMS": "1", "rule-INITIAL_FORMS": "0", "rule-0-is_on": "on", "rule-0-least_confidence": "0.8",
        "rule-0-kinds": ["new_visit"],
        "rule-0-source": made.pk,
    }  # fmt: skip
    assert desk.post(path, sent).status_code == 302
    rule = PublishingRule.objects.get()
    assert (rule.is_on, rule.kinds, rule.least_confidence) == (True, ["new_visit"], 0.8)
    assert desk.get(path).status_code == 200
