"""The one command, for real: started, stopped, killed, started again."""

from __future__ import annotations

import os
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.stack.running import Stack, row_of, until

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]


def test_it_serves_refuses_a_second_start_and_stops_whole(stack: Stack) -> None:
    launcher = stack.start()
    stack.wait_until_served(launcher)
    assert "password" in stack.log.read_text()
    second = stack.start("--port", "1")
    assert second.wait(timeout=30) != 0
    assert "already runs" in stack.log.read_text()
    launcher.send_signal(signal.SIGINT)
    time.sleep(0.3)
    launcher.send_signal(signal.SIGINT)  # impatience changes nothing
    assert launcher.wait(timeout=60) == 0
    assert "Traceback" not in stack.log.read_text()
    stack.wait_until_gone()


def test_a_taken_port_is_said(stack: Stack) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", stack.port))
        taken.listen()
        assert stack.start().wait(timeout=30) != 0
    assert f"Port {stack.port} is taken" in stack.log.read_text()
    assert "Traceback" not in stack.log.read_text()


def test_killed_in_mid_reading_nothing_is_lost_and_the_work_is_done_once(stack: Stack) -> None:
    launcher = stack.start()
    stack.wait_until_served(launcher)
    texts = [
        f"Le ministre malien des Affaires étrangères, Abdou Keïta, effectue une visite à Dakar, au Sénégal, "
        f"du {number} au {number + 1} mars."
        for number in range(1, 21)
    ]
    for number, text in enumerate(texts):
        path = stack.data.parent / f"{number}.txt"
        path.write_text(text, encoding="utf-8")
    files = [str(stack.data.parent / f"{number}.txt") for number in range(len(texts))]
    stack.manage("receive", "--published", "2023-02-07", *files)
    launcher.kill()
    launcher.wait(timeout=10)
    stack.wait_until_gone()
    again = stack.start()
    stack.wait_until_served(again)
    count = (
        "from diplomacy.models import CommuniqueVersion, Proposal, ReadingJob; "
        "done = ReadingJob.objects.filter(state='done').count(); "
        "print('FOUND', done, Proposal.objects.count(), CommuniqueVersion.objects.count())"
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        found = stack.manage("shell", "-v", "0", "-c", count)
        if "FOUND 20 20 20" in found:
            break
        time.sleep(3)
    assert "FOUND 20 20 20" in found
    again.send_signal(signal.SIGTERM)
    again.wait(timeout=60)
    stack.wait_until_gone()


def test_a_worker_killed_in_mid_task_leaves_the_work_to_be_done_once(stack: Stack) -> None:
    launcher = stack.start()
    stack.wait_until_served(launcher)
    path = stack.data.parent / "long.txt"
    news = (
        "Le ministre malien des Affaires étrangères, Abdou Keïta, effectue une visite à Dakar, au Sénégal, le 9 mars.\n"
    )
    path.write_text(news + "Les deux pays ont des relations anciennes et suivies. " * 7000, encoding="utf-8")
    stack.manage("receive", "--published", "2023-02-07", str(path))
    job = "SELECT state, attempts FROM diplomacy_readingjob"
    killed = until(stack, job, lambda row: row[0] == "running")
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            mine = f"AGENDA_TEST_MARK={stack.data}".encode() in (folder / "environ").read_bytes()
            is_worker = b"\0agenda\0worker" in (folder / "cmdline").read_bytes()
        except OSError:
            continue  # it ended while we looked
        if mine and is_worker:
            os.kill(int(folder.name), signal.SIGKILL)
    assert killed == ("running", 1)
    done = until(stack, job, lambda row: row[0] == "done")
    assert done == ("done", 2)
    assert row_of(stack, "SELECT count(*) FROM diplomacy_extraction") == (1,)
    assert row_of(stack, "SELECT count(*) FROM diplomacy_proposal") == (1,)
    launcher.send_signal(signal.SIGINT)
    launcher.wait(timeout=60)
