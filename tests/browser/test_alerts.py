"""The pages of those who follow, in a real browser, narrow and dark, wide and light."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from agenda.alerts import following
from agenda.alerts.models import Follow
from agenda.alerts.tasks import send_question
from tests import factories
from tests.feeds.diary import BAMAKO, TIMED

from .test_desk import browser, findings_on, pytestmark, sign_in

__all__ = ["browser", "pytestmark"]
SIZES = (("dark", 360), ("light", 1200))


def shoot(page: Page, name: str) -> None:
    if folder := os.environ.get("AGENDA_TEST_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_somebody_follows_by_mail_confirms_and_ends_it_and_an_editor_follows_at_the_desk(
    browser: Browser, live_server: LiveServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send_question, "delay", send_question)
    settings.AGENDA_SMTP, settings.AGENDA_BASE_URL = "smtp://mail.example", live_server.url
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    factories.visit(BAMAKO, TIMED)
    found: list[str] = []
    for scheme, width in SIZES:
        page = browser.new_page(
            base_url=live_server.url, bypass_csp=True, color_scheme="dark" if scheme == "dark" else "light",
            locale="en", viewport={"width": width, "height": 800},
        )  # fmt: skip
        page.goto("/en/alerts/?feed=country-ml")
        found += findings_on(page)
        shoot(page, f"ask-{scheme}")
        page.get_by_label("E-mail address").fill(f"{scheme}@example.org")
        page.get_by_label("When").select_option("weekly")
        page.get_by_label("Time zone").select_option("Africa/Bamako")
        page.get_by_role("button", name="Ask for it").click()
        found += findings_on(page)
        row = Follow.objects.get(email=f"{scheme}@example.org")
        link = following.follow_page(row)
        assert link in mail.outbox[-1].body
        page.goto(link)
        found += findings_on(page)
        page.get_by_role("button", name="Yes, tell me").click()
        assert page.get_by_text("Once a week: Monday, 7:00 (Africa/Bamako).").is_visible()
        found += findings_on(page)
        shoot(page, f"alert-{scheme}")
        page.get_by_role("button", name="End it").click()
        assert page.get_by_text("You will be told nothing more.").is_visible()
        assert page.context.cookies() == []
    sign_in(page)
    page.goto("/admin/alerts/")
    page.get_by_role("button", name="Follow", exact=True).click()
    found += findings_on(page)
    shoot(page, "desk")
    page.set_viewport_size({"width": 360, "height": 800})
    found += findings_on(page)
    page.get_by_role("button", name="End it").click()
    assert page.get_by_text("You follow nothing yet.").is_visible()
    assert found == []
