"""Numbers and addresses in the form in which they are compared."""

import pytest

from counterparties.identifiers import (
    compact,
    email_domain,
    email_key,
    phone_key,
    phone_spellings,
    same_phone,
    telling_domains,
    vat_key,
    website_domains,
)


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


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+49 40 66969-200", "040 66969-200", True),
        ("+49 (0)40 66969-200", "+49 40 66969-200", True),
        ("+49 40 66969-200", "0049 40 66969 200", True),
        ("040 66969200", "040/66969-200", True),
        ("+49 40 66969-200", "+49 40 66969-201", False),
        ("+49 40 66969-200", "+41 40 66969-200", False),
        ("+49 40 66969-200", "66969-200", False),
        ("110", "110", False),
        ("", "", False),
    ],
)
def test_two_spellings_of_one_telephone_number(one: str, other: str, same: bool) -> None:
    assert same_phone(phone_key(one), phone_key(other)) is same
    assert same_phone(phone_key(other), phone_key(one)) is same
    assert not same or (phone_key(one) in phone_spellings(phone_key(other)))


@pytest.mark.parametrize(
    ("website", "expected"),
    [
        ("https://www.acme.example/shop", ("acme.example",)),
        ("shop.acme.example:8080", ("shop.acme.example", "acme.example")),
        ("www.gmail.com", ()),
        ("no website", ()),
        ("", ()),
    ],
)
def test_a_website_tells_its_domain(website: str, expected: tuple[str, ...]) -> None:
    assert website_domains(website) == expected
