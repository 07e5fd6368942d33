"""The pages of an invoice: letterhead, items over as many pages as they need, sums, and how to pay."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import segno

from invoices.rendering import payment_codes
from invoices.rendering.bill import Bill, Item, Party
from invoices.rendering.sheet import HAIRLINE, HEIGHT, LINE, MUTED, WIDTH, Sheet, wrapped
from invoices.rendering.swiss_slip import SLIP, draw_slip, grouped_iban

LEFT, RIGHT, FIRST, LAST = 22.0, WIDTH - 18.0, 18.0, HEIGHT - 20.0
_QUANTITY, _PRICE, _TITLE, _TITLE_WIDTH = 128.0, 160.0, LEFT + 10, 72.0
_FACTS, _FACT_VALUES, _SUMS = 120.0, 152.0, 118.0
_CODE = 34.0
# Where the postcode stands behind the town and the state, by the Universal Postal Union's addressing systems.
_TOWN_FIRST = frozenset({"AU", "CA", "GB", "IE", "IN", "NZ", "US"})
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def draw_letter(sheet: Sheet, bill: Bill) -> None:
    page = _Page(sheet, bill)
    _head(page)
    _items(page)
    _sums(page)
    _payment(page)
    page.finish()


class _Page:
    """Where the next line goes; turns the page when the lines asked for do not fit."""

    def __init__(self, sheet: Sheet, bill: Bill) -> None:
        self.sheet, self.bill = sheet, bill
        self.y, self.number = FIRST, 1

    def make_room(self, height: float, *, above: float = LAST) -> bool:
        """Whether a new page was begun so that `height` fits above the line `above`."""
        if self.y + height <= above:
            return False
        self.finish()
        self.sheet.next_page()
        self.number += 1
        self.y = FIRST
        return True

    def finish(self) -> None:
        if self.number > 1:
            self.sheet.text(LEFT, 10, f"Page {self.number}", size=8, colour=MUTED)


def _head(page: _Page) -> None:
    sheet, bill = page.sheet, page.bill
    sheet.text(LEFT, FIRST - 6, "From", size=8, colour=MUTED)
    names = wrapped(bill.seller.name, width=RIGHT - LEFT, size=14, bold=True)
    y = sheet.lines(LEFT, FIRST, names, size=14, bold=True, leading=6)
    y = sheet.lines(LEFT, y, _contact_lines(bill.seller, width=RIGHT - LEFT), size=8.5, colour=MUTED, leading=4)
    sheet.rule(LEFT, y, RIGHT)
    top = y + 9
    sheet.text(LEFT, top, "Bill to", size=8, colour=MUTED)
    buyer = wrapped(bill.buyer.name, width=90, size=10, bold=True)
    below = sheet.lines(LEFT, top + 5.5, buyer, size=10, bold=True, leading=4.8)
    below = sheet.lines(LEFT, below, _contact_lines(bill.buyer, width=90))
    sheet.text(_FACTS, top + 1, "Invoice", size=18, bold=True)
    facts = [("Invoice number", bill.number), ("Invoice date", _day(bill.issue_date))]
    if bill.due_date:
        facts.append(("Due date", _day(bill.due_date)))
    facts.append(("Currency", bill.currency))
    row = top + 10
    for label, value in facts:
        sheet.text(_FACTS, row, label, colour=MUTED)
        row = sheet.lines(_FACT_VALUES, row, wrapped(value, width=RIGHT - _FACT_VALUES)) + 0.8
    page.y = max(row, below) + 5
    for line in wrapped(bill.description, width=RIGHT - LEFT):
        page.make_room(LINE)
        page.y = sheet.lines(LEFT, page.y, [line])
    page.y += 4 if bill.description else 0


def _contact_lines(party: Party, *, width: float) -> list[str]:
    lines = []
    if place := party.place:
        if place.country in _TOWN_FIRST:
            town = " ".join(part for part in (place.city, place.state, place.zip) if part)
        else:
            town = ", ".join(part for part in (f"{place.zip} {place.city}".strip(), place.state) if part)
        lines += [place.street, ", ".join(part for part in (town, place.country) if part)]
    lines += [party.email and f"E-mail: {party.email}", party.vat_id and f"VAT ID: {party.vat_id}"]
    return [row for line in lines if line for row in wrapped(line, width=width)]


def _items(page: _Page) -> None:
    page.make_room(24)
    _table_head(page)
    for position, item in enumerate(page.bill.items, start=1):
        _item(page, position=position, item=item)


def _table_head(page: _Page) -> None:
    sheet, y = page.sheet, page.y
    sheet.text(LEFT, y, "No.", size=8, bold=True)
    sheet.text(_TITLE, y, "Description", size=8, bold=True)
    for x, label in ((_QUANTITY, "Quantity"), (_PRICE, "Unit price"), (RIGHT, "Amount")):
        sheet.text(x, y, label, size=8, bold=True, align="right")
    sheet.rule(LEFT, y + 2, RIGHT, thickness=0.8)
    page.y = y + 7


def _item(page: _Page, *, position: int, item: Item) -> None:
    titles = wrapped(item.title, width=_TITLE_WIDTH)
    if page.make_room(LINE * len(titles) + 2):
        _table_head(page)
    sheet, y = page.sheet, page.y
    sheet.text(LEFT, y, str(position), colour=MUTED)
    quantity = f"{item.quantity:,f}"
    for x, figure in ((_QUANTITY, quantity), (_PRICE, _figure(item.price)), (RIGHT, _figure(item.total))):
        sheet.text(x, y, figure, align="right")
    page.y = sheet.lines(_TITLE, y, titles)
    for line in wrapped(item.description, width=_TITLE_WIDTH, size=8) if item.description else ():
        if page.make_room(4):
            _table_head(page)
        page.y = sheet.lines(_TITLE, page.y, [line], size=8, colour=MUTED, leading=3.8)
    sheet.rule(LEFT, page.y - 2, RIGHT, thickness=0.3)
    page.y += 2.4


def _sums(page: _Page) -> None:
    bill = page.bill
    rows = []
    if bill.discount or bill.shipping:
        rows.append(("Sum of items", bill.subtotal))
    if bill.discount:
        rows.append((f"Discount {_rate(bill.discount_rate)}", -bill.discount))
    if bill.shipping:
        rows.append(("Shipping", bill.shipping))
    rows += [("Net amount", bill.net), (f"VAT {_rate(bill.vat_rate)}", bill.vat)]
    page.make_room(5 * len(rows) + 10)
    sheet = page.sheet
    page.y += 3
    for label, amount in rows:
        sheet.text(_SUMS, page.y, label)
        # with its currency, for 1.234 dinars and 1.234 of another currency are not the same amount
        sheet.text(RIGHT, page.y, f"{bill.currency} {_figure(amount)}", align="right")
        page.y += 5
    sheet.rule(_SUMS, page.y - 2.6, RIGHT, thickness=0.8)
    sheet.text(_SUMS, page.y + 2.4, "Total amount", size=11, bold=True)
    sheet.text(RIGHT, page.y + 2.4, f"{bill.currency} {_figure(bill.total)}", size=11, bold=True, align="right")
    page.y += 12


def _payment(page: _Page) -> None:
    """The account and a code that carries it, and what to quote."""
    bill = page.bill
    slip = payment_codes.swiss_code(bill)
    symbol = None if slip else payment_codes.epc_symbol(bill)
    rows = []
    if account := bill.account:
        rows += [("Account holder", bill.seller.name), ("IBAN", grouped_iban(account.iban)), ("BIC", account.bic)]
    rows.append(("Payment reference", bill.reference))
    width = RIGHT - LEFT - 34 - (_CODE + 8 if symbol else 0)
    values = [(label, wrapped(value, width=width)) for label, value in rows if value]
    text_height = sum(len(lines) * LINE + 0.6 for _, lines in values) + 7.5
    page.make_room(max(text_height, _CODE + 4 if symbol else 0))
    _draw_payment(page, values=values, symbol=symbol)
    if slip:
        page.make_room(0, above=HEIGHT - SLIP - 3)  # the next line's baseline: what is drawn ends well above it
        draw_slip(page.sheet, slip)


def _draw_payment(page: _Page, *, values: Sequence[tuple[str, Sequence[str]]], symbol: segno.QRCode | None) -> None:
    sheet, top = page.sheet, page.y
    sheet.rule(LEFT, top - 4, RIGHT, colour=HAIRLINE)
    sheet.text(LEFT, top + 1.5, "Payment details", bold=True)
    y = top + 7.5
    for label, lines in values:
        sheet.text(LEFT, y, label, colour=MUTED)
        y = sheet.lines(LEFT + 34, y, lines) + 0.6
    if symbol:
        sheet.code(symbol, x=RIGHT - _CODE, y=top, side=_CODE)
        sheet.text(RIGHT, top + _CODE + 4, "Scan to pay (EPC QR code)", size=7, colour=MUTED, align="right")
        y = max(y, top + _CODE + 8)
    page.y = y - LINE + 1.5


def _figure(amount: Decimal) -> str:
    return f"{amount:,f}"


def _rate(rate: Decimal) -> str:
    return f"{rate:f}%"


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
