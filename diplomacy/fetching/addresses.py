"""Which addresses may be asked: http and https, on their own ports, at public addresses only (RFC 6890)."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import idna

LONGEST = 2_000  # characters of an address
_PORTS = {"http": 80, "https": 443}
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))  # RFC 6052, RFC 8215

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressError(ValueError):
    """Raised for an address that is none, or none of the public web."""


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address taken apart. `host` is in ASCII, lower case; `target` is path and query, "/" at least."""

    scheme: str
    host: str
    port: int
    target: str

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{self.target}"

    @property
    def origin(self) -> tuple[str, str]:
        """Scheme and host: what robots.txt and politeness go by."""
        return self.scheme, self.host


def web_address(url: str) -> WebAddress:
    """The parts of an address.

    Raises AddressError for another scheme, another port, credentials, no host, or too long an address. Whether the
    host is public is not known before it is resolved: `is_public`.
    """
    if len(url) > LONGEST or any(sign <= " " or sign == "\x7f" for sign in url):
        raise AddressError("too long, or with blanks")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
    except ValueError as error:
        raise AddressError("not an address") from error
    if parts.scheme not in _PORTS:
        raise AddressError("neither http nor https")
    if parts.username is not None or parts.password is not None:
        raise AddressError("with a name or a password")
    if not host:
        raise AddressError("without a host")
    if port not in (None, _PORTS[parts.scheme]):
        raise AddressError("on a port of its own")
    return WebAddress(parts.scheme, _ascii(host), _PORTS[parts.scheme], _target(parts))


def _ascii(host: str) -> str:
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError as error:
        raise AddressError("not a host") from error


def _target(parts: SplitResult) -> str:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return "".join(sign if sign.isascii() else _escaped(sign) for sign in target)


def _escaped(sign: str) -> str:
    return "".join(f"%{byte:02X}" for byte in sign.encode())


def is_public(address: str) -> bool:
    """Whether a numeric address lies on the public internet, whichever IPv6 form hides an IPv4 one."""
    try:
        ip = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    return all(candidate.is_global and not candidate.is_multicast for candidate in (ip, *_hidden(ip)))


def _hidden(ip: IPAddress) -> list[IPAddress]:
    """The IPv4 addresses that an IPv6 one stands for: mapped, 6to4, Teredo (both ends), NAT64, compatible."""
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    found: list[IPAddress] = [inner for inner in (ip.ipv4_mapped, ip.sixtofour) if inner is not None]
    found += ip.teredo or ()
    if any(ip in network for network in _NAT64) or int(ip) < 1 << 32:
        found.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return found


def file_name(url: str) -> str:
    """The last part of an address's path, as a file would be called; empty where it ends in a slash."""
    return url.split("?")[0].rsplit("/", 1)[-1][:200]
