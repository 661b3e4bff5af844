"""Signing in with a real browser: by a passkey under the strict policy, and every page of it looked at."""

from __future__ import annotations

from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from agenda.signin.keeping import password_link
from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DeskRole

from .test_desk import browser, findings_on, pytestmark

__all__ = ["browser", "pytestmark"]

PASSWORD = "correct horse battery"
PAGES = (
    "/account/",
    "/account/password/change/",
    "/account/2fa/",
    "/account/2fa/totp/activate/",
    "/account/2fa/webauthn/",
    "/account/2fa/webauthn/add/",
    "/account/2fa/recovery-codes/",
    "/account/sessions/",
    "/account/logout/",
)
WIDE = ("/account/2fa/", "/account/2fa/totp/activate/", "/account/sessions/")


def sign_in(page: Page) -> None:
    page.goto("/admin/")
    page.fill("#id_login", "ada")
    page.fill("#id_password", PASSWORD)
    page.click("button.primary")
    page.wait_for_url("**/admin/")


def with_virtual_key(context: BrowserContext, page: Page) -> None:
    """Plug a passkey into the browser that always says yes."""
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_signs_in_and_no_page_has_accessibility_findings(browser: Browser, live_server: LiveServer) -> None:
    cache.clear()
    ada = User.objects.create_with_role("ada", role=DeskRole.EDITOR, password=PASSWORD)
    problems: list[str] = []
    context = browser.new_context(base_url=live_server.url, locale="en")
    page = context.new_page()
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    with_virtual_key(context, page)
    sign_in(page)
    page.goto("/account/2fa/webauthn/add/")
    page.fill("#id_password", PASSWORD)  # confirmed once more
    page.get_by_role("button", name="Confirm").click()
    page.check("#id_passwordless")
    page.click("#mfa_webauthn_add")
    page.get_by_role("heading", name="Recovery Codes").wait_for()
    page.goto("/account/")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/admin/")
    page.click("#passkey_login")
    page.wait_for_url("**/admin/")
    assert problems == []
    looked_at = _look_at_every_page(browser, live_server, page, ada)
    assert looked_at == {}


def _look_at_every_page(
    browser: Browser, live_server: LiveServer, signed_in: Page, ada: User
) -> dict[tuple[str, str], list[str]]:
    """What is objected to, by page and look; narrow and dark, wide and light."""
    state = signed_in.context.storage_state()
    link = password_link(ada).removeprefix("http://diary.test")
    found: dict[tuple[str, str], list[str]] = {}
    for width, scheme, pages in ((360, "dark", PAGES), (1200, "light", WIDE)):
        look = {"base_url": live_server.url, "bypass_csp": True, "locale": "en", "color_scheme": scheme,
                "viewport": {"width": width, "height": 800}}  # fmt: skip
        inside = browser.new_context(**look, storage_state=state).new_page()  # type: ignore[arg-type]
        outside = browser.new_context(**look).new_page()  # type: ignore[arg-type]
        for address in pages:
            inside.goto(address)
            found[address, scheme] = findings_on(inside)
        for address in ("/account/login/", link):
            outside.goto(address)
            found[address, scheme] = findings_on(outside)
        outside.goto("/account/login/")
        outside.fill("#id_login", "ada")
        outside.fill("#id_password", "wrong")
        outside.click("button.primary")
        found["wrong password", scheme] = findings_on(outside)
        outside.fill("#id_password", PASSWORD)
        outside.click("button.primary")
        outside.wait_for_url("**/2fa/authenticate/")
        found["second factor", scheme] = findings_on(outside)
    return {page: objections for page, objections in found.items() if objections}
