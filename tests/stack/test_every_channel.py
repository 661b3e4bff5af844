"""The one command of docs/how-to/try-every-channel.md, on a diary that runs."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from tests.sources.test_mailbox import port
from tests.stack.running import ROOT, Stack, row_of, until

__all__ = ["port"]  # a fixture: a Dovecot, where one is installed
pytestmark = [pytest.mark.integration, pytest.mark.once, pytest.mark.timeout(300)]
COMMAND = [sys.executable, "scripts/try_every_channel.py"]
LINES = ("paste", "upload", "api", "command", "folder", "page", "feed", "calendar", "mailbox")


def tried(stack: Stack, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *options], cwd=ROOT, env=stack.environment, text=True, capture_output=True, timeout=200
    )


def test_thirty_documents_go_through_every_channel_and_twice_is_once(stack: Stack) -> None:
    launcher = stack.start()
    try:
        _try_it(launcher, stack)
    finally:
        launcher.send_signal(signal.SIGINT)
        launcher.wait(timeout=60)


def _try_it(launcher: subprocess.Popen[bytes], stack: Stack) -> None:
    stack.wait_until_served(launcher)
    done = tried(stack)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "30 documents made in " in done.stdout
    assert [line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ")] == list(LINES)
    assert "mailbox   left out" in done.stdout
    assert f"http://127.0.0.1:{stack.port}/admin/intake/" in done.stdout
    open_jobs = "SELECT count(*) FROM diplomacy_readingjob WHERE state NOT IN ('done', 'parked')"
    until(stack, open_jobs, lambda row: row == (0,))
    states = "SELECT count(*) FROM diplomacy_communique WHERE state = '{}'"
    found = {state: row_of(stack, states.format(state))[0] for state in ("read", "waiting_for_date", "failed")}
    assert found == {"read": 26, "waiting_for_date": 3, "failed": 1}
    assert row_of(stack, "SELECT count(*) FROM diplomacy_repeat") == (1,)
    assert row_of(stack, "SELECT count(*) FROM diplomacy_proposal") == (26,)
    again = tried(stack)
    assert again.returncode == 0, again.stdout + again.stderr
    assert row_of(stack, "SELECT count(*) FROM diplomacy_communiqueversion") == (30,)


def test_a_mailbox_that_is_named_takes_its_mails(stack: Stack, port: int) -> None:
    stack.environment["AGENDA_MAILBOX_PRESS"] = f"imap://desk:s3cret%2Fword@127.0.0.1:{port}/"
    launcher = stack.start()
    try:
        stack.wait_until_served(launcher)
        done = tried(stack, "--mailbox", "PRESS")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "2 put into the mailbox PRESS and taken from it" in done.stdout
        received = "SELECT count(*) FROM diplomacy_communique c JOIN diplomacy_source s ON s.id = c.source_id"
        assert row_of(stack, f"{received} WHERE s.kind = 'mailbox'") == (2,)
    finally:
        launcher.send_signal(signal.SIGINT)
        launcher.wait(timeout=60)


def test_without_a_diary_that_runs_it_says_what_to_do(stack: Stack) -> None:
    stack.data.mkdir()
    done = tried(stack)
    assert (done.returncode, done.stdout) == (
        1, "No diary is running. Start ./run, leave it running, and call this in another terminal.\n",
    )  # fmt: skip
    assert "Traceback" not in done.stderr
