"""Four documents cleared by mouse and by keyboard, as short as the page allows; the browser counts what it takes."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from time import perf_counter

from playwright.sync_api import Page, expect

from benchmarks.review.documents import MOST_SUPPLIERS, Bill, drawn, invented_iban, seller_name
from benchmarks.review.office import Office, shown

RIGHT, WRONG = "88-4410-B", "77-1203-A"
VERIFIED = "Called the number on file."
PENDING = "decision__exact=pending"
MOST_TIMES = (MOST_SUPPLIERS - 1) // 8


@dataclass(frozen=True, slots=True)
class Cleared:
    """What one document took: mouse buttons and keys of both people together, and the seconds in which the program
    and a driver without thought or hesitation did it. `second` is the part of whoever confirms an account."""

    clicks: int
    keys: int
    seconds: float
    second_clicks: int = 0
    second_keys: int = 0


Way = Callable[[Office], None]


def cleared(office: Office, *, times: int) -> dict[str, dict[str, list[Cleared]]]:
    """By what is the matter with the document, by mouse and by keys: each document that was cleared."""
    numbers = iter(range(MOST_SUPPLIERS))
    # All are sent before the first is cleared, and one more: after each, the next one opens.
    jobs = {
        what: {hand: [prepare(office, next(numbers)) for _ in range(times)] for hand in ways}
        for what, (prepare, ways) in WHAT.items()
    }
    _all_right(office, next(numbers))
    return {
        what: {hand: [_measured(office, job=job, way=way) for job in jobs[what][hand]] for hand, way in ways.items()}
        for what, (_, ways) in WHAT.items()
    }


def _measured(office: Office, *, job: str, way: Way) -> Cleared:
    office.open(office.first, job)
    for operator in (office.first, office.second):
        operator.start()
    began = perf_counter()
    way(office)
    # Approved, and the next document stands there.
    expect(office.first.page).not_to_have_url(office.address(job))
    shown(office.first.page)
    seconds = perf_counter() - began
    expect(office.first.page.locator(".messagelist")).to_contain_text("Approved:")
    first, second = office.first.done, office.second.done
    return Cleared(
        clicks=first["clicks"] + second["clicks"],
        keys=first["keys"] + second["keys"],
        seconds=seconds,
        second_clicks=second["clicks"],
        second_keys=second["keys"],
    )


def _bill(number: int) -> Bill:
    return Bill(
        seller=seller_name(number),
        number=f"2026-{4100 + number}",
        net=41_200 + 1_300 * number,
        iban=invented_iban(number),
    )


def _row(bill: Bill, **more: str) -> dict[str, str]:
    return {
        "legal_name": bill.seller, "iban": bill.iban, "currency": "EUR", "city": "Hamburg", "country": "DE",
        "vat_id": "", "registration_number": "", **more,
    }  # fmt: skip


def _sent(office: Office, bill: Bill) -> str:
    content = drawn(bill, buyer=office.access.customer_name, day=date.today())  # noqa: DTZ011  what is due is due soon
    return office.send(content=content, name=f"{bill.number}.pdf")


def _all_right(office: Office, number: int) -> str:
    bill = _bill(number)
    office.enter([_row(bill)])
    return _sent(office, bill)


def _one_wrong_field(office: Office, number: int) -> str:
    """The payment reference that is printed as such is the old one, as a sentence below says."""
    bill = replace(_bill(number), reference=WRONG, note=f"Neu seit Oktober: {RIGHT} statt der alten Nummer.")
    office.enter([_row(bill)])
    return _sent(office, bill)


def _ambiguous(office: Office, number: int) -> str:
    """Two firms of one name, with one account for both."""
    bill = _bill(number)
    office.enter(
        [
            _row(bill, registration_number=f"HRB {each}", city=town)
            for each, town in ((7001, "Hamburg"), (7002, "Bremen"))
        ]
    )
    return _sent(office, bill)


def _changed_iban(office: Office, number: int) -> str:
    bill = _bill(number)
    office.enter([_row(bill)])
    return _sent(office, replace(bill, iban=invented_iban(number + 1000)))


def _approve_by_mouse(office: Office) -> None:
    office.first.page.click("[data-action=approve]")


def _approve_by_keys(office: Office) -> None:
    page = office.first.page
    page.keyboard.press("a")
    expect(page.locator("[data-action=approve]")).to_be_focused()
    page.keyboard.press("a")


def _correct_by_mouse(office: Office) -> None:
    page = office.first.page
    page.click("#field-reference .field-open")
    page.mouse.click(*_middle_of_word(page, RIGHT))
    expect(page.locator("#value-reference")).to_have_value(RIGHT)
    page.click("#field-reference .field-form button")
    expect(page.locator("#field-reference .field-source")).to_have_text("person")
    _approve_by_mouse(office)


def _correct_by_keys(office: Office) -> None:
    page = office.first.page
    while not page.locator("#field-reference.chosen").count():
        page.keyboard.press("j")
    page.keyboard.press("w")
    page.keyboard.press("ArrowDown")
    said = page.locator("#word-said")
    while said.inner_text() != RIGHT:
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#value-reference")).to_have_value(RIGHT)
    page.keyboard.press("Enter")
    expect(page.locator("#field-reference .field-source")).to_have_text("person")
    _approve_by_keys(office)


def _choose_by_mouse(office: Office) -> None:
    page = office.first.page
    page.locator(".candidate:not(.document) .choose").first.click()
    expect(page.locator(".summary-state")).to_have_text("Nothing blocks it")
    _approve_by_mouse(office)


def _choose_by_keys(office: Office) -> None:
    page = office.first.page
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    expect(page.locator(".candidate .choose").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".summary-state")).to_have_text("Nothing blocks it")
    _approve_by_keys(office)


def _ask_by_mouse(office: Office) -> None:
    page = office.first.page
    page.locator(".blocker").get_by_text("Ask for this account").click()
    expect(page.locator("#review-payee")).to_contain_text("a second person has to confirm it")
    second = office.second.page
    second.goto(f"{office.url}/admin/")
    second.click(f".board a[href*='{PENDING}']")
    second.click("#result_list tbody th a")
    expect(second.locator("#verification")).to_be_focused()
    second.keyboard.type(VERIFIED)
    second.click("button[value=confirm]")
    expect(second.locator(".messagelist")).to_contain_text("is confirmed")
    page.locator("#review-changes button").click(timeout=60_000)
    expect(page.locator(".summary-state")).to_have_text("Nothing blocks it")
    _approve_by_mouse(office)


def _ask_by_keys(office: Office) -> None:
    page = office.first.page
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    expect(page.locator("#review-payee")).to_contain_text("a second person has to confirm it")
    second = office.second.page
    second.goto(f"{office.url}/admin/")
    _skip_to_content(second)
    _tab_to(second, f".board a[href*='{PENDING}']")
    second.keyboard.press("Enter")
    expect(second).to_have_url(re.compile(PENDING))
    _skip_to_content(second)
    _tab_to(second, "#result_list tbody th a")
    second.keyboard.press("Enter")
    expect(second.locator("#verification")).to_be_focused()
    second.keyboard.type(VERIFIED)
    _tab_to(second, "button[value=confirm]")
    second.keyboard.press("Enter")
    expect(second.locator(".messagelist")).to_contain_text("is confirmed")
    changes = page.locator("#review-changes button")
    changes.wait_for(timeout=60_000)
    _tab_to(page, "#review-changes button")
    page.keyboard.press("Enter")
    expect(page.locator(".summary-state")).to_have_text("Nothing blocks it")
    _approve_by_keys(office)


def _skip_to_content(page: Page) -> None:
    """By the link that every page of the back office begins with."""
    _tab_to(page, ".skip-to-content-link")
    page.keyboard.press("Enter")


def _tab_to(page: Page, selector: str) -> None:
    page.wait_for_selector(selector)
    while not page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
        page.keyboard.press("Tab")


def _middle_of_word(page: Page, text: str) -> tuple[float, float]:
    page.wait_for_selector("#words rect")
    index = page.evaluate(
        "async text => { const pages = JSON.parse(document.getElementById('review-pages').textContent);"
        "const { words } = await (await fetch(pages[0].words)).json();"
        "return words.findIndex(word => word[0] === text); }",
        text,
    )
    place = page.locator(f"#words rect[data-word='{index}']")
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    if box is None:
        raise LookupError(f"{text} is not on the screen")
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


WHAT: dict[str, tuple[Callable[[Office, int], str], dict[str, Way]]] = {
    "all is right": (_all_right, {"mouse": _approve_by_mouse, "keys": _approve_by_keys}),
    "one wrong field": (_one_wrong_field, {"mouse": _correct_by_mouse, "keys": _correct_by_keys}),
    "ambiguous match": (_ambiguous, {"mouse": _choose_by_mouse, "keys": _choose_by_keys}),
    "changed IBAN": (_changed_iban, {"mouse": _ask_by_mouse, "keys": _ask_by_keys}),
}
