"""The whole way once: a real worker process, a real broker, TLS, and a receiver that verifies with the library of the
specification's authors."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue

import pytest
import time_machine
from celery import Celery
from django.conf import settings
from django.db import connection
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from agenda.environment import socket_path
from agenda.stack import valkey
from agenda.webhooks import signing
from tests import factories
from tests.feeds.diary import BAMAKO

from .conftest import HookMaker

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.integration,
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the receiver's certificate"),
]
Got = tuple[dict[str, str], bytes]
WAIT = 30.0  # seconds, on a busy machine; it takes three


@contextmanager
def receiver(folder: Path) -> Iterator[tuple[int, Queue[Got]]]:
    """A server with a certificate for receiver.example; its port, and what arrives."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=receiver.example", "-addext", "subjectAltName=DNS:receiver.example",
         "-keyout", str(folder / "key.pem"), "-out", str(folder / "ca.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    got: Queue[Got] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.put((dict(self.headers.items()), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Nothing."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=True)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield server.server_address[1], got
        finally:
            server.shutdown()


@contextmanager
def broker(folder: Path) -> Iterator[Path]:
    """A Valkey of its own; its socket."""
    server = subprocess.Popen(valkey.command(folder), stdout=subprocess.DEVNULL)
    try:
        valkey.wait_until_ready(folder)
        yield socket_path(folder)
    finally:
        server.terminate()
        server.wait(timeout=10)


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[None]:
    """A worker in a process of its own."""
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "tests.webhooks.worker", "worker", "--pool", "solo",
               "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=settings.BASE_DIR, env={**os.environ, **environment}, start_new_session=True
    )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)


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
