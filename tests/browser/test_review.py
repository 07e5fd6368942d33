"""An operator's day on the review page, in a real browser."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Office
from tests.browser.seeds import THIRD_IBAN
from tests.ledger import SUPPLIERS_IBAN

# The first test waits until service, database and browser stand, which on a busy machine takes a minute.
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

REVIEW = re.compile(r"/admin/ocr/ocrjob/[0-9a-f-]{36}/review/$")


def field(page: Page, name: str) -> str:
    return page.locator(f"#field-{name} .field-value").inner_text()


def pill(page: Page) -> str:
    return page.locator(".summary-state").inner_text()


def gone_on(page: Page, office: Office, *, from_: str) -> None:
    """Another job's review has opened by itself."""
    expect(page).not_to_have_url(office.address(from_))
    expect(page).to_have_url(REVIEW)
    page.wait_for_selector("#review[data-ready]")


def test_a_job_is_cleared_by_mouse(office: Office) -> None:
    page = office.open("anna", "mouse")
    expect(page.locator(".summary-amount")).to_have_text("1,190.00 EUR")
    assert pill(page) == "Nothing blocks it"
    assert page.locator("#page-image").evaluate("image => image.decode().then(() => image.naturalWidth)") > 1000

    page.click("[data-action=approve]")

    gone_on(page, office, from_="mouse")
    expect(page.locator(".messagelist")).to_contain_text("Approved: Hollow Oak Timber Ltd will be paid.")
    page.goto(office.address("mouse"))
    expect(page.locator(".summary-state")).to_contain_text("anna approved this on")
    expect(page.locator(".story")).to_contain_text("anna approved the payment")
    expect(page.locator("[data-action=approve]")).to_be_disabled()


def test_a_job_is_cleared_by_keyboard_alone(office: Office) -> None:
    page = office.open("anna", "keyboard")
    assert pill(page) == "1 blocker"
    expect(page.locator(".blocker")).to_contain_text("make sure that you are to pay it")

    page.keyboard.press("?")
    expect(page.locator("#help-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#help-dialog")).to_be_hidden()
    page.keyboard.press("j")
    expect(page.locator("#field-total")).to_have_class(re.compile("chosen"))
    page.keyboard.press("ArrowDown")
    expect(page.locator("#field-currency_code .field-open")).to_be_focused()
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    expect(page.locator(".summary-state")).to_have_text("Nothing blocks it")
    expect(page.locator("[data-action=approve]")).to_be_focused()
    page.keyboard.press("a")

    gone_on(page, office, from_="keyboard")


def test_a_value_is_edited_with_keys_and_a_wrong_one_is_told_before_it_is_saved(office: Office) -> None:
    page = office.open("anna", "words")
    for key in ("j", "j", "j", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#value-iban")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("DE02 1203 0000 0000 2020 52")
    expect(page.locator("#edit-iban .field-check")).to_contain_text("check digits")
    page.keyboard.press("Control+a")
    page.keyboard.type(SUPPLIERS_IBAN)
    expect(page.locator("#edit-iban .field-check")).to_contain_text("On file of Hollow Oak Timber Ltd")
    page.keyboard.press("Escape")
    expect(page.locator("#field-iban .field-open")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#field-currency_code .field-open")).to_be_focused()


def test_what_is_typed_and_not_saved_is_kept_and_never_approved_over(office: Office) -> None:
    page = office.open("anna", "rejected")
    page.click("#field-reference .field-open")
    page.fill("#value-reference", "half typed")
    page.press("#value-reference", "ArrowUp")
    expect(page.locator("#value-bic")).to_be_focused()
    expect(page.locator("#field-reference")).to_have_class(re.compile("unsaved"))
    page.fill("#value-bic", "BYLADEM1001")
    page.press("#value-bic", "Enter")
    expect(page.locator("#field-bic .field-source")).to_have_text("person")

    page.click("[data-action=approve]")

    expect(page.locator("#review-error")).to_contain_text("This value is not saved yet")
    expect(page.locator("#value-reference")).to_have_value("half typed")
    page.press("#value-reference", "Escape")
    expect(page.locator("#field-reference")).not_to_have_class(re.compile("unsaved"))
    expect(page.locator("#value-reference")).to_have_value("")


def word(page: Page, text: str) -> tuple[float, float]:
    """The middle of a word on the screen."""
    page.wait_for_selector("#words rect")
    index = page.evaluate(
        "async text => { const pages = JSON.parse(document.getElementById('review-pages').textContent);"
        "const { words } = await (await fetch(pages[0].words)).json();"
        "return words.findIndex(word => word[0] === text); }",
        text,
    )
    assert index >= 0, f"{text} is not on the page"
    place = page.locator(f"#words rect[data-word='{index}']")
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_field_is_corrected_by_clicking_a_word(office: Office) -> None:
    page = office.open("anna", "words")
    page.click("#field-subtotal .field-open")

    page.mouse.click(*word(page, "1,190.00"))

    expect(page.locator("#value-subtotal")).to_have_value("1,190.00")
    expect(page.locator("#edit-subtotal .field-check")).to_contain_text("is saved as 1190.00")
    expect(page.locator("#edit-subtotal .field-check")).to_contain_text("-190.00 to the total")
    page.keyboard.press("Enter")
    expect(page.locator("#field-subtotal .field-value")).to_have_text("1190.00")
    expect(page.locator("#field-subtotal .field-source")).to_have_text("person")
    assert page.locator("#field-subtotal").get_attribute("data-page") == "1"
    expect(page.locator(".story")).to_contain_text("corrected Subtotal from 1000.00 to 1190.00, taken from page 1")


def test_several_words_are_taken_by_shift_by_a_drawn_box_and_by_arrow_keys(office: Office) -> None:
    page = office.open("anna", "words")
    page.click("#field-seller_name .field-open")
    page.mouse.click(*word(page, "Hollow"))
    page.keyboard.down("Shift")
    page.mouse.click(*word(page, "Ltd"))
    page.keyboard.up("Shift")
    expect(page.locator("#value-seller_name")).to_have_value("Hollow Oak Timber Ltd")

    page.click("#field-invoice_number .field-open")
    x, y = word(page, "INV-2026-0417")
    page.mouse.move(x - 45, y - 8)
    page.mouse.down()
    page.mouse.move(x + 45, y + 8, steps=4)
    page.mouse.up()
    expect(page.locator("#value-invoice_number")).to_have_value("INV-2026-0417")

    page.keyboard.press("Escape")
    page.keyboard.press("w")
    expect(page.locator("#page-scroll")).to_be_focused()
    expect(page.locator("#word-said")).to_have_text("INV-2026-0417")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#word-said")).to_have_text("2026-10-02")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator("#value-invoice_number")).to_have_value("date: 2026-10-02")
    expect(page.locator("#value-invoice_number")).to_be_focused()


def test_boxes_and_fields_show_each_other(office: Office) -> None:
    page = office.open("anna", "words")
    page.hover("#field-due_date .field-open")
    expect(page.locator("#boxes rect.lit")).to_have_attribute("data-name", "due_date")

    page.locator("#boxes rect[data-name=issue_date]").hover()
    expect(page.locator("#field-issue_date")).to_have_class(re.compile("lit"))
    page.locator("#boxes rect[data-name=issue_date]").click()
    expect(page.locator("#value-issue_date")).to_be_focused()
    expect(page.locator("#boxes rect.chosen")).to_have_attribute("data-name", "issue_date")


def test_pages_turn_and_grow(office: Office) -> None:
    page = office.open("anna", "pages")
    width = page.locator("#page-image").evaluate("image => image.clientWidth")

    page.keyboard.press("]")
    page.keyboard.press("]")
    page.keyboard.press("]")
    expect(page.locator("#page-number")).to_have_text("3 / 3")
    page.keyboard.press("[")
    expect(page.locator("#page-number")).to_have_text("2 / 3")
    page.keyboard.press("+")
    assert page.locator("#page-image").evaluate("image => image.clientWidth") > width
    page.keyboard.press("0")
    # A field that stands on another page turns to it.
    page.click("#field-total .field-open")
    expect(page.locator("#page-number")).to_have_text("1 / 3")


def test_an_ambiguous_match_is_resolved(office: Office) -> None:
    page = office.open("anna", "ambiguous")
    expect(page.locator("#payee-title")).to_contain_text("ambiguous")
    assert page.locator(".candidate:not(.document)").count() == 2

    page.locator(".candidate", has_text=SUPPLIERS_IBAN).get_by_text("Pay this one").click()

    expect(page.locator(".candidate.chosen")).to_contain_text(SUPPLIERS_IBAN)
    expect(page.locator(".summary-to")).to_contain_text(SUPPLIERS_IBAN)
    expect(page.locator(".story")).to_contain_text("anna chose the counterparty")


def test_a_payee_is_looked_up_and_a_new_one_is_entered(office: Office) -> None:
    page = office.open("anna", "unknown")
    page.keyboard.press("/")
    page.keyboard.type("birchfield")
    expect(page.locator("#search-found b")).to_have_text("Birchfield Paper Ltd")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".candidate.chosen")).to_contain_text("Birchfield Paper Ltd")

    page.click("#new-payee summary")
    expect(page.locator("#create-form [name=legal_name]")).to_have_value("Hollow Oak Timber Ltd")
    page.click("#create-form button")
    expect(page.locator(".candidate.chosen")).to_contain_text("Hollow Oak Timber Ltd")
    expect(page.locator(".summary-to")).to_contain_text(SUPPLIERS_IBAN)


def test_a_changed_account_takes_two_people(office: Office) -> None:
    anna = office.open("anna", "four_eyes")
    expect(anna.locator(".blocker.risk")).to_contain_text("none of the accounts on file")
    anna.locator(".blocker").get_by_text("Ask for this account").click()
    expect(anna.locator("#review-payee")).to_contain_text("a second person has to confirm it")

    berta = office.window("berta")
    berta.goto(f"{office.service.url}/admin/counterparties/bankdetailschange/")
    berta.locator("#result_list a", has_text="Hollow Oak").first.click()
    berta.fill("#verification", "Called the number on file.")
    berta.click("button[value=confirm]")
    expect(berta.locator(".messagelist")).to_contain_text("is confirmed")

    # The confirmation had the document matched again; whoever still has it open is told.
    expect(anna.locator("#review-changes")).to_contain_text("processed again for berta", timeout=30_000)
    anna.locator("#review-changes button").click()
    expect(anna.locator(".summary-state")).to_have_text("Nothing blocks it")
    expect(anna.locator(".summary-to")).to_contain_text(THIRD_IBAN)
    anna.keyboard.press("a")
    expect(anna.locator("[data-action=approve]")).to_be_focused()
    expect(anna).to_have_url(office.address("four_eyes"))
    anna.keyboard.press("a")
    gone_on(anna, office, from_="four_eyes")


def test_a_blocked_payment_cannot_be_approved(office: Office) -> None:
    page = office.open("anna", "blocked")
    expect(page.locator("[data-action=approve]")).to_be_disabled()

    page.keyboard.press("a")

    expect(page.locator("#word-said")).to_have_text("Clear the blockers first.")
    expect(page).to_have_url(office.address("blocked"))
    for blocker in page.locator(".blocker").all():
        expect(blocker).to_contain_text("To clear it:")
        assert blocker.locator(".blocker-ways > *").count() > 0


def test_rejecting_asks_for_a_reason(office: Office) -> None:
    page = office.open("anna", "rejected")
    page.keyboard.press("r")
    expect(page.locator("#reject-reason")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#reject-dialog")).to_be_visible()
    page.keyboard.type("Not an invoice.")
    page.keyboard.press("Enter")

    gone_on(page, office, from_="rejected")
    page.goto(office.address("rejected"))
    expect(page.locator(".summary-state")).to_contain_text("anna rejected this on")
    expect(page.locator(".story")).to_contain_text("Not an invoice.")


def test_the_second_of_two_people_is_told_and_overwrites_nothing(office: Office, allow: Callable[[str], None]) -> None:
    anna, berta = office.open("anna", "together"), office.open("berta", "together")
    expect(berta.locator("#review-others")).to_contain_text("anna is looking at this job since")
    anna.click("#field-reference .field-open")
    anna.fill("#value-reference", "Anna 1")
    anna.press("#value-reference", "Enter")
    expect(anna.locator("#field-reference .field-value")).to_have_text("Anna 1")

    berta.click("#field-reference .field-open")
    berta.fill("#value-reference", "Berta 2")
    berta.press("#value-reference", "Enter")
    expect(berta.locator("#review-changes")).to_contain_text("Nothing was saved. Meanwhile: anna corrected reference")
    berta.locator("#review-changes button").click()

    expect(berta.locator("#field-reference .field-value")).to_have_text("Anna 1")
    expect(berta.locator("#review-changes")).to_be_hidden()
    allow("409")


def test_an_unreadable_document_says_why_and_shows_nothing_of_it(office: Office, allow: Callable[[str], None]) -> None:
    page = office.open("anna", "unreadable")
    expect(page.locator(".summary-amount")).to_have_text("Could not be read")
    expect(page.locator("#page-failed")).to_contain_text("damaged")
    expect(page.locator("[data-action=approve]")).to_be_disabled()
    expect(page.locator("[data-action=reject]")).to_be_enabled()
    allow("404")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1920)])
def test_everybody_can_use_the_page(office: Office, scheme: str, width: int) -> None:
    viewport = {"width": width, "height": 900}
    page = office.open("anna", "blocked", color_scheme=scheme, viewport=viewport)
    page.click("#field-total .field-open")
    page.wait_for_selector("#words rect")
    findings = violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    findings += violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    findings += violations(page)

    assert findings == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def violations(page: Page) -> list[str]:
    """What axe-core finds that is serious or worse."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]
