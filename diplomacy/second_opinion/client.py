"""One question to a server that speaks the OpenAI protocol, with every wait and every size bounded.

httpx2 continues httpx; it is asked without the environment's proxies and follows no redirect, so that the text and the
key go to the address in the settings and nowhere else.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, TypeVar

import httpx2

T = TypeVar("T")

MAX_BYTES = 1_000_000
LONGEST_WAIT = 30.0  # seconds, whatever Retry-After says
_FIRST_WAIT = 1.0


class NoAnswerError(RuntimeError):
    """Raised when no usable answer was had; says why, without the key and without what the server wrote."""


class _TryAgainError(Exception):
    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Which server, which model, and how long is waited: seconds to connect, between bytes, and for everything."""

    base_url: str
    model: str
    key: str = field(default="", repr=False)
    connect_timeout: float = 5.0
    read_timeout: float = 60.0
    deadline: float = 120.0
    attempts: int = 3


class ChatClient:
    """Asks one endpoint. `sleep`, `clock` (monotonic seconds) and `now` are handed in by tests."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(tz=dt.UTC),
    ) -> None:
        self.endpoint = endpoint
        self._sleep, self._clock, self._now = sleep, clock, now

    def ask(
        self, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any], understand: Callable[[str], T]
    ) -> T:
        """The answer as `understand` takes it (ValueError: not understood, asked again).

        Time-outs, lost connections, 429, 5xx and answers that are not understood are tried again, a refusal is not.
        Raises NoAnswerError.
        """
        body = {
            "model": self.endpoint.model,
            "temperature": 0,
            "messages": list(messages),
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "reading", "strict": True, "schema": schema},
            },
        }
        until = self._clock() + self.endpoint.deadline
        for attempt in range(1, self.endpoint.attempts + 1):
            try:
                return self._understood(self._post(body, until), understand)
            except _TryAgainError as error:
                backoff = _FIRST_WAIT * 2 ** (attempt - 1)
                wait = min(backoff if error.wait is None else error.wait, LONGEST_WAIT)
                if attempt == self.endpoint.attempts or self._clock() + wait >= until:
                    raise NoAnswerError(f"{error} (tried {attempt} times)") from error
                self._sleep(wait)
        raise NoAnswerError("it was not asked: no attempts are allowed")

    def _post(self, body: Mapping[str, Any], until: float) -> bytes:
        endpoint = self.endpoint
        left = max(until - self._clock(), 0.1)
        timeout = httpx2.Timeout(min(endpoint.read_timeout, left), connect=min(endpoint.connect_timeout, left))
        # What is not compressed cannot swell beyond what was counted.
        headers = {"Accept-Encoding": "identity"}
        if endpoint.key:
            headers["Authorization"] = f"Bearer {endpoint.key}"
        url = f"{endpoint.base_url.rstrip('/')}/chat/completions"
        try:
            with (
                httpx2.Client(timeout=timeout, trust_env=False, follow_redirects=False) as client,
                client.stream("POST", url, json=body, headers=headers) as response,
            ):
                self._look_at(response)
                return self._read(response, until)
        except httpx2.TimeoutException as error:
            raise _TryAgainError("the server did not answer in time") from error
        except httpx2.TransportError as error:
            raise _TryAgainError(f"the server could not be reached ({type(error).__name__})") from error
        except httpx2.InvalidURL as error:
            raise NoAnswerError("the address in the settings is none") from error

    def _look_at(self, response: httpx2.Response) -> None:
        status = response.status_code
        if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            wait = _seconds(response.headers.get("Retry-After", ""), self._now())
            raise _TryAgainError(f"the server answered {status}", wait)
        if status != HTTPStatus.OK:
            raise NoAnswerError(f"the server answered {status}")
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise NoAnswerError("the server compressed its answer although it was asked not to")

    def _read(self, response: httpx2.Response, until: float) -> bytes:
        found = bytearray()
        for piece in response.iter_raw():
            found += piece
            if len(found) > MAX_BYTES:
                raise NoAnswerError(f"the answer is longer than {MAX_BYTES} bytes")
            if self._clock() > until:
                raise NoAnswerError("the answer took too long")
        return bytes(found)

    def _understood(self, answer: bytes, understand: Callable[[str], T]) -> T:
        try:
            content = json.loads(answer)["choices"][0]["message"]["content"]
            if not isinstance(content, str):
                raise _TryAgainError("the answer holds no text")
            return understand(content)
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise _TryAgainError("the answer is not of the shape asked for") from error


def _seconds(written: str, now: dt.datetime) -> float | None:
    """Retry-After as seconds or as a date; None where it says nothing that can be read."""
    if written.strip().isdigit():
        return float(written[:9])
    try:
        moment = parsedate_to_datetime(written)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return max((aware - now).total_seconds(), 0.0)
