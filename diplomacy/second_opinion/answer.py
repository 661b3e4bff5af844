"""The shape a model must answer in: pieces of the text and words of our vocabulary, nothing computed.

Every value is a quotation. Days and hours are quoted too, never written as dates.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from diplomacy.vocabulary import ItemKind, ItemStatus, VisitKind, VisitStatus

Quote = Annotated[str, StringConstraints(min_length=1, max_length=600)]
# Limits for our side; servers that enforce a schema do not all know them, so they are not sent.
_NOT_SENT = frozenset({"title", "maxItems", "minLength", "maxLength", "default"})


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Person(_Strict):
    """Somebody, in the words of the text."""

    name: Quote
    title: Quote | None
    country: Quote | None


class Item(_Strict):
    """A programme item. `words` say that it takes place; `status_words` why it is not merely scheduled."""

    kind: ItemKind
    words: Quote
    day: Quote | None
    clock: Quote | None
    place: Quote | None
    city: Quote | None
    participants: Annotated[list[Quote], Field(max_length=40)]
    status: ItemStatus
    status_words: Quote | None


class _Stay(_Strict):
    """A visit without its items."""

    words: Quote
    visitors: Annotated[list[Person], Field(max_length=40)]
    host_country: Quote | None
    host: Person | None
    cities: Annotated[list[Quote], Field(max_length=20)]
    days: Quote | None
    kind: VisitKind
    kind_words: Quote | None
    status: VisitStatus
    status_words: Quote | None
    invited_by: Quote | None


class Visit(_Stay):
    """A visit. `words` say that it takes place; kind and status count only with the words that say them.

    Its items are looked at one by one, so that one bad item does not cost the others.
    """

    items: Annotated[list[dict[str, JsonValue]], Field(max_length=100)]


class _WholeVisit(_Stay):
    items: list[Item]


class _Answer(_Strict):
    visits: list[_WholeVisit]
    items: list[Item]


class Envelope(BaseModel):
    """An answer before its visits and items are looked at, for the same reason."""

    model_config = ConfigDict(extra="forbid")

    visits: Annotated[list[dict[str, JsonValue]], Field(max_length=40)]
    items: Annotated[list[dict[str, JsonValue]], Field(max_length=200)]


def schema() -> dict[str, Any]:
    """The JSON Schema that is sent with a request: every field required, no other allowed."""
    sent = _without(_Answer.model_json_schema())
    assert isinstance(sent, dict)
    return sent


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        # Under "properties" the keys are our own names, "title" among them.
        return {
            key: {name: _without(inner) for name, inner in one.items()}
            if key in ("properties", "$defs")
            else _without(one)
            for key, one in value.items()
            if key not in _NOT_SENT
        }
    return [_without(inner) for inner in value] if isinstance(value, list) else value
