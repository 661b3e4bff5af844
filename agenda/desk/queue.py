"""What waits at the desk, most urgent first: the soonest event, the biggest change, the least certain reading."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agenda.coverage.watching import unread
from agenda.desk.remit import of_remit, remit_text
from agenda.desk.sources import alarmed_sources
from agenda.desk.wording import proposal_title, said_in_reading
from agenda.entries.days import days_text
from agenda.handling.acts import held_by_other
from agenda.handling.models import Handling
from diplomacy.accounts.models import User
from diplomacy.communiques.change_wording import change_lines
from diplomacy.communiques.disputes import FACT_FROM
from diplomacy.communiques.echoing import Also, also_received
from diplomacy.communiques.listings import EditionLine
from diplomacy.communiques.models import (
    DECIDED,
    Communique,
    CommuniqueState,
    CommuniqueVersion,
    Extraction,
    Proposal,
    ProposalKind,
    ProposalState,
    Source,
)
from diplomacy.communiques.naming import open_questions
from diplomacy.communiques.reissue import unlisted_to_come
from diplomacy.communiques.threeway import Outcome
from diplomacy.communiques.unlisted import is_unlisted, unlisted_among
from diplomacy.directory.countries import country_name
from diplomacy.vocabulary import VisitStatus

SHOWN = 50
QUIET_FOR = dt.timedelta(days=7)
_UNREAD = [state for state in CommuniqueState if state is not CommuniqueState.READ]  # named, for an index to be used
_HEAVY = (
    "extraction__reading", "extraction__second_opinion", "extraction__version__original", "extraction__version__text",
)  # fmt: skip
_WORK = (Outcome.CHANGE, Outcome.CONFLICT)


@dataclass(frozen=True, slots=True)
class Row:
    """A proposal as the queue shows it. `what` says in short what it would change; `held_by` is whoever has it open,
    `also` who else sent its text."""

    proposal: Proposal
    title: str
    day: str
    what: str
    is_contested: bool
    is_asked: bool
    is_unlisted: bool
    assignee: str
    held_by: str
    also: tuple[Also, ...] = ()


class Filters(forms.Form):
    """What of the queue to show; empty is everything that waits."""

    person = forms.CharField(label=_("Person"), required=False, max_length=100)
    country = forms.ChoiceField(label=_("Country"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *ProposalKind.choices])
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[("", _("to decide")), *(one for one in ProposalState.choices if one[0] != ProposalState.WAITING)],
    )  # fmt: skip
    mine = forms.BooleanField(label=_("Assigned to me"), required=False)
    others = forms.BooleanField(label=_("Other desks' countries too"), required=False)

    def __init__(self, data: Mapping[str, str], *, sources: Iterable[Source], user: User) -> None:
        super().__init__(data)
        if not user.is_limited:
            del self.fields["others"]
        asked = data.get("country", "")
        self._offer("country", [(asked, country_name(asked))] if asked and country_name(asked) != asked else [])
        self._offer("source", [(str(one.pk), one.name) for one in sources])

    def offer_countries(self, codes: Iterable[str]) -> None:
        """Let these countries be chosen, beside the one that is."""
        codes = {*codes, self.cleaned_data.get("country", "")} - {""}
        self._offer("country", sorted(((code, country_name(code)) for code in codes), key=lambda pair: pair[1]))

    def _offer(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("all")), *choices]

    def chosen(self, user: User) -> tuple[Q, dict[str, str]]:
        """The condition, and the filters that are set, for addresses of other pages. What is no choice is left out."""
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        found = Q(state=said.get("state", ProposalState.WAITING))
        if "others" not in said:
            found &= of_remit(user)
        if "person" in said:
            found &= _names(said["person"])
        if "country" in said:
            code = said["country"]
            found &= Q(draft__host_country=code) | Q(draft__visitors__0__country=code)
        if "source" in said:
            found &= Q(extraction__version__communique__source=said["source"])
        if "kind" in said:
            found &= Q(kind=said["kind"])
        if "mine" in said:
            found &= Q(handling__assignee=user)
        return found, {name: "1" if value is True else str(value) for name, value in said.items()}


def _names(text: str) -> Q:
    """Proposals that name somebody so. SQLite keeps JSON with its letters escaped, PostgreSQL does not."""
    found = Q()
    for written in {text, json.dumps(text)[1:-1]}:
        for where in ("visitors", "host", "participants", "items"):
            found |= Q(**{f"draft__{where}__icontains": written})
    return found


def by_urgency(rows: QuerySet[Proposal], today: dt.date) -> QuerySet[Proposal]:
    """To come before undated before over; then the soonest, the biggest change, the least certain."""
    size = {
        VisitStatus.CANCELLED.value: 0,
        VisitStatus.POSTPONED.value: 1,
    }
    return rows.annotate(
        turn=Case(
            When(soonest_on__gte=today, then=Value(0)),
            When(soonest_on=None, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        ),
        size=Case(
            *(When(draft__status=status, then=Value(rank)) for status, rank in size.items()),
            When(kind__in=(ProposalKind.CHANGE_VISIT, ProposalKind.CHANGE_ITEM), then=Value(2)),
            default=Value(3),
            output_field=IntegerField(),
        ),
    ).order_by("turn", F("soonest_on").asc(nulls_last=True), "size", "confidence", "made_at", "path")


def most_urgent(rows: QuerySet[Proposal], today: dt.date, count: int) -> list[Proposal]:
    """The first so many in the order of urgency. What is to come is asked for first, which an index gives in order:
    sorting all that waits, with its drafts, takes as long as much waits.
    """
    found = list(by_urgency(rows.filter(soonest_on__gte=today), today)[:count])
    if len(found) < count:
        rest = rows.filter(Q(soonest_on=None) | Q(soonest_on__lt=today))
        found += by_urgency(rest, today)[: count - len(found)]
    return found


def queue_context(*, now: dt.datetime, user: User, asked: Mapping[str, str]) -> dict[str, Any]:
    """The queue as `asked` for, by page; communiqués that are not read (yet); and those of the last days (`now` is
    aware) in which nothing was found.
    """
    sources = list(Source.objects.select_related("health").order_by("name"))
    filters = Filters(asked, sources=sources, user=user)
    condition, set_filters = filters.chosen(user)
    counts, hosts = _counts(now, user, condition)
    filters.offer_countries(hosts)
    paginator = Paginator(by_urgency(Proposal.objects.filter(condition), now.date()).values("pk"), SHOWN)
    if "state" not in set_filters:
        paginator.count = counts["listed"]  # known already: a cached property, which then asks nothing
    page = paginator.get_page(asked.get("page"))
    rows = _shown(_keys(page, condition, now.date(), is_waiting="state" not in set_filters), now.date())
    pending = Communique.objects.filter(state__in=_UNREAD).select_related("source")[:SHOWN]
    return {
        "queue": _with_others([_row(proposal, user, now) for proposal in rows]),
        "queue_page": page,
        "queue_count": page.paginator.count,
        "pages": _pages(page, set_filters),
        "filters": filters,
        "is_filtered": bool(set_filters),
        "remit": "" if "others" in set_filters else remit_text(user),
        "questions": counts["questions"],
        "counts": counts,
        "pending": pending,
        "alarmed": alarmed_sources(sources),
        "quiet": _quiet(now),
        "unlisted": _unlisted(now, user),
    }


def _with_others(rows: list[Row]) -> list[Row]:
    """The rows with who else sent their texts."""
    also = also_received({row.proposal.extraction.version_id for row in rows})
    return [replace(row, also=also.get(row.proposal.extraction.version_id, ())) for row in rows]


def _keys(page: Page[Any], condition: Q, today: dt.date, *, is_waiting: bool) -> list[uuid.UUID]:
    """The proposals of a page. The first, which is opened most, does not look at all that waits."""
    if page.number > 1 or not is_waiting:
        return [row["pk"] for row in page]
    return [one.pk for one in most_urgent(Proposal.objects.filter(condition).only("pk"), today, SHOWN)]


def _shown(keys: Iterable[uuid.UUID], today: dt.date) -> QuerySet[Proposal]:
    """The proposals of a page with all that a row shows. Asked for by their keys: sorted with all that a row shows, or
    joined to the sorting in one query, the texts of everything would be looked up.
    """
    rows = Proposal.objects.filter(pk__in=keys).annotate(is_unlisted=is_unlisted("pk"))
    rows = rows.select_related("extraction__version__communique__source", "handling__holder", "handling__assignee")
    return by_urgency(rows.defer(*_HEAVY), today)


def _unlisted(now: dt.datetime, user: User) -> list[tuple[Row, EditionLine | None]]:
    """What is to come and is listed no longer where it was read, with the line to resolve where it became an item."""
    rows = list(unlisted_to_come(now.date()).select_related("handling__holder", "handling__assignee")[:SHOWN])
    lines = unlisted_among(row.item_id for row in rows if row.item_id) if rows else {}
    return [(_row(row, user, now), lines.get(row.item_id) if row.item_id else None) for row in rows]


def _row(proposal: Proposal, user: User, now: dt.datetime) -> Row:
    handling: Handling | None = getattr(proposal, "handling", None)
    held = held_by_other(handling, user, now)
    lines = [line for line in change_lines(proposal.changes) if line.outcome in _WORK]
    return Row(
        proposal=proposal,
        title=proposal_title(proposal),
        day=days_text(proposal.soonest_on, None),
        what=", ".join(dict.fromkeys(line.kind for line in lines)),
        is_contested=any(line.outcome is Outcome.CONFLICT for line in lines),
        is_asked=proposal.confidence < FACT_FROM,
        is_unlisted=getattr(proposal, "is_unlisted", False),
        assignee=str(handling.assignee or "") if handling else "",
        held_by=str(held.holder) if held else "",
    )


def _pages(page: Page[Any], set_filters: dict[str, str]) -> dict[str, str]:
    """Addresses of the pages before and after; empty where there is none."""
    numbers = {
        "before": page.previous_page_number() if page.has_previous() else 0,
        "after": page.next_page_number() if page.has_next() else 0,
    }
    return {
        name: f"?{urlencode({**set_filters, 'page': number})}" if number else "" for name, number in numbers.items()
    }


def _counts(now: dt.datetime, user: User, condition: Q) -> tuple[dict[str, int], set[str]]:
    """What waits, what of it is the user's, what was decided today (UTC) against all there was to decide, and how many
    words on their coverage the user has not read: in one query. `listed` is how many of these fulfil the condition.
    And to which countries what waits leads.
    """
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    waits = Q(state=ProposalState.WAITING)
    rows = Proposal.objects.filter(waits | Q(state__in=DECIDED, decided_at__gte=today))
    of_hosts = rows.order_by().annotate(host=KT("draft__host_country")).values("host").annotate(
        waiting=Count("pk", filter=waits),
        mine=Count("pk", filter=waits & Q(handling__assignee=user)),
        decided=Count("pk", filter=~waits),
        listed=Count("pk", filter=condition),
        told=Max(_how_many(unread(user))),
        questions=Max(_how_many(open_questions())),
    )  # fmt: skip
    found = list(of_hosts)
    sums = {name: sum(row[name] for row in found) for name in ("waiting", "mine", "decided", "listed")}
    if found:
        sums |= {"told": found[0]["told"], "questions": found[0]["questions"]}
    else:  # no proposal, no row to say it
        sums |= {"told": unread(user).count(), "questions": open_questions().count()}
    hosts = {row["host"] for row in found if row["host"] and row["waiting"]}
    return {**sums, "all": sums["waiting"] + sums["decided"]}, hosts


def _how_many(rows: QuerySet[Any]) -> Subquery:
    """The number of rows, to be asked with another query."""
    return Subquery(rows.order_by().annotate(how_many=Func("pk", function="COUNT")).values("how_many"))


def _quiet(now: dt.datetime) -> list[tuple[Communique, list[str]]]:
    """What was read of late and gave no proposal, each with what its reading says of it. A file that only holds others
    (a calendar, a mail without words) is none of it."""
    proposed = Proposal.objects.filter(extraction__version__communique=OuterRef("pk"))
    rows = Communique.objects.filter(state=CommuniqueState.READ, received_at__range=(now - QUIET_FOR, now))
    worded = CommuniqueVersion.objects.filter(communique=OuterRef("pk")).exclude(text="")
    found = list(rows.filter(~Exists(proposed), Exists(worded))[:SHOWN])
    readings = Extraction.objects.filter(version__communique__in=found).select_related("version").order_by("made_at")
    latest = {reading.version.communique_id: reading for reading in readings}
    return [(one, said_in_reading(latest[one.pk]) if one.pk in latest else []) for one in found]


def next_waiting(after: Proposal, user: User) -> Proposal | None:
    """The proposal of the user's countries to open once `after` is decided: of the same text, else the most urgent."""
    waiting = Proposal.objects.filter(of_remit(user), state=ProposalState.WAITING).exclude(pk=after.pk)
    same_text = waiting.filter(extraction_id=after.extraction_id).order_by("path").first()
    return same_text or next(iter(most_urgent(waiting, timezone.now().date(), 1)), None)


def neighbours(proposal: Proposal, user: User) -> tuple[Proposal | None, Proposal | None, Proposal | None]:
    """The waiting proposals of the user's countries before and after this one in the order of the queue, as far as its
    first page goes; and the one that opens once this one is decided.
    """
    rows = Proposal.objects.filter(of_remit(user), state=ProposalState.WAITING).only("pk", "extraction_id", "path")
    waiting = most_urgent(rows, timezone.now().date(), SHOWN)
    others = [one for one in waiting if one.pk != proposal.pk]
    same_text = [one for one in others if one.extraction_id == proposal.extraction_id]
    opens = min(same_text, key=lambda one: one.path, default=next(iter(others), None))
    at = next((number for number, one in enumerate(waiting) if one.pk == proposal.pk), None)
    if at is None:
        return None, next(iter(waiting), None), opens
    return (waiting[at - 1] if at else None), (waiting[at + 1] if at + 1 < len(waiting) else None), opens
