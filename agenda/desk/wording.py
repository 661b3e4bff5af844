"""How the desk calls things."""

from __future__ import annotations

from babel import Locale
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from agenda.entries.days import days_text
from diplomacy.communiques.drafts import day
from diplomacy.communiques.models import Communique, Extraction, Proposal
from diplomacy.directory.countries import country_name
from diplomacy.parsing.language import languages
from diplomacy.visits.choices import ITEM_KINDS, PARTS_OF_DAY
from diplomacy.visits.models import Visit
from diplomacy.vocabulary import ItemKind

_KINDS, _PARTS = dict(ITEM_KINDS), dict(PARTS_OF_DAY)


def language_choices() -> list[tuple[str, str]]:
    """The languages that texts are read in, by name in the active language (CLDR); first: let the text tell."""
    names = Locale.parse(get_language() or "en", sep="-").languages
    known = sorted(((code, str(names.get(code, code))) for code in languages()), key=lambda pair: pair[1])
    return [("", _("told from the text")), *known]


def proposal_title(proposal: Proposal) -> str:
    """Who to where, or what with whom."""
    draft = proposal.decided or proposal.draft
    if proposal.is_line:
        people = " – ".join(draft.get("participants") or ())
        is_untold = draft["kind"] == ItemKind.OTHER and draft.get("title")
        kind = str(draft["title"] if is_untold else _KINDS.get(draft["kind"], draft["kind"]))
        return " · ".join(part for part in (kind[:1].upper() + kind[1:], people) if part)
    names = ", ".join(person["name"] for person in draft.get("visitors") or ())
    return f"{names or '?'} → {country_name(draft.get('host_country') or '?')}"


def proposal_facts(proposal: Proposal) -> str:
    """When and where, in one line, as far as it is said; of a visit how many items too."""
    draft = proposal.decided or proposal.draft
    if proposal.is_line:
        hours = "–".join(filter(None, (draft.get("start_time"), draft.get("end_time"))))
        part = _PARTS.get(draft.get("part_of_day") or "", "")
        facts = [days_text(day(draft.get("date")), None), hours or part, draft.get("place"), draft.get("city")]
    else:
        items = len(draft.get("items") or ())
        number = ngettext("%(number)d item", "%(number)d items", items) % {"number": items} if items else ""
        facts = [days_text(day(draft.get("start")), day(draft.get("end"))), *(draft.get("cities") or ()), number]
    return " · ".join(str(fact) for fact in facts if fact)


def sender_text(communique: Communique) -> str:
    """Whom a mail says it is from, and whether our mail server found it true; empty for what is no mail."""
    if not communique.sender:
        return ""
    if communique.proven_domain:
        return _("%(sender)s (proven: %(domain)s)") % {
            "sender": communique.sender, "domain": communique.proven_domain,
        }  # fmt: skip
    return _("%(sender)s (not proven)") % {"sender": communique.sender}


def known_state(visit: Visit) -> str:
    """A visit as it stands, in one line: what a change would change."""
    days = days_text(visit.start_on, visit.end_on) or visit.date_text or _("days not stated")
    cities = ", ".join(str(stop.place) for stop in visit.stops.select_related("place"))
    return " · ".join(part for part in (days, visit.get_status_display(), cities) if part)


def said_in_reading(extraction: Extraction) -> list[str]:
    """What the reading warns of, for the editor; first that the language is not one that is read."""
    warnings: list[str] = extraction.reading.get("warnings", [])
    if extraction.reading.get("visits") or extraction.reading.get("items") or not warnings:
        return list(warnings)
    return [_("Nothing was read in it. If its language was told wrongly, correct it."), *warnings]
