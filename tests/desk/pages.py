"""What a browser would send back from a page of the desk, nothing changed."""

from __future__ import annotations

from typing import Any


def as_shown(page: Any) -> dict[str, Any]:
    """Every field of a review page with the value it shows."""
    forms = [page.context["release_form"], page.context["item_forms"].management_form, *page.context["item_forms"]]
    forms += [page.context["visit_form"]] if page.context["visit_form"] else []
    shown = {field.html_name: field.value() for form in forms for field in form}
    unticked = {name for name, value in shown.items() if value is False}
    filled = {name: "" if value is None else value for name, value in shown.items() if name not in unticked}
    proposal = page.context["proposal"]
    return {
        **filled,
        "version": proposal.version,
        "visit_version": proposal.visit.version if proposal.visit else "",
        "settled": " ".join(page.context["settled"]),
        "assigned": page.context["assigned"],
        **({"changes_shown": "1", "taken": sorted(page.context["taken"])} if page.context["changes"] else {}),
    }
