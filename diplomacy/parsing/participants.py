"""Who takes part in a programme item: the visitor or owner of the agenda, and whoever the words around it name."""

from __future__ import annotations

from typing import NamedTuple

from diplomacy.parsing.finders.people import PersonMention
from diplomacy.parsing.findings import Findings
from diplomacy.parsing.layout import Form, Unit
from diplomacy.parsing.reading import Span
from diplomacy.parsing.resolve import Referent
from diplomacy.parsing.stay import Stay
from diplomacy.vocabulary import ItemKind, Rank

# Once: an enum's members are slow to look up.
_PROSE = Form.PROSE
_CABINET_MEETING = ItemKind.CABINET_MEETING

_PRINCIPALS = frozenset({Rank.HEAD_OF_STATE, Rank.HEAD_OF_GOVERNMENT, Rank.FOREIGN_MINISTER, Rank.MINISTER})
_SPOKEN_OF_WITHIN = 20_000  # characters before an item in which its other side is named
_INVITER = 50  # characters between the words of an invitation and who invites
_EVENT = 40  # characters of an event's name before a title within it
_LEADS = 24  # characters between "avec" and a name


class Cast(NamedTuple):
    """Where to look for the participants of one item: its part of the unit, the words that name it, the known actor."""

    unit: Unit
    begins: int
    ends: int
    at: int
    actor: Referent | None
    stay: Stay | None


def participants_of(found: Findings, cast: Cast) -> tuple[list[Referent], list[Span]]:
    """The people, the actor first, and the words that name the others."""
    chosen: list[Referent] = []
    spans: list[Span] = []
    if cast.actor is not None:
        chosen.append(cast.actor)
    for mention in _mentions(found, cast):
        referent = found.referent_at.get(mention.start)
        if referent is not None and referent not in chosen:
            chosen.append(referent)
            spans.append(found.span(mention.start, mention.end, "named_with_item"))
    if len(chosen) < 2 and (cast.stay is not None or found.people) and _is_joint(found, cast):
        other = counterpart_of(found, cast)
        if other is not None and other not in chosen:
            chosen.append(other)
    return chosen, spans


def _mentions(found: Findings, cast: Cast) -> list[PersonMention]:
    start = cast.begins
    mentions = []
    for mention in found.within(found.people, start, cast.ends):
        if mention.is_plural or mention.is_former or mention.is_indefinite:
            continue
        if mention.is_weak and not _may_take_part(found, mention):
            continue
        if _is_outside(found, mention, cast):
            continue
        if mention.start < cast.at and cast.unit.form is _PROSE and not _is_subject(found, mention, cast):
            continue
        mentions.append(mention)
    return mentions


def _may_take_part(found: Findings, mention: PersonMention) -> bool:
    """A run of capitals nothing vouches for is somebody after "avec"; or where it is somebody's known name."""
    referent = found.referent_at.get(mention.start)
    if referent is None:
        return False
    if not referent.is_weak:
        return True
    lead = found.within(found.clauses, mention.start - _LEADS, mention.start)
    return any(one.label == "with_people" and mention.start - one.end <= 4 for one in lead) and (
        len(mention.name.split()) <= 4
    )


def _is_outside(found: Findings, mention: PersonMention, cast: Cast) -> bool:
    """Named, but no participant: "en mémoire de X", "selon X", "X a annoncé"."""
    of_the_visit = cast.stay is not None and cast.unit in cast.stay.units
    if cast.stay is not None and _invites(found, mention, to_the_visit=not of_the_visit):
        return True
    before = found.within(found.clauses, mention.start - 30, mention.start)
    if any(one.label == "not_taking_part" and mention.start - one.end <= 6 for one in before):
        honoured = found.referent_at.get(mention.start)
        return honoured is not cast.actor
    after = found.within(found.clauses, mention.end, mention.end + 16)
    return any(
        one.label == "not_taking_part" and found.tense(one.start, one.end + 1) is not None for one in after
    ) and (cast.unit.form is _PROSE)


def _invites(found: Findings, mention: PersonMention, *, to_the_visit: bool = False) -> bool:
    """Named only as the one "à l'invitation de" whom something takes place; `to_the_visit`: "cette visite, faite à
    l'invitation de" says of what."""
    return any(
        one.label == "invitation"
        and 0 <= mention.start - one.end < _INVITER
        and not found.within(found.people, one.end, mention.start)
        and (not to_the_visit or "nouns" in found.labels(found.visit, one.start - _EVENT, one.start))
        for one in found.within(found.visit, mention.start - 2 * _INVITER, mention.start)
    )


def _is_subject(found: Findings, mention: PersonMention, cast: Cast) -> bool:
    """Of those named before the words of the item, its subject is the last one that is no companion or author."""
    before = found.within(found.people, cast.begins, cast.at)
    if mention not in before[-2:]:
        return False
    return found.tense(mention.end + 1, cast.at - 1) is None


def _is_joint(found: Findings, cast: Cast) -> bool:
    """Whether both sides take part though one is not named: "conjoint", "les deux ministres"."""
    if "joint" in found.labels(found.about, cast.begins, cast.ends):
        return True
    words, both = found.document.words, found.language.people.both
    first, last = found.document.word_at(cast.unit.start), found.document.word_at(cast.ends)
    return both.any_in(words, first, last) or any(
        (one.is_plural and not _is_of_event(found, one)) or (one.is_counterpart and not _invites(found, one))
        for one in found.within(found.people, cast.begins, cast.ends)
    )


def _is_of_event(found: Findings, mention: PersonMention) -> bool:
    """ "Conseil des ministres": the plural is in the event's own name."""
    near = found.within(found.events, mention.start - _EVENT, mention.end)
    return any(one.kind is _CABINET_MEETING and one.start <= mention.start and mention.end <= one.end for one in near)


def counterpart_of(found: Findings, cast: Cast) -> Referent | None:
    """Who meets the actor: the host, else the last principal spoken of before."""
    if cast.stay is not None:
        return host_of(found, cast.stay)
    for one in reversed(found.within(found.people, cast.ends - _SPOKEN_OF_WITHIN, cast.ends)):
        referent = found.referent_at.get(one.start)
        if referent is not None and not one.is_weak and referent is not cast.actor and referent.rank in _PRINCIPALS:
            return referent
    return None


def host_of(found: Findings, stay: Stay) -> Referent | None:
    """The inviting or receiving counterpart: who invites; "son homologue"; the first principal of the host country."""
    if stay.receiver is None:
        stay.receiver = (_host_of(found, stay),)
    return stay.receiver[0]


def _host_of(found: Findings, stay: Stay) -> Referent | None:
    inviter = inviter_of(found, stay)
    if inviter is not None:
        return inviter
    guests = (stay.visitor, *stay.company)
    ranges = [(unit.start, unit.end) for unit in stay.units]
    counterparts = [
        found.referent_at[one.start] for one in found.people if one.is_counterpart and one.start in found.referent_at
    ]
    for referent in counterparts:
        if referent not in guests and referent.country in (None, stay.host) and referent.name:
            return referent
    principals = [one for one in found.referents if one not in guests and one.rank in _PRINCIPALS and not one.is_weak]
    local = [one for one in principals if one.country == stay.host and one.name]
    if local:
        return local[0]
    unplaced = [one for one in principals if one.country is None and one.name]
    near = [one for one in unplaced if any(start <= m.start < end for m in one.mentions for start, end in ranges)]
    return next(iter(near or unplaced), None)


def inviter_of(found: Findings, stay: Stay) -> Referent | None:
    """Who stands right after "à l'invitation de"."""
    for phrase in found.visit:
        if phrase.label != "invitation":
            continue
        for mention in found.within(found.people, phrase.end, phrase.end + 60):
            referent = found.referent_at.get(mention.start)
            if referent is not None and referent is not stay.visitor and not mention.is_plural:
                return referent
            break
    return None
