"""Take the pictures of docs/screenshots anew, of a demonstration that runs: its address, and the desk's password.

./run                                                             # in another terminal; it prints both
.venv/bin/python scripts/screenshots.py http://127.0.0.1:8000 PASSWORD
"""

from __future__ import annotations

import argparse
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
BAMAKO = "Belavine"  # the proposal that retells the visit to Bamako


def main() -> None:
    """Public pages and the desk, light on a desk's screen and dark on a phone."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("password")
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        _light(browser, options.address, options.password)
        _phone(browser, options.address, options.password)
        browser.close()


def _light(browser: Browser, address: str, password: str) -> None:
    context = browser.new_context(base_url=address, viewport={"width": 1200, "height": 820}, locale="en")
    page = context.new_page()
    page.goto("/en/")
    _keep(page, "diary")
    page.goto("/en/month/")
    _keep(page, "month")
    _sign_in(page, password)
    _keep(page, "queue")
    _open_bamako(page)
    _keep(page, "review")
    page.get_by_role("link", name="announced").click()
    _keep(page, "visit")
    context.close()


def _phone(browser: Browser, address: str, password: str) -> None:
    context = browser.new_context(
        base_url=address, viewport={"width": 360, "height": 740}, locale="fr", color_scheme="dark"
    )
    page = context.new_page()
    page.goto("/")
    _keep(page, "diary-phone-dark")
    _sign_in(page, password)
    _open_bamako(page)
    _keep(page, "review-phone-dark")
    context.close()


def _sign_in(page: Page, password: str) -> None:
    page.goto("/admin/login/")
    page.fill("#id_login", "editor")
    page.fill("#id_password", password)
    page.click("[type=submit]")


def _open_bamako(page: Page) -> None:
    page.get_by_role("link", name=BAMAKO).first.click()
    page.wait_for_load_state("networkidle")


def _keep(page: Page, name: str) -> None:
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
