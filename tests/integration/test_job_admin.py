"""The job in the back office: seen, corrected, processed again."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from ocr.intake import accept_document
from ocr.models import OcrCorrection, OcrJob
from ocr.processing import process_job
from ocr.review import correct
from tests.documents import invoice_pdf
from tests.ledger import SUPPLIERS_IBAN, a_customer, own_account, suppliers_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def job() -> OcrJob:
    customer = a_customer()
    own_account(customer, is_primary=True)
    suppliers_account(customer, is_primary=True)
    job = accept_document(customer=customer, content=invoice_pdf(), file_name="bill.pdf", by="test")
    process_job(job.pk)
    return job


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("anna", "anna@example.com", "secret"))
    return client


def change_page(job: OcrJob) -> str:
    return reverse("admin:ocr_ocrjob_change", args=[job.pk])


def correction(**values: str) -> dict[str, str]:
    inlines: dict[str, str] = {}
    for prefix in ("fields", "match_candidates", "runs"):
        inlines |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    inlines |= {"corrections-TOTAL_FORMS": "1", "corrections-INITIAL_FORMS": "0"}
    return inlines | {f"corrections-0-{name}": value for name, value in values.items()}


def test_list_and_page_show_the_job_with_links_to_what_belongs_to_it(operator: Client, job: OcrJob) -> None:
    job.refresh_from_db()
    listed = operator.get(reverse("admin:ocr_ocrjob_changelist"), {"q": "INV-2026"}).content.decode()
    page = operator.get(change_page(job)).content.decode()

    assert "INV-2026-0417" in listed
    assert SUPPLIERS_IBAN in page
    for name, row in (
        ("invoices_upload", job.upload_id),
        ("transfers_transfer", job.transfer_id),
        ("counterparties_counterparty", job.counterparty_id),
    ):
        assert reverse(f"admin:{name}_change", args=[row]) in page


def test_the_page_tells_how_the_document_was_read(operator: Client, job: OcrJob) -> None:
    OcrJob.objects.filter(pk=job.pk).update(notes=[{"code": "page_turned", "message": "Page 1 was <turned>."}])

    page = operator.get(change_page(job)).content.decode()

    assert "<b>page_turned</b> Page 1 was &lt;turned&gt;." in page


def test_the_record_takes_no_correction_and_leads_to_the_review(operator: Client, job: OcrJob) -> None:
    """Here nobody would see what others have corrected meanwhile, nor that the review has ended."""
    review = reverse("admin:ocr_ocrjob_review", args=[job.pk])
    page = operator.get(change_page(job)).content.decode()
    assert review in page
    assert 'name="_save"' not in page
    assert 'name="corrections-0-after"' not in page

    answer = operator.post(change_page(job), correction(target="total", after="1200.00", reason="misread"), follow=True)

    assert answer.redirect_chain == [(review, 302)]
    assert "Nothing was saved" in answer.content.decode()
    assert not OcrCorrection.objects.exists()
    job.refresh_from_db()
    assert job.state == "finished"


def test_the_record_shows_the_corrections(operator: Client, job: OcrJob) -> None:
    correct(job=job, target="total", after="1200.00", by="berta", reason="misread")

    page = operator.get(change_page(job)).content.decode()

    for shown in ("1190.00", "1200.00", "berta", "misread"):
        assert shown in page


def test_every_model_of_ours_has_its_pages(operator: Client, job: OcrJob) -> None:
    ours = ("customers", "counterparties", "invoices", "transfers", "ocr")
    # Shown on their invoice, payment file, delivery or endpoint.
    within_another = {"exportedtransfer", "hintuse", "invoiceitem", "webhookattempt", "webhookmessage", "webhooksecret"}
    within_another.add("audithead")  # verified by a command
    index = operator.get(reverse("admin:index")).content.decode()

    for model in (model for app in ours for model in apps.get_app_config(app).get_models()):
        page = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        if model._meta.model_name in within_another:
            continue
        assert page in index
        assert operator.get(page, {"q": "4711"}).status_code == 200
        row = model._default_manager.first()
        if row is not None:
            assert operator.get(f"{page}{row.pk}/change/").status_code == 200
