"""How we know that a version comes from whom its source says, as noted when it arrived; and whether that is enough.

Pure: what a channel noted in, a yes or no out. Nothing that a text says of itself is ever noted.
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from diplomacy.communiques.kinds import SourceKind

UNKNOWN = ""
ATTACHED = "attached"  # came with another communiqué; nobody vouches for it by itself
FOLDER = "folder"  # whoever may write into a watched folder
DELIVERED = "delivered"  # by our mail server into a mailbox; not read yet
_TOKEN, _TLS, _MAIL = "token:", "tls:", "mail:"


def by_token(user: int) -> str:
    """Handed in with an API token of this user."""
    return f"{_TOKEN}{user}"


def by_page(asked: str, found: str) -> str:
    """Had from the web: by the host where it was found in the end, if both addresses are https."""
    if urlsplit(asked).scheme != "https" or urlsplit(found).scheme != "https":
        return UNKNOWN
    return f"{_TLS}{(urlsplit(found).hostname or '').lower()}"


def by_mail(proven_domain: str) -> str:
    """A mail that our server delivered: by the domain that it found proven, never by From alone."""
    return f"{_MAIL}{proven_domain}" if proven_domain else UNKNOWN


def user_of(noted: str) -> int | None:
    """Whose token it was handed in with."""
    return int(noted.removeprefix(_TOKEN)) if noted.startswith(_TOKEN) else None


def is_authentic(noted: str, kind: str, listed: Collection[str]) -> bool:
    """Whether what was noted vouches for a source of that kind; `listed` are the hosts and domains that count, lower
    case: a domain counts with those below it, a host by itself.
    """
    if kind == SourceKind.API:
        return noted.startswith(_TOKEN)
    if kind == SourceKind.FOLDER:
        return noted == FOLDER
    if kind in {SourceKind.PAGE, SourceKind.FEED}:
        return noted.startswith(_TLS) and noted.removeprefix(_TLS) in listed
    if kind == SourceKind.MAILBOX and noted.startswith(_MAIL):
        domain = noted.removeprefix(_MAIL)
        return any("." in one and (domain == one or domain.endswith(f".{one}")) for one in listed)
    return False
