"""The running service with a data directory of its own, two operators, and a browser for them."""

import csv
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from samples.client import Api
from samples.running import GUNICORN, ROOT, DemoAccess, RunFailed, Service, free_port, prepare

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync")
SECOND = "second"  # the name and half the password of whoever confirms a changed account

# What a person does, counted in the browser itself: buttons of the mouse, and keys but those that only shift others.
_COUNTING = """
for (const [event, kind] of [["pointerdown", "clicks"], ["keydown", "keys"]]) {
  window.addEventListener(event, (seen) => {
    const shifts = ["Shift", "Control", "Alt", "Meta"].includes(seen.key);
    if (seen.isTrusted && !shifts) window.paydraftCount(kind);
  }, true);
}
"""


class NoBrowser(RuntimeError):
    """There is no Chromium on this machine."""


@dataclass
class Operator:
    """Somebody at a screen: her window, and what she has done there since `start`."""

    page: Page
    done: dict[str, int] = field(default_factory=lambda: {"clicks": 0, "keys": 0})

    def start(self) -> None:
        self.done.update(clicks=0, keys=0)

    def count(self, kind: str) -> None:
        self.done[kind] += 1


@dataclass(frozen=True)
class Office:
    """`first` and `second` are two people who may do everything; what is sent is put into `directory` before."""

    directory: Path
    url: str
    api: Api
    access: DemoAccess
    first: Operator
    second: Operator

    def send(self, *, content: bytes, name: str) -> str:
        """The id of the job of this document, once it has ended."""
        document = self.directory / name
        document.write_bytes(content)
        accepted, _ = self.api.send_invoice(file=document, customer_id=self.access.customer_id)
        self.api.wait_for(accepted.headers["location"], retry_after=0.2)
        return str(accepted.body["job_id"])

    def enter(self, rows: Sequence[dict[str, str]]) -> None:
        """Puts suppliers into the books, by the columns of docs/importing.md."""
        file = self.directory / "suppliers.csv"
        with file.open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        _manage("import_counterparties", "--customer", self.access.customer_id, str(file))

    def address(self, job: str) -> str:
        return f"{self.url}/admin/ocr/ocrjob/{job}/review/"

    def open(self, operator: Operator, job: str) -> None:
        operator.page.goto(self.address(job))
        shown(operator.page)


def shown(page: Page) -> None:
    """Returns once a review page takes keys and shows the document."""
    page.wait_for_selector("#review[data-ready]")
    page.locator("#page-image").evaluate("image => image.decode()")


@contextmanager
def running_office() -> Iterator[Office]:
    """Raises NoBrowser, or RunFailed when the service does not start."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise NoBrowser("No Chromium here; install one (Debian: apt-get install chromium) and run this again.")
    with tempfile.TemporaryDirectory(prefix="paydraft-review-") as folder:
        # Embedded, on data of its own, whatever the caller's settings say.
        for name in ("DATABASE_URL", "REDIS_URL", "STORAGE_URL"):
            os.environ.pop(name, None)
        os.environ["PAYDRAFT_DATA_DIR"] = folder
        log = Path(folder) / "review.log"
        access = prepare(log=log)
        password = f"{SECOND} of two people"
        _manage("createsuperuser", "--noinput", "--email", "", user=SECOND, password=password)
        url = f"http://127.0.0.1:{free_port()}"
        with (
            Service(commands=[[*GUNICORN, "--bind", url.removeprefix("http://")]], log=log) as service,
            sync_playwright() as playwright,
        ):
            service.wait_until_healthy(url)
            chromium = playwright.chromium.launch(executable_path=browser, args=list(OPTIONS))
            yield Office(
                directory=Path(folder),
                url=url,
                api=Api(base_url=url, key=access.api_key),
                access=access,
                first=_at_work(chromium, url=url, name=access.admin_user, password=access.admin_password),
                second=_at_work(chromium, url=url, name=SECOND, password=password),
            )
            chromium.close()


def _at_work(browser: Browser, *, url: str, name: str, password: str) -> Operator:
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.goto(f"{url}/admin/")
    page.fill("#id_username", name)
    page.fill("#id_password", password)
    page.click("input[type=submit]")
    page.wait_for_selector("#user-tools")
    operator = Operator(page)
    context.expose_function("paydraftCount", operator.count)
    context.add_init_script(_COUNTING)
    return operator


def _manage(*arguments: str, user: str = "", password: str = "") -> None:
    environment: dict[str, Any] = {
        **os.environ,
        **({"DJANGO_SUPERUSER_USERNAME": user, "DJANGO_SUPERUSER_PASSWORD": password} if user else {}),
    }
    done = subprocess.run(  # noqa: S603 - the command is this project's own
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RunFailed(f"manage.py {arguments[0]} failed: {done.stderr.strip() or done.stdout.strip()}")
