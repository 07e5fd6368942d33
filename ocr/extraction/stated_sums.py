"""Whether the amounts of an e-invoice make each other, as EN 16931 demands."""

from collections.abc import Iterator
from decimal import Decimal

from customers.sentences import Sentence
from ocr.extraction.fields import DocumentWarning
from ocr.extraction.stated import StatedAmount, StatedInvoice

_NONE = Decimal(0)


def sum_warnings(*, invoice: StatedInvoice, tax: StatedAmount | None) -> Iterator[DocumentWarning]:
    """A warning for each rule of EN 16931 that the amounts break; `tax` is BT-110. A rule of whose amounts one is
    missing is not broken. BR-CO-15 (net and tax make the total) is checked where these become candidates."""
    net, gross = invoice.net, invoice.gross
    if invoice.lines is not None and net:  # BR-CO-13
        made = invoice.lines - (invoice.allowances or _NONE) + (invoice.charges or _NONE)
        if made != net.value:
            message = Sentence(
                "The e-invoice's lines, allowances and charges make {made}, its net amount is {net}.",
                made=made,
                net=net.value,
            )
            yield DocumentWarning("amounts_do_not_add_up", message, "subtotal")
    rows = [line.amount for line in invoice.tax_breakdown if line.amount is not None]
    if tax and rows and len(rows) == len(invoice.tax_breakdown) and sum(rows) != tax.value:  # BR-CO-14
        message = Sentence(
            "The rows of the e-invoice's tax breakdown make {rows}, its tax is {tax}.",
            rows=sum(rows),
            tax=tax.value,
        )
        yield DocumentWarning("amounts_do_not_add_up", message, "sales_tax_amount")
    if gross and invoice.payable is not None:  # BR-CO-16
        made = gross.value - (invoice.prepaid or _NONE) + (invoice.rounding or _NONE)
        if made != invoice.payable:
            message = Sentence(
                "The e-invoice's total less what is paid makes {made}, its amount due is {payable}.",
                made=made,
                payable=invoice.payable,
            )
            yield DocumentWarning("amounts_do_not_add_up", message, "total")
