"""When somebody is told, on their own clock."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from agenda.alerts.models import Rhythm

_DAY = dt.timedelta(days=1)


def due_at(rhythm: str, *, hour: int, weekday: int, zone: str, after: dt.datetime) -> dt.datetime:
    """When what happened at `after` (aware) is told, in UTC: then, or at the next `hour` o'clock of the clock of `zone`
    (on `weekday`, Monday is 0, where it is once a week). An hour that the clock jumps over is the one after it.
    """
    if rhythm == Rhythm.AT_ONCE:
        return after
    clock = ZoneInfo(zone)
    day = after.astimezone(clock).date()
    while True:
        moment = dt.datetime.combine(day, dt.time(hour), tzinfo=clock).astimezone(dt.UTC)
        if moment > after and (rhythm == Rhythm.DAILY or day.weekday() == weekday):
            return moment
        day += _DAY
