"""What reached us, what was read in it, what is proposed, and which words each value came from."""

from __future__ import annotations

import re
import uuid
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from diplomacy.communiques.drafts import countries_in
from diplomacy.communiques.kinds import SourceKind as SourceKind
from diplomacy.communiques.troubles import said
from diplomacy.directory.models import validate_zone
from diplomacy.fetching import AddressError, web_address
from diplomacy.visits.models import ProgrammeItem, Visit
from diplomacy.vocabulary import Genre

_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_MAILBOX = re.compile(r"[A-Z][A-Z0-9_]{0,63}")


# Of a version that is an imported table, or a visit as another system knows it: neither is read as prose.
IMPORT_TYPE, RECORD_TYPE = "application/vnd.agenda.table", "application/vnd.agenda.visit+json"
NO_PROSE = (IMPORT_TYPE, RECORD_TYPE)


class Trust(models.TextChoices):
    """How near a source is to what it tells; shown where sources disagree."""

    PARTY = "party", _("a party itself")
    AGENCY = "agency", _("news agency")
    OTHER = "other", pgettext_lazy("source", "other")


class Source(models.Model):
    """Where communiqués come from."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    kind = models.CharField(_("channel"), max_length=12, choices=SourceKind)
    language = models.CharField(_("usual language"), max_length=8, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, blank=True, validators=[validate_zone])
    trust = models.CharField(_("trust"), max_length=12, choices=Trust, default=Trust.OTHER)
    licence_note = models.CharField(_("licence note"), max_length=300, blank=True)
    is_enabled = models.BooleanField(_("looked into"), default=True)
    address = models.CharField(
        _("where it lies"),
        max_length=500,
        blank=True,
        help_text=_("A web address, the name of a folder within the inbox, or the name of a mailbox of the settings."),
    )
    interval_minutes = models.PositiveSmallIntegerField(
        _("looked into every (minutes)"), default=15, validators=[MinValueValidator(1), MaxValueValidator(10_080)]
    )
    needs_second_eyes = models.BooleanField(
        _("a second person publishes"),
        default=False,
        help_text=_("Whoever accepts what comes from here may not be the one who shows it to readers."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """An address fits its channel.

        Raises ValidationError.
        """
        problem = address_problem(self.kind, self.address)
        if problem:
            raise ValidationError({"address": problem})


def address_problem(kind: str, address: str) -> str:
    """What is wrong with the address of a source of that kind; empty where nothing is."""
    if kind in (SourceKind.FEED, SourceKind.PAGE, SourceKind.CALENDAR):
        try:
            web_address(fetched_at(address) if kind == SourceKind.CALENDAR else address)
        except AddressError:
            return gettext("Give a web address such as https://ministry.example/news, without a password or a port.")
    elif kind == SourceKind.FOLDER and not _FOLDER.fullmatch(address):
        return gettext("Give the name of a folder within the inbox: letters, digits, hyphens.")
    elif kind == SourceKind.MAILBOX and not _MAILBOX.fullmatch(address):
        return gettext("Give the name of a mailbox of the settings, in capitals: PRESS for AGENDA_MAILBOX_PRESS.")
    return ""


def fetched_at(address: str) -> str:
    """Where a calendar is fetched: webcal is a name for https."""
    scheme, colon, rest = address.partition("://")
    return f"https://{rest}" if colon and scheme.lower() in ("webcal", "webcals") else address


class SourceHealth(models.Model):
    """How a source that is looked into is doing. `memory` is its channel's own, `lease_until` holds it for one worker;
    `refused` has a line for each thing of the last look that was not kept, `alarms` holds codes of `sources.alarms`.
    """

    source = models.OneToOneField(Source, models.CASCADE, related_name="health", primary_key=True)
    next_poll_at = models.DateTimeField(_("next look"))
    lease_until = models.DateTimeField(null=True)
    polled_at = models.DateTimeField(_("last look"), null=True)
    succeeded_at = models.DateTimeField(_("last success"), null=True)
    arrived_at = models.DateTimeField(_("last arrival"), null=True)
    error = models.CharField(_("error"), max_length=500, blank=True)
    refused = models.JSONField(default=list)
    alarms = models.JSONField(default=list)
    usual_pause = models.DurationField(_("usual pause between arrivals"), null=True)
    memory = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("state of a source")
        verbose_name_plural = _("states of sources")

    def __str__(self) -> str:
        return str(self.source)


class CommuniqueState(models.TextChoices):
    """Where a communiqué stands on its way from arrival to proposals."""

    WAITING_FOR_DATE = "waiting_for_date", _("waiting for its publication date")
    QUEUED = "queued", _("waiting to be read")
    READING = "reading", _("being read")
    READ = "read", _("read")
    FAILED = "failed", _("not read: see the error")


GENRES = [
    (Genre.COMMUNIQUE.value, _("communiqué")),
    (Genre.ADVISORY.value, _("advisory")),
    (Genre.PROGRAMME.value, _("programme")),
    (Genre.AGENDA.value, _("agenda")),
    (Genre.NEWS.value, _("news")),
]


class Communique(models.Model):
    """One text as received; its versions hold the bytes. `identity` recognises it when it comes again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="communiques", verbose_name=_("source"))
    identity = models.CharField(max_length=300, editable=False)
    title = models.CharField(_("title"), max_length=300, blank=True)
    genre = models.CharField(_("genre"), max_length=12, choices=GENRES, default=Genre.COMMUNIQUE)
    state = models.CharField(
        _("state"), max_length=20, choices=CommuniqueState, default=CommuniqueState.QUEUED, db_index=True
    )
    error = models.CharField(_("error"), max_length=500, blank=True)
    embargoed_until = models.DateTimeField(_("under embargo until"), null=True, blank=True)
    sender = models.CharField(_("sender, as a mail says"), max_length=300, blank=True, editable=False)
    proven_domain = models.CharField(_("proven domain of the sender"), max_length=253, blank=True, editable=False)
    received_at = models.DateTimeField(_("received"), editable=False)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("communiqué")
        verbose_name_plural = _("communiqués")
        ordering: ClassVar = ["-received_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "identity"], name="communique_identity_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["received_at"], name="communique_received")]

    def __str__(self) -> str:
        return self.title or str(self.id)

    @property
    def said_error(self) -> str:
        """Why it was not read, in the active language."""
        return said(self.error)

    @property
    def latest(self) -> CommuniqueVersion:
        """The version received last."""
        return self.versions.latest("number")


class CommuniqueVersion(models.Model):
    """The original bytes of one version, and the text taken from them. Both stay as they are.

    The same bytes are kept once; only a source that goes back to an earlier text (v1, v2, v1) makes a new version of
    them, which names the first in `resent_of`.
    """

    communique = models.ForeignKey(Communique, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    original = models.BinaryField(_("original"))
    sha256 = models.CharField(max_length=64, db_index=True, editable=False)
    resent_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="resent_as", editable=False
    )
    media_type = models.CharField(_("media type"), max_length=100)
    filename = models.CharField(_("file name"), max_length=200, blank=True)
    text = models.TextField(_("text"), editable=False)
    published_on = models.DateField(
        _("publication date"),
        null=True,
        blank=True,
        help_text=_("The day the text calls “today”. Without it the text waits."),
    )
    language = models.CharField(
        _("language"), max_length=8, blank=True, help_text=_("Empty: told from the text itself.")
    )
    received_at = models.DateTimeField(_("received"), editable=False)
    authenticity = models.CharField(
        max_length=300, blank=True, editable=False, help_text="As `authenticity.py` notes it."
    )

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering: ClassVar = ["communique", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["communique", "number"], name="communique_version_once"),
            models.UniqueConstraint(fields=["sha256"], condition=Q(resent_of=None), name="communique_bytes_once"),
        ]

    def __str__(self) -> str:
        return f"{self.communique} · {self.number}"


class JobState(models.TextChoices):
    """Where a reading job stands. PARKED has failed too often and waits for somebody to retry it."""

    WAITING = "waiting", pgettext_lazy("job", "waiting")
    RUNNING = "running", pgettext_lazy("job", "running")
    DONE = "done", pgettext_lazy("job", "done")
    FAILED = "failed", pgettext_lazy("job", "failed, to be tried again")
    PARKED = "parked", pgettext_lazy("job", "given up")


class ReadingJob(models.Model):
    """The record that a version must be read; nothing depends on the broker's memory.

    A worker holds the job until `lease_until`; the sweep queues again what is waiting, failed or has lost its lease.
    """

    version = models.OneToOneField(CommuniqueVersion, models.CASCADE, related_name="job")
    state = models.CharField(_("state"), max_length=12, choices=JobState, default=JobState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(null=True)
    holder = models.CharField(max_length=36, blank=True)
    queued_at = models.DateTimeField()
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("reading job")
        verbose_name_plural = _("reading jobs")
        ordering: ClassVar = ["queued_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="job_running_has_lease",
                condition=Q(state=JobState.RUNNING, lease_until__isnull=False)
                | (~Q(state=JobState.RUNNING) & Q(lease_until__isnull=True)),
            )
        ]
        indexes: ClassVar = [models.Index(fields=["state", "queued_at"], name="job_state_queued")]

    def __str__(self) -> str:
        return f"{self.version} · {self.state}"


class Extraction(models.Model):
    """One reading of one version by one version of the parser (the schema: docs/reference/reading.schema.json).

    `published_on` and `stated_language` are what the text was read with: where somebody corrects them, it is read
    again.
    """

    version = models.ForeignKey(CommuniqueVersion, models.PROTECT, related_name="extractions")
    parser_version = models.CharField(_("parser"), max_length=40)
    published_on = models.DateField(_("publication date"), null=True)
    stated_language = models.CharField(max_length=8, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    reading = models.JSONField()
    second_opinion = models.JSONField(_("second opinion"), null=True, editable=False)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("extraction")
        verbose_name_plural = _("extractions")
        ordering: ClassVar = ["-made_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "parser_version", "published_on", "stated_language"], name="extraction_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} · {self.parser_version}"


class ProposalKind(models.TextChoices):
    """What accepting a proposal does."""

    NEW_VISIT = "new_visit", _("new visit")
    CHANGE_VISIT = "change_visit", _("change to a visit")
    NEW_ITEM = "new_item", _("new line of a diary")
    CHANGE_ITEM = "change_item", _("change to a line of a diary")


class ProposalState(models.TextChoices):
    """What the editor decided."""

    WAITING = "waiting", pgettext_lazy("proposal", "waiting")
    ACCEPTED = "accepted", pgettext_lazy("proposal", "accepted")
    AMENDED = "amended", pgettext_lazy("proposal", "accepted with amendments")
    REJECTED = "rejected", pgettext_lazy("proposal", "rejected")
    SUPERSEDED = "superseded", pgettext_lazy("proposal", "superseded by a newer reading")
    CONFIRMING = "confirming", pgettext_lazy("proposal", "says what is known")
    REPEATED = "repeated", pgettext_lazy("proposal", "repeats another text")


UNDECIDED = (ProposalState.WAITING, ProposalState.CONFIRMING, ProposalState.REPEATED)
DECIDED = (ProposalState.ACCEPTED, ProposalState.AMENDED, ProposalState.REJECTED)


class Proposal(models.Model):
    """One visit, or one item without a visit, as read. `draft` stays as the parser gave it; `decided` is what the
    editor made of it (None where nothing was amended). Both have the shape of a reading's visit or item.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    extraction = models.ForeignKey(Extraction, models.PROTECT, related_name="proposals")
    path = models.CharField(max_length=40, help_text="Where in the reading: visits.0, items.3")
    kind = models.CharField(_("kind"), max_length=16, choices=ProposalKind)
    state = models.CharField(
        _("state"), max_length=12, choices=ProposalState, default=ProposalState.WAITING, db_index=True
    )
    draft = models.JSONField()
    decided = models.JSONField(null=True, blank=True)
    changes = models.JSONField(
        default=list, help_text="Of a known visit or item: see `change.as_json`; `taken` once it is decided."
    )
    confidence = models.FloatField(_("confidence"), default=0.0)
    soonest_on = models.DateField(_("soonest day"), null=True, db_index=True)
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, blank=True, related_name="proposals")
    item = models.ForeignKey(ProgrammeItem, models.PROTECT, null=True, blank=True, related_name="proposals")
    match_reason = models.CharField(
        _("why it is the same"), max_length=300, blank=True, help_text="Codes of `matching.Reason`, with commas."
    )
    is_new_for_sure = models.BooleanField(default=False, help_text="An editor said that it is not the one matched.")
    match_score = models.FloatField(_("how sure that it is the same"), null=True)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering: ClassVar = [F("soonest_on").asc(nulls_last=True), "made_at", "path"]
        indexes: ClassVar = [
            models.Index(fields=["decided_at"], name="proposal_decided", condition=Q(decided_at__isnull=False)),
            # The queue in its order, as far as a day gives it.
            models.Index(fields=["soonest_on"], name="proposal_waiting", condition=Q(state=ProposalState.WAITING)),
        ]
        permissions: ClassVar = [("review_proposal", _("Can accept, amend and reject proposals"))]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["extraction", "path"], name="proposal_once"),
            models.CheckConstraint(
                name="proposal_decision_is_signed",
                condition=Q(state__in=DECIDED, decided_at__isnull=False)
                | (~Q(state__in=DECIDED) & Q(decided_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="proposal_confidence_is_a_share", condition=Q(confidence__gte=0, confidence__lte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.path}"

    def countries_concerned(self) -> frozenset[str]:
        """The host's and the visitors' as read, and those of the visit or item that it would change."""
        known = self.visit or self.item
        return countries_in(self.draft) | (known.countries_concerned() if known else frozenset())

    @property
    def is_line(self) -> bool:
        """Whether it is a line of a diary: an item without a visit."""
        return self.kind in {ProposalKind.NEW_ITEM, ProposalKind.CHANGE_ITEM}


class Evidence(models.Model):
    """The words one value came from: `text[start:end] == quote` in the version's text, in code points.

    Kept for good; once a proposal is accepted it also says which visit or item it speaks for.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="evidence")
    field = models.CharField(max_length=80, help_text="Path in the draft: start, visitors.0.name, items.2.kind")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    rule = models.CharField(max_length=80)
    confidence = models.FloatField(null=True)
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="evidence")
    item = models.ForeignKey(ProgrammeItem, models.PROTECT, null=True, related_name="evidence")

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering: ClassVar = ["start", "end"]
        constraints: ClassVar = [
            models.CheckConstraint(name="evidence_spans_words", condition=Q(end__gt=F("start"))),
            models.UniqueConstraint(fields=["proposal", "field", "start", "end"], name="evidence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.quote}"
