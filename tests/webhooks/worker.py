"""What the worker process of `test_worker` runs: the diary's own Celery, with a public web of one receiver.

The guard against internal addresses stays: it sees a public address, and the connection leads to loopback.
"""

from __future__ import annotations

import os
import ssl
from functools import cache

from diplomacy.fetching import Fetcher
from tests.fetching.server import PUBLIC, Web

from agenda.celery import app  # isort: skip  # it names the settings, and must not before the test did

__all__ = ["app"]


def _fetcher() -> Fetcher:
    web = Web(
        int(os.environ["RECEIVER_PORT"]), names={"inside.example": [["10.0.0.1"]], "receiver.example": [[PUBLIC]]}
    )
    return web.fetcher(trust=ssl.create_default_context(cafile=os.environ["RECEIVER_CA"]))


@app.on_after_finalize.connect
def _reach_the_receiver(**_kwargs: object) -> None:
    from agenda.webhooks import tasks

    tasks.fetcher = cache(_fetcher)
