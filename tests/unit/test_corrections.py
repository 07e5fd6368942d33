"""What people decided, laid over what was read and matched."""

from uuid import UUID, uuid4

from counterparties.evidence import AccountRow, CounterpartyRow, Match, PayeeEvidence
from customers.sentences import Sentence
from ocr.corrections import Decisions, corrected_fields, decided_match
from ocr.extraction.fields import FIELD_NAMES, Candidate, DocumentWarning, FieldReading, InvoiceFields

IBAN, OTHER_IBAN = "DE02120300000000202051", "DE02100500000054540402"
NOT_FOUND = Match(counterparty="not_found", counterparty_id=None, account="not_found", account_id=None)


def fields(**values: str) -> InvoiceFields:
    return InvoiceFields(
        readings=tuple(
            FieldReading(
                name=name,
                chosen=Candidate(value=values[name], raw=values[name], source="text", confidence=0.9)
                if name in values
                else None,
            )
            for name in FIELD_NAMES
        ),
        warnings=(DocumentWarning(code="several_ibans", message=Sentence("Two IBANs."), field="iban"),),
    )


def supplier(*, is_own: bool = False) -> CounterpartyRow:
    account = AccountRow(id=uuid4(), iban=IBAN, bic="", currency="EUR", is_primary=True)
    return CounterpartyRow(id=uuid4(), legal_name="Hollow Oak Timber Ltd", accounts=(account,), is_own=is_own)


def decided(row: CounterpartyRow, *, account_id: UUID | None = None, iban: str | None = IBAN) -> Match:
    return decided_match(
        match=NOT_FOUND,
        decisions=Decisions(counterparty_id=row.id, account_id=account_id),
        evidence=PayeeEvidence(iban=iban),
        candidates=(row,),
    )


def test_a_decided_value_replaces_the_reading_and_keeps_it_in_sight() -> None:
    corrected = corrected_fields(fields=fields(total="19.00"), decisions=Decisions(values=(("total", "1190.00"),)))

    total = corrected.reading("total")
    assert (total.value, total.chosen.source if total.chosen else None) == ("1190.00", "operator")
    assert [one.value for one in total.runners_up] == ["19.00"]


def test_a_field_decided_to_be_empty_is_empty() -> None:
    corrected = corrected_fields(fields=fields(bic="BYLADEM1001"), decisions=Decisions(values=(("bic", None),)))

    assert corrected.value("bic") is None


def test_a_decided_currency_takes_its_symbol_along() -> None:
    corrected = corrected_fields(
        fields=fields(currency_code="USD", currency_symbol="$"), decisions=Decisions(values=(("currency_code", "EUR"),))
    )

    assert (corrected.value("currency_code"), corrected.value("currency_symbol")) == ("EUR", "€")


def test_a_warning_about_a_decided_field_goes_and_others_stay() -> None:
    about_iban = corrected_fields(fields=fields(), decisions=Decisions(values=(("iban", IBAN),)))
    about_total = corrected_fields(fields=fields(), decisions=Decisions(values=(("total", "1.00"),)))

    assert (len(about_iban.warnings), len(about_total.warnings)) == (0, 1)


def test_applying_decisions_twice_changes_nothing_more() -> None:
    decisions = Decisions(values=(("total", "1190.00"),))
    once = corrected_fields(fields=fields(total="19.00"), decisions=decisions)

    assert corrected_fields(fields=once, decisions=decisions) == once


def test_a_decided_counterparty_is_found_with_the_account_that_the_document_names() -> None:
    row = supplier()

    match = decided(row)

    assert (match.counterparty, match.counterparty_id) == ("found", row.id)
    assert (match.account, match.account_id) == ("found", row.accounts[0].id)


def test_a_decided_counterparty_does_not_make_an_unknown_iban_trusted() -> None:
    match = decided(supplier(), iban=OTHER_IBAN)

    assert (match.account, match.account_id) == ("not_found", None)
    assert [warning.code for warning in match.warnings] == ["bank_details_changed"]


def test_a_decided_account_is_taken_only_from_its_own_counterparty() -> None:
    row = supplier()

    assert decided(row, account_id=row.accounts[0].id, iban=None).account_id == row.accounts[0].id
    assert decided(row, account_id=uuid4()).account_id is None


def test_the_customer_itself_cannot_be_decided_to_be_the_payee() -> None:
    assert decided(supplier(is_own=True)) == NOT_FOUND


def test_a_decided_counterparty_that_is_gone_leaves_the_match_as_it_was() -> None:
    match = decided_match(
        match=NOT_FOUND, decisions=Decisions(counterparty_id=uuid4()), evidence=PayeeEvidence(), candidates=()
    )

    assert match == NOT_FOUND
