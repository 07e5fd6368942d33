"""What a written invoice says, as plain values: all that the drawing and the e-invoice know of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """A postal address; `country` is ISO 3166-1 alpha-2. What is unknown is empty."""

    street: str = ""
    zip: str = ""
    city: str = ""
    state: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """`place` is None when the party has no address on file."""

    name: str
    vat_id: str = ""
    registration_number: str = ""
    email: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """IBAN (ISO 13616) and BIC (ISO 9362), compact; the BIC may be empty."""

    iban: str
    bic: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """`price` is net for one unit (BT-146), `total` what the line comes to (BT-131)."""

    title: str
    description: str
    quantity: Decimal
    price: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class Bill:
    """Amounts are in the currency's major unit with exactly its digits; rates are percentages.

    `reference` is what the payer is asked to quote; where the invoice names none, its own number. `account` is None
    when nobody said where to pay to, `due_date` when no day was agreed.
    """

    number: str
    issue_date: date
    due_date: date | None
    currency: str
    seller: Party
    buyer: Party
    account: Account | None
    reference: str
    description: str
    items: tuple[Item, ...]
    subtotal: Decimal
    discount_rate: Decimal
    discount: Decimal
    shipping: Decimal
    vat_rate: Decimal
    vat: Decimal
    total: Decimal

    @property
    def net(self) -> Decimal:
        """What the VAT is worked out on (BT-109)."""
        return self.subtotal - self.discount + self.shipping
