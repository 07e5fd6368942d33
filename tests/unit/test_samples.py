"""The samples hold: their numbers are valid, the pages say what the truth says, and the script still draws them."""

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pymupdf
import pytest
import zxingcpp
from stdnum import bic, iban, iso11649
from stdnum.ch import esr, uid
from stdnum.eu import vat as eu_vat
from stdnum.gb import vat as gb_vat

from ocr.extraction.fields import FIELD_NAMES
from samples.ledger import CSV_COLUMNS, NEIGHBOURS
from samples.make_samples import make_samples
from samples.orders import BILLS, JOINERY, TRADE_FAIR
from samples.payment_codes import epc_payload, swiss_payload

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
SCAN = "invoices/delicatessen-scan-de.pdf"
FACTUR_X = "invoices/freight-facturx-de.pdf"
CHANGED_ACCOUNT = "invoices/it-equipment-two-pages-de.pdf"
RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"

TRUTH: list[dict[str, Any]] = [
    json.loads(line) for line in (SAMPLES / "truth.jsonl").read_text(encoding="utf-8").splitlines()
]
FILES = [row["file"] for row in TRUTH]
FIELDS: dict[str, dict[str, str | None]] = {row["file"]: row["fields"] for row in TRUTH}


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    make_samples(folder)
    return folder


def _counterparties() -> list[dict[str, str]]:
    with (SAMPLES / "counterparties.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _customer() -> dict[str, Any]:
    customer: dict[str, Any] = json.loads((SAMPLES / "customer.json").read_text(encoding="utf-8"))
    return customer


def _texts(path: Path) -> list[str]:
    with pymupdf.open(path) as document:
        return [page.get_text() for page in document]


def _pixels(path: Path, *, dpi: int) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    with pymupdf.open(path) as document:
        pixmap = document[0].get_pixmap(dpi=dpi, colorspace=pymupdf.csGRAY)
        return np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width)


def _is_vat_id(number: str) -> bool:
    if number.startswith("GB"):
        return bool(gb_vat.is_valid(number))
    if number.startswith("CHE"):
        return bool(uid.is_valid(number))
    return bool(eu_vat.is_valid(number))


def _fits(account_bic: str, account_iban: str) -> bool:
    return bool(bic.is_valid(account_bic)) and account_bic[4:6] == account_iban[:2]


def test_truth_names_every_committed_invoice_and_no_other() -> None:
    committed = {f"invoices/{path.name}" for path in (SAMPLES / "invoices").iterdir()}
    assert committed == set(FILES)
    assert len(FILES) == len(set(FILES)) >= 8


@pytest.mark.parametrize("file", FILES)
def test_no_invoice_is_larger_than_300_kilobytes(file: str) -> None:
    assert 0 < (SAMPLES / file).stat().st_size < 300_000


@pytest.mark.parametrize("file", FILES)
def test_truth_has_every_field_of_the_api(file: str) -> None:
    assert tuple(FIELDS[file]) == FIELD_NAMES


@pytest.mark.parametrize("file", FILES)
def test_bank_details_and_tax_numbers_of_an_invoice_pass_their_check_digits(file: str) -> None:
    fields = FIELDS[file]
    assert iban.is_valid(fields["iban"] or "")
    assert fields["bic"] is None or _fits(fields["bic"], fields["iban"] or "")
    assert _is_vat_id(fields["seller_vat_id"] or "")


@pytest.mark.parametrize("file", FILES)
def test_net_and_tax_add_up_to_the_total(file: str) -> None:
    fields = FIELDS[file]
    net, tax, total = (Decimal(fields[name] or "") for name in ("subtotal", "sales_tax_amount", "total"))
    assert net + tax == total > 0
    if (rate := fields["sales_tax_percentage"]) is not None:
        assert abs(net * Decimal(rate) / 100 - tax) <= Decimal("0.005")


def test_an_invoice_with_two_rates_has_no_single_percentage() -> None:
    two_rates = [bill for bill in BILLS if len(bill.tax_rows) == 2]
    assert [FIELDS[f"invoices/{bill.file}"]["sales_tax_percentage"] for bill in two_rates] == [None]


@pytest.mark.parametrize("file", [file for file in FILES if file != SCAN])
def test_the_page_prints_what_the_truth_says(file: str) -> None:
    pages = "".join("".join(_texts(SAMPLES / file)).split())
    fields = FIELDS[file]
    for name in ("customer_name", "seller_name", "invoice_number", "reference", "iban", "bic", "customer_email"):
        if value := fields[name]:
            assert "".join(value.split()) in pages, name
    for name in ("total", "subtotal"):
        assert (fields[name] or "").replace(".", "") in "".join(sign for sign in pages if sign not in ",.’"), name


def test_one_invoice_spreads_over_two_pages() -> None:
    assert [file for file in FILES if len(_texts(SAMPLES / file)) == 2] == [CHANGED_ACCOUNT]


def test_the_scan_is_a_picture_without_text() -> None:
    assert _texts(SAMPLES / SCAN) == [""]
    with pymupdf.open(SAMPLES / SCAN) as document:
        ((_, _, width, height, *_),) = document[0].get_images()
    assert (width, height) == (1654, 2339)  # A4 at 200 dpi


@pytest.mark.parametrize(
    ("bill", "payload"), [(JOINERY, epc_payload(JOINERY)), (TRADE_FAIR, swiss_payload(TRADE_FAIR))]
)
def test_the_payment_code_on_the_page_reads_as_it_was_written(bill: Any, payload: str) -> None:
    codes = zxingcpp.read_barcodes(_pixels(SAMPLES / "invoices" / bill.file, dpi=200))
    assert [code.text for code in codes] == [payload]


def test_structured_references_pass_their_check_digits() -> None:
    assert esr.is_valid(TRADE_FAIR.reference)
    assert len(TRADE_FAIR.reference) == 27
    assert TRADE_FAIR.account.iban[4:9] >= "30000"  # a QR-IBAN: its institution is from 30000 to 31999
    assert TRADE_FAIR.account.iban[4:9] <= "31999"
    assert iso11649.is_valid(JOINERY.reference)


def test_the_embedded_invoice_says_what_the_truth_says() -> None:
    with pymupdf.open(SAMPLES / FACTUR_X) as document:
        assert document.embfile_names() == ["factur-x.xml"]
        root = ElementTree.fromstring(document.embfile_get("factur-x.xml"))  # noqa: S314 - our own file
        attached = document.xref_get_key(document.pdf_catalog(), "AF")[1].strip("[] ").split()[0]
        assert document.xref_get_key(int(attached), "AFRelationship")[1] == "/Alternative"
    fields = FIELDS[FACTUR_X]
    for tag, name in (
        ("GrandTotalAmount", "total"),
        ("TaxBasisTotalAmount", "subtotal"),
        ("IBANID", "iban"),
        ("BICID", "bic"),
        ("PaymentReference", "reference"),
    ):
        assert [element.text for element in root.iter(f"{RAM}{tag}")] == [fields[name]]


def test_every_supplier_is_in_the_books_and_only_one_account_differs() -> None:
    books = {row["legal_name"]: row for row in _counterparties()}
    differing = [row["file"] for row in TRUTH if books[row["fields"]["seller_name"]]["iban"] != row["fields"]["iban"]]
    assert differing == [CHANGED_ACCOUNT]
    assert [row["file"] for row in TRUTH if row["expected"]["warnings"] == ["bank_details_changed"]] == differing
    assert all(books[row["fields"]["seller_name"]]["vat_id"] == row["fields"]["seller_vat_id"] for row in TRUTH)


def test_the_books_hold_valid_and_distinct_numbers() -> None:
    rows = _counterparties()
    assert len(rows) == len(TRUTH) + len(NEIGHBOURS.read_text(encoding="utf-8").splitlines()) - 1
    assert tuple(rows[0]) == CSV_COLUMNS
    accounts = [(row["iban"], row["bic"]) for row in rows if row["iban"]]
    vat_ids = [row["vat_id"] for row in rows if row["vat_id"]]
    assert all(iban.is_valid(number) for number, _ in accounts)
    assert all(_fits(code, number) for number, code in accounts if code)
    assert all(_is_vat_id(number) for number in vat_ids)
    assert len(accounts) == len(set(accounts))
    assert len(vat_ids) == len(set(vat_ids))


def test_the_customer_pays_from_accounts_of_its_own() -> None:
    customer = _customer()
    own = {account["iban"] for account in customer["accounts"]}
    assert {account["currency"] for account in customer["accounts"]} == {"EUR", "CHF", "GBP"}
    assert all(_fits(account["bic"], account["iban"]) for account in customer["accounts"])
    assert all(iban.is_valid(number) for number in own)
    assert _is_vat_id(customer["vat_id"])
    assert own.isdisjoint({row["iban"] for row in _counterparties()})
    assert {row["fields"]["customer_name"] for row in TRUTH} == {customer["legal_name"]}


@pytest.mark.parametrize("name", ["truth.jsonl", "customer.json", "counterparties.csv"])
def test_the_script_writes_the_committed_data(rebuilt: Path, name: str) -> None:
    assert (rebuilt / name).read_bytes() == (SAMPLES / name).read_bytes()


@pytest.mark.parametrize("file", FILES)
def test_the_script_draws_the_committed_pages(rebuilt: Path, file: str) -> None:
    assert _texts(rebuilt / file) == _texts(SAMPLES / file)
    drawn, committed = (_pixels(folder / file, dpi=72).astype(np.int16) for folder in (rebuilt, SAMPLES))
    assert drawn.shape == committed.shape
    assert np.abs(drawn - committed).mean() < 1.0  # JPEG and font rasters differ a little between library versions


def test_the_script_draws_the_same_bytes_each_time(rebuilt: Path, tmp_path: Path) -> None:
    make_samples(tmp_path)
    assert [file for file in FILES if (tmp_path / file).read_bytes() != (rebuilt / file).read_bytes()] == []
