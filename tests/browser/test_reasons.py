"""Why a value was corrected, told beside it and never asked for."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Office

# The first test waits until service, database and browser stand, which on a busy machine takes a minute.
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def reason(page: Page, name: str) -> str:
    return f"#edit-{name} [name=reason]"


def test_a_reason_is_saved_with_enter_and_told_in_the_story(office: Office) -> None:
    page = office.open("anna", "reasons")
    page.click("#field-reference .field-open")
    page.fill("#value-reference", "RF18539007547034")
    page.get_by_label("Why Reference is corrected").fill("it stands on the slip")
    page.keyboard.press("Enter")
    expect(page.locator("#field-reference .field-source")).to_have_text("person")
    expect(page.locator(".story")).to_contain_text(
        "corrected Reference from empty to RF18539007547034 (it stands on the slip)"
    )
    expect(page.locator(reason(page, "reference"))).to_have_value("")


def test_a_correction_without_a_reason_takes_no_key_more(office: Office) -> None:
    page = office.open("anna", "reasons")
    for key in ("j", "j", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#value-currency_code")).to_be_focused()
    page.keyboard.press("Enter")
    confirmed = page.locator(".story li.corrected").filter(has_text="confirmed Currency")
    expect(confirmed).to_have_text(re.compile(r"confirmed Currency EUR$"))


def test_a_reason_that_is_not_saved_is_kept_and_does_not_lose_the_place_of_the_words(office: Office) -> None:
    page = office.open("anna", "reasons")
    page.click("#field-due_date .field-open")
    page.fill(reason(page, "due_date"), "the supplier agreed")
    expect(page.locator("#field-due_date")).to_have_class(re.compile("unsaved"))
    page.click("#field-bic .field-open")
    page.keyboard.press("Enter")
    expect(page.locator("#field-bic .field-source")).to_have_text("person")
    expect(page.locator(reason(page, "due_date"))).to_have_value("the supplier agreed")

    page.click("#field-due_date .field-open")
    page.locator(reason(page, "due_date")).press("Escape")
    expect(page.locator("#field-due_date")).not_to_have_class(re.compile("unsaved"))
    expect(page.locator(reason(page, "due_date"))).to_have_value("")

    page.click("#field-invoice_number .field-open")
    page.keyboard.press("Escape")
    page.keyboard.press("w")
    page.keyboard.press("Enter")
    page.fill(reason(page, "invoice_number"), "read again")
    page.keyboard.press("Enter")
    expect(page.locator(".story")).to_contain_text("taken from page 1 (read again)")
