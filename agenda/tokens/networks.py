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


def network_of(address: str) -> str:
    """What stands for whoever asks from an address: itself, of an IPv6 address the /64, which one household has whole;
    what is no address, as it is.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4 or found.ipv4_mapped is not None:
        return address
    return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))


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
