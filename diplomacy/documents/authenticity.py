"""Whether a mail comes from whom it says: the verdicts that our own mail server wrote down (RFC 8601)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email.utils import parseaddr

_COMMENT = re.compile(r"\([^()]{0,500}\)")
_RESULT = re.compile(r"\s*(dmarc|dkim|spf)\s*=\s*(\w+)(.*)", re.IGNORECASE | re.DOTALL)
_PROPERTY = re.compile(r"\b(header\.from|header\.d|header\.i|smtp\.mailfrom)\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
_ALIGNED = {"dmarc": {"header.from"}, "dkim": {"header.d", "header.i"}, "spf": {"smtp.mailfrom"}}


def proven_domain(sender: str, results: Sequence[str], *, server: str) -> str:
    """The domain of the sender if our server found that the mail is from there; else nothing.

    `results` are the values of the mail's Authentication-Results fields, the uppermost first; only the first of
    `server`, our own, counts (whoever writes a mail can write the others). DMARC must pass for the domain of From, or
    DKIM or SPF for it or a domain above it.
    """
    domain = parseaddr(sender)[1].rpartition("@")[2].lower()
    if not domain or not server:
        return ""
    for field in results:
        name, _semicolon, verdicts = _COMMENT.sub(" ", field).partition(";")
        if name.split()[:1] == [server]:
            return domain if any(_stands_for(domain, proven) for proven in _passed(verdicts)) else ""
    return ""


def _passed(verdicts: str) -> Iterator[str]:
    for verdict in verdicts.split(";"):
        found = _RESULT.match(verdict)
        if found and found[2].lower() == "pass":
            for name, value in _PROPERTY.findall(found[3]):
                if name.lower() in _ALIGNED[found[1].lower()]:
                    yield value.rpartition("@")[2].lower().rstrip(".")


def _stands_for(domain: str, proven: str) -> bool:
    """A domain stands for itself and for those below it; one of a single label ("com") stands for nothing."""
    return "." in proven and (domain == proven or domain.endswith(f".{proven}"))
