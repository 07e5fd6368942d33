"""Invented accounts, VAT ids and references pass the checks that real ones pass."""

import random
from collections.abc import Callable

import pytest
from stdnum import bic, iban, iso11649
from stdnum.be import ogm_vcs
from stdnum.ch import esr
from stdnum.luhn import is_valid as is_luhn

from benchmarks.generator.accounts import invent_account
from benchmarks.generator.catalogue import COUNTRY_CODES
from benchmarks.generator.references import ReferenceKind, make_reference
from benchmarks.generator.tax_ids import invent_vat_id, is_valid_vat_id, printed_vat_id

WITHOUT_IBAN, WITHOUT_VAT_ID = {"US", "AU"}, {"US"}
DRAWS = 60


def drawn(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  the same numbers at every run


@pytest.mark.parametrize("country", sorted(set(COUNTRY_CODES) - WITHOUT_IBAN))
def test_accounts_are_valid_by_the_country_s_own_rules(country: str) -> None:
    for seed in range(DRAWS):
        account = invent_account(country=country, holder="Nobody", bank="Nowhere Bank", chance=drawn(seed))

        assert iban.is_valid(account.iban, check_country=True), account
        assert bic.is_valid(account.bic), account
        assert account.bic[4:6] == account.iban[:2] == country


@pytest.mark.parametrize("country", sorted(set(COUNTRY_CODES) - WITHOUT_VAT_ID))
def test_vat_ids_are_valid_and_keep_their_digits_in_print(country: str) -> None:
    for seed in range(DRAWS):
        number = invent_vat_id(country=country, chance=drawn(seed))
        printed = printed_vat_id(country=country, number=number, chance=drawn(seed))

        assert is_valid_vat_id(country=country, number=number), number
        assert "".join(filter(str.isdigit, printed)) in number.replace("B", ""), (number, printed)


@pytest.mark.parametrize(
    ("kind", "check"),
    [
        ("rf", iso11649.is_valid),
        ("qrr", lambda value: len(value) == 27 and esr.calc_check_digit(value[:-1]) == value[-1]),
        ("ogm", ogm_vcs.is_valid),
        ("kid", is_luhn),
        ("ocr", is_luhn),
        ("fik", lambda value: len(value) == 15 and is_luhn(value)),
    ],
)
def test_references_pass_their_checks(kind: ReferenceKind, check: Callable[[str], bool]) -> None:
    for seed in range(DRAWS):
        reference = make_reference(kind=kind, invoice_number="2026-0001", customer_number="4711", chance=drawn(seed))

        assert check(reference.value), reference
        assert reference.value in "".join(filter(str.isalnum, reference.printed))
