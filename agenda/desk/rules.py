"""What was published by rules of sources, each act to be taken back by one press; and the rule on a source's page."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from agenda.desk.permission import require
from agenda.desk.wording import proposal_title
from diplomacy.communiques.by_rule import revoke
from diplomacy.communiques.models import ProposalKind
from diplomacy.communiques.rules import PublishingRule, RuledAct
from diplomacy.communiques.undo import UndoError
from diplomacy.visits.acts import Act

# Django's forms and inlines are generic for the type checker alone.
if TYPE_CHECKING:
    _OfRule = forms.ModelForm[PublishingRule]
    _Inline = admin.StackedInline[PublishingRule, Any]
else:
    _OfRule, _Inline = forms.ModelForm, admin.StackedInline

SHOWN = 50


class RuleForm(_OfRule):
    """The rule of a source."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds"), required=False, choices=ProposalKind.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = PublishingRule
        fields = ("is_on", "least_confidence", "kinds", "listed")


class RuleInline(_Inline):
    """On the page of a source: off unless somebody switches it on."""

    model = PublishingRule
    form = RuleForm
    extra = 1
    max_num = 1
    can_delete = False
    verbose_name = gettext_lazy("Publishing by itself (needs AGENDA_AUTO_PUBLISH in the settings)")


@require_safe
def ruled_view(request: HttpRequest) -> HttpResponse:
    """Every act of a rule, the last first."""
    require(request, "diplomacy.view_proposal")
    rows = RuledAct.objects.select_related("proposal__extraction__version__communique", "proposal__visit", "source")
    page = Paginator(rows.select_related("revoked_by").order_by("-made_at", "pk"), SHOWN).get_page(
        request.GET.get("page")
    )
    context = {
        **admin.site.each_context(request),
        "title": _("Published by rules"),
        "acts": [(ruled, proposal_title(ruled.proposal)) for ruled in page],
        "page": page,
    }
    return TemplateResponse(request, "admin/desk/ruled.html", context)


@require_POST
def revoke_view(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """Take one back."""
    ruled = get_object_or_404(RuledAct.objects.select_related("proposal"), pk=proposal_id, revoked_at=None)
    user = require(request, "diplomacy.publish_visit", ruled.proposal)
    try:
        revoke(ruled, Act(now=timezone.now(), by=user, reason=_("Publication by a rule revoked.")))
    except (UndoError, ValidationError) as error:
        messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
    else:
        messages.success(request, _("Revoked. Readers do not see it any more, and it waits for a decision."))
    return redirect("admin:desk_review", proposal_id=ruled.pk)
