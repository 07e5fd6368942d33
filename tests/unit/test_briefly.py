"""What lists say in a few words."""

import re

import pytest

from ocr.back_office.briefly import BRIEFLY, amount_of, briefly, field_in_words
from tests.services import ROOT
from transfers.blockers import BLOCKER_OF_WARNING, MESSAGES


def test_every_blocker_and_every_warning_that_is_documented_has_words_of_its_own() -> None:
    documented = re.findall(r"^\| `([a-z_]+)` \|", (ROOT / "docs/payee-safety.md").read_text("utf-8"), re.MULTILINE)
    assert len(documented) > 20
    codes = {*MESSAGES, *BLOCKER_OF_WARNING, *documented}
    assert codes - set(BRIEFLY) == set()
    assert len(set(BRIEFLY.values())) == len(BRIEFLY)


def test_a_code_of_another_release_is_said_in_its_own_words() -> None:
    assert briefly("moon_is_full") == "moon is full"
    assert field_in_words("due_date") == "due date"


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ({"total": "1190.00", "currency_code": "EUR"}, "1,190.00 EUR"),
        ({"total": "21315.6"}, "21,315.6"),
        ({"total": "-5000", "currency_code": "JPY"}, "-5,000 JPY"),
        ({"total": "much", "currency_code": "EUR"}, "much EUR"),
        ({"total": None, "currency_code": "EUR"}, "—"),
        ({}, "—"),
    ],
)
def test_an_amount_has_its_thousands_apart(result: dict[str, str | None], said: str) -> None:
    assert amount_of(result) == said
