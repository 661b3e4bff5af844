"""Get a page of the public web, and never one of our own network.

    Fetcher(agent="Agenda/1.0 (+https://diary.example/)").get("https://ministry.example/news") -> Page

A pure library without Django or database; the network is its purpose. What cannot be had raises `FetchError`.
"""

from diplomacy.fetching.addresses import AddressError, file_name, is_public, web_address
from diplomacy.fetching.client import Fetcher, FetchError, Known, Page, Refusal, Reply

__all__ = [
    "AddressError",
    "FetchError",
    "Fetcher",
    "Known",
    "Page",
    "Refusal",
    "Reply",
    "file_name",
    "is_public",
    "web_address",
]
