"""An editor in a real browser: paste, review, publish; a reader sees it and subscribes."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from agenda.coverage import watching
from agenda.coverage.models import Coverage, Notice
from agenda.feeds.models import Feed
from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques import settling, tasks
from diplomacy.communiques.listings import EditionLine
from diplomacy.communiques.mentions import NameMention
from diplomacy.communiques.models import Communique, Evidence, Proposal, ReadingJob, SourceHealth
from diplomacy.communiques.samples import samples
from diplomacy.directory import asking
from diplomacy.directory.questions import NameQuestion
from diplomacy.visits import lifecycle, people, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.models import Visit
from diplomacy.vocabulary import VisitStatus
from tests import factories
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
        connections.close_all()  # under Playwright's loop the test has a connection of its own


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
    page.fill("#id_login", "ada")
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
    page.wait_for_url("**/admin/")
    page.goto("/en/")
    page.get_by_role("link", name="Grigory Belavin").click()
    assert page.locator(".line").count() == 5
    feed = page.request.get("/feeds/en/all.ics").body()
    seen = read_with_icalendar(feed)
    assert len(seen) == 1
    assert read_with_ical_js(feed) == seen == read_with_khal(feed)
    assert problems == []


def findings_on(page: Page) -> list[str]:
    """What axe objects to, and whether the page is wider than the window."""
    found = [f"{finding['id']}: {finding['nodes'][0]['target']}" for finding in Axe().run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("wider than the window")
    return found


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1200, "light")])
def test_the_desk_has_no_accessibility_findings(
    browser: Browser, live_server: LiveServer, width: int, scheme: str
) -> None:
    proposal = factories.proposal()
    failed = factories.version("a text that failed").communique
    Communique.objects.filter(pk=failed.pk).update(state="failed", error="file:damaged")
    SourceHealth.objects.create(source=failed.source, next_poll_at=factories.NOW, alarms=["quiet"])
    factories.visit(factories.VISIT, factories.PRESS)
    context = browser.new_context(
        base_url=live_server.url, bypass_csp=True, color_scheme="dark" if scheme == "dark" else "light", locale="en",
        viewport={"width": width, "height": 800},
    )  # fmt: skip
    page = context.new_page()
    sign_in(page)
    visit = Visit.objects.get()
    other = factories.visit(factories.VISIT, factories.PRESS)
    lifecycle.set_status(visit, VisitStatus.CONFIRMED, Act(now=factories.NOW + dt.timedelta(hours=1)))
    Evidence.objects.create(
        proposal=proposal, field="start", start=0, end=4, quote=proposal.extraction.version.text[:4], rule="test",
        visit=visit, item=visit.items.get(),
    )  # fmt: skip
    publication.mark_disputed(visit, ["start_on"], Act(now=factories.NOW + dt.timedelta(hours=1)))
    settling.pin(visit, "end", Act(now=factories.NOW + dt.timedelta(hours=1), by=User.objects.get(username="ada")))
    EditionLine.objects.create(
        edition=proposal.extraction, state="no_longer_listed", before=proposal, item=visit.items.get(),
        noticed_at=factories.NOW,
    )  # fmt: skip
    calendar = Feed.objects.get(language="en", slug="all")
    item = other.items.get()
    coverage = Coverage(item=item, text="planned", assignee=User.objects.get(username="ada"))
    watching.save(coverage)
    Notice.objects.create(
        coverage=coverage, recipient=User.objects.get(username="ada"), kind="change",
        changes=[["venue", "", "Palais"]], made_at=factories.NOW,
    )  # fmt: skip
    asked = asking.ask_about_name("A. Prado", country=factories.country("BR"), now=factories.NOW)
    asking.ask_about_holder(
        "presidente", country=factories.country("BR"), on_day=dt.date(2023, 2, 7), now=factories.NOW
    )
    assert asked is not None
    NameMention.objects.create(question=asked, proposal=proposal, start=0, end=4)
    double = factories.person("Ana Maria Prado", "BR")
    people.merge(factories.person("A. Maria Prado", "BR"), double, Act(now=factories.NOW))
    paths = ["/admin/people/merge/", f"/admin/people/merge/?goes={double.slug}&stays=ana-prado",
             "/admin/people/mergers/", f"/admin/diplomacy/person/{double.pk}/change/",
             "/admin/questions/", f"/admin/questions/?of={proposal.pk}", "/admin/",
             "/admin/coverage/", "/admin/coverage/?whose=all", f"/admin/items/{item.pk}/coverage/", "/admin/rules/",
             "/admin/tables/",
             "/admin/calendars/", f"/admin/calendars/{calendar.pk}/",
             "/admin/merge/", f"/admin/merge/?goes={other.slug}&stays={visit.slug}",
             f"/admin/subscriptions/?feed={calendar.pk}",
             "/admin/intake/", "/admin/intake/?state=failed&text=a", "/admin/together/?least=0.80",
             "/admin/receive/", f"/admin/review/{proposal.pk}/", "/admin/subscriptions/", "/admin/tokens/",
             "/admin/visits/new/", f"/admin/visits/{visit.pk}/whole/?act=shift&days=1",
             f"/admin/visits/{visit.pk}/", f"/visits/{visit.slug}/", f"/items/{visit.items.get().pk}/",
             f"/admin/communiques/{proposal.extraction.version.communique_id}/",
             f"/admin/communiques/{proposal.extraction.version.communique_id}/date/"]  # fmt: skip
    found = {}
    for path in paths:
        page.goto(path)
        found[path] = findings_on(page)
    assert found == {path: [] for path in paths}


def test_the_intake_page_follows_the_reading_without_being_loaded_again(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.read_version, "delay", lambda _version: None)
    versions = [factories.version(f"Note {number}.") for number in range(3)]
    sign_in(page)
    page.goto("/admin/intake/")
    assert "Reading: 0 of 3 done" in page.inner_text("#intake-live")
    page.evaluate("window.isTheSame = true")
    Communique.objects.filter(versions=versions[0].pk).update(state="read")
    ReadingJob.objects.filter(version=versions[0]).update(state="done")
    page.get_by_text("Reading: 1 of 3 done").wait_for()
    assert page.locator("#intake-list li .kind", has_text="waiting to be read").count() == 2
    Communique.objects.update(state="read")
    ReadingJob.objects.update(state="done")
    page.locator("#intake-live progress").wait_for(state="detached")
    assert page.locator("#intake-list li .kind").all_inner_texts() == ["read"] * 3
    assert page.evaluate("window.isTheSame")


def test_questions_about_names_are_answered_by_keys(page: Page) -> None:
    known = factories.person("Mariana Prado", "BR")
    brazil = factories.country("BR")
    first, second, third = (
        asking.ask_about_name(name, country=brazil, now=factories.NOW)
        for name in ("Marianna Prado", "M. Prado", "Mariana Prados")
    )
    assert first is not None
    assert second is not None
    assert third is not None
    sign_in(page)
    page.goto("/admin/questions/")
    page.keyboard.press("1")
    page.wait_for_url(f"**#question-{second.pk}")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.get_by_text("Answered last: Mariana Prados").wait_for()
    page.keyboard.press("u")
    page.get_by_text("It is asked again").wait_for()
    page.keyboard.press("h")
    page.keyboard.type("mariana-prado")
    page.keyboard.press("Enter")
    page.get_by_text("“Mariana Prados” is Mariana Prado").wait_for()
    page.keyboard.press("n")
    page.wait_for_load_state()
    answers = dict(NameQuestion.objects.values_list("text", "answer"))
    assert answers == {"Marianna Prado": "same", "M. Prado": "open", "Mariana Prados": "same"}
    assert known.names.count() == 3


def test_a_private_address_is_made_and_revoked(page: Page) -> None:
    sign_in(page)
    page.goto("/admin/subscriptions/")
    page.fill("[name=label]", "Ada, phone")
    page.click("form.desk-form button.primary")
    address = page.locator("#secret").input_value().replace("http://diary.test", "")
    assert page.request.get(address).status == 200
    page.click("button.alarm")
    assert page.request.get(address).status == 410
    assert page.locator("#secret").count() == 0


def test_a_calendar_is_cut_and_its_private_address_rotated(page: Page) -> None:
    factories.visit(factories.VISIT, factories.PRESS)
    sign_in(page)
    page.goto("/admin/calendars/")
    assert not page.is_visible("[name=country]")
    page.select_option("[name=selection]", "pair")
    assert page.is_visible("[name=country]")
    assert not page.is_visible("[name=words]")
    page.select_option("[name=country]", "ML")
    page.select_option("[name=second_country]", "BR")
    page.select_option("[name=is_public]", "0")
    page.click("button.primary")
    page.get_by_role("link", name="Make a private address").click()
    page.fill("[name=label]", "Ada, phone")
    page.click("form.desk-form button.primary")
    first = page.locator("#secret").input_value().replace("http://diary.test", "")
    assert page.request.get(first).status == 200
    page.get_by_role("button", name="Rotate").first.click()
    second = page.locator("#secret").input_value().replace("http://diary.test", "")
    assert page.request.get(first).status == 410
    assert page.request.get(second).status == 200


def test_what_is_under_embargo_shows_at_the_desk_alone(page: Page) -> None:
    proposal = factories.proposal()
    sign_in(page)
    page.goto(f"/admin/review/{proposal.pk}/")
    tomorrow = dt.datetime.now(tz=dt.UTC) + dt.timedelta(days=1)
    page.fill("[name=release-until]", tomorrow.strftime("%Y-%m-%dT%H:%M"))
    page.fill("[name=release-zone]", "Asia/Tokyo")
    page.click("[name=publish]")
    page.wait_for_url("**/admin/")
    slug = Visit.objects.get().slug
    assert page.request.get(f"/visits/{slug}/").status == 404
    page.goto("/admin/diplomacy/visit/")
    assert slug in page.content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_public_pages_have_no_accessibility_findings(browser: Browser, live_server: LiveServer, scheme: str) -> None:
    factories.visit(factories.VISIT, factories.PRESS)
    context = browser.new_context(
        base_url=live_server.url, bypass_csp=True, color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": 360, "height": 740},
    )  # fmt: skip
    page = context.new_page()
    for path in ("/", "/en/?q=bamako", "/month/?on=2023-02-01", "/en/week/?on=2023-02-08", "/countries/ml/", "/feeds/"):
        page.goto(path)
        assert findings_on(page) == [], path


def test_the_diary_by_keyboard_with_the_readers_own_clock_beside(browser: Browser, live_server: LiveServer) -> None:
    factories.visit(factories.VISIT, replace(factories.PRESS, city="Bamako", country="ML"))
    context = browser.new_context(base_url=live_server.url, locale="en", timezone_id="Asia/Tokyo")
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.goto("/en/?on=2023-02-01")
    page.keyboard.press("m")
    page.wait_for_url("**/en/month/?on=2023-02-01")
    assert page.locator("a.visit-bar").bounding_box() is not None
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/en/month/?on=2023-03-01")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/en/month/?on=2023-02-01")
    page.keyboard.press("?")
    assert page.locator("dialog.keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("bamako")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/month/?q=bamako*")
    page.goto("/en/day/?on=2023-02-08")
    hour = page.locator(".line .hour", has_text="15:00").inner_text()
    assert "Bamako, UTC+0" in hour
    assert "Thu 00:00 your time" in hour  # in Tokyo the ninth has begun
    assert problems == []


def test_several_files_are_sent_with_their_progress(page: Page, tmp_path: Path) -> None:
    """The script sends them, says so, and shows what the page without it would."""
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    names = [tmp_path / f"{number}.txt" for number in range(3)]
    for number, name in enumerate(names):
        name.write_text(f"La ministre Ana Prado visite Bamako le {number + 8} février 2023. " * 9, encoding="utf-8")
    sign_in(page)
    page.goto("/admin/receive/")
    page.set_input_files("[name=file]", names)
    page.fill("[name=published_on]", "2023-02-07")
    page.route("**/admin/receive/", lambda route: (page.wait_for_selector("#sending:visible"), route.continue_()))
    page.click("button.primary")
    page.wait_for_url("**/admin/")
    assert "Received: 3." in page.inner_text("ul.messagelist")
    assert Communique.objects.count() == 3
    page.unroute("**/admin/receive/")
    page.goto("/admin/receive/")
    picture = tmp_path / "photo.jpg"
    picture.write_bytes(b"\xff\xd8\xff\xe0")
    page.set_input_files("[name=file]", [names[0], picture])
    page.click("button.primary")
    page.wait_for_selector(".errorlist")
    assert "photo.jpg: This kind of file is not read." in page.inner_text(".errorlist")
    assert not page.is_visible("#sending")
    assert not page.is_disabled("button.primary")
    assert problems == []
