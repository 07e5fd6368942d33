"""Telephone numbers, websites and register numbers that a document names."""

import time

import pytest

from ocr.extraction import einvoice
from ocr.extraction.fields import SellerContacts
from ocr.extraction.lines import sheet_of
from ocr.extraction.seller_contacts import read_seller_contacts
from tests.unit.extraction.einvoice_samples import ubl
from tests.unit.extraction.typesetting import document_of, row


def contacts(*lines: str) -> SellerContacts:
    return read_seller_contacts(sheet=sheet_of(document_of([row(line) for line in lines])), testimonies=[])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Tel.: 040 66969-200", ("040 66969-200",)),
        ("Telefon +49 (0)40 / 66969-200", ("+49 (0)40 / 66969-200",)),
        ("Tél. 01 42 68 53 00", ("01 42 68 53 00",)),
        ("T +41 44 999 99 99", ("+41 44 999 99 99",)),
        ("Call us: +44 20 7946 0000", ("+44 20 7946 0000",)),
        ("Fax: +49 40 66969-201", ()),
        ("Telefax 040 66969-201", ()),
        ("Rechnungsnummer 4711 0815 2026", ()),
        ("Total 1.234,56", ()),
    ],
)
def test_telephone_numbers(line: str, expected: tuple[str, ...]) -> None:
    assert contacts(line).phones == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("www.ahornwerk.example", ("www.ahornwerk.example",)),
        ("https://shop.ahornwerk.example/agb", ("https://shop.ahornwerk.example",)),
        ("info@ahornwerk.example", ()),
        ("ahornwerk.example", ()),
    ],
)
def test_websites(line: str, expected: tuple[str, ...]) -> None:
    assert contacts(line).websites == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Amtsgericht Hamburg HRB 12345", ("HRB 12345",)),
        ("HRA-Nr.: 4711 B", ("HRA 4711 B",)),
        ("552 100 554 RCS Paris", ("552 100 554",)),
        ("SIRET 552 100 554 00013", ("552 100 554 00013",)),
        ("UID CHE-116.281.710 MWST", ("CHE-116.281.710",)),
        ("KvK 12345678", ("12345678",)),
        ("Org.nr. 995 525 828", ("995 525 828",)),
        ("Company No. 01234567", ("01234567",)),
        ("IČO: 12345678", ("12345678",)),
        ("HRB", ()),
        ("VR Bank Nord eG", ()),
    ],
)
def test_register_numbers(line: str, expected: tuple[str, ...]) -> None:
    assert contacts(line).registration_numbers == expected


def test_an_e_invoice_states_those_of_its_seller_first() -> None:
    stated = einvoice.testimony_of_einvoice(
        ubl(
            replaced=(
                "<cbc:RegistrationName>Fjord Fisk AS</cbc:RegistrationName>",
                "<cbc:RegistrationName>Fjord Fisk AS</cbc:RegistrationName><cbc:CompanyID>995525828</cbc:CompanyID>",
            )
        )
    )
    assert stated is not None
    read = read_seller_contacts(sheet=sheet_of(document_of([row("Org.nr. 910 000 000")])), testimonies=[stated])
    assert read.registration_numbers == ("995525828", "910 000 000")


def test_a_page_full_of_numbers_gives_a_few_and_in_no_time() -> None:
    started = time.thread_time()
    read = contacts(*(f"Tel. 040 {number:07d} " + "1 2 3.4-5 " * 7 for number in range(60)))
    assert len(read.phones) == 8
    assert time.thread_time() - started < 2
