"""An editor in a real browser: paste, review, publish; a reader sees it and subscribes."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques import tasks
from diplomacy.communiques.models import Proposal
from diplomacy.communiques.samples import samples
from tests.clients.readers import read_with_ical_js, read_with_icalendar, read_with_khal

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
SAMPLES = Path(__file__).resolve().parent.parent.parent / "samples"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not shutil.which(CHROMIUM), reason=f"{CHROMIUM} is not installed"),
]


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Page:
    return browser.new_page(base_url=live_server.url, locale="en", bypass_csp=True)


@pytest.fixture(autouse=True)
def _read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser test has no worker: what is queued is read at once."""
    monkeypatch.setattr(tasks.read_version, "delay", tasks.read_version.run)


def sign_in(page: Page) -> None:
    User.objects.create_with_role("ada", role=DeskRole.EDITOR, password="correct horse")
    page.goto("/admin/")
    page.fill("#id_username", "ada")
    page.fill("#id_password", "correct horse")
    page.click("[type=submit]")


def test_paste_review_publish_subscribe(page: Page) -> None:
    today = dt.datetime.now(tz=dt.UTC).date()
    text = next(sample.text for sample in samples(SAMPLES, today) if sample.name == "01-bamako.fr")
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    sign_in(page)
    page.goto("/admin/receive/")
    page.fill("[name=text]", text)
    page.fill("[name=published_on]", today.isoformat())
    page.click("button.primary")
    page.goto(f"/admin/review/{Proposal.objects.get().pk}/")
    page.focus("[name=visit-start]")
    assert "aujourd" in page.locator("mark.active").first.inner_text()
    page.click("[name=publish]")
    page.goto("/en/")
    page.get_by_role("link", name="Grigory Belavin").click()
    assert page.locator(".line").count() == 5
    feed = page.request.get("/feeds/en/all.ics").body()
    seen = read_with_icalendar(feed)
    assert len(seen) == 1
    assert read_with_ical_js(feed) == seen == read_with_khal(feed)
    assert problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/en/", "/feeds/"])
def test_public_pages_have_no_accessibility_findings(
    browser: Browser, live_server: LiveServer, path: str, scheme: str
) -> None:
    context = browser.new_context(
        base_url=live_server.url, bypass_csp=True, color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": 360, "height": 740},
    )  # fmt: skip
    page = context.new_page()
    page.goto(path)
    findings = Axe().run(page).response["violations"]
    assert [finding["id"] for finding in findings] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
