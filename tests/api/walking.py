"""Read a list of the API to its end."""

from __future__ import annotations

from typing import Any

from django.test import Client


def get(path: str) -> Any:
    """The body of a good answer."""
    answer = Client().get(path if path.startswith("http") else f"/api/v1/{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def walk(path: str, link: str = "next") -> list[list[dict[str, Any]]]:
    """Each page's results, from the first asked for along `next` or `previous`."""
    pages, address = [], path
    while address:
        page = get(address)
        pages.append(page["results"])
        address = page[link]
    return pages


def everything(path: str) -> list[dict[str, Any]]:
    """All results of a list."""
    return [row for page in walk(path) for row in page]
