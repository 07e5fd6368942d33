"""How long an operator waits on the review page of a document of ten pages."""

from collections.abc import Callable
from functools import partial
from time import perf_counter

from playwright.sync_api import Page

from benchmarks.review.documents import bound
from benchmarks.review.office import Office, shown

PAGES = 10


def waits(office: Office, *, times: int, seed: int) -> dict[str, list[float]]:
    """Milliseconds of each kind of waiting, as often as it was measured."""
    job = office.send(content=bound(pages=PAGES, seed=seed), name="ten-pages.pdf")
    page = office.first.page
    turns = range(PAGES - 1)

    def opened() -> None:
        office.open(office.first, job)

    def turned(key: str) -> None:
        before = page.locator("#page-image").get_attribute("src")
        page.keyboard.press(key)
        page.wait_for_function("src => document.getElementById('page-image').getAttribute('src') !== src", arg=before)
        page.locator("#page-image").evaluate("image => image.decode()")

    found = {
        "open, its first page drawn for the first time": [_milliseconds(opened)],
        "open again": [_milliseconds(opened) for _ in range(times)],
        "turn to a page that is drawn for the first time": [_milliseconds(partial(turned, "]")) for _ in turns],
        "turn back": [_milliseconds(partial(turned, "[")) for _ in turns],
    }
    clicks = []
    for number in range(times):
        opened()
        clicks.append(_clicked(page, number))
    found["click a word: its text in the field"] = [text for text, _ in clicks]
    found["click a word: checked by the service"] = [checked for _, checked in clicks]
    return found


def _clicked(page: Page, number: int) -> tuple[float, float]:
    """Milliseconds from a click on a word until its text stands in the field, and until the check of it does."""
    page.click("#field-subtotal .field-open")
    page.wait_for_selector("#words rect", state="attached")
    page.wait_for_load_state("networkidle")  # the page with the field's value is turned to
    shown(page)
    place = page.locator("#words rect").nth(3 * number)
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    if box is None:
        raise LookupError(f"word {number} is not on the screen")
    page.evaluate(
        """() => {
            const field = document.getElementById("value-subtotal");
            const check = document.querySelector("#edit-subtotal .field-check");
            const before = [field.value, check.textContent];
            window.waited = new Promise(done => document.addEventListener("pointerdown", () => {
                const began = performance.now();
                let text = null;
                const look = () => {
                    if (text === null && field.value && field.value !== before[0]) { text = performance.now() - began; }
                    if (text !== null && check.textContent && check.textContent !== before[1]) {
                        done([text, performance.now() - began]);
                    } else { requestAnimationFrame(look); }
                };
                look();
            }, {once: true, capture: true}));
        }"""
    )
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    answered = page.evaluate("() => Promise.race([window.waited, new Promise(d => setTimeout(() => d(null), 5000))])")
    if answered is None:
        raise TimeoutError(f"word {number} was clicked, and nothing was checked for five seconds")
    text, checked = answered
    return float(text), float(checked)


def _milliseconds(work: Callable[[], None]) -> float:
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000
