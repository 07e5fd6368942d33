"""Which refusals of a described request the fuzzing of the API lets pass."""

from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.fuzz.api.refusals import is_about_body, is_by_rule, is_whole_form, says_inactive


def answer(error: str, **details: Any) -> Any:
    return SimpleNamespace(json=lambda: {"error": error, "message": "", "details": details})


def no_json() -> Any:
    raise ValueError


@pytest.mark.parametrize(
    ("details", "passes"),
    [
        ({"bic": ["The BIC belongs to a bank in DE, the IBAN to an account in FR; correct one of the two."]}, True),
        ({"items": {"0": {"price": ["Send this in a request of its own."]}}}, True),
        ({"legal_name": ["This field may not be blank."]}, False),
        ({"bic": ["This is no BIC: it is too short."], "legal_name": ["This field may not be blank."]}, False),
        ({}, False),
    ],
)
def test_a_refusal_passes_only_if_each_of_its_messages_is_of_a_rule(details: dict[str, Any], passes: bool) -> None:
    assert is_by_rule(status=400, body=answer("validation_error", **details)) is passes


def test_what_a_document_is_made_of_is_no_matter_of_the_description() -> None:
    assert is_by_rule(status=415, body=answer("unsupported_document"))
    assert not is_by_rule(status=422, body=answer("idempotency_key_reused"))
    assert is_by_rule(status=422, body=SimpleNamespace(json=lambda: {"job_id": "1", "status": 422, "message": ""}))
    assert is_by_rule(status=414, body=SimpleNamespace(json=no_json))
    assert not is_by_rule(status=500, body=SimpleNamespace(json=no_json))


def test_a_form_that_a_link_made_whole_is_no_wrong_one() -> None:
    def form(body: Any, *, negated: bool = False) -> Any:
        meta = SimpleNamespace(is_negative_at=lambda _: negated)
        return SimpleNamespace(media_type="multipart/form-data", body=body, meta=meta)

    whole = {"file": b"%PDF", "customer_id": "0f9f6a34-50a5-4d0c-9b52-0f6f5a1b7c01"}

    assert is_whole_form(form(whole))
    for body in ({"file": b"%PDF"}, whole | {"customer_id": "x"}, whole | {"customer_id": 7}, whole | {"x": 1}, b""):
        assert not is_whole_form(form(body)), body
    assert not is_whole_form(form(whole, negated=True))


def test_an_unknown_id_in_a_body_says_nothing_of_the_address() -> None:
    collection, row = (
        SimpleNamespace(path="/v2/counterparties/addresses"),
        SimpleNamespace(path="/v2/counterparties/{id}"),
    )
    unknown = answer("not_found", counterparty_id=["There is no such row; check the id."])

    assert is_about_body(case=collection, body=unknown)
    assert not is_about_body(case=collection, body=answer("not_found"))
    assert not is_about_body(case=row, body=unknown)


def test_a_removed_row_may_be_read_only_while_it_says_that_it_is_inactive() -> None:
    read, woken = (
        SimpleNamespace(path="/v2/x/{id}", body=None),
        SimpleNamespace(path="/v2/x/{id}", body={"active": True}),
    )
    content = SimpleNamespace(path="/v2/uploads/{id}/content", body=None)

    assert says_inactive(case=read, body=SimpleNamespace(json=lambda: {"active": False}))
    assert says_inactive(case=woken, body=SimpleNamespace(json=lambda: {"active": True}))
    assert not says_inactive(case=read, body=SimpleNamespace(json=lambda: {"active": True}))
    assert not says_inactive(case=read, body=SimpleNamespace(json=list))
    assert says_inactive(case=content, body=SimpleNamespace(json=no_json))
