"""One service and one browser for all; each person has a window of her own, signed in once."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.browser.seeds import PASSWORD
from tests.running import Service, service
from tests.services import BROWSERS, ROOT

# On a machine with other work a step may take seconds; what does not come at all fails as well.
expect.set_options(timeout=15_000)

OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync")


@dataclass
class Office:
    """The running back office with its jobs by scenario; `open` gives a person's window on the review of a job."""

    service: Service
    browser: Browser
    jobs: dict[str, str]
    sessions: dict[str, Any] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    def open(self, person: str, scenario: str, **options: Any) -> Page:
        page = self.window(person, **options)
        page.goto(self.address(scenario))
        page.wait_for_selector("#review[data-ready]")
        return page

    def address(self, scenario: str) -> str:
        return f"{self.service.url}/admin/ocr/ocrjob/{self.jobs[scenario]}/review/"

    def window(self, person: str, **options: Any) -> Page:
        if person not in self.sessions:
            self.sessions[person] = self._signed_in(person)
        return self.stranger(storage_state=self.sessions[person], **options)

    def stranger(self, **options: Any) -> Page:
        """The window of somebody who has not signed in."""
        options = {"viewport": {"width": 1280, "height": 800}, **options}
        context = self.browser.new_context(**options)
        context.set_default_timeout(20_000)
        page = context.new_page()
        self.pages.append(page)
        self._listen(page)
        return page

    def _signed_in(self, person: str) -> Any:
        context = self.browser.new_context()
        page = context.new_page()
        self._listen(page)
        page.goto(f"{self.service.url}/admin/")
        page.fill("#id_username", person)
        page.fill("#id_password", PASSWORD)
        page.click("input[type=submit]")
        page.wait_for_selector("#user-tools")
        state = context.storage_state()
        context.close()
        return state

    def _listen(self, page: Page) -> None:
        """Whatever a browser complains of, and every request to another host, fails the test."""

        def said(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"}:
                self.complaints.append(f"{message.type}: {message.text} {message.location}")

        def asked(request: Request) -> None:
            if not request.url.startswith((self.service.url, "data:")):
                self.complaints.append(f"a request to {request.url}")

        page.on("console", said)
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        page.on("request", asked)


# Gone before the tests of another package: Playwright keeps a loop running in this thread, in which Django refuses its
# database.
@pytest.fixture(scope="package")
def running_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    directory: Path = tmp_path_factory.mktemp("office")
    chromium = next(filter(None, map(shutil.which, BROWSERS)))
    with service(directory=directory) as running, sync_playwright() as playwright:
        seeded = subprocess.run(
            [sys.executable, "-m", "tests.browser.seeds"],
            cwd=ROOT,
            env=dict(running.environment),
            capture_output=True,
            text=True,
            check=False,
        )
        assert seeded.returncode == 0, seeded.stderr
        browser = playwright.chromium.launch(executable_path=chromium, args=list(OPTIONS))
        yield Office(service=running, browser=browser, jobs=json.loads(seeded.stdout))
        browser.close()


@pytest.fixture
def office(running_office: Office) -> Iterator[Office]:
    """The office; afterwards its windows are closed, and nothing may have been complained of."""
    running_office.complaints.clear()
    yield running_office
    for page in running_office.pages:
        page.context.close()
    running_office.pages.clear()
    assert running_office.complaints == []


@pytest.fixture
def allow(office: Office) -> Callable[[str], None]:
    """Takes a complaint back that belongs to the test: browsers log every answer from 400 on as an error."""

    def forgive(part: str) -> None:
        office.complaints[:] = [each for each in office.complaints if part not in each]

    return forgive
