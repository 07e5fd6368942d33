"""What is no transfer: refused by name, and nothing is stored or changed."""

from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from config.api.throttling import KeyThrottle
from counterparties.models import CounterpartyAccount
from customers.models import Customer
from tests.api.test_bad_input import is_error
from tests.api.test_parts_api import send
from tests.ledger import a_draft
from transfers.models import Transfer

pytestmark = pytest.mark.django_db

PATH = "/v2/transfers"
NO_IDS: list[Any] = ["x", 7, [], {}, True, "", "5b0f3a52-6c1f-4f0e-9d7c", "5b0f3a52-6c1f-4f0e-9d7c-3d1f0a7e2b1\u0661"]
NO_AMOUNTS: list[Any] = [
    "-1",
    -1,
    "1.5",
    1.5,
    "",
    True,
    "1e3",
    "٣",
    [],
    {},
    "1" * 19,
    10**18,
    10**40,
    "+1",
    " 1",
    "0x1",
]
NO_CURRENCIES: list[Any] = ["eur", "XXX", "XAU", "EURO", "€", 978, "", [], "EU\x00", "ЕUR"]
NO_REFERENCES: list[Any] = [
    7,
    [],
    {},
    True,
    "x" * 141,
    "a\nb",
    "a\x00b",
    "\ud800",
    "Müller",
    "A&B",
    "4711_2",
    "№5",
    "東京",
]
NO_DATES: list[Any] = [
    "tomorrow",
    20260401,
    "2026-02-30",
    "01.04.2026",
    "",
    True,
    "2026-04-01T00:00:00Z",
    [],
    "0000-01-01",
]
PARTY = ("counterparty_id", "cp_account_id")
READ_ONLY = (
    "id",
    "status",
    "blockers",
    "ocr_job_id",
    "supersedes_id",
    "created_at",
    "created_by",
    "active",
    "modified_by",
)
TABLE: list[tuple[str, list[Any]]] = [
    ("amount", [None, "x", [], 100, {"amount": "1"}, {"amount_minor": "1", "currency": "EUR", "precision": 2}]),
    ("amount", [{"amount_minor": value, "currency": "EUR"} for value in NO_AMOUNTS]),
    ("amount", [{"amount_minor": "1", "currency": value} for value in NO_CURRENCIES]),
    ("source", [None, "x", [], {"iban": "DE02100500000054540402"}]),
    *[(side, [{name: value} for value in NO_IDS]) for side in ("source", "destination") for name in PARTY],
    (
        "destination",
        [None, "x", [], *[{name: "DE02120300000000202051"} for name in ("iban", "bic", "name", "account")]],
    ),
    ("reference", NO_REFERENCES),
    ("requested_execution_date", NO_DATES),
    ("metadata", ["x", [], 7, {"a": "\x00"}, {"a": "x" * 20_000}]),
    *[(name, [None, "x"]) for name in READ_ONLY],
    ("colour", ["red"]),
    ("amount_minor", ["1"]),
]


@pytest.mark.parametrize(("field", "wrong"), TABLE, ids=[field for field, _ in TABLE])
def test_a_wrong_value_is_refused_by_name_and_nothing_changes(
    client: APIClient, customer: Customer, field: str, wrong: list[Any]
) -> None:
    draft = a_draft(customer)
    row = client.get(f"{PATH}/{draft.pk}").json()
    for value in wrong:
        for method, path, sent in (
            ("POST", f"{PATH}/create", {"customer_id": str(customer.pk), field: value}),
            ("PATCH", f"{PATH}/{draft.pk}", {field: value}),
        ):
            answer = send(client, method, path, sent)
            assert is_error(answer, 400, "validation_error"), (method, value, answer.content)
            assert list(answer.json()["details"]) == [field], (method, value, answer.content)
    assert Transfer.objects.count() == 1
    assert client.get(f"{PATH}/{draft.pk}").json() == row


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("customer_id", [None, *NO_IDS]),
        ("upload_id", NO_IDS),
        ("settled_blockers", [["low_confidence"], []]),
    ],
)
def test_a_wrong_value_of_a_new_draft_is_refused_by_name(
    client: APIClient, customer: Customer, field: str, wrong: list[Any]
) -> None:
    for value in wrong:
        answer = send(client, "POST", f"{PATH}/create", {"customer_id": str(customer.pk), field: value})
        assert is_error(answer, 400, "validation_error"), (value, answer.content)
        assert list(answer.json()["details"]) == [field], (value, answer.content)
    assert Transfer.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("customer_id", [str(uuid4())]),
        ("upload_id", [None, str(uuid4())]),
        ("settled_blockers", [None, "low_confidence", ["x"], [None], [7], {}, ["low_confidence"] * 99, [["x"]]]),
    ],
)
def test_a_wrong_value_of_a_change_is_refused_by_name(
    client: APIClient, customer: Customer, field: str, wrong: list[Any]
) -> None:
    draft = a_draft(customer, blockers=["low_confidence"])
    for value in wrong:
        answer = send(client, "PATCH", f"{PATH}/{draft.pk}", {field: value})
        assert is_error(answer, 400, "validation_error"), (value, answer.content)
        assert list(answer.json()["details"]) == [field], (value, answer.content)
    draft.refresh_from_db()
    assert (draft.blockers, draft.edited_at) == (["low_confidence"], None)


def test_ids_that_do_not_exist_are_404_wherever_they_stand(client: APIClient, customer: Customer) -> None:
    draft = a_draft(customer)
    unknown = str(uuid4())
    for side in ("source", "destination"):
        for name in ("counterparty_id", "cp_account_id"):
            for method, path, body in (
                ("POST", f"{PATH}/create", {"customer_id": str(customer.pk)}),
                ("PATCH", f"{PATH}/{draft.pk}", {}),
            ):
                answer = send(client, method, path, {**body, side: {name: unknown}})
                assert is_error(answer, 404, "not_found"), (method, side, name, answer.content)
                assert list(answer.json()["details"][side]) == [name]
    assert is_error(send(client, "POST", f"{PATH}/create", {"customer_id": unknown}), 404, "not_found")


@pytest.mark.parametrize("path", ["create", "{id}/finalize", "{id}/cancel", "{id}"])
@pytest.mark.parametrize(
    ("content", "content_type", "status", "code"),
    [
        ("{", "application/json", 400, "malformed_body"),
        ('{"a": NaN}', "application/json", 400, "malformed_body"),
        ("\xff", "application/json", 400, "malformed_body"),
        ("[" * 100_000, "application/json", 400, "malformed_body"),
        ("[]", "application/json", 400, "validation_error"),
        ("null", "application/json", 400, "validation_error"),
        ('"x"', "application/json", 400, "validation_error"),
        ('{"colour": "red"}', "application/json", 400, "validation_error"),
        ("a=b", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        ("a,b", "text/csv", 415, "unsupported_media_type"),
    ],
)
def test_a_body_that_is_no_request_changes_nothing(
    client: APIClient, customer: Customer, path: str, content: str, content_type: str, status: int, code: str
) -> None:
    draft = a_draft(customer)
    method = "PATCH" if path == "{id}" else "POST"
    sent: Any = content.encode("latin-1")  # bytes, of which some are no UTF-8

    answer = client.generic(method, f"{PATH}/{path.format(id=draft.pk)}", sent, content_type=content_type)

    assert is_error(answer, status, code), answer.content
    assert list(Transfer.objects.values_list("status", flat=True)) == ["draft"]


@pytest.mark.parametrize("verb", ["finalize", "cancel"])
def test_no_body_and_an_empty_one_are_the_same(client: APIClient, customer: Customer, verb: str) -> None:
    draft = a_draft(customer)

    first = client.post(f"{PATH}/{draft.pk}/{verb}")
    again = client.post(f"{PATH}/{draft.pk}/{verb}", {})
    bare = client.generic("POST", f"{PATH}/{draft.pk}/{verb}", "", content_type="")

    assert first.status_code == again.status_code == bare.status_code == 200, bare.content
    assert first.json() == again.json() == bare.json()


@pytest.mark.parametrize("path", ["create", "{id}/finalize", "{id}/cancel"])
class TestEveryPost:
    def body(self, path: str, customer: Customer) -> dict[str, Any]:
        return {"customer_id": str(customer.pk)} if path == "create" else {}

    def test_an_idempotency_key_makes_it_happen_once(self, client: APIClient, customer: Customer, path: str) -> None:
        url, body = f"{PATH}/{path.format(id=a_draft(customer).pk)}", self.body(path, customer)

        first = client.post(url, body, headers={"X-Idempotency-Key": "once"})
        again = client.post(url, body, headers={"Idempotency-Key": "once"})
        other = client.post(url, {**body, "metadata": {}}, headers={"X-Idempotency-Key": "once"})

        assert first.status_code < 300
        assert (again.content, again["Idempotent-Replayed"]) == (first.content, "true")
        assert again.get("Location") == first.get("Location")
        assert is_error(other, 422, "idempotency_key_reused")
        assert Transfer.objects.count() == {"create": 2, "{id}/finalize": 2, "{id}/cancel": 1}[path]

    def test_the_rate_of_a_key_is_limited(
        self, client: APIClient, customer: Customer, monkeypatch: pytest.MonkeyPatch, path: str
    ) -> None:
        monkeypatch.setattr(KeyThrottle, "THROTTLE_RATES", {"key": "100/min", "key_write": "2/min"})
        url, body = f"{PATH}/{path.format(id=a_draft(customer).pk)}", self.body(path, customer)

        answers = [client.post(url, body) for _ in range(3)]

        assert [answer.status_code < 300 for answer in answers] == [True, True, False]
        assert is_error(answers[-1], 429, "rate_limited")
        assert int(answers[-1]["Retry-After"]) >= 1
        assert client.get(PATH).status_code == 200


def test_an_amount_of_eighteen_digits_is_kept_to_the_last(
    client: APIClient, customer: Customer, supplier_account: CounterpartyAccount
) -> None:
    amount = {"amount_minor": "9" * 18, "currency": "JPY"}

    answer = send(client, "POST", f"{PATH}/create", {"customer_id": str(customer.pk), "amount": amount})

    assert answer.json()["amount"] == amount


def test_an_amount_that_no_payment_carries_blocks(client: APIClient, customer: Customer) -> None:
    draft = a_draft(customer)

    answer = send(client, "PATCH", f"{PATH}/{draft.pk}", {"amount": {"amount_minor": "100000000000"}})

    assert answer.json()["blockers"] == ["amount_not_payable"]
    assert is_error(client.post(f"{PATH}/{draft.pk}/finalize"), 409, "transfer_blocked")


def test_the_list_knows_its_parameters_and_no_others(client: APIClient, customer: Customer) -> None:
    a_draft(customer)

    for query in (
        "search.requested_execution_date=tomorrow",
        "search.blockers=x",
        "search.amount_minor=1",
        "sort=reference",
        "sort=-",
        "limit=0",
        "limit=101",
        "offset=-1",
        "page=2",
        "status=draft",
        "search.customer_id=x",
        "search._text.like=x",
    ):
        answer = client.get(f"{PATH}?{query}")
        assert is_error(answer, 400, "validation_error"), (query, answer.content)
        assert list(answer.json()["details"]) == [query.split("=")[0]]
