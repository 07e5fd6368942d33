"""Invented invoices of every kind that the rendering tells apart, added up by the service's own rules."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from invoices.money import from_minor, to_minor
from invoices.rendering.bill import Account, Bill, Item, Party, Place
from invoices.totals import Line, invoice_totals

DE_ACCOUNT = Account("DE02120300000000202051", "BYLADEM1001")
CH_ACCOUNT = Account("CH9300762011623852957", "POFICHBEXXX")
QR_IBAN = Account("CH4431999123000889012")
QR_REFERENCE = "210000000003139471430009017"

GERMAN = Party(
    "Aldermoor Trading GmbH",
    vat_id="DE136695976",
    registration_number="HRB 1234",
    email="billing@aldermoor.example",
    place=Place("Mühlenweg 4", "20095", "Hamburg", country="DE"),
)
SWISS = Party(
    "Käserei Sägmühle AG",
    vat_id="CHE-123.456.788 MWST",
    email="post@saegmuehle.example",
    place=Place("Bahnhofstrasse 1", "8001", "Zürich", country="CH"),
)
BUYER = Party(
    "Hollow Oak Timber Ltd",
    vat_id="GB123456782",
    email="ap@hollowoak.example",
    place=Place("12 Mill Lane", "LS1 4AP", "Leeds", country="GB"),
)
TWO_ITEMS = (("Oak boards", "planed", "2.5", "40"), ("Nails, galvanised", "", "3", "4"))


def a_bill(
    *,
    items: tuple[tuple[str, str, str, str], ...] = TWO_ITEMS,
    currency: str = "EUR",
    vat: str = "19",
    discount: str = "0",
    shipping: str = "0",
    seller: Party = GERMAN,
    buyer: Party = BUYER,
    account: Account | None = DE_ACCOUNT,
    reference: str = "RF18539007547034",
    due_date: date | None = date(2026, 4, 1),
    description: str = "",
    number: str = "INV-2026-00017",
) -> Bill:
    """Items are title, description, quantity and price, in the currency's major unit like `shipping`."""

    def minor(amount: str) -> int:
        return to_minor(amount=Decimal(amount), currency=currency)

    def major(amount: int) -> Decimal:
        return from_minor(minor=amount, currency=currency)

    totals = invoice_totals(
        lines=[Line(quantity=Decimal(quantity), price=minor(price)) for _, _, quantity, price in items],
        discount_rate=Decimal(discount),
        vat_rate=Decimal(vat),
        shipping=minor(shipping),
    )
    return Bill(
        number=number,
        issue_date=date(2026, 3, 2),
        due_date=due_date,
        currency=currency,
        seller=seller,
        buyer=buyer,
        account=account,
        reference=reference or number,
        description=description,
        items=tuple(
            Item(title, detail, Decimal(quantity), major(minor(price)), major(total))
            for (title, detail, quantity, price), total in zip(items, totals.lines, strict=True)
        ),
        subtotal=major(totals.subtotal),
        discount_rate=Decimal(discount),
        discount=major(totals.discount),
        shipping=major(totals.shipping),
        vat_rate=Decimal(vat),
        vat=major(totals.vat),
        total=major(totals.total),
    )


def a_swiss_bill(**fields: Any) -> Bill:
    """Francs to a Swiss account, unless `fields` of `a_bill` say otherwise."""
    francs: dict[str, Any] = {"currency": "CHF", "seller": SWISS, "account": CH_ACCOUNT, "vat": "8.1"}
    return a_bill(**francs | fields)


def named(party: Party, name: str) -> Party:
    return replace(party, name=name)


FORTY = tuple(
    (
        f"Shelf {n}" + " with a title that is longer than its line can be" * (n % 3 == 0),
        "oiled\n" * (n % 2),
        str(n),
        "9",
    )
    for n in range(1, 41)
)

BILLS: dict[str, Bill] = {
    "EPC code": a_bill(),
    "EPC code, text as reference": a_bill(reference="Order 17/4, thanks"),
    "EPC code, no reference": a_bill(reference=""),
    "discount and shipping": a_bill(discount="10", shipping="5", description="Delivery of March\nwith thanks"),
    "large amounts": a_bill(items=(("Machine", "", "3", "412345.67"),)),
    "no due date": a_bill(due_date=None),
    "no account": a_bill(account=None),
    "no addresses": a_bill(seller=Party(GERMAN.name), buyer=Party(BUYER.name)),
    "Cyrillic buyer": a_bill(buyer=named(BUYER, "ООО Ромашка")),
    "Greek seller": a_bill(seller=named(GERMAN, "Αφοί Παπαδόπουλοι ΑΕ")),
    "Japanese buyer": a_bill(buyer=named(BUYER, "株式会社山田商店")),
    "Polish seller": a_bill(seller=named(GERMAN, "Żółw Łódź Sp. z o.o.")),
    "forty items": a_bill(items=FORTY),
    "Swiss, creditor reference": a_swiss_bill(),
    "Swiss, QR reference": a_swiss_bill(account=QR_IBAN, reference=QR_REFERENCE),
    "Swiss, message": a_swiss_bill(reference="Bitte 17/4 angeben"),
    "Swiss, euros": a_swiss_bill(currency="EUR"),
    "Swiss, Cyrillic buyer": a_swiss_bill(buyer=named(BUYER, "ООО Ромашка")),
    "Swiss, forty items": a_swiss_bill(items=FORTY),
    "yen": a_bill(currency="JPY", items=(("Tea", "", "3", "1200"),), vat="10"),
    "dinars": a_bill(currency="KWD", items=(("Tea", "", "1.5", "1000.001"),), vat="5"),
    "dinars and fils": a_bill(currency="KWD", items=(("Tea", "", "1", "17811.065"),), vat="8.1"),
    "a seller without legal form or code": a_bill(
        currency="USD", seller=Party("O'Brien Plumbing", place=Place("4 Quay St", "20095", "Hamburg", country="DE"))
    ),
    "dollars": a_bill(currency="USD", vat="7.7"),
}
