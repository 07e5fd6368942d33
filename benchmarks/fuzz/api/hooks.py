"""What Schemathesis is told about this service: values of its formats, and which refusals of a described request are
right. Loaded by schemathesis.toml beside this file."""

import base64
from pathlib import Path
from typing import Any
from uuid import uuid4

import schemathesis
from hypothesis import strategies as st
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import EnsureResourceAvailability, RejectedPositiveData, UseAfterFree

from benchmarks.fuzz.api.refusals import is_about_body, is_by_rule, is_whole_form, says_inactive

SAMPLES = Path(__file__).resolve().parents[3] / "samples" / "invoices"
IDEMPOTENCY_KEY = "X-Idempotency-Key"
LONGEST_KEY = 255

ACCOUNTS = (
    ("DE02120300000000202051", "BYLADEM1001"),
    ("DE53980504403904415502", "MAZFDEFFXXX"),
    ("AT611904300234573201", "BKAUATWW"),
    ("CH9300762011623852957", "POFICHBEXXX"),
    ("FR1420041010050500013M02606", "PSSTFRPPXXX"),
    ("GB29NWBK60161331926819", "NWBKGB2L"),
    ("NO9386011117947", "DNBANOKK"),
)


def _printed(code: str) -> str:
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def _documents() -> st.SearchStrategy[bytes]:
    """Small documents, whole, cut off or changed in one place, and bytes that are none. What parsers make of broken
    PDFs has tests of its own; here they would only keep the processor busy."""
    xml = b'<?xml version="1.0"?><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
    small = st.sampled_from([xml, b"%PDF-1.7\n%%EOF"])
    cut = st.builds(lambda content, part: content[: len(content) * part // 100], small, st.integers(0, 99))
    changed = st.builds(
        lambda content, place, byte: content[: place % len(content)] + byte + content[place % len(content) + 1 :],
        small,
        st.integers(0, 100),
        st.binary(min_size=1, max_size=3),
    )
    return st.one_of(small, st.just((SAMPLES / "storage-uk.pdf").read_bytes()), cut, changed, st.binary(max_size=100))


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


schemathesis.openapi.format("iban", st.sampled_from([each for iban, _ in ACCOUNTS for each in (iban, _printed(iban))]))
schemathesis.openapi.format("bic", st.sampled_from([bic for _, bic in ACCOUNTS]))
schemathesis.openapi.format("binary", _documents())
schemathesis.openapi.format("byte", _documents().map(_base64))


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:  # noqa: ARG001 - as the hook is called
    """Each request gets an idempotency key of its own, as clients are told to: the generated ones are much alike, and
    would be answered 422 for another body, or for the same with rows that were removed since."""
    name = next((name for name in case.headers or {} if name.lower() == IDEMPOTENCY_KEY.lower()), None)
    key = case.headers[name] if name else None
    if name is None or not isinstance(key, str) or not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        return
    mark = uuid4().hex
    case.headers[name] = key[: LONGEST_KEY - len(mark)] + mark


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:  # noqa: ARG001 - as it is called
    """Whether it is one: a request that fits the description may be refused by a rule that it cannot state, and what
    is removed may stay readable as long as it says that it is not active."""
    if isinstance(failure, RejectedPositiveData):
        return not is_by_rule(status=response.status_code, body=response)
    if isinstance(failure, AcceptedNegativeData):
        return not is_whole_form(case)
    if isinstance(failure, EnsureResourceAvailability):
        return not is_about_body(case=case, body=response)
    if isinstance(failure, UseAfterFree):
        return not says_inactive(case=case, body=response)
    return True
