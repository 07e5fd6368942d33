"""Some of the hostile files through the whole job: it ends, whatever the file is, and says how."""

from collections.abc import Iterator

import pytest

from invoices.models import Upload
from ocr.intake import accept_document
from ocr.models import OcrJob
from ocr.processing import process_job
from ocr.readers import close_sandbox
from ocr.reading.sniffing import UnknownKind
from tests.hostile.corpus import groups
from tests.ledger import a_customer
from transfers.models import Transfer

pytestmark = pytest.mark.django_db

CHOSEN = {
    "pdf page trees": ("page tree in a circle", "one page 20000 times", "51 pages"),
    "pdf boxes": ("media box of not a number", "user unit of a million"),
    "pdf cross-references": ("object stream that holds itself", "a header and zeros"),
    "pdf encryption": ("aes 256 with a password", "aes 256 with an empty password"),
    "pdf loops": ("form that draws itself",),
    "pdf fonts": ("text of control characters", "map to unicode with a letter of a megabyte"),
    "pdf crowds": ("300000 words", "one word of 300000 letters", "actual text from right to left"),
    "pdf attachments": ("attachment named with nul bytes", "attachment named with right to left"),
    "tiff": ("tiff whose directory is beyond the file", "tiff of 51 pages"),
    "codes": ("code of nul bytes", "code of right to left", "code of an iban that fails"),
    "xml shapes": ("nested to the limit", "numbers beyond measure", "100000 attributes"),
    "xml entities": ("billion laughs", "entity without a declaration"),
    "xml encodings": ("combining marks without end", "right-to-left override", "nul by reference"),
}


@pytest.fixture(scope="module", autouse=True)
def _no_reader_afterwards() -> Iterator[None]:
    yield
    close_sandbox()


@pytest.mark.parametrize("group", CHOSEN)
def test_every_job_ends(group: str) -> None:
    customer = a_customer()
    files = dict(groups("http://127.0.0.1:9")[group]())
    for name in CHOSEN[group]:
        job = accept_document(customer=customer, content=files[name], file_name="\u202efdp.\x01exe", by="test")
        process_job(job.pk)
        job.refresh_from_db()
        assert job.state in {OcrJob.State.FINISHED, OcrJob.State.FAILED}, name
        assert job.attempts == 1, name
        assert job.lease_expires_at is None, name
        if job.state == OcrJob.State.FAILED:
            assert job.failure_code not in {"", "reader_crashed", "reader_timed_out"}, name
            assert job.message.endswith("."), name
    assert not Transfer.objects.exclude(status=Transfer.Status.DRAFT).exists()


def test_what_is_no_document_becomes_no_job() -> None:
    customer = a_customer()
    files = dict(groups("")["disguises"]())
    for name in ("zip and pdf", "gif and pdf", "program and pdf", "html and pdf", "spaces", "svg", "postscript"):
        with pytest.raises(UnknownKind):
            accept_document(customer=customer, content=files[name], file_name="invoice.pdf", by="test")
    assert not OcrJob.objects.exists()
    assert not Upload.objects.exists()
