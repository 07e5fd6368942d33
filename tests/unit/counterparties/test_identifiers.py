"""Numbers and addresses in the form in which they are compared."""

import pytest

from counterparties.identifiers import compact, email_domain, email_key, phone_key, telling_domains, vat_key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("de57 9004-0261", "DE5790040261"),
        ("DE57\u00a09004", "DE579004"),
        ("ＤＥ５７", "DE57"),
        ("", ""),
    ],
)
def test_compact_keeps_letters_and_digits(text: str, expected: str) -> None:
    assert compact(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DE 999 355 209", "DE999355209"),
        ("atu99999999", "ATU99999999"),
        ("CHE-116.281.710 MWST", "CHE116281710"),
        ("CHE-116.281.710 TVA", "CHE116281710"),
        ("NO 995 525 828 MVA", "NO995525828"),
        ("GR 094259216", "EL094259216"),
        ("NL 999999999 B01", "NL999999999B01"),
        ("", ""),
    ],
)
def test_a_vat_number_has_one_spelling(text: str, expected: str) -> None:
    assert vat_key(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" Invoices@Acme.Example ", "invoices@acme.example"),
        ("no address", ""),
        ("@acme.example", ""),
        ("a@b@acme.example", ""),
        ("a@localhost", ""),
        ("two words@acme.example", ""),
        ("", ""),
    ],
)
def test_an_email_address_has_one_spelling_and_anything_else_none(text: str, expected: str) -> None:
    assert email_key(text) == expected


def test_a_domain_tells_and_so_do_those_above_it() -> None:
    assert telling_domains("x@mail.acme.example") == ("mail.acme.example", "acme.example")
    assert email_domain("x@Mail.Acme.Example") == "mail.acme.example"


@pytest.mark.parametrize("email", ["x@gmail.com", "x@GMX.de", "x@t-online.de", "x@bluewin.ch", "nothing", ""])
def test_a_free_mail_domain_tells_nothing(email: str) -> None:
    assert telling_domains(email) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("+49 (40) 66969-200", "+494066969200"), ("0049 40 66969 200", "+494066969200"), ("040/66969", "04066969")],
)
def test_a_phone_number_is_its_digits(text: str, expected: str) -> None:
    assert phone_key(text) == expected
