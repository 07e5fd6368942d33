"""A second counterparty of a known name, entered for an invoice with another account: one person alone pays nothing."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Office
from tests.browser.seeds import THIRD_IBAN

# The first test waits until service, database and browser stand, which on a busy machine takes a minute.
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_twin_of_a_known_supplier_takes_two_people(office: Office) -> None:
    anna = office.open("anna", "twin")
    anna.click("#new-payee summary")
    expect(anna.locator("#create-form [name=iban]")).to_have_value(THIRD_IBAN)
    anna.click("#create-form button")

    expect(anna.locator("#word-said")).to_contain_text("could be taken for Hollow Oak Timber Ltd")
    expect(anna.locator("#review-payee")).to_contain_text("a second person has to confirm it")
    expect(anna.locator(".candidate.chosen")).to_contain_text("no account on file")
    expect(anna.locator("[data-action=approve]")).to_be_disabled()
    expect(anna.locator(".story")).to_contain_text(f"asked for the account {THIRD_IBAN}")

    berta = office.window("berta")
    berta.goto(f"{office.service.url}/admin/counterparties/bankdetailschange/")
    berta.locator("#result_list tr", has_text=THIRD_IBAN).locator("a").first.click()
    berta.fill("#verification", "Called the number on file.")
    berta.click("button[value=confirm]")
    expect(berta.locator(".messagelist")).to_contain_text("is confirmed")

    expect(anna.locator("#review-changes")).to_contain_text("processed again for berta", timeout=30_000)
    anna.locator("#review-changes button").click()
    expect(anna.locator(".summary-to")).to_contain_text(THIRD_IBAN)
