"""The whole way once: a real worker process, a real broker, TLS, and a receiver that verifies with the library of the
specification's authors."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import time_machine
from celery import Celery
from django.conf import settings
from django.db import connection
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from agenda.webhooks import signing
from tests import factories
from tests.feeds.diary import BAMAKO

from .conftest import HookMaker
from .running import broker, receiver, worker

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.integration,
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the receiver's certificate"),
]
WAIT = 30.0  # seconds, on a busy machine; it takes three


def database(folder: Path) -> str:
    """An address by which another process has the rows of this test: a copy where they lie in memory."""
    if connection.vendor == "postgresql":
        name = connection.settings_dict["NAME"]
        return os.environ["DATABASE_URL"].replace("/postgres", f"/{name}", 1)
    path = folder / "copy.sqlite3"
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
    return f"sqlite:///{path}"


def test_a_change_reaches_a_receiver_through_a_real_worker_and_tls(hook: HookMaker, tmp_path: Path) -> None:
    hook(target="https://other.example/hook", made_at=factories.NOW)  # the certificate is another's
    hook(target="https://inside.example/hook", made_at=factories.NOW)  # leads to no public address
    ours = hook(label="z, tried last", target="https://receiver.example/hook", made_at=factories.NOW)
    with time_machine.travel(factories.NOW, tick=False):
        factories.visit(BAMAKO)
    with ExitStack() as running:
        port, got = running.enter_context(receiver(tmp_path))
        socket = running.enter_context(broker(tmp_path))
        running.enter_context(
            worker(
                {
                    "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": database(tmp_path),
                    "REDIS_SOCKET": str(socket), "RECEIVER_PORT": str(port), "RECEIVER_CA": str(tmp_path / "ca.pem"),
                    "SECRET_KEY": settings.SECRET_KEY,
                }
            )
        )  # fmt: skip
        with Celery(broker=f"redis+socket://{socket}?virtual_host=0") as queue:
            queue.send_task("agenda.webhooks.tasks.dispatch", queue="outbox")
        headers, body = got.get(timeout=WAIT)
        said = Verifier(signing.secret_of(ours)).verify(body, headers)
        assert said["type"] == "visit.announced"
        assert said["data"]["now"]["start_on"] == "2023-02-07"
        with pytest.raises(WebhookVerificationError):
            Verifier(signing.secret_of(ours, 2)).verify(body, headers)
        with pytest.raises(WebhookVerificationError):
            Verifier(signing.secret_of(ours)).verify(body + b" ", headers)
        assert got.empty()
