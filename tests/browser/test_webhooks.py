"""The pages of webhooks in a real browser: made by hand, narrow and wide, light and dark, for everybody."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from agenda.webhooks.models import Delivery, DeliveryState, Stopped, Webhook
from tests import factories
from tests.conftest import NOW
from tests.feeds.diary import BAMAKO, TIMED

from .test_desk import browser, findings_on, page, pytestmark, sign_in

__all__ = ["browser", "page", "pytestmark"]


def make(page: Page) -> Webhook:
    """One, by hand."""
    page.goto("/admin/webhooks/")
    page.get_by_label("For").fill("Planning system of the newsroom")
    page.get_by_label("Target").fill(
        "https://receiver.example/hooks/diary/with/a/long/path/that/does/not/break?key=0123456789"
    )
    page.get_by_role("button", name="Make a webhook").click()
    assert page.get_by_label("The secret").input_value().startswith("whsec_")
    return Webhook.objects.get()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 360)])
def test_the_pages_of_webhooks_have_no_accessibility_findings(
    browser: Browser, live_server: LiveServer, scheme: str, width: int
) -> None:
    page = browser.new_page(
        base_url=live_server.url, bypass_csp=True, color_scheme="dark" if scheme == "dark" else "light", locale="en",
        viewport={"width": width, "height": 800},
    )  # fmt: skip
    sign_in(page)
    hook = make(page)
    found = findings_on(page)
    Webhook.objects.update(made_at=NOW)
    factories.visit(BAMAKO, TIMED)
    from agenda.webhooks.delivering import fan_out

    fan_out(NOW)
    Delivery.objects.update(state=DeliveryState.DEAD, attempts=14, tried_at=NOW, status=500)
    Delivery.objects.filter(pk=Delivery.objects.earliest("pk").pk).update(state=DeliveryState.WAITING, status=None)
    for path in ("/admin/webhooks/", f"/admin/webhooks/{hook.pk}/"):
        page.goto(path)
        found += findings_on(page)
        if folder := os.environ.get("AGENDA_TEST_SHOTS"):
            page.screenshot(path=f"{folder}/{scheme}-{path.strip('/').count('/')}.png", full_page=True)
    Webhook.objects.update(stopped=Stopped.FAILING, stopped_at=NOW)
    page.goto("/admin/")
    found += findings_on(page)
    assert page.get_by_role("heading", name="Webhooks that were switched off").is_visible()
    assert found == []
