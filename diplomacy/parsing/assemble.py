"""From stays and items to drafts, each value with the words it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from diplomacy.parsing.assessor import Assessor
from diplomacy.parsing.finders.names import people_words
from diplomacy.parsing.findings import Findings
from diplomacy.parsing.gazetteer import zone_of_country
from diplomacy.parsing.gazetteer.countries import country_names
from diplomacy.parsing.item import Item, ordered
from diplomacy.parsing.layout import Form, Unit
from diplomacy.parsing.participants import host_of, inviter_of
from diplomacy.parsing.reading import ItemDraft, PersonDraft, VisitDraft
from diplomacy.parsing.resolve import Referent
from diplomacy.parsing.stay import Stay
from diplomacy.parsing.words import Gap, keys
from diplomacy.vocabulary import ItemKind, ItemStatus, Precision, PressAccess, VisitStatus

# Once: an enum's members are slow to look up.
_LINE = Form.LINE
_DEPARTURE = ItemKind.DEPARTURE
_HELD = ItemStatus.HELD
_DAY, _DURATION, _EXACT, _ORDER = Precision.DAY, Precision.DURATION, Precision.EXACT, Precision.ORDER
_PART_OF_DAY, _TBC = Precision.PART_OF_DAY, Precision.TBC
_UNSPECIFIED = PressAccess.UNSPECIFIED
_ANNOUNCED, _CONCLUDED, _CONFIRMED = VisitStatus.ANNOUNCED, VisitStatus.CONCLUDED, VisitStatus.CONFIRMED
_UNDER_WAY = VisitStatus.UNDER_WAY

_LONGEST_TITLE = 160


def visit_draft(found: Findings, stay: Stay, items: Sequence[Item], assessor: Assessor) -> VisitDraft:
    """One visit with its programme."""
    inviter = inviter_of(found, stay)
    host = host_of(found, stay)
    _note_people(found, stay, host, inviter)
    confidence: dict[str, float] = {}  # filled below: how sure its values are is said of the whole draft
    draft = VisitDraft(
        visitors=tuple(_person(found, one, stay) for one in (stay.visitor, *stay.company)),
        host_country=stay.host,
        host=_host(found, host, stay.visitor) if host is not None else None,
        cities=tuple(stay.cities),
        start=stay.first,
        end=stay.last,
        original_start=stay.planned[0] if stay.planned else None,
        original_end=stay.planned[1] if stay.planned else None,
        status=_status(found, stay, items),
        visit_kind=stay.kind,
        delegation=tuple(_person(found, one, stay) for one in stay.company),
        date_text=stay.date_text if stay.first is None else None,
        at_invitation_of=(inviter.label or None) if inviter is not None else None,
        items=tuple(item_draft(found, item, order, assessor) for order, item in ordered(items)),
        evidence=found.quote(*stay.evidence).strip(),
        evidence_spans={name: tuple(spans) for name, spans in stay.spans.items() if spans},
        confidence=confidence,
    )
    confidence.update(assessor.visit(stay, draft, host, inviter))
    return draft


def _status(found: Findings, stay: Stay, items: Sequence[Item]) -> VisitStatus:
    if stay.is_off:
        assert stay.status is not None
        return stay.status
    today = found.document.published_on
    left = [one for one in items if one.kind is _DEPARTURE and one.status is _HELD]
    if (stay.last is not None and stay.last < today) or left:
        return _CONCLUDED
    if stay.first is not None and stay.first > today:
        return _CONFIRMED if stay.status is _CONFIRMED else _ANNOUNCED
    if stay.status in (_CONCLUDED, _UNDER_WAY):
        return stay.status
    if stay.first is not None and stay.first < today:
        return _CONCLUDED if stay.is_past and stay.last is None else _UNDER_WAY
    if stay.first == today and stay.is_past:
        return _CONCLUDED
    return stay.status or _ANNOUNCED


def _person(found: Findings, referent: Referent, stay: Stay) -> PersonDraft:
    country = referent.country or (found.home if found.home != stay.host else None)
    return PersonDraft(referent.label, referent.aliases, referent.title or None, country)


def _host(found: Findings, host: Referent, visitor: Referent) -> PersonDraft:
    is_counterpart = any(mention.is_counterpart for mention in host.mentions)
    title = host.title or (_bare_title(found, visitor.title) if is_counterpart else "")
    return PersonDraft(host.label or title, host.aliases, title or None, host.country)


def _bare_title(found: Findings, title: str) -> str:
    """A title without the country it names: what a counterpart holds too."""
    code = found.language.code
    country = next((one for one in country_names(title, code) if len(one) > 2), None)
    if country is None:
        return title
    before, _country, after = title.partition(country)
    words, joints = before.split(), found.language.people.function_words
    while words and all(key in joints for key in keys(words[-1])):
        words.pop()
    return " ".join([*words, *after.split()])


def _note_people(found: Findings, stay: Stay, host: Referent | None, inviter: Referent | None) -> None:
    for number, person in enumerate((stay.visitor, *stay.company)):
        for mention in person.mentions[:3]:
            stay.note(
                f"visitors.{number}.name", found.span(mention.start, mention.end, _rule(mention.name, mention.title))
            )
        titled = next((one for one in person.mentions if one.title_end > one.title_start), None)
        if titled is not None:
            stay.note(f"visitors.{number}.title", found.span(titled.title_start, titled.title_end, "office"))
    for name, person_ in (("host.name", host), ("at_invitation_of", inviter)):
        if person_ is not None:
            mention = person_.mentions[0]
            stay.note(name, found.span(mention.start, mention.end, _rule(mention.name, mention.title)))


def _rule(name: str, title: str) -> str:
    if name and title:
        return "official_with_name"
    return "name" if name else "office"


def item_draft(found: Findings, item: Item, order: int, assessor: Assessor) -> ItemDraft:
    """One programme item or diary line."""
    unit = item.unit
    place, city = _place(found, item)
    evidence = (unit.line_start, unit.notes_end) if unit.form is _LINE else (unit.start, unit.end)
    if "kind" not in item.spans:
        item.spans["kind"] = [found.span(item.begins, item.ends, "agenda_line")]
    confidence: dict[str, float] = {}  # filled below: how sure its values are is said of the whole draft
    draft = ItemDraft(
        kind=item.kind,
        title=_title(found, item),
        form=_words(found, *item.words) if item.words is not None else None,
        date=item.day,
        start_time=item.start_time,
        end_time=item.end_time,
        timezone=_zone(item, city, found) if item.start_time is not None else None,
        precision=_precision(item),
        part_of_day=item.part if item.start_time is None else None,
        duration_minutes=item.minutes,
        place=place,
        city=city,
        participants=tuple(dict.fromkeys(one.label for one in item.people if one.label)),
        offices=tuple(one.title for one in item.people if not one.name and one.title),
        order=order,
        status=item.status,
        press_access=_press(found, unit),
        accreditation_until=item.accreditation_until,
        evidence=found.quote(*evidence).strip(),
        evidence_spans={name: tuple(spans) for name, spans in item.spans.items() if spans},
        confidence=confidence,
    )
    confidence.update(assessor.item(item, draft))
    return draft


def _title(found: Findings, item: Item) -> str:
    start = item.words[0] if item.words is not None and item.unit.form is not _LINE else item.begins
    end = _before_the_next(found, start, min(item.ends, start + _LONGEST_TITLE))
    return _words(found, start, end).strip(" -:•.;,(")


def _before_the_next(found: Findings, start: int, end: int) -> int:
    """Where a title ends that goes up to the next item: "réunion bilatérale, suivie d'une" without its last words."""
    words, code = found.document.words, found.language.code
    small = people_words(code).function_words
    sequences = {one.last: one.first for one in found.within(found.clauses, start, end) if one.label == "sequence"}
    first, last = found.document.word_at(start), found.document.word_at(end)
    kept = last
    while kept - 1 > first and (
        kept in sequences or words.norms[kept - 1] in small or words.gap_after(kept) is Gap.APOSTROPHE
    ):
        kept = sequences.get(kept, kept - 1)
    return words.ends[kept - 1] if first < kept < last else end


def _words(found: Findings, start: int, end: int) -> str:
    return " ".join(found.quote(start, end).split())


def _precision(item: Item) -> Precision:
    if item.start_time is not None:
        return _EXACT
    if item.part is not None:
        return _PART_OF_DAY
    if item.is_tbc:
        return _TBC
    if item.day is not None:
        return _DAY
    return _DURATION if item.minutes is not None else _ORDER


def _place(found: Findings, item: Item) -> tuple[str | None, str | None]:
    """The venue in brackets at the end of a line; the city named with the item, or the heading's."""
    text = found.document.text[item.begins : item.ends]
    opening, closing = text.rfind("("), text.rfind(")")
    venue = None
    if item.unit.form is _LINE and 0 <= opening < closing:
        inside = text[opening + 1 : closing].strip()
        if inside and not any(letter.isdigit() for letter in inside) and len(inside) < 80:
            venue = inside
    cities = [one for one in found.within(found.cities, item.begins, item.ends) if one.is_locative]
    city = cities[0].name if cities else item.unit.city.name if item.unit.city is not None else None
    return venue, city


def _zone(item: Item, city: str | None, found: Findings) -> str | None:
    if item.zone is not None:
        return item.zone
    if city is not None and city in found.zones:
        return found.zones[city]
    if item.stay is not None:
        zones = {place.zone for place in item.stay.cities.values()}
        return next(iter(zones)) if len(zones) == 1 else zone_of_country(item.stay.host)
    return None


def _press(found: Findings, unit: Unit) -> PressAccess:
    for phrase in found.within(found.press, unit.start, max(unit.notes_end, unit.end)):
        if phrase.label != "accreditation":
            return PressAccess(phrase.label)
    return _UNSPECIFIED


def free_items(found: Findings, items: Iterable[Item], assessor: Assessor) -> tuple[ItemDraft, ...]:
    """Items that belong to no visit."""
    free = [one for one in items if one.stay is None]
    return tuple(item_draft(found, item, order, assessor) for order, item in ordered(free))
