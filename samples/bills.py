"""What an invoice says, before anybody draws it: lines, tax and totals as EN 16931 computes them."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from samples.parties import NORDLICHT, Account, Party

CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """Rounded half up to two digits; all currencies of the samples have two (ISO 4217)."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Line:
    """`price` is net for one unit (BT-146), `rate` the VAT rate in percent (BT-152)."""

    title: str
    quantity: Decimal
    unit: str
    price: Decimal
    rate: Decimal
    detail: str = ""
    article: str = ""

    @property
    def net(self) -> Decimal:
        return cents(self.quantity * self.price)


@dataclass(frozen=True, slots=True)
class TaxRow:
    rate: Decimal
    basis: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Bill:
    """`reference` is what the payer is asked to quote, empty if nothing; `account` what is to be paid to."""

    file: str
    seller: Party
    number: str
    issue_date: date
    due_date: date
    currency: str
    lines: tuple[Line, ...]
    account: Account
    reference: str = ""
    order_number: str = ""
    customer_number: str = ""
    buyer: Party = NORDLICHT
    prints_buyer_email: bool = True

    @property
    def subtotal(self) -> Decimal:
        return sum((line.net for line in self.lines), Decimal(0))

    @property
    def tax_rows(self) -> tuple[TaxRow, ...]:
        """One row per rate, the highest first; the tax is computed on the sum of the rate (EN 16931 BR-CO-17)."""
        rows = []
        for rate in sorted({line.rate for line in self.lines}, reverse=True):
            basis = sum((line.net for line in self.lines if line.rate == rate), Decimal(0))
            rows.append(TaxRow(rate=rate, basis=basis, amount=cents(basis * rate / 100)))
        return tuple(rows)

    @property
    def tax(self) -> Decimal:
        return sum((row.amount for row in self.tax_rows), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.subtotal + self.tax
