from dataclasses import replace
from decimal import Decimal

from customers.sentences import Sentence
from ocr.extraction import fields
from ocr.extraction.choice import choose, same_value
from ocr.extraction.fields import Candidate, FieldName, Source
from ocr.extraction.lines import sheet_of
from ocr.extraction.page_reading import PageReading
from tests.unit.extraction.typesetting import document_of, row


def seen(value: str, *, source: Source = "text", confidence: float = 0.95) -> Candidate:
    return Candidate(value=value, raw=value, source=source, confidence=confidence, page=1)


def stated(name: FieldName, *values: str, source: Source = "xml", confidence: float = 0.99) -> fields.Testimony:
    return fields.Testimony(
        candidates=tuple((name, seen(value, source=source, confidence=confidence)) for value in values)
    )


def page(name: FieldName, *candidates: Candidate, text: str = "") -> PageReading:
    return PageReading(candidates={name: candidates}, sheet=sheet_of(document_of([row(text)])))


def test_the_most_trusted_witness_is_believed_where_the_page_is_silent() -> None:
    reading, warning = choose(name="invoice_number", testimonies=[stated("invoice_number", "A-1")], page=PageReading())
    assert (reading.value, warning) == ("A-1", None)
    assert reading.chosen is not None
    assert reading.chosen.source == "xml"


def test_an_e_invoice_goes_before_a_code_and_a_code_before_the_page() -> None:
    xml, code = stated("reference", "R-1"), stated("reference", "R-1", source="qr")
    printed = page("reference", seen("R-1"))
    assert (choose(name="reference", testimonies=[xml, code], page=printed)[0].chosen or seen("")).source == "xml"
    assert (choose(name="reference", testimonies=[code], page=printed)[0].chosen or seen("")).source == "qr"
    assert (choose(name="reference", testimonies=[], page=printed)[0].chosen or seen("")).source == "text"


def test_two_machine_readable_witnesses_that_differ_leave_the_field_empty() -> None:
    witnesses = [stated("iban", "DE89370400440532013000"), stated("iban", "DE02120300000000202051", source="qr")]
    reading, warning = choose(name="iban", testimonies=witnesses, page=PageReading())
    assert reading.value is None
    assert warning is not None
    assert (warning.code, warning.field) == ("sources_disagree", "iban")
    assert [each.value for each in reading.runners_up] == ["DE89370400440532013000", "DE02120300000000202051"]


def test_a_sure_reading_of_the_page_silences_a_statement_that_the_page_does_not_show() -> None:
    reading, warning = choose(
        name="total", testimonies=[stated("total", "90.00")], page=page("total", seen("100.00", confidence=0.97))
    )
    assert reading.value is None
    assert warning is not None


def test_an_unsure_reading_of_the_page_does_not() -> None:
    reading, warning = choose(
        name="total", testimonies=[stated("total", "90.00")], page=page("total", seen("100.00", confidence=0.8))
    )
    assert (reading.value, warning) == ("90.00", None)


def test_a_statement_that_the_page_shows_somewhere_is_confirmed() -> None:
    shown = page("invoice_number", seen("ORDER-7", confidence=0.97), text="Invoice AB-17 for order ORDER-7")
    reading, warning = choose(name="invoice_number", testimonies=[stated("invoice_number", "AB-17")], page=shown)
    assert (reading.value, warning) == ("AB-17", None)
    assert reading.chosen is not None
    assert "sources_agree" in reading.chosen.checks_passed


def test_a_candidate_below_its_threshold_is_only_a_runner_up() -> None:
    reading, _ = choose(name="total", testimonies=[], page=page("total", seen("100.00", confidence=0.5)))
    assert reading.value is None
    assert reading.runners_up[0].value == "100.00"
    assert reading.note


def test_an_unsure_statement_gives_way_to_a_sure_page() -> None:
    witness = stated("iban", "DE02120300000000202051", confidence=0.4)
    reading, _ = choose(name="iban", testimonies=[witness], page=page("iban", seen("DE89370400440532013000")))
    assert reading.value == "DE89370400440532013000"


def test_values_are_compared_by_meaning() -> None:
    assert same_value(name="total", one="10.0", other="10.00")
    assert same_value(name="bic", one="COBADEFFXXX", other="COBADEFF")
    assert same_value(name="seller_name", one="Ahornwerk GmbH", other="AHORNWERK")
    assert same_value(name="reference", one="RE 17/4", other="RE17-4")
    assert not same_value(name="invoice_number", one="RE-17", other="RE-18")


def test_a_code_for_a_part_of_the_total_leaves_the_total_to_the_page() -> None:
    code = stated("total", "60.00", source="qr")
    parts = fields.DocumentWarning("instalments", Sentence("In two parts."), "due_date")
    printed = replace(
        page("total", seen("120.00", confidence=0.97)), amounts=frozenset({Decimal("60.00")}), warnings=(parts,)
    )
    reading, warning = choose(name="total", testimonies=[code], page=printed)
    assert reading.value == "120.00"
    assert warning is not None
    assert warning.code == "amount_due_differs"
