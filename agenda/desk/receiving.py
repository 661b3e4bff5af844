"""Receive communiqués at the desk: pasted, uploaded, or a web page; and give back the original of what was received."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from agenda.desk.permission import require
from agenda.desk.release import clean_moment, moment_field, zone_field
from agenda.desk.wording import language_choices
from agenda.entries.addresses import absolute
from diplomacy.accounts.models import User
from diplomacy.communiques import intake, tasks
from diplomacy.communiques.models import CommuniqueVersion, Source, SourceKind
from diplomacy.communiques.sources.outcome import SourceError
from diplomacy.communiques.sources.web import page_while_waiting
from diplomacy.communiques.sources.wording import said_of_source
from diplomacy.communiques.troubles import sentence
from diplomacy.documents import Trouble
from diplomacy.documents.limits import MOST_BYTES
from diplomacy.fetching import file_name

Original = tuple[bytes, str, str, str]  # bytes, media type, file name, identity


_MOST_FILES = 50
_FILES = ".txt,.md,.eml,.html,.htm,.pdf,.docx,.odt,.ics"


class FilesInput(forms.ClearableFileInput):
    """An input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; each is checked as Django checks one."""

    widget = FilesInput(attrs={"accept": _FILES})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files, none or more."""
        if len(data or []) > _MOST_FILES:
            raise forms.ValidationError(_("At most %(most)d files at once."), params={"most": _MOST_FILES})
        return [super(FilesField, self).clean(file, initial) for file in data or []]


class ReceiveForm(forms.Form):
    """A pasted text or files."""

    text = forms.CharField(
        label=_("Text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 14, "class": "communique"}),
        strip=False,
    )
    file = FilesField(
        label=_("or files"),
        required=False,
        help_text=_(
            "Text, PDF, Word (.docx), OpenDocument (.odt), HTML, mail (.eml). Each is a communiqué of its own, and so "
            "is each event of a calendar (.ics)."
        ),
    )
    address = forms.CharField(
        label=_("or a web page"),
        required=False,
        max_length=2000,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("Received once; to have it watched, add it to the sources."),
    )
    published_on = forms.DateField(
        label=_("Publication date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The day the text calls “today”. Without it the communiqué is kept and waits."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=language_choices,
    )
    embargo = moment_field(_("Under embargo until"), _("Nobody outside the desk sees before it what the text says."))
    embargo_zone = zone_field()

    def clean(self) -> dict[str, Any]:
        """A text or files, and not too much of it."""
        data = super().clean() or {}
        files = data.get("file") or []
        if not (files or data.get("address") or "file" in self.errors or (data.get("text") or "").strip()):
            raise forms.ValidationError(_("There is no text. Paste the communiqué or choose a file that holds it."))
        for file in files:
            if file.size > MOST_BYTES:
                self.add_error("file", f"{file.name}: {sentence(Trouble.TOO_LARGE)}")
        data["embargoed_until"] = clean_moment(self, "embargo", "embargo_zone")
        return data

    def originals(self) -> list[Original]:
        """What was pasted and uploaded; a pasted text has no name."""
        text = self.cleaned_data["text"]
        pasted = [(text.encode("utf-8"), "text/plain", "", "")] if text.strip() else []
        files = self.cleaned_data.get("file") or []
        return pasted + [(file.read(), file.content_type or "", file.name, "") for file in files]


@require_http_methods(["GET", "POST"])
def receive_view(request: HttpRequest) -> HttpResponse:
    """Paste a communiqué or upload several; each that is refused is named with the reason, the others are kept."""
    user = require(request, "diplomacy.add_communique")
    form = ReceiveForm(request.POST or None, request.FILES or None, initial={"address": request.GET.get("address", "")})
    if request.method == "POST" and form.is_valid() and _receive_each(request, form, user):
        if request.accepts("text/html"):
            return redirect("admin:index")
        return JsonResponse({"next": reverse("admin:index")})  # to the script, which goes there itself
    context = {
        **admin.site.each_context(request),
        "form": form,
        "title": _("Receive a communiqué"),
        "bookmark": bookmarklet(),
    }
    return TemplateResponse(request, "admin/desk/receive.html", context)


def bookmarklet() -> str:
    """The address of a bookmark that opens the form with the address of the page one is on, in a tab of its own."""
    form = absolute(reverse("admin:desk_receive"))
    return f"javascript:void(open({json.dumps(form)}+'?address='+encodeURIComponent(location.href)))"


def _receive_each(request: HttpRequest, form: ReceiveForm, user: User) -> bool:
    """Receive what the form holds; whether all of it was kept. The reasons are put into the form."""
    try:
        originals = [*form.originals(), *_page(form.cleaned_data["address"])]
    except SourceError as error:
        form.add_error("address", said_of_source(str(error)))
        return False
    kept: list[intake.Receipt] = []
    for original, media_type, filename, identity in originals:
        arrival = intake.Arrival(
            original=original,
            media_type=media_type,
            filename=filename,
            identity=identity,
            received_at=timezone.now(),
            published_on=form.cleaned_data["published_on"],
            language=form.cleaned_data["language"],
            embargoed_until=form.cleaned_data["embargoed_until"],
            received_by=user,
        )
        try:
            kept.append(intake.receive(arrival, desk_source()))
        except intake.RefusedError as error:
            form.add_error(None, f"{filename}: {error}" if filename else str(error))
    if len(originals) == 1 and kept:
        _say_received(request, kept[0])
    elif kept:
        known = sum(receipt.is_repeat for receipt in kept)
        message = _("Received: %(new)d. Known already: %(known)d.") % {"new": len(kept) - known, "known": known}
        messages.success(request, message)
    return len(kept) == len(originals)


def _page(address: str) -> list[Original]:
    """The page at an address, asked for while the editor waits; nothing where none is given.

    Raises SourceError where it cannot be had.
    """
    if not address:
        return []
    page = page_while_waiting(address, tasks.tools())
    return [(page.content or b"", page.media_type, file_name(page.url) or page.url, address)]


def desk_source() -> Source:
    """The source of what is pasted and uploaded."""
    source, _made = Source.objects.get_or_create(slug="desk", defaults={"name": "Desk", "kind": SourceKind.DESK})
    return source


def _say_received(request: HttpRequest, receipt: intake.Receipt) -> None:
    if receipt.is_repeat:
        messages.info(request, _("This communiqué was received before; it is kept once."))
    elif receipt.version.published_on is None and receipt.version.text:
        messages.warning(request, _("Received. Give its publication date so that it is read."))
    else:
        messages.success(request, _("Received. It is being read; its proposals appear in the queue."))


@require_GET
def original_view(request: HttpRequest, version_id: int) -> HttpResponse:
    """The bytes of a version as they came, to be saved and never shown: they are whatever somebody sent."""
    require(request, "diplomacy.view_communique")
    version = get_object_or_404(CommuniqueVersion, pk=version_id)
    answer = HttpResponse(bytes(version.original), content_type="application/octet-stream")
    name = "".join(sign for sign in version.filename if sign.isalnum() or sign in "._- ") or f"{version.pk}.txt"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer
