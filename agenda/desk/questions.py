"""Questions about names, answered by one or two keys: the list, the answer, and taking it back."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from agenda.desk import keys
from agenda.desk.asked import asked, people_by_country
from agenda.desk.cut_form import SUGGESTED, PersonField
from agenda.desk.permission import require
from agenda.entries.days import days_text
from diplomacy.accounts.models import User
from diplomacy.communiques import naming
from diplomacy.communiques.models import Proposal
from diplomacy.directory.asking import AnsweredError, put_off
from diplomacy.directory.merging import survivor
from diplomacy.directory.models import LONGEST_NAME, Office, Person, Tenure
from diplomacy.directory.questions import Answer, NameQuestion, QuestionKind
from diplomacy.directory.registry import person_named
from diplomacy.visits.acts import Act

SHOWN = 20
_ANSWER = "diplomacy.change_person"


class NameForm(forms.Form):
    """Somebody by name, of an office with the day since which they hold it; entered anew only where that is asked."""

    name = forms.CharField(label=gettext_lazy("Name or address"), max_length=LONGEST_NAME)
    since = forms.DateField(
        label=gettext_lazy("Holds it since"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    is_new = forms.BooleanField(label=gettext_lazy("Enter this person, who is not known yet"), required=False)

    def __init__(self, question: NameQuestion, data: Any = None) -> None:
        super().__init__(data, auto_id=f"id_{question.pk}_%s")
        self.question = question
        if question.kind != QuestionKind.HOLDER:
            del self.fields["since"]
        else:
            self.fields["since"].initial = question.on_day
        if question.country_id:
            self.fields["name"].widget.attrs["list"] = f"known-{question.country_id}"

    def clean(self) -> dict[str, Any]:
        """Somebody known, or to be entered; and a day on which they hold the office."""
        data = super().clean() or {}
        if "name" in data and not data.get("is_new"):
            try:
                data["person"] = PersonField().clean(data["name"])
            except forms.ValidationError as error:
                self.add_error("name", error)
        day, since = self.question.on_day, data.get("since")
        if day and since and since > day:
            said = _("The text has them in office on %(day)s: give that day or one before.")
            self.add_error("since", said % {"day": days_text(day, None)})
        return data


@require_safe
def questions_view(request: HttpRequest) -> HttpResponse:
    """What is open, what nobody has looked at first; `?of=` those of one proposal alone."""
    require(request, "diplomacy.view_person")
    return _page(request, _proposal(request.GET.get("of", "")))


@require_POST
def answer_view(request: HttpRequest, question_id: int) -> HttpResponse:
    """Somebody known, somebody else, or not now; then the next question."""
    question = get_object_or_404(NameQuestion.objects.select_related("country"), pk=question_id)
    user = require(request, _ANSWER, question)
    proposal = _proposal(request.POST.get("of", ""))
    if "later" in request.POST:
        put_off(question, now=timezone.now())
        return _onward(request, proposal)
    form = NameForm(question, request.POST) if "name" in request.POST else None
    if form is not None and not form.is_valid():
        return _page(request, proposal, form)
    try:
        _answer(request, question, form, Act(now=timezone.now(), by=user))
    except AnsweredError:
        messages.error(request, _("Somebody answered this meanwhile: see below."))
        return _onward(request, proposal)
    request.session[keys.LAST_ANSWER] = {"id": question.pk, "text": question.text}
    return _onward(request, proposal)


@require_POST
def undo_view(request: HttpRequest, question_id: int) -> HttpResponse:
    """Take an answer back: the question is open again."""
    question = get_object_or_404(NameQuestion, pk=question_id)
    user = require(request, _ANSWER, question)
    try:
        naming.take_back(question, Act(now=timezone.now(), by=user, reason=_("Answer undone.")))
    except AnsweredError:
        messages.error(request, _("This answer cannot be taken back: it is open again, or who was merged by it was "
                                  "merged on. Undo that merger first."))  # fmt: skip
    else:
        messages.success(request, _("Undone. It is asked again."))
    request.session.pop(keys.LAST_ANSWER, None)
    return _to(_proposal(request.POST.get("of", "")), question.pk)


def _answer(request: HttpRequest, question: NameQuestion, form: NameForm | None, act: Act) -> None:
    if form is None and "other" in request.POST:
        naming.answer_other(question, act)
        is_holder = question.kind == QuestionKind.HOLDER
        messages.success(
            request, _("It is not asked again.") if is_holder else _("Somebody else. It is not asked again.")
        )
        return
    person, office = _named(question, form) if form else _chosen(request.POST.get("chosen", ""))
    since = form.cleaned_data.get("since") if form else None
    naming.answer_same(question, person, act, since=since, office=office)
    messages.success(request, _("“%(text)s” is %(name)s from now on.") % {"text": question.text, "name": person})


def _named(question: NameQuestion, form: NameForm) -> tuple[Person, None]:
    known = form.cleaned_data.get("person")
    if known is not None:
        return known, None
    return person_named(form.cleaned_data["name"], country=question.country, source=question.source), None


def _chosen(value: str) -> tuple[Person, Office | None]:
    """Who a button names, and the office that the title is another wording of."""
    kind, _colon, key = value.partition(":")
    if kind == "tenure" and key.isdecimal():
        tenure = get_object_or_404(Tenure.objects.select_related("person", "office"), pk=key)
        return survivor(tenure.person), tenure.office
    return survivor(get_object_or_404(Person, pk=_uuid(key))), None


def _proposal(said: str) -> Proposal | None:
    return Proposal.objects.filter(pk=_uuid(said)).first() if said else None


def _uuid(said: str) -> uuid.UUID:
    try:
        return uuid.UUID(said)
    except ValueError:
        return uuid.UUID(int=0)  # nobody's


def _onward(request: HttpRequest, proposal: Proposal | None) -> HttpResponse:
    """The next question; back to the proposal once it raises none any more."""
    if proposal is not None and not naming.open_questions(proposal=proposal).exists():
        return redirect("admin:desk_review", proposal_id=proposal.pk)
    following = request.POST.get("following", "")
    return _to(proposal, int(following) if following.isdecimal() else 0)


def _to(proposal: Proposal | None, question_id: int) -> HttpResponseRedirect:
    of = f"?of={proposal.pk}" if proposal else ""
    at = f"#question-{question_id}" if question_id else ""
    return HttpResponseRedirect(f"{reverse('admin:desk_questions')}{of}{at}")


def _page(request: HttpRequest, proposal: Proposal | None, form: NameForm | None = None) -> HttpResponse:
    rows = naming.open_questions(proposal=proposal).prefetch_related(None)  # `asked` takes the candidates along
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    shown = list(page)
    if form is not None and form.question not in shown:
        shown.insert(0, form.question)
    user = cast("User", request.user)
    may_answer = user.has_perm(_ANSWER)
    forms_of = {question.pk: NameForm(question) for question in shown} if may_answer else {}
    if form is not None:
        forms_of[form.question.pk] = form
    answered = NameQuestion.objects.exclude(answer=Answer.OPEN).select_related("country", "person", "answered_by")
    context = {
        **admin.site.each_context(request),
        "title": _("Questions about names"),
        "rows": [(row, forms_of.get(row.question.pk)) for row in asked(shown)],
        "count": page.paginator.count,
        "listed": page,
        "of": proposal,
        "known": people_by_country(shown, SUGGESTED) if may_answer else [],
        "answered": answered.order_by("-answered_at", "-pk")[:SHOWN] if proposal is None else [],
        "may_answer": may_answer,
        "last_answer": request.session.get(keys.LAST_ANSWER),
        "keys": keys.QUESTIONS,
    }
    return TemplateResponse(request, "admin/desk/questions.html", context)
