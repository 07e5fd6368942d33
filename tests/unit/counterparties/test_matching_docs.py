"""What `docs/matching.md` says of weights and thresholds is what the code does."""

import re
from pathlib import Path

from counterparties.comparison import NAME_DIFFERS, NAME_IS_CLOSE, NAME_MATCHES
from counterparties.payee_names import IS_CLOSE_FROM, MATCHES_FROM
from counterparties.scoring import FOUND_FROM, IDENTIFYING, MARGIN, WEIGHTS

PAGE = (Path(__file__).parents[3] / "docs" / "matching.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| ([+-]\d\.\d\d) \| (\w*) ?\| (.+) \|$", PAGE, re.MULTILINE)


def test_the_table_lists_every_weight_as_it_is() -> None:
    assert {code: float(weight) for code, weight, _, _ in ROWS} == WEIGHTS


def test_the_table_says_which_reasons_name_one_company() -> None:
    assert {code for code, _, names, _ in ROWS if names == "yes"} == IDENTIFYING
    assert all(names == ("" if weight.startswith("-") else names) for _, weight, names, _ in ROWS)


def test_the_page_names_the_thresholds() -> None:
    assert f"**{FOUND_FROM:.2f}**" in PAGE
    assert f"**{MARGIN:.2f}**" in PAGE
    for threshold in (NAME_MATCHES, NAME_IS_CLOSE, NAME_DIFFERS, MATCHES_FROM, IS_CLOSE_FROM):
        assert f"{threshold:.2f}" in PAGE
