"""Entries in other forms than our own JSON: CSV, schema.org JSON-LD, ninjs, iCalendar and jCal.

Each is made of diary rows with what the public was told of them (`told_sequence`, `told_at`) and a visit's items
(`shown_items`), in the active language. Times are the host's with their offset; what is not known is left out.
"""
