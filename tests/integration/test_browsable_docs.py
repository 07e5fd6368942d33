"""`/v2/docs` in a browser: all of it comes from the service itself, under its Content-Security-Policy, and it works."""

import shutil
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from customers.keys import issue_key
from customers.scopes import SCOPES
from samples.screenshots import BROWSERS, OPTIONS
from tests.api.operations import operations
from tests.ledger import a_customer

pytestmark = pytest.mark.browser

# Not localhost: Swagger UI behaves otherwise there, and no user of a real installation sees it so.
HOST = "paydraft.example"


def watched(page: Page) -> tuple[list[str], list[str]]:
    """The hosts that the page asks, and what it complains of; both grow while it is used."""
    hosts: list[str] = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    page.on("request", lambda request: hosts.append(urlsplit(request.url).hostname or request.url.split(":")[0]))
    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return hosts, complaints


@pytest.mark.usefixtures("transactional_db")
def test_the_page_shows_every_operation_and_sends_one(live_server: LiveServer, settings: Any) -> None:
    settings.ALLOWED_HOSTS = [HOST]
    customer = a_customer()
    _, key = issue_key(
        name="docs", customers=(customer,), scopes=SCOPES, expires_at=None, by="test", now=timezone.now()
    )
    origin = f"http://{HOST}:{urlsplit(live_server.url).port}"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=next(filter(None, map(shutil.which, BROWSERS))),
            args=[
                *OPTIONS,
                f"--host-resolver-rules=MAP {HOST} 127.0.0.1",
                f"--unsafely-treat-insecure-origin-as-secure={origin}",  # as behind the TLS of a real one
            ],
        )
        page = chromium.new_page()
        hosts, complaints = watched(page)
        page.goto(f"{origin}/v2/docs")
        page.wait_for_selector(".opblock")
        shown = {
            (block.locator(".opblock-summary-path").inner_text(), block.locator(".opblock-summary-method").inner_text())
            for block in page.locator("[id^=operations-] .opblock, .opblock[id^=operations-]").all()
        }
        page.click(".auth-wrapper .authorize")
        page.fill(".auth-container input", key)
        page.click(".auth-container .authorize")
        page.click(".auth-container .btn-done")
        block = page.locator("#operations-Customers-customers_list")
        block.click()
        block.locator(".try-out__btn").click()
        block.locator(".execute").click()
        answer = block.locator(".live-responses-table .response").first
        answer.wait_for()
        status = answer.locator(".response-col_status").inner_text()
        body = answer.locator(".highlight-code, .microlight").first.inner_text()
        chromium.close()

    assert complaints == []
    assert set(hosts) - {"data"} == {HOST}  # data: pictures that stand in the style sheet
    # Long paths may break at zero-width spaces.
    assert {(path.replace("\u200b", ""), method) for path, method in shown} >= {
        (one.path, one.method) for one in operations()
    }
    assert status.startswith("200")
    assert str(customer.pk) in body
