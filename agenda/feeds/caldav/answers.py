"""WebDAV's XML: what was asked for, and the multistatus that answers it. No Django, no database here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

DAV, CALDAV, CS = "DAV:", "urn:ietf:params:xml:ns:caldav", "http://calendarserver.org/ns/"
APPLE = "http://apple.com/ns/ical/"
for _prefix, _space in (("d", DAV), ("c", CALDAV), ("cs", CS), ("ical", APPLE)):
    ET.register_namespace(_prefix, _space)

Properties = Mapping[str, "str | ET.Element"]


class MalformedError(ValueError):
    """A body that is not the XML it should be."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request's body: its kind, the properties wanted (None: all), hrefs and sync token."""

    kind: str = ""
    wanted: tuple[str, ...] | None = None
    hrefs: tuple[str, ...] = ()
    token: str | None = None
    start: str = ""
    end: str = ""


def read(body: bytes) -> Asked:
    """What a PROPFIND or REPORT asks. Raises MalformedError."""
    if not body.strip():
        return Asked()
    try:
        root = ET.fromstring(body)  # noqa: S314  (see the import)
    except ET.ParseError as error:
        raise MalformedError(str(error)) from error
    properties = root.find(f"{{{DAV}}}prop")
    token = root.find(f"{{{DAV}}}sync-token")
    span = root.find(f".//{{{CALDAV}}}comp-filter/{{{CALDAV}}}time-range")
    return Asked(
        kind=root.tag,
        wanted=tuple(child.tag for child in properties) if properties is not None else None,
        hrefs=tuple(href.text or "" for href in root.findall(f"{{{DAV}}}href")),
        token=(token.text or "") if token is not None else None,
        start=span.get("start", "") if span is not None else "",
        end=span.get("end", "") if span is not None else "",
    )


@dataclass(frozen=True, slots=True)
class Resource:
    """One answer: what it is the answer for, and its properties; none for what is gone."""

    href: str
    properties: Properties | None = field(default_factory=dict)


def multistatus(resources: Iterable[Resource], wanted: tuple[str, ...] | None, token: str = "") -> bytes:
    """The answer for these resources, with the properties that are wanted."""
    root = ET.Element(f"{{{DAV}}}multistatus")
    for resource in resources:
        response = ET.SubElement(root, f"{{{DAV}}}response")
        ET.SubElement(response, f"{{{DAV}}}href").text = resource.href
        if resource.properties is None:
            ET.SubElement(response, f"{{{DAV}}}status").text = "HTTP/1.1 404 Not Found"
            continue
        known = resource.properties
        names = known if wanted is None else wanted
        _propstat(response, [_element(name, known[name]) for name in names if name in known], "200 OK")
        _propstat(response, [ET.Element(name) for name in names if name not in known], "404 Not Found")
    if token:
        ET.SubElement(root, f"{{{DAV}}}sync-token").text = token
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + bytes(ET.tostring(root, encoding="utf-8"))


def _propstat(response: ET.Element, elements: list[ET.Element], status: str) -> None:
    if not elements:
        return
    propstat = ET.SubElement(response, f"{{{DAV}}}propstat")
    ET.SubElement(propstat, f"{{{DAV}}}prop").extend(elements)
    ET.SubElement(propstat, f"{{{DAV}}}status").text = f"HTTP/1.1 {status}"


def _element(name: str, value: str | ET.Element) -> ET.Element:
    element = ET.Element(name)
    if isinstance(value, str):
        element.text = value
    else:
        element.extend(value)
    return element


def nested(*names: str, **hrefs: str) -> ET.Element:
    """A value of empty elements, and of an href if one is given."""
    holder = ET.Element("value")
    for name in names:
        ET.SubElement(holder, name)
    if "href" in hrefs:
        ET.SubElement(holder, f"{{{DAV}}}href").text = hrefs["href"]
    return holder


def error(condition: str) -> bytes:
    """The body of a refusal that names its reason."""
    root = ET.Element(f"{{{DAV}}}error")
    ET.SubElement(root, condition)
    return bytes(ET.tostring(root, encoding="utf-8"))
