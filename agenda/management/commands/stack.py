"""Start everything: Valkey, database, web, workers, beat; stop everything on Ctrl-C."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections

from agenda.environment import socket_path, tcp_port, text
from agenda.stack import valkey
from agenda.stack.processes import Child, start, stop
from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DeskRole

EDITOR = "editor"


class Command(BaseCommand):
    """`manage.py stack`: what ./run calls."""

    help = "Start the embedded set-up: Valkey, web server, worker and beat. Ctrl-C stops all of it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The port, from PORT unless given."""
        parser.add_argument("--port", type=int, default=tcp_port("PORT", 8000))

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run until Ctrl-C."""
        port: int = options["port"]
        data: Path = settings.AGENDA_DATA
        try:
            self._lock = valkey.lock_folder(data)
        except valkey.FolderInUseError as error:
            raise CommandError(str(error)) from error
        _require_free(port)
        children: list[Child] = []
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _interrupt)
        try:
            self._run(port, data, children)
        except KeyboardInterrupt:
            self.stdout.write("Stopping.")
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave half of it running
            stop(children)

    def _run(self, port: int, data: Path, children: list[Child]) -> None:
        environment = dict(os.environ)
        if not text("REDIS_URL"):
            children.append(start("valkey", valkey.command(data), environment))
            valkey.wait_until_ready(data)
            environment["REDIS_SOCKET"] = str(socket_path(data))
        else:
            _require_redis(text("REDIS_URL"))
        try:
            call_command("migrate", verbosity=0, interactive=False)
        except DatabaseError as error:
            raise CommandError(f"The database cannot be used: {error}. Check DATABASE_URL.") from error
        password = _editor_password()
        connections.close_all()
        commands = _commands(port, data)
        children += [start(name, command, environment) for name, command in commands.items()]
        _wait_for_page(port, next(child for child in children if child.name == "web"))
        self._greet(port, password)
        if settings.AGENDA_DEMO:
            children.append(start("demo", [sys.executable, "manage.py", "load_samples"], environment))
        self._watch(children, commands, environment)

    def _watch(self, children: list[Child], commands: dict[str, list[str]], environment: dict[str, str]) -> None:
        """Start again what ends by itself; Valkey's end ends all."""
        while True:
            time.sleep(1)
            for child in [child for child in children if child.has_ended]:
                if child.name == "valkey":
                    raise CommandError("The embedded Valkey ended; its lines above say why.")
                children.remove(child)
                if child.name in commands:
                    self.stdout.write(f"{child.name} ended and is started again.")
                    time.sleep(2)
                    children.append(start(child.name, commands[child.name], environment))

    def _greet(self, port: int, password: str | None) -> None:
        base = f"http://127.0.0.1:{port}"
        signing_in = f"user {EDITOR}, password {password} (for this start)" if password else f"user {EDITOR}"
        self.stdout.write(
            f"\nAgenda is ready{' — demonstration, the visits are invented' if settings.AGENDA_DEMO else ''}.\n"
            f"  pages  {base}/\n"
            f"  desk   {base}/admin/   {signing_in}\n"
            f"  feeds  {base}/feeds/ and {base}/feeds/all.ics\n"
            f"  API    {base}/api/v1/ and {base}/api/v1/docs/\n"
            f"Another password: ./run manage changepassword {EDITOR}. Ctrl-C stops everything.\n"
        )
        self.stdout.flush()


def _commands(port: int, data: Path) -> dict[str, list[str]]:
    python = sys.executable
    celery = [python, "-m", "celery", "--quiet", "-A", "agenda"]
    worker = [*celery, "worker", "--concurrency", "1", "--loglevel", "WARNING", "--without-gossip"]
    return {
        "web": [
            python, "-m", "gunicorn", "agenda.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
            "--workers", "1", "--threads", "8", "--log-level", "warning",
        ],
        "worker": [*worker, "--queues", "celery"],
        # What goes out: slow targets and mail servers keep no text from being read.
        "sender": [*worker, "--queues", "outbox,delivery"],
        "beat": [*celery, "beat", "--loglevel", "WARNING", "--schedule", str(data / "beat"), "--pidfile="],
    }  # fmt: skip


def _editor_password() -> str | None:
    """A fresh password for the demonstration's editor at each start; in a real diary only for its first user."""
    if not settings.AGENDA_DEMO and User.objects.exists():
        return None
    password = secrets.token_urlsafe(9)
    editor = User.objects.filter(username=EDITOR).first()
    if editor is None:
        User.objects.create_with_role(EDITOR, role=DeskRole.ADMINISTRATOR, password=password)
    else:
        editor.set_password(password)
        editor.save(update_fields=["password"])
    return password


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise CommandError(f"Port {port} is for root alone. Choose one above 1023: PORT=8000 ./run") from error
        except OSError as error:
            raise CommandError(f"Port {port} is taken. Choose another one: PORT={port + 1} ./run") from error


def _require_redis(address: str) -> None:
    try:
        with redis.Redis.from_url(address, socket_connect_timeout=5) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise CommandError(f"Redis cannot be used: {error}. Check REDIS_URL.") from error


def _wait_for_page(port: int, web: Child, patience: float = 60.0) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and not web.has_ended:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise CommandError("The web server did not start; its lines above say why.")


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
