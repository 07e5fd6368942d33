"""Every page of the back office: nothing complains, nothing comes from elsewhere, everybody can use it, and it fits.

Each is looked at light on a small screen and dark on a large one.
"""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import RequestFactory
from playwright.sync_api import Page

from tests.browser.conftest import Office
from tests.browser.records import LONG_NAME

# The first test waits until service, database and browser stand, which on a busy machine takes a minute.
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

LOOKS = (("light", 1280), ("dark", 1920))
# Without `preload` axe reads no style sheet a second time, which it would ask for at wrong addresses.
OPTIONS = {"resultTypes": ["violations"], "preload": False}
# Colours change slowly when they do; what is looked at is where they end.
SETTLED = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
    document.getAnimations().forEach(each => each.finish());
    done();
})))"""
GROUPS = {
    "logins": ("auth", "axes", "otp_totp"),
    "customers": ("customers",),
    "counterparties": ("counterparties",),
    "payments": ("invoices", "transfers"),
    "jobs": ("ocr",),
}
REVIEWED = {"ocrjob", "waitingjob"}  # their rows open the review


def pages_of(*apps: str) -> list[tuple[str, bool]]:
    """The list of every registered model of these apps that an administrator sees, and whether she may add to it."""
    request = RequestFactory().get("/admin/")
    request.user = User(username="root", is_active=True, is_staff=True, is_superuser=True)
    return [
        (f"/admin/{model._meta.app_label}/{model._meta.model_name}/", shown.has_add_permission(request))
        for model, shown in admin.site._registry.items()
        if model._meta.app_label in apps and shown.has_view_permission(request)
    ]


def faults_of(page: Page) -> list[str]:
    """What is wrong with the page that stands in the window, in both looks."""
    found = []
    page.evaluate(Axe().axe_script)
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(SETTLED)
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if over > 0:
            found.append(f"{page.url} {scheme} {width}: {over} px too wide")
        for each in page.evaluate("options => axe.run(options)", OPTIONS)["violations"]:
            if each["impact"] in {"serious", "critical"}:
                found += [_told(page, scheme, each["id"], node) for node in each["nodes"]]
    return found


def _told(page: Page, scheme: str, rule: str, node: dict[str, Any]) -> str:
    return f"{page.url} {scheme} {rule}: {node['html'][:160]} {node['failureSummary'][:200]}"


def visit(page: Page, office: Office, path: str) -> list[str]:
    answer = page.goto(f"{office.service.url}{path}")
    assert answer is not None
    assert answer.status == 200, (path, answer.status)
    return faults_of(page)


def test_every_model_that_is_shown_belongs_to_a_group() -> None:
    apps = {model._meta.app_label for model in admin.site._registry}
    assert apps == {app for group in GROUPS.values() for app in group}


@pytest.mark.parametrize("group", GROUPS)
def test_lists_forms_and_records(office: Office, group: str) -> None:
    page = office.window("anna")
    found = []
    if group == "jobs":  # whoever opens a review looks on
        office.open("anna", "every_page")
    for path, may_add in pages_of(*GROUPS[group]):
        found += visit(page, office, path)
        row = page.locator("#result_list tbody tr a").first
        assert row.count(), f"no row to look at: {path}"
        if path.split("/")[-2] not in REVIEWED:
            found += visit(page, office, str(row.get_attribute("href")))
        if may_add:
            found += visit(page, office, f"{path}add/")
    assert found == []


@pytest.mark.parametrize("path", ["/admin/ocr/waitingjob/", "/admin/ocr/ocrjob/"])
def test_a_list_of_jobs_shows_all_its_columns_on_a_small_screen(office: Office, path: str) -> None:
    page = office.window("anna")
    page.goto(f"{office.service.url}{path}")
    assert page.locator(".results").evaluate("list => list.scrollWidth - list.clientWidth") <= 0


def test_a_job_its_record_its_history_and_processing_it_again(office: Office) -> None:
    page = office.open("anna", "every_page")
    found = faults_of(page)
    record = office.address("every_page").replace("/review/", "/").removeprefix(office.service.url)
    for part in ("change/", "history/"):
        found += visit(page, office, record + part)
    page.goto(f"{office.service.url}/admin/ocr/waitingjob/")
    page.get_by_role("row", name=LONG_NAME).first.get_by_role("checkbox").check()
    page.select_option("[name=action]", "process_again")
    page.click("[name=index]")
    page.wait_for_selector("#from_stage")
    found += faults_of(page)
    assert found == []


def test_the_front_page_and_what_stands_around_it(office: Office) -> None:
    page = office.window("berta")
    found = []
    for path in ("/admin/", "/admin/ocr/", "/admin/password_change/"):
        found += visit(page, office, path)
    assert found == []


def test_signing_in_and_being_locked_out(office: Office, allow: Callable[[str], None]) -> None:
    page = office.stranger()
    found = visit(page, office, "/admin/login/")
    for _ in range(5):
        page.fill("#id_username", "mallory")
        page.fill("#id_password", "no such password")
        page.click("input[type=submit]")
    page.get_by_text("Too many failed logins").wait_for()
    allow("the server responded with a status of 429")
    found += faults_of(page)
    assert found == []
