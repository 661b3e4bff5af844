"""From where a token may be used. Pure: texts in, yes or no out."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

MOST = 20


def networks(said: str) -> tuple[str, ...]:
    """The networks of a text such as "192.0.2.0/24, 2001:db8::1", written the usual way.

    Raises ValueError for what is no network, or for too many.
    """
    found = tuple(str(ipaddress.ip_network(one, strict=False)) for one in said.replace(",", " ").split())
    if len(found) > MOST:
        raise ValueError(said)
    return found


def is_within(address: str, listed: Sequence[str]) -> bool:
    """Whether an address lies in one of the networks; anywhere where none is listed. An address that cannot be told
    lies nowhere.
    """
    if not listed:
        return True
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in ipaddress.ip_network(one) for one in listed)
