"""How long an operator waits on the review page of a ten-page document, in a real browser on the running service.

Needs Chromium. The document is bound together of invented invoices; every page is drawn in the sandbox the first time.
"""

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

# Before `samples.running` looks where the data lie: the measurement has its own.
_DIRECTORY = tempfile.mkdtemp(prefix="paydraft-review-")
os.environ["PAYDRAFT_DATA_DIR"] = _DIRECTORY

import pymupdf  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from benchmarks.generator.generation import generate  # noqa: E402
from benchmarks.tables import table  # noqa: E402
from samples.client import Api  # noqa: E402
from samples.running import DATA_DIR, GUNICORN, DemoAccess, Service, free_port, prepare  # noqa: E402

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync")
PAGES = 10


def main() -> int:
    arguments = _parser().parse_args()
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.stderr.write("No Chromium here; install one (Debian: apt-get install chromium) and run this again.\n")
        return 1
    log = DATA_DIR / "review.log"
    try:
        access = prepare(log=log)
        url = f"http://127.0.0.1:{free_port()}"
        with Service(commands=[[*GUNICORN, "--bind", url.removeprefix("http://")]], log=log) as service:
            service.wait_until_healthy(url)
            job = _read_job(Api(base_url=url, key=access.api_key), access=access, seed=arguments.seed)
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=browser, args=list(OPTIONS))
                page = chromium.new_page(viewport={"width": 1440, "height": 1000})
                _sign_in(page, url=url, access=access)
                rows = _measured(page, url=f"{url}/admin/ocr/ocrjob/{job}/review/", times=arguments.times)
                chromium.close()
    finally:
        shutil.rmtree(_DIRECTORY, ignore_errors=True)
    sys.stdout.write(f"{platform.processor() or platform.machine()}, {PAGES} pages, milliseconds\n\n{rows}\n")
    return 0


def _read_job(api: Api, *, access: DemoAccess, seed: int) -> str:
    """The id of the job of the ten pages, once it has ended."""
    document = Path(_DIRECTORY) / "ten-pages.pdf"
    document.write_bytes(_bound(seed))
    accepted, _ = api.send_invoice(file=document, customer_id=access.customer_id)
    api.wait_for(accepted.headers["location"], retry_after=0.2)
    return str(accepted.body["job_id"])


def _bound(seed: int) -> bytes:
    with pymupdf.open() as whole:
        for invoice in generate(count=PAGES, seed=seed):
            with pymupdf.open("pdf", invoice.pdf) as one:
                whole.insert_pdf(one, to_page=0)
        content: bytes = whole.tobytes(garbage=3, deflate=True)
        return content


def _sign_in(page: Page, *, url: str, access: DemoAccess) -> None:
    page.goto(f"{url}/admin/")
    page.fill("#id_username", access.admin_user)
    page.fill("#id_password", access.admin_password)
    page.click("input[type=submit]")
    page.wait_for_selector("#user-tools")


def _measured(page: Page, *, url: str, times: int) -> str:
    def opened() -> None:
        page.goto(url)
        page.wait_for_selector("#review[data-ready]")
        page.locator("#page-image").evaluate("image => image.decode()")

    def turned(key: str) -> None:
        before = page.locator("#page-image").get_attribute("src")
        page.keyboard.press(key)
        page.wait_for_function("src => document.getElementById('page-image').getAttribute('src') !== src", arg=before)
        page.locator("#page-image").evaluate("image => image.decode()")

    rows = [("open, its first page drawn for the first time", [_milliseconds(opened)])]
    rows.append(("open again", [_milliseconds(opened) for _ in range(times)]))
    turns = range(PAGES - 1)
    rows.append(
        ("turn to a page that is drawn for the first time", [_milliseconds(partial(turned, "]")) for _ in turns])
    )
    rows.append(("turn back", [_milliseconds(partial(turned, "[")) for _ in turns]))
    rows.append(("click a word: its text in the field", []))
    rows.append(("click a word: checked by the server", []))
    for number in range(times):
        opened()
        text, checked = _clicked(page, number)
        rows[-2][1].append(text)
        rows[-1][1].append(checked)
    shown = [(name, str(len(spent)), f"{median(spent):.0f}", f"{max(spent):.0f}") for name, spent in rows]
    return table(headings=("what", "n", "median", "slowest"), rows=shown)


def _clicked(page: Page, number: int) -> tuple[float, float]:
    """Milliseconds from a click on a word until its text stands in the field, and until the check of it does."""
    page.click("#field-subtotal .field-open")
    page.wait_for_selector("#words rect", state="attached")
    page.wait_for_load_state("networkidle")  # the page with the field's value is turned to
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
    text, checked = page.evaluate(
        "() => Promise.race([window.waited, new Promise(d => setTimeout(() => d([-1, -1]), 5000))])"
    )
    return float(text), float(checked)


def _milliseconds(work: Callable[[], None]) -> float:
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.review", description=__doc__)
    parser.add_argument("--times", type=int, default=20, help="how often each is done (20)")
    parser.add_argument("--seed", type=int, default=20261130, help="of the invented pages")
    return parser


if __name__ == "__main__":
    sys.exit(main())
