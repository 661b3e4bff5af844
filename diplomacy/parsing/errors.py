"""Why a text cannot be read at all. Everything else gives a Reading, if need be an empty one with a warning."""

from __future__ import annotations


class UnreadableTextError(ValueError):
    """Base of all refusals; the message says what to do."""


class EmptyTextError(UnreadableTextError):
    """Nothing but white space."""


class NotTextError(UnreadableTextError):
    """Bytes or NUL characters where words are expected: the file was not decoded, or is no text."""


class TextTooLongError(UnreadableTextError):
    """Longer than a communiqué can be."""


class NoPublicationDateError(UnreadableTextError):
    """Relative dates ("aujourd'hui") cannot be placed without the day of publication; it is never guessed."""
