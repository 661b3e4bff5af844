"""The review page in a real browser: keys, words and fields, two editors, and all samples cleared by keyboard."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques import tasks
from diplomacy.communiques.intake import Arrival, receive
from diplomacy.communiques.models import Evidence, Proposal
from diplomacy.communiques.samples import samples
from diplomacy.visits.models import Visit
from tests import factories
from tests.browser.test_desk import SAMPLES, browser, findings_on, page, pytestmark, sign_in
from tests.desk.test_review import matched

__all__ = ["browser", "page", "pytestmark"]  # fixtures, and the marks of this module

NEXT_WITHIN_MS = 300
TEXT = "Visite d’Ana Prado à Bamako.\nElle durera jusqu’au 9 février 2023. Point de presse à 15 h 30, salle Sahel."


@pytest.fixture(autouse=True)
def _is_read_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no worker: what is received waits to be read."""
    monkeypatch.setattr(tasks.read_version, "delay", lambda *_args: None)


@pytest.fixture
def _is_read_at_once(monkeypatch: pytest.MonkeyPatch, _is_read_later: None) -> None:
    monkeypatch.setattr(tasks.read_version, "delay", tasks.read_version.run)


@pytest.fixture
def problems(page: Page) -> Iterator[list[str]]:
    """What the browser objects to: scripts that fail, styles and scripts that the policy forbids."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    yield found
    assert [text for text in found if "status of 409" not in text] == []


def proposal(draft: dict[str, object] | None = None, **spans: str) -> Proposal:
    """A proposal read in TEXT; `spans` names fields and the words they came from."""
    said = {"visitors": [{"name": "Ana Prado", "title": "Foreign Minister", "country": "BR"}], "host_country": "ML",
            "cities": ["Bamako"], "start": "2023-02-07", "items": []}  # fmt: skip
    made = factories.proposal({**said, **(draft or {})})
    made.extraction.version = factories.version(TEXT, language="fr")
    made.extraction.save()
    for field, quote in spans.items():
        start = TEXT.index(quote)
        Evidence.objects.create(
            proposal=made, field=field, start=start, end=start + len(quote), quote=quote, rule="test"
        )
    return made


def current(page: Page) -> str | None:
    """The field the keys act on."""
    field: str | None = page.evaluate("document.querySelector('.field.current')?.dataset.field")
    return field


def test_a_field_and_its_words_show_each_other(page: Page, problems: list[str]) -> None:
    made = proposal(cities="Bamako", visitors="Ana Prado")
    sign_in(page)
    page.goto(f"/admin/review/{made.pk}/")
    page.hover("mark:has-text('Bamako')")
    assert page.locator(".field.pointed").get_attribute("data-field") == "visit-cities"
    page.click("mark:has-text('Ana Prado')")
    assert current(page) == "visit-visitors"
    assert page.locator("mark.active").all_inner_texts() == ["Ana Prado"]
    page.hover(".field-cities")
    assert page.locator("mark.active").all_inner_texts() == ["Bamako"]


def test_words_of_the_text_are_put_into_a_field_and_become_its_evidence(page: Page, problems: list[str]) -> None:
    made = proposal()
    sign_in(page)
    page.goto(f"/admin/review/{made.pk}/")
    page.evaluate(
        """(words) => {
             const text = document.querySelector(".words").firstChild;
             const start = text.data.indexOf(words);
             getSelection().setBaseAndExtent(text, start, text, start + words.length);
             document.dispatchEvent(new MouseEvent("mouseup"));
           }""",
        "jusqu’au 9 février 2023",
    )
    page.select_option("#assign-field", "visit-end")
    page.click("form.assign button")
    page.wait_for_function("document.querySelector('[name=visit-end]').value === '2023-02-09'")
    assert current(page) == "visit-end"
    page.keyboard.press("p")
    page.wait_for_url("**/admin/")
    assert str(Visit.objects.get().end_on) == "2023-02-09"
    assert Evidence.objects.get(field="end").quote == "jusqu’au 9 février 2023"


def test_fields_are_settled_dropped_edited_and_put_back_by_keys(page: Page, problems: list[str]) -> None:
    made = proposal({"confidence": {"start": 0.3}})
    sign_in(page)
    page.goto(f"/admin/review/{made.pk}/")
    page.keyboard.press("p")  # there is a question: the first press leads to it
    assert current(page) == "visit-start"
    assert page.locator(".field.asked:not(.settled)").count() == 1
    page.keyboard.press("a")
    assert page.locator(".field.asked:not(.settled)").count() == 0
    page.keyboard.press("k")
    page.keyboard.press("r")
    assert page.input_value("[name=visit-start]") == ""
    page.keyboard.press("k")
    page.keyboard.press("u")
    assert page.input_value("[name=visit-start]") == "2023-02-07"
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.name") == "visit-visitors"
    page.keyboard.type("ja")  # a letter is a letter while one types
    assert "ja" in page.input_value("[name=visit-visitors]")
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    page.keyboard.press("?")
    assert page.is_visible("dialog#keys")
    page.keyboard.press("Escape")
    assert not page.is_visible("dialog#keys")


def test_a_decision_is_undone_by_a_key(page: Page, problems: list[str]) -> None:
    first, _second = proposal(), factories.proposal()
    sign_in(page)
    page.goto(f"/admin/review/{first.pk}/")
    page.keyboard.press("r")
    page.wait_for_url(lambda url: str(first.pk) not in url)
    page.keyboard.press("u")
    page.wait_for_url(f"**/{first.pk}/")
    first.refresh_from_db()
    assert first.state == "waiting"


def test_two_editors_at_one_proposal(
    browser: Browser, live_server: LiveServer, page: Page, problems: list[str]
) -> None:
    made = proposal()
    sign_in(page)
    page.goto(f"/admin/review/{made.pk}/")
    page.fill("[name=visit-date_text]", "in February")
    page.wait_for_function("document.getElementById('saved').textContent === 'Typed text is kept.'")
    User.objects.create_with_role("bela", role=DeskRole.EDITOR, password="correct horse")
    other = browser.new_page(base_url=live_server.url, locale="en")
    other.goto("/admin/")
    other.fill("#id_login", "bela")
    other.fill("#id_password", "correct horse")
    other.click("[type=submit]")
    other.goto(f"/admin/review/{made.pk}/")
    assert "ada has this open since" in other.inner_text(".held >> nth=0")
    assert other.input_value("[name=visit-date_text]") == "in February"
    other.keyboard.press("a")
    other.click("text=Take over")
    other.wait_for_selector("text=It is yours now")
    other.fill("[name=visit-end]", "2023-02-09")
    other.keyboard.press("Escape")
    other.keyboard.press("Escape")
    other.keyboard.press("a")
    other.wait_for_url("**/admin/")
    page.fill("[name=visit-end]", "2023-02-10")
    page.click("[name=accept]")
    page.wait_for_selector(".stale")
    assert "9 Feb 2023" in page.inner_text(".stale tbody")
    assert "10 Feb 2023" in page.inner_text(".stale tbody")
    assert str(Visit.objects.get().end_on) == "2023-02-09"


def test_keys_can_be_turned_off(page: Page, problems: list[str]) -> None:
    made = proposal()
    sign_in(page)
    page.goto(f"/admin/review/{made.pk}/")
    page.keyboard.press("?")
    page.uncheck("#keys-on")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.keyboard.press("j")
    assert current(page) is None
    made.refresh_from_db()
    assert made.state == "waiting"


def received_samples() -> int:
    """All samples of the demonstration, received and read; how many proposals wait."""
    now = dt.datetime.now(tz=dt.UTC)
    source = factories.source()
    for sample in samples(SAMPLES, now.date()):
        receive(Arrival(original=sample.text.encode(), published_on=now.date(), received_at=now), source)
    return Proposal.objects.filter(state="waiting").count()


@pytest.mark.usefixtures("_is_read_at_once")
def test_all_samples_are_cleared_by_keyboard(
    page: Page, problems: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    waiting = received_samples()
    assert waiting > 5
    sign_in(page)
    page.goto("/admin/")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.matches('.queue a')")
    page.keyboard.press("Enter")
    page.wait_for_selector("#review")
    began, pressed, opened, answered = time.monotonic(), 2, list[int](), list[int]()
    left = waiting
    while left:
        if left > 1:  # while an editor reads, the next one is loaded
            page.wait_for_function("document.documentElement.dataset.ahead")
        presses = 2 if page.locator(".field.asked:not(.settled)").count() else 1
        for _press in range(presses):
            page.keyboard.press("a")
        pressed += presses
        page.wait_for_function("document.documentElement.dataset.answered")
        opened.append(int(page.evaluate("document.documentElement.dataset.opened")))
        answered.append(int(page.evaluate("document.documentElement.dataset.answered")))
        page.evaluate("for (const each of ['opened', 'answered']) delete document.documentElement.dataset[each]")
        before, left = left, Proposal.objects.filter(state="waiting").count()
        assert left < before  # more than one less where a decision confirms what another text says
        if left:
            assert page.evaluate("document.activeElement.id") == "review"
    median, seconds = sorted(opened)[len(opened) // 2], time.monotonic() - began
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{waiting} proposals of the samples cleared with {pressed} keys in {seconds:.1f} s; "
            f"the next opened after {median} ms (median), {max(opened)} ms (longest), "
            f"the desk answered after {sorted(answered)[len(answered) // 2]} ms (median)"
        )
    assert pressed <= 2 + 2 * waiting
    assert median < NEXT_WITHIN_MS


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1200, "light")])
def test_a_page_with_everything_to_say_has_no_accessibility_findings(
    browser: Browser, live_server: LiveServer, width: int, scheme: str
) -> None:
    made = proposal({"confidence": {"start": 0.3}, "start": "2023-02-09", "end": "2023-02-10"}, cities="Bamako")
    matched(made, factories.visit())
    context = browser.new_context(
        base_url=live_server.url, bypass_csp=True, color_scheme="dark" if scheme == "dark" else "light", locale="en",
        viewport={"width": width, "height": 800},
    )  # fmt: skip
    page = context.new_page()
    sign_in(page)
    page.goto(f"/admin/review/{made.pk}/")
    page.keyboard.press("p")
    assert page.locator(".field.current .tools").count() == 1
    found = {"a field chosen": findings_on(page)}
    page.keyboard.press("?")
    found["keys"] = findings_on(page)
    assert found == {"a field chosen": [], "keys": []}
