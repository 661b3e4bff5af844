"""One change to many webhooks, and texts that are read beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from agenda.webhooks.models import Delivery, DeliveryState, Webhook
from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques import intake
from diplomacy.communiques.models import Communique, CommuniqueState, Source, SourceKind
from diplomacy.visits.visibility import Audience
from tests.fetching.server import web

MOST_SECONDS = 60.0
SENDERS = 2
TEXTS = 10
# Reading beside it may take this much longer at the median, and this long at least: two cores do all of it.
MOST_RATIO, FLOOR_SECONDS = 3.0, 1.0
_PATIENCE = 600.0
_TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def workers(folder: Path, port: int) -> Iterator[dict[str, list[int]]]:
    """The process ids of the senders and of the worker that reads, while they run."""
    environment = {**os.environ, "RECEIVER_PORT": str(port)}
    started: list[subprocess.Popen[bytes]] = []

    def start(queues: str) -> int:
        command = [sys.executable, "-m", "celery", "--quiet", "-A", "benchmarks.webhooks.worker", "worker", "--queues",
                   queues, "--concurrency", "1", "--loglevel", "ERROR", "--without-gossip", "--without-mingle",
                   "--hostname", f"{len(started)}@benchmark"]  # fmt: skip
        with (folder / "workers.log").open("ab") as log:
            started.append(
                subprocess.Popen(
                    command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log, start_new_session=True
                )
            )
        return started[-1].pid

    try:
        senders = [start("outbox,delivery") for _number in range(SENDERS)]
        yield {"senders": senders, "reader": [start("celery")]}
    finally:
        for process in started:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def processor_seconds(groups: list[int]) -> float:
    """What the processes of these groups have used, those that ended included."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        if int(fields[2]) in groups:
            ticks += sum(map(int, fields[11:13]))
    return ticks / _TICKS


def read_one(number: int) -> float:
    """Seconds from handing a text in until it is read."""
    source, _made = Source.objects.get_or_create(slug="api", defaults={"name": "API", "kind": SourceKind.API})
    text = (
        f"Le ministre malien des Affaires étrangères, Abdou Keïta, se rend à Dakar, au Sénégal, le 9 mars. N° {number}."
    )
    began = time.monotonic()
    now = timezone.now()
    receipt = intake.receive(intake.Arrival(original=text.encode(), received_at=now, published_on=now.date()), source)
    rows = Communique.objects.filter(pk=receipt.version.communique_id, state=CommuniqueState.READ)
    while not rows.exists():
        if time.monotonic() - began > _PATIENCE:
            raise TimeoutError(text)
        time.sleep(0.02)
    return time.monotonic() - began


def run(hooks: int, folder: Path) -> int:
    """Measure and print; 1 where a target is missed."""
    call_command("migrate", verbosity=0, interactive=False)
    from tests import factories

    owner = User.objects.create_with_role("measured", role=DeskRole.EDITOR)
    Webhook.objects.bulk_create(
        Webhook(label=f"{number}", target=f"http://receiver.example/{number}", audience=Audience.PUBLIC, owner=owner,
                made_at=timezone.now())
        for number in range(hooks)
    )  # fmt: skip
    arrived, done = [0], threading.Event()

    def take(_headers: dict[str, str], _body: bytes) -> int:
        arrived[0] += 1
        if arrived[0] >= hooks:
            done.set()
        return 204

    with web() as served, workers(folder, served.port) as groups:
        served.posts = take
        read_one(0)  # until all have started
        alone = [read_one(number) for number in range(1, TEXTS + 1)]
        before = processor_seconds(groups["senders"])
        began = time.monotonic()
        factories.visit(now=timezone.now())
        beside: list[float] = []
        while not done.is_set() and len(beside) < TEXTS:
            beside.append(read_one(100 + len(beside)))
        if not done.wait(_PATIENCE):
            raise TimeoutError(f"{arrived[0]} of {hooks} arrived")
        seconds = time.monotonic() - began
        used = processor_seconds(groups["senders"]) - before
    time.sleep(0.5)
    left = Delivery.objects.exclude(state=DeliveryState.DELIVERED).count()
    print(f"one change to {hooks} webhooks: the last after {seconds:.1f} s (at most {MOST_SECONDS:.0f})")
    print(f"{SENDERS} senders used {1000 * used / hooks:.1f} ms of processor time each; not noted as delivered: {left}")
    slowest = max(MOST_RATIO * median(alone), FLOOR_SECONDS)
    print(f"a text read: {1000 * median(alone):.0f} ms alone, {1000 * median(beside):.0f} ms beside it, "
          f"{1000 * max(beside):.0f} at worst of {len(beside)} (median at most {1000 * slowest:.0f})")  # fmt: skip
    return int(seconds > MOST_SECONDS or median(beside) > slowest)
