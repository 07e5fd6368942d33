"""Doubts that only all values together give, with each condition that settles them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ocr.extraction.fields import KnownPayer
from ocr.extraction.lines import Sheet, compact
from ocr.extraction.scrutiny import scrutinise
from tests.unit.extraction.test_hints import fields

TODAY = date(2026, 11, 28)
IBAN, OTHER = "DE57900402617713500290", "GB19KEHB99811460027713"


def codes(*, payer: KnownPayer | None = None, text: str = "", slack: str = "0", **values: str) -> set[str]:
    sheet = replace(Sheet((), ()), compact=compact(text))
    found = scrutinise(
        fields=fields(**values), payer=payer or KnownPayer(), today=TODAY, sheet=sheet, slack=Decimal(slack)
    )
    return {warning.code for warning in found.warnings}


SUMS: dict[str, Any] = {"total": "119.00", "subtotal": "100.00", "sales_tax_amount": "19.00"}


@pytest.mark.parametrize(
    ("changes", "slack", "is_doubted"),
    [
        ({}, "0", False),
        ({"total": "119.05"}, "0", False),
        ({"total": "119.06"}, "0", True),
        ({"total": "118.94"}, "0", True),
        ({"total": "120.00"}, "1.00", False),
    ],
)
def test_sums_are_doubted_from_more_than_a_coin_on(changes: dict[str, str], slack: str, is_doubted: bool) -> None:
    assert ("amounts_do_not_add_up" in codes(slack=slack, **{**SUMS, **changes})) is is_doubted


@pytest.mark.parametrize("missing", SUMS)
def test_sums_with_a_part_missing_say_nothing(missing: str) -> None:
    values: dict[str, Any] = {name: value for name, value in {**SUMS, "total": "500.00"}.items() if name != missing}
    assert "amounts_do_not_add_up" not in codes(**values)


def test_the_payer_s_own_account_is_told_however_it_is_written() -> None:
    payer = KnownPayer(ibans=("de57 9004 0261 7713 5002 90",))

    assert "iban_is_own_account" in codes(payer=payer, iban=IBAN)
    assert "iban_is_own_account" not in codes(payer=payer, iban=OTHER)


@pytest.mark.parametrize(
    ("vat_id", "iban", "is_doubted"),
    [
        ("DE999001735", IBAN, False),
        ("DE999001735", OTHER, True),
        ("XI110305878", OTHER, False),
        ("EL094259216", "GR1601101250000000012300695", False),
    ],
)
def test_an_account_in_another_country_than_the_seller_s(vat_id: str, iban: str, is_doubted: bool) -> None:
    assert ("iban_country_mismatch" in codes(seller_vat_id=vat_id, iban=iban)) is is_doubted


PAYER = KnownPayer(names=("Nordlicht Handels GmbH",), vat_id="DE 999 355 209", emails=("office@nordlicht.example",))


@pytest.mark.parametrize(
    ("values", "text", "is_doubted"),
    [
        ({"customer_name": "Nordlicht Handels GmbH", "iban": IBAN}, "", False),
        ({"customer_name": "Zwei Tauben OHG", "iban": IBAN}, "", True),
        ({"iban": IBAN}, "", True),
        ({}, "", False),
        ({"iban": IBAN}, "sent to DE999355209", False),
        ({"iban": IBAN}, "office@nordlicht.example", False),
        ({"iban": IBAN}, "for Nordlicht Handels, Hamburg", False),
    ],
    ids=["named", "another", "nobody", "no transfer", "by VAT number", "by address", "somewhere on it"],
)
def test_a_bill_for_somebody_else_is_told_unless_the_payer_is_named_anywhere(
    values: dict[str, Any], text: str, is_doubted: bool
) -> None:
    assert ("billed_to_someone_else" in codes(payer=PAYER, text=text, **values)) is is_doubted


def test_where_nobody_knows_the_payer_nothing_is_said() -> None:
    assert "billed_to_someone_else" not in codes(customer_name="Zwei Tauben OHG", iban=IBAN)
