"""From mentions to drafts, in running text: who visits whom, when, at whose invitation, with which programme."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from diplomacy.parsing.document import Sentence, normal_form
from diplomacy.parsing.finders.dates import DateMention, plain
from diplomacy.parsing.findings import Findings
from diplomacy.parsing.gazetteer import City, zone_of_country
from diplomacy.parsing.gazetteer.countries import country_names
from diplomacy.parsing.phrases import PhraseMatch
from diplomacy.parsing.programme import ItemMention, items_between
from diplomacy.parsing.reading import ItemDraft, PersonDraft, Span, VisitDraft
from diplomacy.parsing.resolve import Referent
from diplomacy.vocabulary import ItemStatus, Precision, VisitKind, VisitStatus

# A visit told as long over is background, not news.
_OLD = dt.timedelta(days=45)
_REACH = 160  # characters after a visit's verb in which its host is looked for


@dataclass(slots=True)
class _Stay:
    """What the sentences of a text say of one visitor at one host, gathered on the way."""

    visitor: Referent
    host: str
    spans: dict[str, list[Span]] = field(default_factory=dict)
    first: dt.date | None = None
    last: dt.date | None = None
    days: int | None = None
    status: VisitStatus = VisitStatus.ANNOUNCED
    kind: VisitKind = VisitKind.UNSPECIFIED
    cities: dict[str, City] = field(default_factory=dict)
    evidence: str = ""
    disagrees: bool = False
    planned: tuple[dt.date, dt.date] | None = None  # the days before a postponement

    def note(self, name: str, span: Span) -> None:
        """Keep words for a field."""
        self.spans.setdefault(name, []).append(span)


def assemble_visits(found: Findings) -> tuple[VisitDraft, ...]:
    """The visits of a text in the order they are told."""
    stays: list[_Stay] = []
    ours = _our_country(found)
    for sentence in found.sentences:
        if not sentence.quoted:
            _gather(found, sentence, stays, ours)
            _new_days(found, sentence, stays)
    told = [stay for stay in stays if _is_news(found, stay)]
    return tuple(_draft(found, stay, alone=len(told) == 1) for stay in told)


def _new_days(found: Findings, sentence: Sentence, stays: Sequence[_Stay]) -> None:
    """A later sentence that gives a postponed visit its new days ("Elle se déroulera du 18 au 20")."""
    if len(stays) == 1 and stays[0].status is VisitStatus.POSTPONED and stays[0].planned and stays[0].first is None:
        spans = [
            date for date in found.within(found.times.dates, sentence.start, sentence.end) if date.last > date.first
        ]
        planned = stays[0].planned
        _move_stay(found, stays[0], [date for date in spans if (date.first, date.last) != planned])


def _our_country(found: Findings) -> str | None:
    """The country that "notre pays" means: named most, and not the first official's own."""
    away = next((one.country for one in found.referents if one.title and one.country), None)
    counts = Counter(mention.code for mention in found.countries if mention.code != away)
    return counts.most_common(1)[0][0] if counts else None


def _gather(found: Findings, sentence: Sentence, stays: list[_Stay], ours: str | None) -> None:
    matches = found.language.triggers.find(found.document.tokens, sentence.first, sentence.last)
    triggers = [match for match in matches if match.label == "visit" or match.label.startswith("kind:")]
    if not triggers or _is_negative(found, sentence):
        return
    start = found.place_of(triggers[0])[0]
    visitor = _visitor(found, sentence, start, stays)
    if visitor is None:
        return
    for code, span in _hosts(found, sentence, matches, visitor, ours):
        stay = next((one for one in stays if one.visitor is visitor and one.host == code), None)
        if stay is None:
            stay = _Stay(visitor, code)
            stays.append(stay)
        stay.note("host_country", span)
        _enrich(found, sentence, stay, matches)
        return
    known = next((one for one in stays if one.visitor is visitor), None)
    if known is not None:
        _enrich(found, sentence, known, matches)


def _is_negative(found: Findings, sentence: Sentence) -> bool:
    labels = {match.label for match in found.language.status.find(found.document.tokens, sentence.first, sentence.last)}
    return "negative" in labels


def _visitor(found: Findings, sentence: Sentence, trigger: int, stays: list[_Stay]) -> Referent | None:
    """Who is told of before the verb; else whoever the text has been about."""
    for mention in found.within(found.people, sentence.start, max(trigger, sentence.start)):
        referent = found.referent_at.get(mention.start)
        if referent is not None and (referent.title or referent.country) and not mention.is_counterpart:
            return referent
    for mention in found.within(found.people, trigger, sentence.end):
        referent = found.referent_at.get(mention.start)
        if referent is not None and referent.title and referent.country and not mention.is_counterpart:
            return referent
    return stays[0].visitor if stays else None


def _hosts(
    found: Findings, sentence: Sentence, matches: Sequence[PhraseMatch], visitor: Referent, ours: str | None
) -> Iterator[tuple[str, Span]]:
    """The host country by name or by a city, soon after the verb; or "our country"."""
    for match in matches:
        start, end = found.place_of(match)
        if match.label == "ours" and ours is not None:
            yield ours, found.span(start, end, "our_country")
        if match.label != "visit" and not match.label.startswith("kind:"):
            continue
        reach = min(sentence.end, end + _REACH)
        named = [
            (one.start, one.end, one.code) for one in found.within(found.countries, end, reach) if not one.is_demonym
        ]
        named += [(one.start, one.end, one.city.country) for one in found.within(found.cities, end, reach)]
        for first, last, code in sorted(named):
            if code != visitor.country and not _inside_title(found, first):
                yield code, found.span(first, last, "visit_to")


def _inside_title(found: Findings, offset: int) -> bool:
    """Whether a country belongs to somebody's title there."""
    near = found.within(found.people, max(0, offset - 120), offset)
    return any(mention.start <= offset < mention.end for mention in near)


def _enrich(found: Findings, sentence: Sentence, stay: _Stay, matches: Sequence[PhraseMatch]) -> None:
    if not stay.evidence:
        stay.evidence = found.span(sentence.start, sentence.end, "visit").quote.strip()
    for mention in found.within(found.cities, sentence.start, sentence.end):
        if mention.city.country == stay.host and not _inside_title(found, mention.start):
            name = found.document.text[mention.start : mention.end]
            stay.cities.setdefault(name, mention.city)
            stay.note(f"cities.{list(stay.cities).index(name)}", found.span(mention.start, mention.end, "city_of_host"))
    for match in matches:
        if match.label.startswith("kind:") and stay.kind is VisitKind.UNSPECIFIED:
            stay.kind = VisitKind(match.label.removeprefix("kind:"))
            stay.note("visit_kind", found.span(*found.place_of(match), "visit_kind"))
    for match in found.language.status.find(found.document.tokens, sentence.first, sentence.last):
        status = {
            "postponed": VisitStatus.POSTPONED,
            "cancelled": VisitStatus.CANCELLED,
            "begun": VisitStatus.UNDER_WAY,
            "concluded": VisitStatus.CONCLUDED,
        }.get(match.label)
        if status is not None and stay.status is VisitStatus.ANNOUNCED:
            stay.status = status
            stay.note("status", found.span(*found.place_of(match), "visit_status"))
    _date_stay(found, sentence, stay)


def _date_stay(found: Findings, sentence: Sentence, stay: _Stay) -> None:
    dates = found.within(found.times.dates, sentence.start, sentence.end)
    durations = found.within(found.times.durations, sentence.start, sentence.end)
    if stay.status is VisitStatus.POSTPONED and dates:
        _move_stay(found, stay, dates)
    elif dates and stay.first is None:
        mention = next((date for date in dates if date.last > date.first), dates[0])
        stay.first, stay.disagrees = mention.first, mention.weekday_disagrees
        stay.last = mention.last if mention.last > mention.first else None
        stay.note("start", found.span(mention.start, mention.end, mention.rule))
        if stay.last is not None:
            stay.note("end", found.span(mention.start, mention.end, mention.rule))
    if durations and stay.days is None:
        stay.days = durations[0].days
        if stay.last is None:
            stay.note("end", found.span(durations[0].start, durations[0].end, "duration_in_days"))


def _move_stay(found: Findings, stay: _Stay, dates: Sequence[DateMention]) -> None:
    """Tell the days planned before from the new ones; the new ones are in force."""
    before = found.language.section("visits")["planned_before"]
    for mention in dates:
        lead = plain(found.document.text[max(0, mention.start - 40) : mention.start])
        span = found.span(mention.start, mention.end, mention.rule)
        if any(word in lead for word in before):
            stay.planned = (mention.first, mention.last)
            stay.note("original_start", span)
            stay.note("original_end", span)
        else:
            stay.first, stay.last = mention.first, mention.last
            stay.spans["start"] = stay.spans["end"] = [span]
            return


def _is_news(found: Findings, stay: _Stay) -> bool:
    today = found.document.published_on
    if stay.first is None:
        return stay.status in {VisitStatus.POSTPONED, VisitStatus.CANCELLED} or stay.days is not None
    return stay.first >= today - _OLD


def _draft(found: Findings, stay: _Stay, *, alone: bool) -> VisitDraft:
    last = stay.last
    if last is None and stay.first is not None and stay.days is not None:
        last = stay.first + dt.timedelta(days=stay.days - 1)
    inviter, inviter_span = _inviter(found)
    host = _host(found, stay, inviter) if alone else None
    for number, mention in enumerate(stay.visitor.mentions[:3]):
        stay.note(
            "visitors.0.name",
            found.span(mention.start, mention.end, "official_with_name" if mention.name else "office"),
        )
        if number == 0:
            stay.note("visitors.0.title", found.span(mention.start, mention.end, "office"))
    if host is not None:
        mention = host.mentions[0]
        stay.note("host.name", found.span(mention.start, mention.end, "counterpart"))
    if inviter_span is not None:
        stay.note("at_invitation_of", inviter_span)
    start, end = stay.first, last
    if start is None and stay.planned is not None:
        start, end = stay.planned
    items = tuple(_items(found, stay, host, start, end)) if alone else ()
    return VisitDraft(
        visitors=(_person(stay.visitor),),
        host_country=stay.host,
        host=_host_draft(found, host, stay.visitor) if host else None,
        cities=tuple(stay.cities),
        start=start,
        end=end,
        original_start=stay.planned[0] if stay.planned and stay.first else None,
        original_end=stay.planned[1] if stay.planned and stay.first else None,
        status=stay.status,
        visit_kind=stay.kind,
        at_invitation_of=inviter.name if inviter and inviter.name and alone else None,
        items=items,
        evidence=stay.evidence,
        evidence_spans={name: tuple(spans) for name, spans in stay.spans.items()},
        confidence=_confidence(stay),
    )


def _person(referent: Referent) -> PersonDraft:
    return PersonDraft(
        name=referent.name or referent.title,
        aliases=referent.aliases,
        title=referent.title or None,
        country=referent.country,
    )


def _host_draft(found: Findings, host: Referent, visitor: Referent) -> PersonDraft:
    is_counterpart = any(mention.is_counterpart for mention in host.mentions)
    title = host.title or (_bare_title(found, visitor.title) if is_counterpart else "")
    return PersonDraft(name=host.name or title, aliases=host.aliases, title=title or None, country=host.country)


def _bare_title(found: Findings, title: str) -> str:
    """A title without the country it names: what a counterpart holds too."""
    country = next((one for one in country_names(title, found.language.code) if len(one) > 2), None)
    if country is None:
        return title
    before, _country, after = title.partition(country)
    words = before.split()
    while words and normal_form(words[-1].strip("'")) in {"de", "du", "d", "la", "le", "l", "of", "the"}:
        words.pop()
    return " ".join([*words, *after.split()])


def _inviter(found: Findings) -> tuple[Referent | None, Span | None]:
    """Who stands right after "à l'invitation de"."""
    for match in found.language.triggers.find(found.document.tokens):
        if match.label != "invitation":
            continue
        start, end = found.place_of(match)
        for mention in found.within(found.people, end, end + 40):
            referent = found.referent_at.get(mention.start)
            if referent is not None and not mention.is_plural:
                return referent, found.span(start, mention.end, "at_the_invitation_of")
    return None, None


def _host(found: Findings, stay: _Stay, inviter: Referent | None) -> Referent | None:
    if inviter is not None and inviter is not stay.visitor:
        return inviter
    for mention in found.people:
        referent = found.referent_at.get(mention.start)
        if referent is not None and referent is not stay.visitor and mention.is_counterpart and referent.name:
            return referent
    return None


def _items(
    found: Findings, stay: _Stay, host: Referent | None, start: dt.date | None, end: dt.date | None
) -> Iterator[ItemDraft]:
    """Items of the sentences that tell a programme."""
    order = 0
    goes_on = False
    programme = frozenset(normal_form(word) for word in found.language.section("visits")["programme"])
    for sentence in found.sentences:
        mentions = items_between(found, sentence.start, sentence.end)
        told = bool(mentions) and _tells_programme(found, sentence, programme, goes_on=goes_on)
        goes_on = told
        if not told:
            continue
        before: tuple[str, ...] = ()
        for mention in mentions:
            order += 1
            item = _item(found, sentence, mention, stay, host, before, order, start, end)
            before = item.participants
            yield item


def _tells_programme(found: Findings, sentence: Sentence, programme: frozenset[str], *, goes_on: bool) -> bool:
    words = [token.norm for token in found.document.tokens[sentence.first : sentence.last]]
    if any(word in programme for word in words):
        return True
    if goes_on and words[0] in {
        "puis",
        "ensuite",
        "enfin",
        "then",
        "finally",
        "also",
        "il",
        "elle",
        "he",
        "she",
        "apres",
    }:
        return True
    clocks = found.within(found.times.clocks, sentence.start, sentence.end)
    dates = found.within(found.times.dates, sentence.start, sentence.end)
    return bool(clocks) or any(date.last >= found.document.published_on - dt.timedelta(days=7) for date in dates)


def _item(
    found: Findings, sentence: Sentence, mention: ItemMention, stay: _Stay, host: Referent | None,
    before: tuple[str, ...], order: int, start: dt.date | None, end: dt.date | None,
) -> ItemDraft:  # fmt: skip
    spans: dict[str, tuple[Span, ...]] = {
        "kind": (found.span(mention.start, mention.end, f"item_{mention.kind}"),),
        "title": (found.span(mention.start, mention.clause_end, "item_clause"),),
    }
    participants, offices = _participants(found, mention, stay, host, before, spans)
    day, when = _item_day(found, sentence, mention, start, end)
    if when is not None:
        spans["date"] = (found.span(when.start, when.end, when.rule),)
    clock = next(iter(found.within(found.times.clocks, mention.start, mention.clause_end)), None)
    part = next(iter(found.within(found.times.parts, mention.start, mention.clause_end)), None)
    zone = None
    if clock is not None:
        spans["start_time"] = (found.span(clock.start, clock.end, clock.rule),)
        zone = "Etc/UTC" if clock.gmt else _zone(stay)
    title = _label(found, mention)
    precision = (
        Precision.EXACT if clock else Precision.PART_OF_DAY if part else Precision.DAY if day else Precision.ORDER
    )
    return ItemDraft(
        kind=mention.kind,
        title=title,
        form=" ".join(found.document.text[mention.start : mention.end].split()),
        date=day,
        start_time=clock.time if clock else None,
        end_time=clock.until if clock else None,
        timezone=zone,
        precision=precision,
        part_of_day=part.part if part and not clock else None,
        participants=participants,
        offices=offices,
        order=order,
        status=_item_status(stay),
        evidence=spans["title"][0].quote,
        evidence_spans=spans,
        confidence={"kind": 0.85, "participants": 0.7, "date": 0.8 if day else 0.6},
    )


def _label(found: Findings, mention: ItemMention) -> str:
    """The item in the text's words, up to the first comma, without the words that lead on to the next item."""
    words = found.document.text[mention.start : mention.clause_end].split(",")[0].split()
    leading = found.language.set_of("visits", "leading_on")
    while words and normal_form(words[-1].strip(".;:'")) in leading:
        words.pop()
    return " ".join(words).strip(" ;:.")[:120]


def _item_status(stay: _Stay) -> ItemStatus:
    return {VisitStatus.CANCELLED: ItemStatus.CANCELLED, VisitStatus.POSTPONED: ItemStatus.POSTPONED,
            VisitStatus.CONCLUDED: ItemStatus.HELD}.get(stay.status, ItemStatus.SCHEDULED)  # fmt: skip


def _participants(
    found: Findings, mention: ItemMention, stay: _Stay, host: Referent | None, before: tuple[str, ...],
    spans: dict[str, tuple[Span, ...]],
) -> tuple[tuple[str, ...], tuple[str, ...]]:  # fmt: skip
    """Names in an item's clause beside the visitor's; "les deux ministres" are visitor and host. An item of the same
    sentence that names nobody has the people of the one before.
    """
    visitor = stay.visitor.name or stay.visitor.title
    first, last = found.document.token_at(mention.start), found.document.token_at(mention.clause_end)
    both = found.language.both.find(found.document.tokens, first, last)
    if both and host is not None:
        spans["participants"] = (found.span(*found.place_of(both[0]), "both_sides"),)
        return (visitor, host.name or host.title), ()
    stop = _before_invitation(found, mention)
    named = []
    for person in found.within(found.people, mention.start, stop):
        referent = found.referent_at.get(person.start)
        if referent is not None and referent is not stay.visitor and (referent.title or person.is_counterpart):
            named.append((referent, person))
    if named:
        spans["participants"] = tuple(found.span(one.start, one.end, "named_in_clause") for _referent, one in named)
        names = tuple(dict.fromkeys([visitor, *(referent.name or referent.title for referent, _one in named)]))
        return names, tuple(referent.title for referent, _one in named if not referent.name)
    return before or (visitor,), ()


def _before_invitation(found: Findings, mention: ItemMention) -> int:
    first, last = found.document.token_at(mention.start), found.document.token_at(mention.clause_end)
    places = [found.place_of(match)[0] for match in found.language.triggers.find(found.document.tokens, first, last)
              if match.label == "invitation"]  # fmt: skip
    return min(places, default=mention.clause_end)


def _item_day(
    found: Findings, sentence: Sentence, mention: ItemMention, start: dt.date | None, end: dt.date | None
) -> tuple[dt.date | None, DateMention | None]:
    """The day said in the sentence before or in the clause; else the day of a visit of one day; else none."""
    said = [
        date for date in found.within(found.times.dates, sentence.start, mention.clause_end) if date.first == date.last
    ]
    inside = [date for date in said if start is None or (start <= date.first <= (end or date.first))]
    if inside:
        return inside[-1].first, inside[-1]
    return (start, None) if start is not None and start == end else (None, None)


def _zone(stay: _Stay) -> str | None:
    zones = {city.zone for city in stay.cities.values()}
    return zones.pop() if len(zones) == 1 else zone_of_country(stay.host)


def _confidence(stay: _Stay) -> dict[str, float]:
    strong = bool(stay.visitor.name and stay.visitor.title)
    values = {
        "visitors.0.name": 0.9 if strong else 0.6,
        "host_country": 0.85,
        "start": 0.4 if stay.disagrees else 0.9 if stay.first else 0.5,
        "end": 0.8 if stay.last or stay.days else 0.5,
        "status": 0.8,
    }
    return values
