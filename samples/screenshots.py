"""Photographs the back office for the README: `python -m samples.screenshots`, with Chromium installed.

Runs the service on a data directory of its own, sends the sample invoices through it, signs in as the operator and
writes `docs/images/*.png`: what is shown is what the program shows.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

# Before `samples.running` looks where the data lie: the developer's own are not for showing.
_DIRECTORY = tempfile.mkdtemp(prefix="paydraft-screenshots-")
os.environ["PAYDRAFT_DATA_DIR"] = _DIRECTORY

from playwright.sync_api import Page, ViewportSize, sync_playwright  # noqa: E402

from samples.client import Api  # noqa: E402
from samples.running import DATA_DIR, GUNICORN, ROOT, DemoAccess, Service, free_port, prepare  # noqa: E402

IMAGES = ROOT / "docs" / "images"
INVOICES = ROOT / "samples" / "invoices"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CLEAR, CHANGED = "trade-fair-qr-bill-ch.pdf", "it-equipment-two-pages-de.pdf"
SIZE: ViewportSize = {"width": 1440, "height": 1000}
PAGES = {
    "dashboard": "",
    "queue": "ocr/waitingjob/",
    "review": "ocr/ocrjob/{clear}/review/",
    "review-changed-account": "ocr/ocrjob/{changed}/review/",
}
OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync")


def main() -> int:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.stderr.write("No Chromium here; install one (Debian: apt-get install chromium) and run this again.\n")
        return 1
    log = DATA_DIR / "screenshots.log"
    try:
        access = prepare(log=log)
        base_url = f"http://127.0.0.1:{free_port()}"
        with Service(commands=[[*GUNICORN, "--bind", base_url.removeprefix("http://")]], log=log) as service:
            service.wait_until_healthy(base_url)
            shown = _send_samples(Api(base_url=base_url, key=access.api_key), access=access)
            _photograph(browser=browser, base_url=base_url, access=access, jobs=shown)
    finally:
        shutil.rmtree(_DIRECTORY, ignore_errors=True)
    return 0


def _send_samples(api: Api, *, access: DemoAccess) -> dict[str, str]:
    """The ids of the jobs whose pages are shown, once all jobs have ended."""
    locations: dict[str, str] = {}
    for file in sorted(INVOICES.glob("*.pdf")):
        sys.stderr.write(f"sending {file.name}\n")
        accepted, _ = api.send_invoice(file=file, customer_id=access.customer_id)
        locations[file.name] = accepted.headers["location"]
    for location in locations.values():
        api.wait_for(location, retry_after=0.2)
    return {name: locations[file].rsplit("/", 1)[-1] for name, file in (("clear", CLEAR), ("changed", CHANGED))}


def _photograph(*, browser: str, base_url: str, access: DemoAccess, jobs: dict[str, str]) -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=list(OPTIONS))
        for scheme in ("light", "dark"):
            page = chromium.new_page(viewport=SIZE, device_scale_factor=1, color_scheme=scheme)
            page.goto(f"{base_url}/admin/")
            page.fill("#id_username", access.admin_user)
            page.fill("#id_password", access.admin_password)
            page.click("input[type=submit]")
            for name, path in PAGES.items():
                page.goto(f"{base_url}/admin/{path.format(**jobs)}", wait_until="networkidle")
                if "review" in path:
                    page.wait_for_selector("#review[data-ready]")
                    page.locator("#page-image").evaluate("image => image.decode()")
                _save(page, name if scheme == "light" else f"{name}-dark")
            page.close()
        chromium.close()


def _save(page: Page, name: str) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    path = Path(IMAGES / f"{name}.png")
    page.screenshot(path=path)
    sys.stderr.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    sys.exit(main())
