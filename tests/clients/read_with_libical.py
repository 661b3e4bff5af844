"""Reads a calendar from standard input with libical (GObject's bindings) and writes its events as JSON.

Run by the system's Python, which has the bindings; libical goes by the VTIMEZONE in the calendar.
"""

import json
import sys

import gi

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib  # noqa: E402

calendar = ICalGLib.Component.new_from_string(sys.stdin.buffer.read().decode())
utc = ICalGLib.Timezone.get_utc_timezone()


def moment(event, kind):
    """The property's moment in UTC, or its day."""
    found = event.get_first_property(kind)
    value = event.get_dtstart() if kind == ICalGLib.PropertyKind.DTSTART_PROPERTY else event.get_dtend()
    if value.is_date():
        return f"{value.get_year():04}-{value.get_month():02}-{value.get_day():02}"
    parameter = found.get_first_parameter(ICalGLib.ParameterKind.TZID_PARAMETER)
    zone = calendar.get_timezone(parameter.get_tzid())
    value.convert_timezone(zone, utc)
    day = f"{value.get_year():04}-{value.get_month():02}-{value.get_day():02}"
    return f"{day}T{value.get_hour():02}:{value.get_minute():02}:{value.get_second():02}+00:00"


events = []
event = calendar.get_first_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)
while event is not None:
    status = event.get_first_property(ICalGLib.PropertyKind.STATUS_PROPERTY)
    events.append(
        {
            "uid": event.get_uid(),
            "summary": event.get_summary(),
            "status": status.get_value_as_string(),
            "start": moment(event, ICalGLib.PropertyKind.DTSTART_PROPERTY),
            "end": moment(event, ICalGLib.PropertyKind.DTEND_PROPERTY),
        }
    )
    event = calendar.get_next_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)
json.dump(events, sys.stdout)
