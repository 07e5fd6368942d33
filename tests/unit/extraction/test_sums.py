from ocr.extraction.extractor import extract_fields
from ocr.extraction.fields import FieldName, InvoiceFields, KnownPayer
from tests.unit.extraction.test_extractor import TODAY
from tests.unit.extraction.typesetting import Row, document_of, row

AMOUNTS: tuple[FieldName, ...] = ("total", "subtotal", "sales_tax_amount", "sales_tax_percentage")


def read(*rows: Row) -> InvoiceFields:
    head = [row("Invoice no. 4711"), row("Date: 2 March 2026")]
    return extract_fields(document=document_of([*head, *rows]), payer=KnownPayer(), today=TODAY)


def amounts(*rows: Row) -> tuple[str | None, ...]:
    fields = read(*rows)
    return tuple(fields.value(name) for name in AMOUNTS)


def test_labels_left_of_the_amounts() -> None:
    assert amounts(
        row("Subtotal", (400, "EUR 100.00")), row("VAT 20 %", (400, "EUR 20.00")), row("Total", (400, "EUR 120.00"))
    ) == ("120.00", "100.00", "20.00", "20")


def test_labels_above_the_amounts() -> None:
    assert amounts(
        row("Nettobetrag", (150, "MwSt. %"), (250, "MwSt.-Betrag"), (400, "Endbetrag")),
        row("100,00 €", (150, "19,0"), (250, "19,00"), (400, "119,00")),
    ) == ("119.00", "100.00", "19.00", "19")


def test_the_sum_row_of_a_breakdown_wins_over_its_parts() -> None:
    fields = read(
        row("Nettobetrag", (150, "MwSt. %"), (250, "MwSt.-Betrag"), (400, "Endbetrag")),
        row("200,00", (150, "19,0"), (250, "38,00"), (400, "238,00")),
        row("100,00", (150, "7,0"), (250, "7,00"), (400, "107,00")),
        row("300,00", (150, "EUR"), (250, "45,00"), (400, "345,00")),
    )
    assert fields.value("total") == "345.00"
    assert fields.value("sales_tax_amount") == "45.00"


def test_several_rates_give_no_percentage_but_a_breakdown() -> None:
    fields = read(
        row("Summe netto", (400, "300,00 €")),
        row("MwSt. 19 % auf 200,00 €", (400, "38,00 €")),
        row("MwSt. 7 % auf 100,00 €", (400, "7,00 €")),
        row("Gesamtbetrag", (400, "345,00 €")),
    )
    assert fields.value("sales_tax_percentage") is None
    assert "breakdown" in fields.reading("sales_tax_percentage").note
    assert [(str(line.rate), str(line.basis), str(line.amount)) for line in fields.tax_breakdown] == [
        ("19", "200.00", "38.00"),
        ("7", "100.00", "7.00"),
    ]
    tax = fields.reading("sales_tax_amount").chosen
    assert tax is not None
    assert (tax.value, tax.source) == ("45.00", "derived")


def test_the_total_is_the_gross_amount_not_what_is_left_to_pay() -> None:
    rows = [
        row("Net total", (400, "GBP 1,000.00")),
        row("VAT 20%", (400, "GBP 200.00")),
        row("Total incl. VAT", (400, "GBP 1,200.00")),
        row("Deposit paid", (400, "GBP 500.00")),
        row("Balance due", (400, "GBP 700.00")),
    ]
    assert amounts(*rows)[0] == "1200.00"


def test_a_discount_for_early_payment_is_not_the_total() -> None:
    rows = [
        row("Gesamtbetrag", (400, "1.000,00 €")),
        row("Bei Zahlung bis 10.03.2026 abzüglich 2 % Skonto 20,00 €: 980,00 €"),
    ]
    assert amounts(*rows)[0] == "1000.00"


def test_an_amount_brought_forward_is_not_the_total() -> None:
    rows = [
        row("Übertrag", (400, "5.000,00 €")),
        row("Position 9", (400, "1.000,00 €")),
        row("Nettobetrag", (400, "6.000,00 €")),
        row("19 % MwSt.", (400, "1.140,00 €")),
        row("Rechnungsbetrag", (400, "7.140,00 €")),
    ]
    assert amounts(*rows) == ("7140.00", "6000.00", "1140.00", "19")


def test_no_tax_at_all_is_a_rate_of_zero() -> None:
    rows = [row("Subtotal", (400, "€83.20")), row("VAT (0%)", (400, "€0.00")), row("Total", (400, "€83.20"))]
    assert amounts(*rows) == ("83.20", "83.20", "0.00", "0")


def test_a_total_rounded_to_the_coin_still_adds_up() -> None:
    rows = [
        row("Net total", (400, "CHF 17.75")),
        row("VAT 6 %", (400, "CHF 1.07")),
        row("Rounding", (400, "-0.02")),
        row("Total", (400, "CHF 18.80")),
    ]
    fields = read(*rows)
    assert fields.value("total") == "18.80"
    assert fields.warnings == ()


def test_two_amounts_called_the_total_as_clearly_leave_it_empty() -> None:
    rows = [
        row("Net total", (400, "EUR 100.00")),
        row("VAT 20 %", (400, "EUR 20.00")),
        row("Total amount", (400, "EUR 120.00")),
        row("Grand total", (400, "EUR 180.00")),
    ]
    assert read(*rows).value("total") is None


def test_amounts_of_a_currency_without_cents_have_none() -> None:
    rows = [
        row("Subtotal", (400, "JPY 1,000")),
        row("Tax 10%", (400, "JPY 100")),
        row("Total amount", (400, "JPY 1,100")),
    ]
    fields = read(*rows)
    assert fields.value("currency_code") == "JPY"
    assert fields.value("total") == "1100"


def test_a_tax_label_with_excluding_names_the_net_amount() -> None:
    rows = [
        row("Total excl. VAT", (400, "EUR 50.00")),
        row("VAT 21%", (400, "EUR 10.50")),
        row("Total incl. VAT", (400, "EUR 60.50")),
    ]
    assert amounts(*rows) == ("60.50", "50.00", "10.50", "21")


def test_a_balance_that_is_not_the_total_is_warned_of() -> None:
    fields = read(
        row("Subtotal", (400, "EUR 100.00")),
        row("VAT 20 %", (400, "EUR 20.00")),
        row("Total", (400, "EUR 120.00")),
        row("Deposit paid", (400, "EUR 50.00")),
        row("Balance due", (400, "EUR 70.00")),
    )
    assert fields.value("total") == "120.00"
    assert "amount_due_differs" in {warning.code for warning in fields.warnings}


def test_a_balance_that_is_the_total_is_nothing_to_warn_of() -> None:
    fields = read(
        row("Subtotal", (400, "EUR 100.00")),
        row("VAT 20 %", (400, "EUR 20.00")),
        row("Total", (400, "EUR 120.00")),
        row("Amount due", (400, "EUR 120.00")),
    )
    assert "amount_due_differs" not in {warning.code for warning in fields.warnings}


def test_the_tax_of_several_rates_is_summed_where_no_line_does_so() -> None:
    assert amounts(
        row("Total net", (400, "EUR 150.00")),
        row("VAT 20 %", (400, "EUR 20.00")),
        row("VAT 5 %", (400, "EUR 2.50")),
        row("Total", (400, "EUR 172.50")),
    ) == ("172.50", "150.00", "22.50", None)


def test_a_total_rounded_to_the_krone_adds_up_with_the_rounding_that_is_printed() -> None:
    fields = read(
        row("Subtotal", (400, "275.93 kr")),
        row("Moms 25 %", (400, "68.98 kr")),
        row("Rounding", (400, "0.09 kr")),
        row("Total", (400, "345.00 kr")),
    )
    assert fields.value("total") == "345.00"
    assert "amounts_do_not_add_up" not in {warning.code for warning in fields.warnings}


def test_half_a_krone_is_no_rounding_where_none_is_printed() -> None:
    fields = read(
        row("Subtotal", (400, "275.93 kr")), row("Moms 25 %", (400, "68.98 kr")), row("Total", (400, "345.00 kr"))
    )
    assert fields.value("total") is None


def test_two_rows_called_total_without_a_tax_that_proves_one_leave_it_empty() -> None:
    fields = read(row("Total", (400, "EUR 1446.40")), row(), row(), row("Total", (400, "EUR 28.00")))
    assert fields.value("total") is None


def test_the_days_to_pay_within_are_no_amount_due() -> None:
    fields = read(
        row("Subtotal", (400, "EUR 100.00")),
        row("VAT 20 %", (400, "EUR 20.00")),
        row("Total", (400, "EUR 120.00")),
        row("Payment due:", (400, "30 days")),
    )
    assert fields.value("total") == "120.00"
    assert "amount_due_differs" not in {warning.code for warning in fields.warnings}


def test_a_krone_rounded_total_is_the_total_beside_the_sum_before_rounding() -> None:
    fields = read(
        row("Sum eks. mva", (400, "663,42 kr")),
        row("Mva 25 %", (400, "165,86 kr")),
        row("Øresavrunding", (400, "-0,28 kr")),
        row("Totalbeløp", (400, "829,00 kr")),
        row("Gjenstår å betale", (400, "829,00 kr")),
    )
    assert (fields.value("total"), fields.value("subtotal")) == ("829.00", "663.42")
    assert not {"amounts_do_not_add_up", "amount_due_differs"} & {warning.code for warning in fields.warnings}


def test_the_net_amount_of_a_rounded_total_without_tax_is_what_stood_before_rounding() -> None:
    fields = read(
        row("Netto eks. mva", (400, "7.360,16 kr")),
        row("MVA 0 %", (400, "0,00 kr")),
        row("Øresavrunding", (400, "-0,16 kr")),
        row("Totalt", (400, "7.360,00 kr")),
        row("Til betaling", (400, "7.360,00 kr")),
    )
    assert (fields.value("total"), fields.value("subtotal")) == ("7360.00", "7360.16")


def test_a_rounding_that_stands_under_its_head_is_known() -> None:
    fields = read(
        row("Delsum", (150, "Mva"), (270, "Øresavrunding"), (420, "Totalt")),
        row("3.476,07 kr", (150, "869,02 kr"), (270, "-0,09 kr"), (420, "4.345,00 kr")),
    )
    assert (fields.value("total"), fields.value("sales_tax_amount")) == ("4345.00", "869.02")


def test_a_price_that_is_as_much_of_its_line_as_the_rate_is_no_tax() -> None:
    fields = read(
        row("Text", (200, "Qty"), (260, "Unit price"), (340, "Total"), (420, "VAT")),
        row("Cable", (200, "5"), (260, "20.00"), (340, "100.00"), (420, "20 %")),
        row("Chair", (200, "1"), (260, "50.00"), (340, "50.00"), (420, "20 %")),
        row("VAT", (200, "Net amount"), (300, "VAT"), (400, "Total")),
        row("20 %", (200, "150.00"), (300, "30.00"), (400, "180.00")),
        row("Total VAT", (400, "EUR 30.00")),
        row("Invoice total", (400, "EUR 180.00")),
    )
    assert (fields.value("total"), fields.value("sales_tax_percentage")) == ("180.00", "20")


def test_a_dollar_is_of_the_country_of_both_telephone_and_domain() -> None:
    total = row("Total", (400, "$ 185.07"))
    told = read(row("Tel +61 6 7954 9938"), row("accounts@example.net.au"), total)
    assert told.value("currency_code") == "AUD"
    assert read(row("Tel +61 6 7954 9938"), row("accounts@example.com"), total).value("currency_code") is None
    two = read(row("Tel +61 6 7954 9938"), row("accounts@example.net.au"), row("mail@example.co.nz"), total)
    assert two.value("currency_code") is None


def test_a_tax_that_the_other_sums_leave_no_room_for_is_not_given() -> None:
    fields = read(row("Net amount", (150, "8,392.22")), row("Tax amount"), row(), row("Grand total", (150, "9,986.74")))
    assert fields.value("sales_tax_amount") is None


def test_the_largest_rate_of_a_receipt_is_not_its_total() -> None:
    fields = read(
        row("Gesamt", (400, "231,00 EUR")),
        row("MwSt.", (150, "Netto"), (250, "Steuer"), (395, "Brutto")),
        row("7,00 %", (150, "183,18"), (250, "12,82"), (400, "196,00")),
        row("19,00 %", (150, "26,05"), (255, "4,95"), (405, "31,00")),
        row("0,00 %", (155, "4,00"), (255, "0,00"), (410, "4,00")),
        row("Bezahlt mit EC-Karte", (400, "231,00 EUR")),
    )
    assert fields.value("total") == "231.00"
    assert fields.value("subtotal") is None


def test_the_exempt_total_is_not_taken_apart_by_a_tax_that_a_sentence_tells() -> None:
    assert amounts(
        row("Enthält 16,34 % Versicherungssteuer = 163,40 €"),
        row("Umsatzsteuer 0 %", (250, "Basisbetrag 1.163,40"), (400, "0,00")),
        row("Rechnungssumme ohne USt.", (400, "1.163,40")),
        row("Steuerbetrag in EUR", (415, "0,00")),
        row("Bruttosumme", (400, "1.163,40")),
        row("Wert ohne Zuschlag", (400, "1.000,00")),
    ) == ("1163.40", "1163.40", "0.00", "0")


def test_a_column_of_subtotals_is_no_net_amount_where_tax_is_a_part_of_the_total() -> None:
    fields = read(
        row("Description", (200, "Unit price"), (400, "Sub total")),
        row("Rock", (200, "€5.00"), (405, "€25.00")),
        row("Pebble", (200, "€5.00"), (405, "€25.00")),
        row((300, "VAT"), (410, "€9.50")),
        row((300, "TOTAL"), (405, "€59.50")),
    )
    assert (fields.value("total"), fields.value("subtotal")) == ("59.50", None)
    assert fields.value("sales_tax_amount") == "9.50"


def test_brackets_in_a_sentence_are_no_minus() -> None:
    fields = read(row("Gesamtbetrag", (400, "59,50 €")), row("Im Betrag sind 19 % MwSt. (9,50 €) enthalten."))
    assert (fields.value("total"), fields.value("sales_tax_amount")) == ("59.50", "9.50")


def test_a_receipt_paid_by_credit_is_no_credit_note() -> None:
    assert read(row("TOTAL", (400, "24.18")), row("CREDIT", (400, "24.18"))).document_type == "invoice"


def test_the_lines_of_a_table_are_not_its_total_where_sums_stand_side_by_side() -> None:
    fields = read(
        row("Towar", (150, "VAT"), (250, "Wartość netto"), (400, "Wartość brutto")),
        row("Papier", (150, "8%"), (250, "5 697,00"), (400, "6 152,76")),
        row("Fotel", (150, "23%"), (250, "2 447,69"), (400, "3 010,66")),
        row("Razem netto", (150, "23% VAT"), (250, "8% VAT"), (400, "Wartość brutto")),
        row("8 144,69 zł", (150, "562,97 zł"), (250, "455,76 zł"), (400, "9 163,42 zł")),
    )
    assert (fields.value("total"), fields.value("subtotal")) == ("9163.42", "8144.69")
    assert (fields.value("sales_tax_amount"), fields.value("sales_tax_percentage")) == ("1018.73", None)


def test_an_amount_with_a_label_of_its_own_is_not_in_the_column_over_it() -> None:
    fields = read(
        row("Description", (400, "Total"), (470, "VAT")),
        row("Shelf", (395, "1457.45"), (470, "-")),
        row("Bolts", (395, "1488.99"), (470, "-")),
        row((300, "Items total"), (460, "€ 2946.44")),
        row((300, "Shipping"), (470, "€ 22.06")),
        row((300, "Subtotal"), (460, "€ 2968.50")),
        row((300, "Total"), (460, "€ 2968.50")),
        row("Reverse charge: customer to account for VAT."),
    )
    assert (fields.value("total"), fields.value("subtotal")) == ("2968.50", "2968.50")
    assert fields.value("sales_tax_amount") is None


def test_a_currency_before_the_amount_does_not_move_it_out_of_its_column() -> None:
    fields = read(
        row("Net total", (200, "VAT 20 %"), (400, "Total")),
        row("GBP 100.00", (200, "GBP 20.00"), (400, "GBP 120.00")),
    )
    assert (fields.value("total"), fields.value("subtotal")) == ("120.00", "100.00")


def test_a_credit_note_says_so_in_letters_set_apart() -> None:
    rows = [row("N O T A", (100, "D I"), (130, "C R E D I T O")), row("Numero documento 77"), row("Totale 100,00 EUR")]
    fields = extract_fields(document=document_of(rows), payer=KnownPayer(), today=TODAY)
    assert fields.document_type == "credit_note"


def test_nothing_left_to_pay_is_not_the_total() -> None:
    fields = read(row("Room", (400, "214.00")), row("MASTER CARD", (400, "214.00")), row("Balance due", (410, "0.00")))
    assert fields.value("total") != "0.00"


def test_a_tax_stated_day_by_day_is_not_the_tax_of_the_bill() -> None:
    fields = read(
        row("ROOM", (400, "214.00")),
        row("TAX", (405, "29.96")),
        row("ROOM", (400, "200.00")),
        row("TAX", (405, "28.00")),
        row("Charges", (400, "471.96")),
    )
    assert fields.value("sales_tax_amount") is None


def test_a_column_of_credits_makes_no_credit_note() -> None:
    cells = [(100.0 * place, text) for place, text in enumerate(("Date", "Comment", "Debit", "Credit", "Balance"))]
    rows = [tuple(cells), row("Total", (400, "20.00"))]
    assert extract_fields(document=document_of(rows), payer=KnownPayer(), today=TODAY).document_type == "invoice"
