"""What the workers of the benchmark run: the diary's own Celery; every target leads to the receiver on loopback."""

from __future__ import annotations

import os
from functools import cache

from agenda.celery import app
from diplomacy.fetching import Fetcher
from tests.fetching.server import Web

__all__ = ["app"]


def _fetcher() -> Fetcher:
    return Web(int(os.environ["RECEIVER_PORT"])).fetcher()


@app.on_after_finalize.connect
def _reach_the_receiver(**_kwargs: object) -> None:
    from agenda.webhooks import tasks

    tasks.fetcher = cache(_fetcher)
