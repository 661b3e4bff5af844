"""When secret addresses are used: noted once an hour, and not by the request itself."""

from __future__ import annotations

import datetime as dt
import logging
import threading

from kombu.exceptions import OperationalError

from agenda.feeds.tasks import ONE_HOUR, note_use

logger = logging.getLogger(__name__)
_noted: dict[int, dt.datetime] = {}
_lock = threading.Lock()


def used(subscription_id: int, now: dt.datetime) -> None:
    """Have a use noted, unless this process did so within the hour."""
    with _lock:
        last = _noted.get(subscription_id)
        if last is not None and dt.timedelta(0) <= now - last < ONE_HOUR:
            return
        _noted[subscription_id] = now
    try:
        note_use.apply_async((subscription_id, now.isoformat()), retry=False)
    except OperationalError as error:
        logger.warning("The queue is away (%s); a use of a subscription is not noted.", type(error).__name__)


def forget() -> None:
    """Have the next use of each address noted."""
    with _lock:
        _noted.clear()
