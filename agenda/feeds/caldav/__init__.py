"""A feed over CalDAV (RFC 4791, RFC 6578), to read only; off unless AGENDA_CALDAV is set."""
