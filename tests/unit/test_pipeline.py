"""The ledger side of the pipeline: what is not read surely enough asks for a person, and a person's word answers."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

from counterparties.evidence import AccountRow, CounterpartyRow
from ocr.corrections import Decisions
from ocr.extraction.bank import several_ibans
from ocr.extraction.fields import FIELD_NAMES, Candidate, FieldReading, InvoiceFields, KnownPayer
from ocr.extraction.thresholds import Strictness
from ocr.pipeline import Settled, Stopwatch, Surroundings, settle
from transfers.drafting import SourceAccount

IBAN = "DE02120300000000202051"
VALUES = {
    "total": "119.00",
    "currency_code": "EUR",
    "iban": IBAN,
    "invoice_number": "4711",
    "seller_name": "Hollow Oak Timber Ltd",
}
ACCOUNT = AccountRow(id=uuid4(), iban=IBAN, bic="", currency="EUR", is_primary=True)
SUPPLIER = CounterpartyRow(id=uuid4(), legal_name="Hollow Oak Timber Ltd", accounts=(ACCOUNT,))
PAYER = SourceAccount(counterparty_id=uuid4(), account_id=uuid4())


def settled(
    *, unsure: str, confidence: float, decisions: Decisions | None = None, strictness: Strictness = "balanced"
) -> Settled:
    def chosen(name: str) -> Candidate | None:
        value = VALUES.get(name)
        sure = confidence if name == unsure else 0.995
        return Candidate(value=value, raw=value, source="text", confidence=sure) if value else None

    return settle(
        fields=InvoiceFields(readings=tuple(FieldReading(name, chosen(name)) for name in FIELD_NAMES)),
        surroundings=Surroundings(
            payer=KnownPayer(),
            find_candidates=lambda _: (SUPPLIER,),
            default_source=lambda _: PAYER,
            decisions=decisions or Decisions(),
            today=date(2026, 3, 1),
            strictness=strictness,
        ),
        stopwatch=Stopwatch(),
    )


def test_values_that_are_sure_make_a_draft_without_blocker() -> None:
    assert settled(unsure="invoice_number", confidence=0.99).draft.blockers == ()


def test_a_value_that_is_not_sure_enough_blocks_the_draft_and_is_named() -> None:
    result = settled(unsure="invoice_number", confidence=0.6)
    assert result.draft.blockers == ("low_confidence",)
    assert [(each.code, each.field) for each in result.fields.warnings] == [("low_confidence", "invoice_number")]


def test_confirming_the_very_value_answers_the_doubt() -> None:
    confirmed = Decisions(values=(("invoice_number", "4711"),))
    result = settled(unsure="invoice_number", confidence=0.6, decisions=confirmed)
    assert result.draft.blockers == ()
    assert result.fields.warnings == ()


def test_strictness_moves_what_asks_for_a_person() -> None:
    blockers = {
        strictness: settled(unsure="total", confidence=0.7, strictness=strictness).draft.blockers
        for strictness in ("strict", "balanced", "eager")
    }
    assert blockers == {"strict": ("low_confidence",), "balanced": (), "eager": ()}


SECOND = AccountRow(id=uuid4(), iban="DE02500105170137075030", bic="", currency="EUR", is_primary=False)


def settled_with_ibans(*ibans: str, decisions: Decisions | None = None) -> Settled:
    """A document that names these accounts and not which one to pay to; two of the supplier's are on file."""
    seen = tuple(Candidate(each, each, "text", 0.4, checks_failed=("one_of_several",)) for each in ibans)
    readings = tuple(
        FieldReading("iban", None, seen)
        if name == "iban"
        else FieldReading(name, Candidate(VALUES[name], VALUES[name], "text", 0.995) if name in VALUES else None)
        for name in FIELD_NAMES
    )
    supplier = replace(SUPPLIER, accounts=(ACCOUNT, SECOND))
    return settle(
        fields=InvoiceFields(readings=readings, warnings=(several_ibans(len(ibans)),)),
        surroundings=Surroundings(
            payer=KnownPayer(),
            find_candidates=lambda _: (supplier,),
            default_source=lambda _: PAYER,
            decisions=decisions or Decisions(),
            today=date(2026, 3, 1),
            strictness="balanced",
        ),
        stopwatch=Stopwatch(),
    )


def test_of_several_accounts_that_are_all_on_file_the_primary_one_is_paid_to() -> None:
    result = settled_with_ibans(IBAN, SECOND.iban)
    assert (result.draft.iban, result.draft.blockers, result.fields.warnings) == (IBAN, (), ())


def test_one_account_more_that_is_not_on_file_asks_for_a_person() -> None:
    result = settled_with_ibans(IBAN, "LT601010012345678901")
    assert "several_ibans" in result.draft.blockers
    assert [each.code for each in result.fields.warnings] == ["several_ibans"]
    again = settled_with_ibans(IBAN, SECOND.iban, "LT601010012345678901")
    assert "several_ibans" in again.draft.blockers


def test_more_accounts_than_the_evidence_keeps_are_never_taken_as_known() -> None:
    four = (IBAN, SECOND.iban, "LT601010012345678901", "NL91ABNA0417164300")
    assert "several_ibans" in settled_with_ibans(*four).draft.blockers


def test_an_account_that_a_person_chose_stays_chosen() -> None:
    chosen = Decisions(counterparty_id=SUPPLIER.id, account_id=SECOND.id)
    for other in (IBAN, "LT601010012345678901"):
        result = settled_with_ibans(other, SECOND.iban, decisions=chosen)
        assert (result.draft.iban, result.draft.blockers) == (SECOND.iban, ())
