"""The forms as renderers: chosen by `Accept`, by `?format=` or by what the address ends in (`visits.csv`)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rest_framework.renderers import BaseRenderer, JSONRenderer

from agenda.api.formats import calendars, linked_data, ninjs, tabular
from agenda.entries.models import DiaryEntry
from agenda.feeds.ical import jcal_bytes


class EntryRenderer(BaseRenderer):
    """Renders what the view shows (`shown`: rows), not what its serializer says; a problem stays a problem."""

    charset: str | None = None
    described: ClassVar[dict[str, Any]] = {"type": "object"}  # for the OpenAPI schema

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        """The bytes of an answer."""
        context = renderer_context or {}
        if context["response"].status_code != 200:
            problem: bytes = JSONRenderer().render(data)
            return problem
        view, request = context["view"], context["request"]
        for row in view.shown:
            row.sequence, row.revised_at = row.told_sequence, row.told_at
        return self.written(view.shown, request.build_absolute_uri(), is_list=view.action == "list")

    def written(self, rows: Sequence[DiaryEntry], address: str, *, is_list: bool) -> bytes:
        """The rows in this form; `address` is what was asked for."""
        raise NotImplementedError


class CsvRenderer(EntryRenderer):
    """A table (RFC 4180)."""

    media_type, format = "text/csv", "csv"
    charset = "utf-8"
    described: ClassVar[dict[str, Any]] = {"type": "string"}

    def written(self, rows: Sequence[DiaryEntry], address: str, *, is_list: bool) -> bytes:
        """The table."""
        return tabular.csv_of(rows)


class LinkedDataRenderer(EntryRenderer):
    """schema.org in JSON-LD."""

    media_type, format = "application/ld+json", "jsonld"

    def written(self, rows: Sequence[DiaryEntry], address: str, *, is_list: bool) -> bytes:
        """An ItemList, or the one Event."""
        return _json(linked_data.list_of(rows, address) if is_list else linked_data.event_of(rows[0]))


class NinjsRenderer(EntryRenderer):
    """ninjs 3.1; IPTC has registered no media type for it."""

    media_type, format = "application/vnd.iptc.ninjs+json", "ninjs"

    def written(self, rows: Sequence[DiaryEntry], address: str, *, is_list: bool) -> bytes:
        """A composite of events, or the one event."""
        return _json(ninjs.list_of(rows, address) if is_list else ninjs.event_of(rows[0]))


class CalendarRenderer(EntryRenderer):
    """iCalendar (RFC 5545)."""

    media_type, format = "text/calendar", "ics"
    charset = "utf-8"
    described: ClassVar[dict[str, Any]] = {"type": "string"}

    def written(self, rows: Sequence[DiaryEntry], address: str, *, is_list: bool) -> bytes:
        """A calendar of the entries."""
        return calendars.icalendar_of(rows, address)


class JcalRenderer(EntryRenderer):
    """jCal (RFC 7265)."""

    media_type, format = "application/calendar+json", "jcal"
    described: ClassVar[dict[str, Any]] = {"type": "array", "items": {}}

    def written(self, rows: Sequence[DiaryEntry], address: str, *, is_list: bool) -> bytes:
        """The same calendar in JSON."""
        return jcal_bytes(calendars.icalendar_of(rows, address))


RENDERERS = (JSONRenderer, CsvRenderer, LinkedDataRenderer, NinjsRenderer, CalendarRenderer, JcalRenderer)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
