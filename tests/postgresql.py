"""A PostgreSQL of one's own, made from the programs that Debian brings; on a socket, not on a port."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

_PROGRAMS = Path("/usr/lib/postgresql")


def programs() -> Path | None:
    """Where the newest PostgreSQL's programs lie; None where none is installed."""
    found = sorted(_PROGRAMS.glob("*/bin"))
    return found[-1] if found else None


class Server:
    """A server in a folder of its own, which can be stopped and started. Made by root it runs as `postgres`."""

    def __init__(self, bin_folder: Path) -> None:
        self._bin = bin_folder
        self._folder = Path(tempfile.mkdtemp(prefix="agenda-pg-"))
        self._as_postgres = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        if self._as_postgres:
            shutil.chown(self._folder, "postgres")
        self._run("initdb", "-D", self._data, "-U", "agenda", "-E", "UTF8", "--auth=trust")

    @property
    def address(self) -> str:
        """For DATABASE_URL."""
        return f"postgres://agenda@/postgres?host={self._folder}"

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-c listen_addresses= -c unix_socket_directories={self._folder} -c fsync=off"
        self._run("pg_ctl", "-D", self._data, "-w", "-o", options, "-l", str(self._folder / "log"), "start")

    def stop(self) -> None:
        """Stop it at once, as if it had died: connections break, nothing is written any more."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "stop")

    def remove(self) -> None:
        """Take its folder away once it is stopped."""
        with suppress(OSError):
            shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_postgres, str(self._bin / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")
