"""Calendars that can be subscribed to."""
