"""A feed's bytes taken apart by hand: what a client is given, line by line."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Component:
    """A component's own content lines, unfolded: the name with parameters, and the value as written."""

    lines: tuple[tuple[str, str], ...]

    def __getitem__(self, name: str) -> str:
        """The value of a property that stands once."""
        (value,) = self.all(name)
        return value

    def all(self, name: str) -> list[str]:
        return [value for head, value in self.lines if head.split(";")[0] == name]

    def head(self, name: str) -> str:
        """The property with its parameters."""
        (found,) = [head for head, _value in self.lines if head.split(";")[0] == name]
        return found

    def has(self, name: str) -> bool:
        return bool(self.all(name))

    @property
    def names(self) -> list[str]:
        return [head.split(";")[0] for head, _value in self.lines]


def unfolded(body: bytes) -> list[str]:
    return body.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def components(body: bytes, kind: str) -> list[Component]:
    """Every component of the kind, without what is nested in it."""
    found: list[Component] = []
    stack: list[tuple[str, list[tuple[str, str]]]] = []
    for line in unfolded(body):
        head, value = re.split(r":", line, maxsplit=1)
        if head == "BEGIN":
            stack.append((value, []))
        elif head == "END":
            name, lines = stack.pop()
            assert name == value
            if name == kind:
                found.append(Component(tuple(lines)))
        else:
            stack[-1][1].append((head, value))
    return found


def events(body: bytes) -> dict[str, Component]:
    """The events by UID; no UID comes twice."""
    found = components(body, "VEVENT")
    by_uid = {event["UID"]: event for event in found}
    assert len(by_uid) == len(found)
    return by_uid


def properties(body: bytes) -> Component:
    """The calendar's own."""
    (calendar,) = components(body, "VCALENDAR")
    return calendar
