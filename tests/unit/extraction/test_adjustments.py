"""Discounts, shipping, tips and withheld tax between the net amount and the total."""

import pytest

from tests.unit.extraction.test_sums import amounts, read
from tests.unit.extraction.typesetting import Row, row


def test_discount_shipping_and_tax_lead_from_the_net_amount_to_the_total() -> None:
    fields = read(
        row("Subtotal", (400, "260.00")),
        row("Discount", (400, "-38.65")),
        row("Shipping", (405, "15.00")),
        row("Tax (8.5%)", (405, "21.85")),
        row("Total", (395, "$258.20")),
    )
    assert fields.value("total") == "258.20"
    assert fields.value("subtotal") == "260.00"
    assert fields.value("sales_tax_amount") == "21.85"
    chosen = fields.reading("total").chosen
    assert chosen is not None
    assert "adjustments_make_total" in chosen.checks_passed
    assert not [each for each in fields.warnings if each.code == "amounts_do_not_add_up"]


@pytest.mark.parametrize(
    ("rows", "total"),
    [
        ([row("Subtotal:", (400, "$48.71")), row("Discount (20%):", (405, "$9.74")), row("Shipping:", (400, "$11.13")),
          row("Total:", (400, "$50.10"))], "50.10"),
        ([row("Subtotal", (400, "45.50")), row("Tax", (405, "4.21")), row("Tip", (405, "8.50")),
          row("Total", (400, "58.21"))], "58.21"),
        ([row("Base imponible", (400, "1.000,00 €")), row("IVA 21%", (407, "210,00 €")),
          row("IRPF -15%", (402, "-150,00 €")), row("Total a pagar", (400, "1.060,00 €"))], "1060.00"),
    ],
)  # fmt: skip
def test_the_total_is_what_everything_under_the_net_amount_makes(rows: list[Row], total: str) -> None:
    assert amounts(*rows)[0] == total


def test_a_line_that_does_not_fit_proves_nothing() -> None:
    fields = read(
        row("Subtotal", (400, "260.00")),
        row("Shipping", (405, "15.00")),
        row("Tax", (405, "21.85")),
        row("Total", (400, "258.20")),
    )
    assert fields.value("total") is None


def test_what_was_paid_before_is_no_discount() -> None:
    fields = read(
        row("Subtotal", (400, "100.00")),
        row("VAT 20 %", (405, "20.00")),
        row("Total", (400, "120.00")),
        row("Deposit paid", (400, "-70.00")),
        row("Balance due", (405, "50.00")),
    )
    assert fields.value("total") == "120.00"
    assert [each.code for each in fields.warnings if each.field == "total"] == ["amount_due_differs"]


def test_the_net_amount_after_the_discount_is_the_one_that_is_taxed() -> None:
    fields = read(
        row("Total HT", (405, "269,00")),
        row("Remise de 10 %", (410, "26,90")),
        row("Total HT net", (405, "242,10")),
        row("TVA 20 %", (410, "48,42")),
        row("Total TTC", (405, "290,52")),
    )
    assert (fields.value("subtotal"), fields.value("total")) == ("242.10", "290.52")
