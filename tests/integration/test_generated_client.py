"""A typed client made of docs/openapi.yaml: nothing is dropped, its types are right, and it works."""

import importlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.operations import operations
from tests.documents import as_base64
from tests.running import Service, demo_data
from tests.services import ROOT

GENERATOR = [str(Path(sys.executable).with_name("openapi-python-client")), "generate", "--meta", "none"]
DOCUMENT = ROOT / "samples/invoices/joinery-epc-de.pdf"
JOURNEY = ROOT / "tests/client_journey.py"
MISTAKES = """\
from paydraft_client.models import JobResponseV2, NewWebhookEndpoint, TransferChanges

def of(job: JobResponseV2) -> str:
    print(job.result.totl)
    TransferChanges(reference=12)
    NewWebhookEndpoint(url="https://example.com")
    return job.result.total
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which `paydraft_client` lies; the generator fails at whatever it would leave out."""
    folder = tmp_path_factory.mktemp("generated")
    options = ["--path", "docs/openapi.yaml", "--config", "docs/openapi-python-client.yaml", "--fail-on-warning"]
    done = subprocess.run(
        [*GENERATOR, *options, "--output-path", folder / "paydraft_client"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "warning" not in said.lower(), said
    return folder


def test_every_operation_becomes_a_function(package: Path) -> None:
    made = {path.stem for path in package.glob("paydraft_client/api/*/*.py") if path.stem != "__init__"}
    assert made == {operation.operation_id for operation in operations()}


def mypy(package: Path, file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={package}/.mypy_cache", file],
        cwd=ROOT,
        env={**os.environ, "MYPYPATH": str(package)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_its_types_fit_a_client_and_tell_of_mistakes(package: Path) -> None:
    (package / "mistakes.py").write_text(MISTAKES, encoding="utf-8")

    fits, does_not = mypy(package, JOURNEY), mypy(package, package / "mistakes.py")

    assert fits.returncode == 0, fits.stdout
    kinds = re.findall(r"mistakes\.py:(\d+): error: .* \[([\w-]+)\]$", does_not.stdout, re.MULTILINE)
    assert kinds == [("4", "attr-defined"), ("5", "arg-type"), ("6", "call-arg"), ("7", "return-value")]


@pytest.fixture(scope="module")
def journey(package: Path) -> Iterator[Any]:
    """The module `tests.client_journey`, on the package that was made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(package))
        yield importlib.import_module("tests.client_journey")


@pytest.fixture(scope="module")
def caller(embedded: Service, journey: Any) -> Any:
    _, key = demo_data(embedded)
    return journey.Caller.of(url=embedded.url, key=key)


def test_an_invoice_becomes_a_payment(caller: Any, journey: Any) -> None:
    models = importlib.import_module("paydraft_client.models")
    content = DOCUMENT.read_bytes()

    started = caller.send_form(content, once="one-invoice")
    again = caller.send_form(content, once="one-invoice")

    assert started.status_code == 202
    assert started.headers["Location"] == f"/v2/invoices/ocr/{started.parsed.job_id}"
    assert "Idempotent-Replayed" not in started.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.parsed == started.parsed

    job = caller.finished(started.parsed.job_id)
    assert job.recipient_match is models.MatchOutcome.FOUND
    evidence = caller.evidence(job.job_id)
    assert evidence.fields.iban.value == job.result.iban == job.recipient.iban
    assert evidence.fields.iban.source in set(models.FieldSource)
    assert [run.outcome for run in evidence.runs] == [models.RunOutcome.FINISHED]
    [supplier] = caller.counterparties(name=job.recipient.legal_name)
    assert supplier.id == job.counterparty_id
    assert job.result.iban in [account.iban for account in supplier.bank_accounts]

    draft = caller.transfer(job.transfer_id)
    assert draft.status is models.TransferStatus.DRAFT
    corrected = caller.corrected(draft.id, models.TransferChanges(reference="Joinery, second half"))
    assert (corrected.reference, corrected.amount) == ("Joinery, second half", draft.amount)
    payment = caller.finalized(draft.id)
    assert (payment.status, payment.supersedes_id) == (models.TransferStatus.PENDING, draft.id)
    file = caller.payment_file(payment.id)
    assert b"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09" in file
    assert b"Joinery, second half" in file
    assert caller.document(job.upload_id, part="bytes=0-3") == (206, b"%PDF")
    with pytest.raises(journey.Refused) as refused:
        caller.payment_file(draft.id)
    assert refused.value.args[0].error == "transfer_not_final"


def test_a_webhook_is_subscribed_to_and_left(caller: Any, journey: Any) -> None:
    endpoint = caller.subscribed("https://hooks.example.com/paydraft")

    assert endpoint.secret.startswith("whsec_")
    assert caller.unsubscribed(endpoint.id) == 204
    with pytest.raises(journey.Refused) as refused:
        caller.subscribed("http://127.0.0.1/")
    error = refused.value.args[0]
    assert error.error == "validation_error"
    assert list(error.details.additional_properties) == ["url"]


def test_an_error_is_parsed_into_its_model(caller: Any) -> None:
    not_base64 = caller.send_base64("*")
    unknown_kind = caller.send_base64(as_base64(b"no invoice"))

    assert (not_base64.status_code, not_base64.parsed.error) == (400, "not_base64")
    assert (unknown_kind.status_code, unknown_kind.parsed.error) == (415, "unsupported_document")
    assert unknown_kind.parsed.message.endswith(".")
