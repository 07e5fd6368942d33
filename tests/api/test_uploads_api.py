"""`GET /v2/uploads`: rows, bytes, and nothing of anybody else's."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from customers.keys import issue_key
from customers.models import Customer
from ocr.intake import accept_document
from ocr.models import OcrJob
from tests.ledger import a_customer, a_draft, an_upload
from transfers.finalizing import cancel_transfer, finalize_transfer

pytestmark = pytest.mark.django_db

CONTENT = b"%PDF-1.7 an invented document"
UNKNOWN = "5b0f3a52-6c1f-4f0e-9d7c-3d1f0a7e2b11"
ROW = [
    "id",
    "customer_id",
    "file_name",
    "document_type",
    "status",
    "content_length",
    "content_type",
    "file_extension",
    "sha256",
    "page_count",
    "created_at",
    "created_by",
    "modified_at",
    "modified_by",
    "active",
    "metadata",
]


@pytest.fixture(autouse=True)
def own_storage(settings: Settings, tmp_path: Path) -> None:
    default = settings.STORAGES["default"]
    settings.STORAGES = settings.STORAGES | {
        "default": default | {"OPTIONS": default["OPTIONS"] | {"location": tmp_path}}
    }


class StorageThatIsDown(FileSystemStorage):
    """Stands for an object store that does not answer: no such thing can be had from a disk."""

    def _open(self, name: str, mode: str = "rb") -> Any:
        raise ConnectionError("connection refused")


def client_of(*customers: Customer, scopes: tuple[str, ...] = ("uploads:read",)) -> APIClient:
    _, plain = issue_key(
        name="test", customers=customers, scopes=scopes, expires_at=None, by="test", now=timezone.now()
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {plain}")
    return client


def names(answer: Any) -> list[str]:
    return [row["file_name"] for row in answer.json()["data"]]


def test_a_row_has_exactly_the_fields_of_the_contract() -> None:
    customer = a_customer()
    upload = an_upload(customer, CONTENT)

    answer = client_of(customer).get(f"/v2/uploads/{upload.pk}")

    assert answer.status_code == 200
    row = answer.json()
    assert list(row) == ROW
    assert (row["id"], row["customer_id"]) == (str(upload.pk), str(customer.pk))
    assert (row["file_name"], row["document_type"], row["status"]) == ("invoice.pdf", "invoice", "draft")
    assert (row["content_length"], row["content_type"], row["file_extension"]) == (29, "application/pdf", "pdf")
    assert (row["sha256"], row["page_count"]) == (hashlib.sha256(CONTENT).hexdigest(), None)
    assert (row["created_by"], row["modified_by"], row["active"], row["metadata"]) == ("test", "test", True, {})


def test_the_bytes_come_back_as_an_attachment() -> None:
    customer = a_customer()
    upload = an_upload(customer, CONTENT, "Rechnung März.pdf")

    answer = client_of(customer).get(f"/v2/uploads/{upload.pk}/content")

    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''Rechnung%20M%C3%A4rz.pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_bytes_are_given_to_whoever_accepts_their_type_only() -> None:
    customer = a_customer()
    upload = an_upload(customer, CONTENT)

    answer = client_of(customer).get(f"/v2/uploads/{upload.pk}/content", HTTP_ACCEPT="application/pdf")

    assert (answer.status_code, answer.content) == (200, CONTENT)


def test_a_storage_that_does_not_answer_is_said_to_be_worth_another_try(settings: Settings) -> None:
    customer = a_customer()
    upload = an_upload(customer)
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": f"{__name__}.StorageThatIsDown"}}

    answer = client_of(customer).get(f"/v2/uploads/{upload.pk}/content")

    assert (answer.status_code, answer.json()["error"]) == (503, "storage_unavailable")


def test_the_uploads_of_other_customers_do_not_exist() -> None:
    customer, neighbour = a_customer(), a_customer("Brindle & Co")
    mine, other = an_upload(customer, file_name="mine.pdf"), an_upload(neighbour, file_name="other.pdf")
    client = client_of(customer)

    assert names(client.get("/v2/uploads")) == ["mine.pdf"]
    assert client.get(f"/v2/uploads?search.customer_id={neighbour.pk}").json()["data"] == []
    assert client.get(f"/v2/uploads/{other.pk}").status_code == 404
    assert client.get(f"/v2/uploads/{other.pk}/content").status_code == 404
    assert client.get(f"/v2/uploads/{mine.pk}").status_code == 200


def test_a_key_for_several_customers_sees_all_of_theirs() -> None:
    customer, neighbour = a_customer(), a_customer("Brindle & Co")
    an_upload(customer, file_name="first.pdf")
    an_upload(neighbour, file_name="second.pdf")
    client = client_of(customer, neighbour)

    assert sorted(names(client.get("/v2/uploads"))) == ["first.pdf", "second.pdf"]
    assert names(client.get(f"/v2/uploads?search.customer_id={neighbour.pk}")) == ["second.pdf"]


@pytest.mark.parametrize("path", [f"/v2/uploads/{UNKNOWN}", f"/v2/uploads/{UNKNOWN}/content", "/v2/uploads/not-an-id"])
def test_what_does_not_exist_is_404_in_the_shape_of_every_error(path: str) -> None:
    answer = client_of(a_customer()).get(path)

    assert answer.status_code == 404
    assert (list(answer.json()), answer.json()["error"]) == (["error", "message", "details"], "not_found")


def test_without_a_key_or_its_scope_nothing_is_handed_out() -> None:
    customer = a_customer()
    upload = an_upload(customer)
    unscoped = client_of(customer, scopes=("transfers:*", "uploads:write"))

    for path in ("/v2/uploads", f"/v2/uploads/{upload.pk}", f"/v2/uploads/{upload.pk}/content"):
        assert APIClient().get(path).status_code == 401
        assert unscoped.get(path).status_code == 403


def test_the_list_is_counted_searched_and_sorted() -> None:
    customer = a_customer()
    for name in ("b.pdf", "c.pdf", "a.pdf"):
        an_upload(customer, name.encode(), name)
    client = client_of(customer)

    page = client.get("/v2/uploads?sort=file_name&limit=2").json()
    assert ([row["file_name"] for row in page["data"]], page["total"], page["has_more"]) == (
        ["a.pdf", "b.pdf"],
        3,
        True,
    )
    assert names(client.get("/v2/uploads")) == ["a.pdf", "c.pdf", "b.pdf"]
    assert names(client.get("/v2/uploads?sort=-file_name&offset=2")) == ["a.pdf"]
    assert names(client.get("/v2/uploads?search._text.ilike=B.P")) == ["b.pdf"]
    assert names(client.get(f"/v2/uploads?search.sha256={hashlib.sha256(b'c.pdf').hexdigest()}")) == ["c.pdf"]
    found = client.get("/v2/uploads?search.status=attached").json()
    assert (found["data"], found["total"], found["total_unfiltered"]) == ([], 0, 3)
    assert client.get("/v2/uploads?search.file=x").status_code == 400
    assert client.get("/v2/uploads?sort=file").status_code == 400


def test_a_document_is_marked_and_stays_what_was_sent() -> None:
    customer = a_customer()
    upload = an_upload(customer, CONTENT)
    client = client_of(customer, scopes=("uploads:*",))
    before = client.get(f"/v2/uploads/{upload.pk}").json()

    answer = client.patch(f"/v2/uploads/{upload.pk}", {"metadata": {"folder": "a"}, "document_type": "invoice"})

    row = answer.json()
    assert answer.status_code == 200
    assert row["modified_by"].startswith("key:")
    changed = {name: row[name] for name in ("modified_at", "modified_by")} | {"metadata": {"folder": "a"}}
    assert row == before | changed
    for name, value in (
        ("document_type", "letter"),
        ("document_type", None),
        ("metadata", "x"),
        ("file_name", "other.pdf"),
        ("status", "attached"),
        ("active", False),
        ("sha256", "0" * 64),
        ("colour", "red"),
    ):
        refused = client.patch(f"/v2/uploads/{upload.pk}", {name: value})
        assert (refused.status_code, list(refused.json()["details"])) == (400, [name])
    assert client.get(f"/v2/uploads/{upload.pk}").json() == row


def test_a_draft_is_discarded_and_its_document_stays() -> None:
    customer = a_customer()
    upload = an_upload(customer, CONTENT)
    client = client_of(customer, scopes=("uploads:*",))

    for _ in range(2):
        assert client.delete(f"/v2/uploads/{upload.pk}").status_code == 204
    assert client.get(f"/v2/uploads/{upload.pk}").json()["active"] is False
    assert client.get(f"/v2/uploads/{upload.pk}/content").content == CONTENT
    assert names(client.get("/v2/uploads?search.active=true")) == []


def test_a_document_of_a_finalised_payment_is_kept() -> None:
    customer = a_customer()
    draft = a_draft(customer)
    finalize_transfer(transfer_id=draft.pk, by="person", now=timezone.now())
    client = client_of(customer, scopes=("uploads:*",))

    answer = client.delete(f"/v2/uploads/{draft.upload_id}")

    assert (answer.status_code, answer.json()["error"]) == (409, "upload_attached")
    assert client.get(f"/v2/uploads/{draft.upload_id}").json()["active"] is True


def test_changing_and_discarding_want_their_scope() -> None:
    customer = a_customer()
    upload = an_upload(customer)
    reader = client_of(customer)

    assert reader.patch(f"/v2/uploads/{upload.pk}", {}).status_code == 403
    assert reader.delete(f"/v2/uploads/{upload.pk}").status_code == 403


def test_a_part_of_the_bytes_is_handed_out() -> None:
    customer = a_customer()
    url = f"/v2/uploads/{an_upload(customer, CONTENT).pk}/content"
    client = client_of(customer)

    whole = client.get(url)
    part = client.get(url, headers={"Range": "bytes=1-4"})
    rest = client.get(url, headers={"Range": "bytes=25-", "If-Range": whole["ETag"]})

    assert (whole["Accept-Ranges"], whole["ETag"]) == ("bytes", f'"{hashlib.sha256(CONTENT).hexdigest()}"')
    assert (part.status_code, part.content, part["Content-Range"]) == (206, CONTENT[1:5], "bytes 1-4/29")
    assert (rest.status_code, rest.content, rest["Content-Length"]) == (206, CONTENT[25:], "4")
    for answer in (part, rest):
        assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "application/pdf")
        assert answer["Content-Disposition"].startswith("attachment")


def test_a_part_of_another_document_gets_the_whole_and_one_behind_the_end_nothing() -> None:
    customer = a_customer()
    url = f"/v2/uploads/{an_upload(customer, CONTENT).pk}/content"
    client = client_of(customer)

    other = client.get(url, headers={"Range": "bytes=1-4", "If-Range": '"another"'})
    behind = client.get(url, headers={"Range": "bytes=29-"})

    assert (other.status_code, other.content) == (200, CONTENT)
    assert (behind.status_code, behind.json()["error"]) == (416, "range_not_satisfiable")
    assert behind["Content-Range"] == "bytes */29"


def test_who_has_the_document_is_not_sent_it_again() -> None:
    customer = a_customer()
    url = f"/v2/uploads/{an_upload(customer, CONTENT).pk}/content"
    client = client_of(customer)
    etag = client.get(url)["ETag"]

    again = client.get(url, headers={"If-None-Match": f'"x", W/{etag}'})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert client.get(url, headers={"If-None-Match": '"x"'}).status_code == 200


def test_a_document_that_a_draft_pays_is_kept_until_the_draft_is_cancelled() -> None:
    customer = a_customer()
    draft = a_draft(customer)
    client = client_of(customer, scopes=("uploads:*",))
    url = f"/v2/uploads/{draft.upload_id}"

    refused = client.delete(url)
    cancel_transfer(transfer_id=draft.pk, by="person", now=timezone.now())

    assert (refused.status_code, refused.json()["error"]) == (409, "upload_needed")
    assert str(draft.pk) in refused.json()["message"]
    assert client.delete(url).status_code == 204


def test_a_document_that_is_still_read_is_kept_until_its_job_has_ended() -> None:
    customer = a_customer()
    job = accept_document(customer=customer, content=CONTENT, file_name="bill.pdf", by="test")
    client = client_of(customer, scopes=("uploads:*",))
    url = f"/v2/uploads/{job.upload.pk}"

    refused = client.delete(url)
    OcrJob.objects.update(state="failed", finished_at=timezone.now(), failure_code="corrupt", message="It is torn.")

    assert (refused.status_code, refused.json()["error"]) == (409, "upload_needed")
    assert client.delete(url).status_code == 204


def test_who_asks_for_the_head_is_told_the_whole_length_and_sent_nothing() -> None:
    customer = a_customer()
    url = f"/v2/uploads/{an_upload(customer, CONTENT).pk}/content"
    client = client_of(customer)

    whole, head = client.get(url), client.head(url)
    of_a_part = client.head(url, headers={"Range": "bytes=1-4"})

    assert (head.status_code, head.content, head["Content-Length"]) == (200, b"", "29")
    told = ("Content-Type", "Content-Disposition", "ETag", "Accept-Ranges", "X-Content-Type-Options", "Cache-Control")
    assert {name: head[name] for name in told} == {name: whole[name] for name in told}
    assert (of_a_part.status_code, of_a_part["Content-Length"]) == (200, "29")  # RFC 9110, 14.2: a range is for GET


@pytest.mark.parametrize("wanted", ["bytes=0-1,4-5", "bytes=5-2", "lines=0-1", "bytes=a-b", "bytes"])
def test_a_range_that_is_none_or_several_gets_the_whole(wanted: str) -> None:
    customer = a_customer()
    url = f"/v2/uploads/{an_upload(customer, CONTENT).pk}/content"

    answer = client_of(customer).get(url, headers={"Range": wanted})

    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert "Content-Range" not in answer
