"""Total orders of a list, and places in them. No page loses or repeats a row, whatever is null or equal.

An order is a tuple of columns that ends in one which is never null and never equal. What is null comes last, whether
one counts up or down; walked backwards it comes first.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, Q
from django.db.models.expressions import OrderBy

from diplomacy.directory.spelling import writable

_LARGEST = 2**63 - 1  # of a whole number in a database
_LONGEST = 2000  # characters of a cursor


class CursorError(ValueError):
    """A cursor that this list never gave."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column to order by. `read` makes its value from a text, or raises ValueError.

    One that is `never_null` is asked for in words that an index answers, up and down.
    """

    name: str
    read: Callable[[str], Any]
    descending: bool = False
    nulls_last: bool = True
    never_null: bool = False

    def ordered(self) -> OrderBy:
        """For `order_by`."""
        column = F(self.name)
        if self.never_null:
            return column.desc() if self.descending else column.asc()
        nulls = {"nulls_last": True} if self.nulls_last else {"nulls_first": True}
        return column.desc(**nulls) if self.descending else column.asc(**nulls)

    def equal(self, value: Any) -> Q:
        """Rows with this value."""
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def beyond(self, value: Any) -> Q | None:
        """Rows that come after this value; None where nothing does."""
        null = Q(**{f"{self.name}__isnull": True})
        if value is None:
            return None if self.nulls_last else ~null
        later = Q(**{f"{self.name}__{'lt' if self.descending else 'gt'}": value})
        if self.never_null:
            return later
        return later | null if self.nulls_last else later


Order = tuple[Column, ...]


def day(text: str) -> dt.date:
    """A day, ISO 8601."""
    return dt.date.fromisoformat(text)


def moment(text: str) -> dt.datetime:
    """An aware moment, ISO 8601."""
    found = dt.datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found.astimezone(dt.UTC)


def number(text: str) -> int:
    """A whole number that a database can hold."""
    found = int(text)
    if not 0 <= found <= _LARGEST:
        raise ValueError(text)
    return found


def words(text: str) -> str:
    """A text that a database can hold."""
    if writable(text) != text:
        raise ValueError(text)
    return text


PK = Column("pk", number, never_null=True)
PK_UUID = Column("pk", uuid.UUID, never_null=True)


def turned(order: Order) -> Order:
    """The order counted down: what is null stays last. The last column, which only tells equal rows apart, stays."""
    return (*(replace(column, descending=True) for column in order[:-1]), order[-1])


def backwards(order: Order) -> Order:
    """The same order walked from its end."""
    return tuple(
        replace(column, descending=not column.descending, nulls_last=not column.nulls_last) for column in order
    )


def beyond(order: Order, values: list[Any]) -> Q:
    """Rows after the place with these values, one a column."""
    found, same = Q(), Q()
    for column, value in zip(order, values, strict=True):
        later = column.beyond(value)
        if later is not None:
            found |= same & later
        same &= column.equal(value)
    return found


def stretches(order: Order, values: list[Any] | None) -> Iterator[tuple[Q, Order]]:
    """The rows after the place with these values (None: all), as stretches that follow one another: those with a first
    value, and those where it is null. Each is a condition and an order that an index on the first column answers,
    however deep the place: asked for at once, both were looked for from the beginning.
    """
    first, rest = order[0], order[1:]
    certain = (replace(first, never_null=True), *rest)
    null = Q(**{f"{first.name}__isnull": True})
    if values is None:
        known, unknown = Q(), null
    elif values[0] is None:
        known, unknown = Q(), null & beyond(rest, values[1:])
    else:
        bound = Q(**{f"{first.name}__{'lte' if first.descending else 'gte'}": values[0]})
        known, unknown = bound & beyond(certain, values), null
    if first.never_null:
        yield known, order
        return
    is_among_null = values is not None and values[0] is None
    parts = [(known & ~null, certain), (unknown, rest)]
    if first.nulls_last:
        yield from parts[1:] if is_among_null else parts
    else:
        yield from reversed(parts) if is_among_null or values is None else parts[:1]


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a named order; `is_back`: what comes before it is asked for."""

    order: str
    is_back: bool
    values: list[Any]

    def text(self) -> str:
        """As it stands in an address."""
        said = json.dumps([self.order, int(self.is_back), [_text(value) for value in self.values]])
        return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def cursor_at(name: str, order: Order, row: Any, *, is_back: bool) -> Cursor:
    """The place of a row."""
    return Cursor(name, is_back, [getattr(row, column.name) for column in order])


def read_cursor(text: str, name: str, order: Order) -> Cursor:
    """The place that a cursor of this order means. Raises CursorError."""
    try:
        if len(text) > _LONGEST:
            raise ValueError(text)
        said = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        (of, is_back, values) = said
        if of != name or is_back not in (0, 1) or not isinstance(values, list):
            raise ValueError(text)
        found = [_value(column, value) for column, value in zip(order, values, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error) as error:
        raise CursorError(text) from error
    return Cursor(name, bool(is_back), found)


def _value(column: Column, said: object) -> Any:
    if said is None and not column.never_null:
        return None
    if not isinstance(said, str):
        raise TypeError(said)
    return column.read(said)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return value.isoformat() if isinstance(value, dt.date) else str(value)
