"""Where one reason ends and the next begins: likeness to the limit, words of others, and what a detail repeats."""

from dataclasses import replace
from typing import Any

import pytest

from counterparties.comparison import NAME_DIFFERS, NAME_IS_CLOSE, NAME_MATCHES, Fit, compare, read
from counterparties.evidence import Confirmed, CounterpartyRow, PayeeEvidence
from counterparties.matching import match_payee
from counterparties.scoring import Weighed, weigh
from tests.unit.counterparties.ledger import HOLLMANN, HOLLMANN_IBAN, KESTREL, KESTREL_IBAN, UNKNOWN_IBAN, account, uid


def weighed(*rows: CounterpartyRow, alter: dict[str, Any] | None = None, **evidence: Any) -> list[Weighed]:
    """Each row weighed; `alter` replaces what the first one was found to have in common with the document."""
    document = read(evidence=PayeeEvidence(**evidence), own=[])
    fits: list[Fit] = [compare(document=document, row=row) for row in rows]
    return list(weigh(document=document, fits=[replace(fits[0], **(alter or {})), *fits[1:]]))


def told(each: Weighed) -> dict[str, str]:
    return {reason.code: reason.detail for reason in (*each.reasons, *each.against)}


@pytest.mark.parametrize(
    ("similarity", "slips", "code"),
    [
        (1.0, 0, "name_exact"),
        (0.999, 1, "name_similarity"),
        (NAME_MATCHES, 1, "name_similarity"),
        (NAME_MATCHES - 0.0001, 1, "name_resembles"),
        (NAME_MATCHES - 0.0001, None, "name_close"),
        (NAME_IS_CLOSE, 1, "name_resembles"),
        (NAME_IS_CLOSE, None, "name_close"),
        (NAME_DIFFERS - 0.0001, None, "name_differs"),
        (NAME_DIFFERS, None, None),
    ],
)
def test_a_likeness_is_one_reason_to_its_very_limit(similarity: float, slips: int | None, code: str | None) -> None:
    (each,) = weighed(HOLLMANN, name="Hollmann Technik", alter={"similarity": similarity, "slips": slips, "form": ""})

    names = {"name_exact", "name_similarity", "name_resembles", "name_close", "name_differs"}
    assert names & set(told(each)) == ({code} if code else set())


def test_several_numbers_and_shapes_are_told_apart_by_commas() -> None:
    row = replace(
        HOLLMANN,
        vat_id="",
        registration_number="303 265 045",
        confirmed=Confirmed(invoice_numbers=("R-2025-0001", "KD 100 200")),
    )
    (each,) = weighed(
        row,
        registration_numbers=("SIREN 552 100 554", "SIREN 303 265 045"),
        invoice_number="R-2026-0417",
        reference="KD 300 400",
    )

    assert told(each)["reference_shape"] == "A-9999-9999, AA 999 999"
    assert told(each)["registration_exact"] == "303265045, 552100554"


def test_the_shape_of_a_number_counts_only_where_a_person_confirmed_one_like_it() -> None:
    one, other = weighed(
        replace(HOLLMANN, confirmed=Confirmed(invoice_numbers=("2025/77",))),
        replace(KESTREL, confirmed=Confirmed(invoice_numbers=("R-2025-0001",))),
        invoice_number="R-2026-0417",
    )

    assert "reference_shape" not in told(one)
    assert told(other)["reference_shape"] == "A-9999-9999"


def test_the_number_of_a_register_is_told_where_both_state_it() -> None:
    row = replace(HOLLMANN, registration_number="HRB 4711 Hamburg")
    found = weighed(row, KESTREL, registration_numbers=("Amtsgericht Hamburg HRB 4711",))

    assert "4711" in told(found[0])["register_number"]
    assert "register_number" not in told(found[1])


def test_the_vat_number_of_another_speaks_against_whoever_has_none() -> None:
    document: dict[str, Any] = {"name": "Hollmann Technik GmbH", "vat_id": KESTREL.vat_id}
    without, _ = weighed(replace(HOLLMANN, vat_id=""), KESTREL, **document)
    (alone,) = weighed(replace(HOLLMANN, vat_id=""), **document)

    assert "vat_of_other_counterparty" in told(without)
    assert "vat_of_other_counterparty" not in told(alone)


def names(*legal_names: str) -> list[CounterpartyRow]:
    return [CounterpartyRow(id=uid(50 + number), legal_name=name) for number, name in enumerate(legal_names)]


@pytest.mark.parametrize(
    ("others", "is_of_others"),
    [
        (("Sommer Bau GmbH", "Sommer Dach GmbH", "Winter Bau GmbH", "Winter Dach GmbH"), True),
        (("Sommer Bau GmbH",), False),  # one other may be a slip that was entered twice
        ((), False),
    ],
)
def test_a_word_that_two_others_bear_is_no_slip(others: tuple[str, ...], is_of_others: bool) -> None:
    """The document says Sommer where the row says Winter."""
    row, *rest = names("Alder Winter Heating and Cooling GmbH", *others)
    first, *_ = weighed(
        row, *rest, name="Alder Sommer Heating and Cooling GmbH", alter={"similarity": NAME_MATCHES, "slips": 3}
    )

    assert ("words_of_others" in told(first)) is is_of_others


def test_a_row_s_own_other_name_does_not_make_a_word_that_of_others() -> None:
    """`Sommer` stands in one other name and in an alias of the row itself: that is one, and may be a slip."""
    row, *rest = names("Alder Winter Heating and Cooling GmbH", "Sommer Bau GmbH", "Winter Bau GmbH")
    first, *_ = weighed(
        replace(row, aliases=("Sommer",)),
        *rest,
        name="Alder Sommer Heating and Cooling GmbH",
        alter={"similarity": NAME_MATCHES, "slips": 3},
    )

    assert "words_of_others" not in told(first)


def test_of_two_whose_name_it_may_be_the_one_it_resembles_most_is_warned_of() -> None:
    """Nobody is found, since the document's numbers are those of two others."""
    meant = replace(HOLLMANN, vat_id="", emails=())
    alike = replace(meant, id=uid(1), legal_name="Holmann Technik GmbH", accounts=(account(81, KESTREL_IBAN),))
    registered = CounterpartyRow(id=uid(7), legal_name="Werkstatt Zobel e.K.", registration_number="303 265 045")
    found = match_payee(
        evidence=PayeeEvidence(
            name="Hollmann Technik GmbH",
            iban=UNKNOWN_IBAN,
            vat_id=KESTREL.vat_id,
            registration_numbers=("SIREN 303 265 045",),
        ),
        candidates=(alike, meant, replace(KESTREL, accounts=()), registered),
    )

    assert found.counterparty == "ambiguous"
    (warning,) = found.warnings
    assert (warning.code, warning.counterparty_id) == ("bank_details_changed", meant.id)


def test_who_holds_the_account_is_not_doubted_for_a_slip_in_the_name() -> None:
    """Another bears the name as it is printed, and the holder's differs by a letter, as an engine may read it."""
    holder = replace(HOLLMANN, legal_name="Holmann Technik GmbH", vat_id="", emails=())
    printed = replace(KESTREL, legal_name="Hollmann Technik GmbH", vat_id="", emails=())
    found = match_payee(
        evidence=PayeeEvidence(name="Hollmann Technik GmbH", iban=HOLLMANN_IBAN), candidates=(holder, printed)
    )

    assert "iban_belongs_to_other_counterparty" not in {warning.code for warning in found.warnings}


def test_two_who_share_the_account_leave_it_open_and_are_not_doubted() -> None:
    twin = replace(KESTREL, id=uid(9), accounts=(account(91, KESTREL_IBAN, currency="GBP"),))
    found = match_payee(evidence=PayeeEvidence(iban=KESTREL_IBAN), candidates=(KESTREL, twin))

    assert (found.counterparty, found.warnings) == ("ambiguous", ())
    assert [each.legal_name for each in found.candidates] == [KESTREL.legal_name, KESTREL.legal_name]
