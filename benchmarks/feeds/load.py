"""Requests a second over loopback, asked by a few connections that are kept open; little work on the asking side."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass, field

_CONNECTIONS = 4
_PIECE = 1 << 20


@dataclass
class Answer:
    """The last answer's status, headers (lower case) and length."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    length: int = 0


class Connection:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._buffer = bytearray(_PIECE)
        self._socket = self._open()

    def _open(self) -> socket.socket:
        found = socket.create_connection(("127.0.0.1", self._port), timeout=900)
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return found

    def get(self, path: str, **headers: str) -> Answer:
        """Ask once; the body is read and thrown away."""
        lines = [
            f"GET {path} HTTP/1.1",
            "Host: 127.0.0.1",
            *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items()),
        ]
        request = ("\r\n".join(lines) + "\r\n\r\n").encode()
        try:
            self._socket.sendall(request)
            return self._read()
        except ConnectionError:
            self._socket = self._open()
            self._socket.sendall(request)
            return self._read()

    def _read(self) -> Answer:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = self._socket.recv(65536)
            if not piece:
                raise ConnectionResetError
            head += piece
        text, _, rest = head.partition(b"\r\n\r\n")
        first, *lines = text.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _c, value in (line.partition(":") for line in lines)}
        answer = Answer(int(first.split()[1]), headers, int(headers.get("content-length", 0)))
        left = 0 if answer.status == 304 else answer.length - len(rest)
        while left > 0:
            received = self._socket.recv_into(self._buffer, min(left, _PIECE))
            if not received:
                raise ConnectionResetError
            left -= received
        if headers.get("connection", "").lower() == "close":
            self._socket.close()
            self._socket = self._open()
        return answer

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


def rate(port: int, path: str, *, seconds: float = 3.0, status: int = 200, connections: int = _CONNECTIONS,
         **headers: str) -> float:  # fmt: skip
    """Requests a second, after one to warm up. Raises ValueError for an answer of another status."""
    first = Connection(port)
    answer = first.get(path, **headers)
    first.close()
    if answer.status != status:
        raise ValueError(f"{path}: {answer.status} instead of {status}")
    counts = [0] * connections
    until = time.perf_counter() + seconds
    started = time.perf_counter()

    def ask(index: int) -> None:
        connection = Connection(port)
        while time.perf_counter() < until:
            connection.get(path, **headers)
            counts[index] += 1
        connection.close()

    threads = [threading.Thread(target=ask, args=(index,)) for index in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - started)
