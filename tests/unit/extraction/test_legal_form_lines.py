"""A legal form that takes two lines of an address, and what may stand under one and is no part of it."""

import pytest

from tests.unit.extraction.test_parties import parties
from tests.unit.extraction.typesetting import row


@pytest.mark.parametrize(
    ("upper", "lower"),
    [("Birkenhof UG", "(haftungsbeschränkt)"), ("Birkenhof GmbH", "& Co. KG"), ("Birch Court Handels GmbH &", "Co KG")],
)
def test_a_legal_form_that_goes_on_in_the_next_line_belongs_to_the_name(upper: str, lower: str) -> None:
    assert parties(row("Bill to"), row(upper), row(lower), row("1 Mill Road"))[1] == f"{upper} {lower}"


@pytest.mark.parametrize("lower", ["z. Hd. Jonas Birke", "Postfach 12", "Maple Works Ltd", "Buchhaltung"])
def test_what_else_follows_a_legal_form_is_no_part_of_it(lower: str) -> None:
    assert parties(row("Bill to"), row("Birkenhof GmbH"), row(lower), row("1 Mill Road"))[1] == "Birkenhof GmbH"
