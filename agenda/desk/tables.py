"""Tables at the desk: visits, their items and the directory out as CSV or XLSX, and in again, after a look at what each
row would do.
"""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from agenda.desk.permission import require
from diplomacy.accounts.remit import EVERYWHERE
from diplomacy.communiques import exchange as visits
from diplomacy.communiques import item_exchange as items
from diplomacy.directory import exchange as directory
from diplomacy.tables import (
    Row,
    RowOutcome,
    TableError,
    TableFormat,
    TableTrouble,
    Verdict,
    read_table,
    write_table,
)
from diplomacy.visits.acts import Act

_TYPES = {
    TableFormat.CSV: "text/csv; charset=utf-8",
    TableFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_VERDICTS = {
    Verdict.MADE: gettext_lazy("new"),
    Verdict.CHANGED: gettext_lazy("changed"),
    Verdict.SAME: gettext_lazy("as it stands"),
    Verdict.WAITS: gettext_lazy("waits for an editor"),
    Verdict.KEPT: gettext_lazy("what stands is kept"),
    Verdict.REFUSED: gettext_lazy("refused"),
}
_TROUBLES = {
    TableTrouble.TOO_LARGE: gettext_lazy("The table is too large: at most 2,000 rows and 2 MB. Send it in parts."),
    TableTrouble.DAMAGED: gettext_lazy("This is no CSV in UTF-8 and no XLSX. Save it as one of them."),
    TableTrouble.NO_HEAD: gettext_lazy("The first line names no columns, or one of them twice. Begin with an export."),
}
Take = Callable[[bytes, Sequence[Row], Act, str], list[RowOutcome]]


@dataclass(frozen=True, slots=True)
class Table:
    """What can be exported and imported: its columns, its cells, how rows are taken, and who may do either."""

    label: Any
    columns: tuple[str, ...]
    cells: Callable[[], Iterable[Mapping[str, str]]]
    take: Take
    may_see: str
    may_take: tuple[str, ...]


class _Undone(Exception):  # noqa: N818  no error: the dry run is over
    """Raised to take back what a dry run did."""


def _take_visits(content: bytes, rows: Sequence[Row], act: Act, filename: str) -> list[RowOutcome]:
    return visits.take_visits(content, rows, act, filename=filename)


def _take_items(content: bytes, rows: Sequence[Row], act: Act, filename: str) -> list[RowOutcome]:
    return items.take_items(content, rows, act, filename=filename)


def _take_people(_content: bytes, rows: Sequence[Row], act: Act, filename: str) -> list[RowOutcome]:
    return directory.take_people(rows, source=filename[:200], now=act.now)


def _take_offices(_content: bytes, rows: Sequence[Row], _act: Act, filename: str) -> list[RowOutcome]:
    return directory.take_offices(rows, source=filename[:200])


def _take_tenures(_content: bytes, rows: Sequence[Row], _act: Act, filename: str) -> list[RowOutcome]:
    return directory.take_tenures(rows, source=filename[:200])


_DIRECTORY = ("diplomacy.change_person", "diplomacy.change_office", "diplomacy.change_tenure")
TABLES: Mapping[str, Table] = {
    "visits": Table(gettext_lazy("Visits"), visits.VISITS, visits.visit_cells, _take_visits,
                    "diplomacy.view_visit", ("diplomacy.review_proposal", "diplomacy.add_visit")),
    "items": Table(gettext_lazy("Programme items"), items.ITEMS, items.item_cells, _take_items,
                   "diplomacy.view_programmeitem", ("diplomacy.review_proposal", "diplomacy.add_programmeitem")),
    "people": Table(gettext_lazy("People"), directory.PEOPLE, directory.people_cells,
                    _take_people, "diplomacy.view_person", _DIRECTORY),
    "offices": Table(gettext_lazy("Offices"), directory.OFFICES, directory.office_cells,
                     _take_offices, "diplomacy.view_office", _DIRECTORY),
    "tenures": Table(gettext_lazy("Tenures"), directory.TENURES, directory.tenure_cells,
                     _take_tenures, "diplomacy.view_tenure", _DIRECTORY),
}  # fmt: skip


class TableForm(forms.Form):
    """A table to be imported; first it is only looked at."""

    table = forms.ChoiceField(label=gettext_lazy("Table"), choices=[(name, one.label) for name, one in TABLES.items()])
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV (UTF-8) or XLSX, with the columns of an export."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )


@require_safe
def export_view(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """A whole table as a file; formulas in it are defused."""
    table = _table(name)
    require(request, table.may_see)
    if form not in set(TableFormat):
        raise Http404
    kind = TableFormat(form)
    content = write_table(table.columns, table.cells(), kind)
    day = timezone.now().date().isoformat()
    return HttpResponse(
        content,
        headers={
            "Content-Type": _TYPES[kind],
            "Content-Disposition": f'attachment; filename="{name}-{day}.{form}"',
            "Cache-Control": "no-store",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def tables_view(request: HttpRequest) -> HttpResponse:
    """Export, and import in two steps: the first shows what each row would do and does nothing."""
    user = require(request, "diplomacy.view_visit")
    context: dict[str, Any] = {"form": TableForm()}
    if request.method == "POST":
        table = _table(request.POST.get("table", ""))
        for permission in table.may_take:
            require(request, permission, EVERYWHERE)  # a table may hold rows of any country
        context["form"] = form = TableForm(request.POST, request.FILES or None)
        sent = _sent(request, form)
        if sent is not None:
            act = Act(now=timezone.now(), by=user, reason=_("Imported: %(file)s") % {"file": sent[1][:200]})
            is_dry = "do" not in request.POST
            outcomes = _outcomes(table, *sent, act, form=form, is_dry=is_dry)
            if outcomes is not None and not is_dry:
                messages.success(request, _("Imported. What is new is a draft; what contradicts an editor waits."))
            context |= _shown(request, outcomes, *sent, is_dry=is_dry)
    return TemplateResponse(
        request,
        "admin/desk/tables.html",
        {**admin.site.each_context(request), "title": _("Import and export"), "tables": _seen(request), **context},
    )


def _seen(request: HttpRequest) -> list[tuple[str, Table]]:
    return [(name, table) for name, table in TABLES.items() if request.user.has_perm(table.may_see)]


def _table(name: str) -> Table:
    if name not in TABLES:
        raise Http404
    return TABLES[name]


def _sent(request: HttpRequest, form: TableForm) -> tuple[bytes, str] | None:
    """The file and its name: as uploaded, or as the page of the dry run hands it back."""
    if "content" in request.POST:
        try:
            content = base64.b64decode(request.POST["content"].encode(), validate=True)
        except (binascii.Error, ValueError):
            raise Http404 from None
        return content, request.POST.get("filename", "")
    if not form.is_valid():
        return None
    file = form.cleaned_data["file"]
    return file.read(), str(file.name)


def _outcomes(
    table: Table, content: bytes, filename: str, act: Act, *, form: TableForm, is_dry: bool
) -> list[RowOutcome] | None:
    try:
        rows = read_table(content)
        missing = [column for column in table.columns if not any(column in row.cells for row in rows)]
        if len(missing) == len(table.columns):
            raise TableError(TableTrouble.NO_HEAD)
    except TableError as error:
        form.is_valid()
        form.add_error(None, _TROUBLES[error.trouble])
        return None
    taking = partial(table.take, content, rows, act, filename)
    return _tried(taking) if is_dry else _done(taking)


def _done(taking: Callable[[], list[RowOutcome]]) -> list[RowOutcome]:
    with transaction.atomic():
        return taking()


def _tried(taking: Callable[[], list[RowOutcome]]) -> list[RowOutcome]:
    """What would come of it: really done, and taken back."""
    found: list[RowOutcome] = []
    try:
        with transaction.atomic():
            found = taking()
            raise _Undone
    except _Undone:
        return found


def _shown(
    request: HttpRequest, outcomes: list[RowOutcome] | None, content: bytes, filename: str, *, is_dry: bool
) -> dict[str, Any]:
    if outcomes is None:
        return {}
    counts = Counter(one.verdict for one in outcomes)
    return {
        "outcomes": [(one, _VERDICTS[one.verdict]) for one in outcomes],
        "counts": [(_VERDICTS[verdict], counts[verdict]) for verdict in Verdict if counts[verdict]],
        "is_dry": is_dry,
        "is_useful": counts.keys() & {Verdict.MADE, Verdict.CHANGED, Verdict.WAITS},
        "chosen": request.POST["table"],
        "content": base64.b64encode(content).decode() if is_dry else "",
        "filename": filename,
    }
