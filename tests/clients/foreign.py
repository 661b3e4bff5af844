"""Foreign parsers in their own languages, each run as a program of its own: what they make of a calendar of ours.

PHP, Ruby and libical come from the system; the Python ones from an environment made at first use out of parsers.txt.
What is not installed is skipped visibly. None of it is ever imported by the project.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

from .readers import HERE, PATIENCE, SeenEvent, _moment, read_with_ical_js, read_with_icalendar, read_with_khal

ENVIRONMENT = HERE.parents[1] / "var" / "clients"
RUBY = "/usr/bin/ruby"  # the system's, which has the package; another may come first on the path
Reader = Callable[[bytes], list[SeenEvent]]


def run(feed: bytes, *command: str) -> list[SeenEvent]:
    """What a reading program says of a feed, by UID."""
    answer = subprocess.run(command, input=feed, capture_output=True, timeout=PATIENCE, check=False)
    assert answer.returncode == 0, answer.stderr.decode()
    found = json.loads(answer.stdout)
    return sorted(SeenEvent(one["uid"], _moment(one["start"]), _moment(one["end"]), one["summary"]) for one in found)


def read_with_sabre(feed: bytes) -> list[SeenEvent]:
    """sabre/vobject, Nextcloud's parser."""
    if shutil.which("php") is None or not Path("/usr/share/php/Sabre/VObject").is_dir():
        pytest.skip("sabre/vobject is not tried: php-sabre-vobject is not installed")
    return run(feed, "php", str(HERE / "read_with_sabre.php"))


def read_with_ruby(feed: bytes) -> list[SeenEvent]:
    """Ruby's icalendar."""
    if not Path(RUBY).exists() or subprocess.run([RUBY, "-ricalendar", "-e", ""], capture_output=True).returncode:
        pytest.skip("Ruby's icalendar is not tried: ruby-icalendar is not installed")
    return run(feed, RUBY, str(HERE / "read_with_ruby.rb"))


def read_with_libical(feed: bytes) -> list[SeenEvent]:
    """libical, the parser of Evolution and of GNOME Calendar."""
    python = "/usr/bin/python3"
    probe = "import gi; gi.require_version('ICalGLib', '3.0'); from gi.repository import ICalGLib"
    if not Path(python).exists() or subprocess.run([python, "-c", probe], capture_output=True).returncode:
        pytest.skip("libical is not tried: gir1.2-ical-3.0 and python3-gi are not installed")
    return run(feed, python, str(HERE / "read_with_libical.py"))


def with_python(name: str) -> Reader:
    """A reader by a Python package of parsers.txt."""

    def read(feed: bytes) -> list[SeenEvent]:
        return run(feed, str(python_of_clients()), str(HERE / "read_with_python.py"), name)

    return read


def python_of_clients() -> Path:
    """The interpreter of the environment with foreign packages; skips the test where it cannot be made."""
    ENVIRONMENT.parent.mkdir(parents=True, exist_ok=True)
    with ENVIRONMENT.with_suffix(".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # the tests on the other database may be making it
        return _installed()


def _installed() -> Path:
    python, stamp = ENVIRONMENT / "bin" / "python", ENVIRONMENT / "parsers.txt"
    lock = HERE / "parsers.txt"
    if not (stamp.exists() and stamp.read_bytes() == lock.read_bytes()):
        venv.create(ENVIRONMENT, clear=True, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)]
        answer = subprocess.run(install, capture_output=True, check=False, text=True)
        if answer.returncode:
            pytest.skip(f"Python parsers are not tried: {answer.stderr.strip().splitlines()[-1]}")
        stamp.write_bytes(lock.read_bytes())
    return python


READERS: dict[str, Reader] = {
    "icalendar": read_with_icalendar,
    "ical.js": read_with_ical_js,
    "khal": read_with_khal,
    "sabre/vobject": read_with_sabre,
    "Ruby icalendar": read_with_ruby,
    "libical": read_with_libical,
    **{name: with_python(name) for name in ("ics", "ical", "vobject", "icalevents")},
}
