"""Signatures that any receiver's library verifies, and secrets that lie nowhere."""

from __future__ import annotations

import base64
import datetime as dt
import re
import uuid
from email.message import Message
from pathlib import Path
from typing import Any

from django.conf import settings as settings_of_project

from agenda.webhooks import signing
from agenda.webhooks.models import Webhook
from tests.conftest import NOW

from .standard import verifies

BODY = b'{"test": 2432232314}'


def webhook(**given: object) -> Webhook:
    return Webhook(id=uuid.UUID(int=7), **given)


def test_the_published_example_of_the_specification() -> None:
    signed = signing.sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, BODY)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_receiver_verifies_and_whoever_changes_anything_is_found_out() -> None:
    hook = webhook()
    sent = signing.headers(hook, "e1", BODY, NOW)
    secret, now = signing.secret_of(hook), NOW.timestamp()
    assert verifies(secret, sent, BODY, now=now)
    assert not verifies(secret, sent, BODY + b" ", now=now)
    assert not verifies(secret, sent | {"webhook-id": "e2"}, BODY, now=now)
    assert not verifies(secret, sent | {"webhook-timestamp": str(int(now) + 1)}, BODY, now=now)
    assert not verifies(secret, sent, BODY, now=now + 301)
    assert not verifies(signing.secret_of(webhook(generation=2)), sent, BODY, now=now)


def test_a_secret_has_the_length_and_prefix_of_the_specification_and_is_its_hooks_alone() -> None:
    secret = signing.secret_of(webhook())
    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert secret != signing.secret_of(Webhook(id=uuid.UUID(int=8)))


def test_two_signatures_while_secrets_overlap_and_one_after() -> None:
    until = NOW + dt.timedelta(hours=24)
    hook = webhook(generation=2, overlap_until=until)
    old, new = signing.secret_of(hook, 1), signing.secret_of(hook)
    sent = signing.headers(hook, "e1", BODY, NOW)
    assert len(sent["webhook-signature"].split(" ")) == 2
    assert all(verifies(secret, sent, BODY, now=NOW.timestamp()) for secret in (old, new))
    sent = signing.headers(hook, "e1", BODY, until)
    assert verifies(new, sent, BODY, now=until.timestamp())
    assert not verifies(old, sent, BODY, now=until.timestamp())


def test_another_key_of_the_diary_makes_other_secrets(settings: Any) -> None:
    before = signing.secret_of(webhook())
    settings.SECRET_KEY = "another key of the diary"
    assert signing.secret_of(webhook()) != before


def test_the_receiver_of_the_documentation_takes_ours_and_no_other() -> None:
    page = Path(settings_of_project.BASE_DIR, "docs/how-to/webhooks.md").read_text(encoding="utf-8")
    [code] = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    receiver: dict[str, Any] = {"__name__": "receiver"}
    exec(code, receiver)  # noqa: S102  our own page
    hook = webhook()
    receiver["SECRETS"][:] = [signing.secret_of(hook)]
    sent = Message()
    for name, value in signing.headers(hook, "e1", BODY, dt.datetime.now(dt.UTC)).items():
        sent[name] = value
    assert receiver["is_genuine"](sent, BODY)
    assert not receiver["is_genuine"](sent, BODY + b" ")
    assert not receiver["is_genuine"](Message(), BODY)
    receiver["SECRETS"][:] = [signing.secret_of(hook, 2)]
    assert not receiver["is_genuine"](sent, BODY)
