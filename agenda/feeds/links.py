"""Ways to subscribe to a calendar: its address as each calendar program wants to be given it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.urls import reverse

from agenda.entries.addresses import absolute
from agenda.feeds.models import Feed, Selection


@dataclass(frozen=True, slots=True)
class SubscribeLinks:
    """The same calendar in each way it can be had; all of them addresses, empty where there is none."""

    https: str  # to copy
    webcal: str  # opens the reader's own calendar program
    google: str
    outlook: str
    jcal: str = ""
    rich: str = ""  # with people, places and links as components of their own
    file: str = ""  # to import once
    atom: str = ""  # what changed lately
    follow: str = ""  # to be told by mail


def subscribe_links(address: str, name: str) -> SubscribeLinks:
    """The links for a calendar at `address` (absolute, http or https) called `name`."""
    webcal = urlsplit(address)._replace(scheme="webcal").geturl()
    return SubscribeLinks(
        https=address,
        webcal=webcal,
        google=f"https://calendar.google.com/calendar/render?cid={quote(webcal, safe='')}",
        outlook=(
            f"https://outlook.live.com/calendar/0/addfromweb?url={quote(address, safe='')}&name={quote(name, safe='')}"
        ),
    )


def public_links(feed: Feed, name: str) -> SubscribeLinks:
    """Every way to a public feed called `name`."""
    where = [feed.language, feed.slug]
    links = subscribe_links(absolute(reverse("public_feed", args=where)), name)
    visit = feed.visit if feed.selection == Selection.VISIT else None
    return replace(
        links,
        jcal=absolute(reverse("public_jcal", args=where)),
        rich=absolute(reverse("public_rich", args=where)),
        atom=absolute(reverse("changes_atom", args=where)),
        follow=f"{reverse('alerts')}?feed={feed.slug}" if settings.AGENDA_SMTP else "",
        file=absolute(reverse("visit_download", args=[feed.language, visit.slug])) if visit is not None else "",
    )
