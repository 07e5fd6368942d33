"""Every figure of the front page leads to the very documents that it counts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from lxml import html

from customers.models import Customer
from ocr.approval import reject
from ocr.back_office.dashboard import dashboard
from ocr.back_office.filters import days
from ocr.changed_accounts import ask_for_read_account
from ocr.intake import accept_document
from ocr.models import OcrJob, OcrRun
from ocr.processing import process_job
from ocr.review import ask_again, correct
from ocr.versions import version_of
from tests.documents import invoice_pdf
from tests.jobs import paying_customer, read_job
from transfers.finalizing import finalize_transfer
from transfers.models import Transfer

pytestmark = pytest.mark.django_db

OTHER_IBAN = "DE89370400440532013000"


@pytest.fixture
def anna(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("anna", "anna@example.com", "secret"))
    return client


@pytest.fixture
def board(anna: Client, empty_cache: Callable[[], None]) -> dict[str, Any]:
    """The front page over documents of every kind, several of each, some of a week before and some of long ago."""
    customer = paying_customer()
    for weeks_ago in (0, 0, 1, 40):
        clear(first_read(customer, weeks_ago=weeks_ago))
        paid(first_read(paying_customer(), weeks_ago=weeks_ago))
        put_right(clear(first_read(customer, weeks_ago=weeks_ago)), "total", "7.00")
        put_right(first_read(customer, weeks_ago=weeks_ago), "invoice_number", "R-1")
        job = clear(first_read(customer, weeks_ago=weeks_ago))
        reject(job_id=job.pk, seen=version_of(job), reason="Paid already.", by="anna", now=timezone.now())
    for _ in range(3):
        job = first_read(customer, iban=OTHER_IBAN)
        put_right(first_read(customer), "counterparty_id", str(job.counterparty_id))
        warned = clear(first_read(customer))
        OcrJob.objects.filter(pk=warned.pk).update(
            warnings=[{"code": "overdue", "message": "Late.", "field": "due_date"}]
        )
        Transfer.objects.filter(ocr_job=first_read(customer)).update(blockers=["amount_missing", "credit_note"])
        read_job(customer, b"%PDF-1.4 nothing more")
        accept_document(customer=customer, content=invoice_pdf(), file_name="queued.pdf", by="test")
    ask_for_read_account(job=job, by="ben", now=timezone.now())
    empty_cache()
    return dashboard()


def first_read(customer: Customer, *, weeks_ago: int = 0, **changes: Any) -> OcrJob:
    job = read_job(customer, **changes)
    runs = OcrRun.objects.filter(job=job)
    runs.update(ended_at=timezone.now() - timedelta(weeks=weeks_ago))
    return job


def clear(job: OcrJob) -> OcrJob:
    """As if nothing had ever blocked the job's draft."""
    OcrRun.objects.filter(job=job).update(blockers=[])
    Transfer.objects.filter(ocr_job=job).update(blockers=[])
    OcrJob.objects.filter(pk=job.pk).update(warnings=[])
    job.refresh_from_db()
    return job


def paid(job: OcrJob) -> None:
    clear(job)
    assert job.transfer_id is not None
    finalize_transfer(transfer_id=job.transfer_id, by="anna", now=timezone.now())


def put_right(job: OcrJob, target: str, after: str) -> None:
    correct(job=job, target=target, after=after, by="anna")
    ask_again(job=job, from_stage="match", by="anna", is_announced=False)
    process_job(job.pk)


def part(page: str, name: str) -> Any:
    """The one element of this class."""
    found: Any = html.document_fromstring(page).xpath(f"//*[@class='{name}']")
    assert len(found) == 1
    return found[0]


def listed(client: Client, url: str) -> int:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return int(answer.context["cl"].result_count)


def test_every_figure_is_the_number_of_rows_of_the_list_it_leads_to(anna: Client, board: dict[str, Any]) -> None:
    counted = [(tile.name, tile.url, tile.count) for tile in board["tiles"] if tile.count is not None]
    for bars in ("waiting", "states", "blockers", "fields"):
        counted += [(bar.label, bar.url, bar.count) for bar in board[bars]]
    for line in board["lines"]:
        counted += [(f"{line.name}, {mark.label}", mark.url, mark.count) for mark in line.marks]
    counted.append(("incidents", board["incidents_url"], board["incident_count"]))

    assert [(name, url, count) for name, url, count in counted if listed(anna, url) != count] == []
    assert {name: count for name, _, count in counted if not count} == {"running": 0}


def test_the_page_shows_these_figures_and_links_and_no_others(anna: Client, board: dict[str, Any]) -> None:
    page = part(anna.get("/admin/").text, "board")
    links = set(page.xpath(".//a/@href"))
    known = {tile.url for tile in board["tiles"]} | {board["incidents_url"]}
    known |= {bar.url for bars in ("waiting", "states", "blockers", "fields") for bar in board[bars]}
    known |= {mark.url for line in board["lines"] for mark in line.marks}
    known |= {incident["url"] for incident in board["incidents"]}
    assert links == known
    rows = {
        row.xpath("string(.//span)"): row.xpath("string(.//b)") for row in page.xpath(".//ul[@class='board-bars']/li")
    }
    assert rows["bank account changed"] == "3"
    assert rows["could not be read"] == "3"


def test_a_rejected_document_stands_among_the_incidents_with_its_reason(anna: Client, board: dict[str, Any]) -> None:
    told = part(anna.get("/admin/").text, "board-incidents").xpath("string()")
    assert "rejected: Paid already." in told
    assert "total 1190.00 → 7.00" in told


@pytest.mark.parametrize(
    "said", ["", "yesterday", "2026-05-04", "..", "2026-05-04..2026-13-40", "2026-01-01..9999-12-31"]
)
def test_a_span_that_is_none_finds_nothing(anna: Client, said: str) -> None:
    read_job(paying_customer())
    assert listed(anna, f"/admin/ocr/ocrjob/?first_read={said}") == 0


def test_both_ends_of_a_span_belong_to_it(anna: Client) -> None:
    read_job(paying_customer())
    today = timezone.localdate()
    day = timedelta(days=1)
    assert listed(anna, f"/admin/ocr/ocrjob/?first_read={days(since=today, last=today)}") == 1
    assert listed(anna, f"/admin/ocr/ocrjob/?first_read={days(since=today + day)}") == 0
    assert listed(anna, f"/admin/ocr/ocrjob/?first_read={days(since=today - day, last=today - day)}") == 0
