"""Receipt and payment part of a Swiss QR-bill, after the style guide of SIX (sizes in its fixed millimetres)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reportlab.lib.units import mm

from invoices.rendering.bill import Party, Place
from invoices.rendering.payment_codes import SwissCode
from invoices.rendering.sheet import HEIGHT, WIDTH, Sheet, wrapped

SLIP = 105.0  # the lowest of the page; nothing else may stand there
TOP = HEIGHT - SLIP
BLACK = "#000000"
_RECEIPT_X, _EDGE, _CODE_X, _FACTS_X = 5.0, 62.0, 67.0, 118.0
_POINT = 25.4 / 72


def draw_slip(sheet: Sheet, code: SwissCode) -> None:
    _cut_lines(sheet)
    _receipt(sheet, code)
    _payment_part(sheet, code)


def grouped_iban(iban: str) -> str:
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def _cut_lines(sheet: Sheet) -> None:
    sheet.rule(0, TOP, WIDTH, thickness=0.5, colour=BLACK)
    sheet.canvas.line(_EDGE * mm, 0, _EDGE * mm, SLIP * mm)
    sheet.text(_EDGE + 2, TOP - 1.2, "Separate before paying in", size=7)


@dataclass(frozen=True, slots=True)
class _Type:
    """Sizes in points of a part's headings, values and lines; `width` of its column in mm."""

    heading: float
    value: float
    leading: float
    width: float

    def section(self, heading: str, lines: Sequence[str]) -> tuple[str, list[str]]:
        return heading, [row for line in lines for row in wrapped(line, width=self.width, size=self.value)]


_RECEIPT = _Type(heading=6, value=8, leading=9, width=52)
_RECEIPT_TIGHT = _Type(heading=6, value=8, leading=8, width=52)
_PAYMENT = _Type(heading=8, value=10, leading=11, width=87)
_PAYMENT_SMALL = _Type(heading=6, value=8, leading=9, width=87)
_Sections = list[tuple[str, list[str]]]


def _receipt(sheet: Sheet, code: SwissCode) -> None:
    sheet.text(_RECEIPT_X, TOP + 9, "Receipt", size=11, bold=True, colour=BLACK)
    type_, sections = _RECEIPT, _facts(code, type_=_RECEIPT, information=())
    if _height(sections, type_=_RECEIPT) > 54:  # streets may be left out here (style guide)
        type_, sections = _RECEIPT_TIGHT, _facts(code, type_=_RECEIPT_TIGHT, information=(), with_streets=False)
    y = _draw(sheet, sections, type_=type_, x=_RECEIPT_X, y=TOP + 14.2)
    if code.debtor is None:
        _corners(sheet, x=_RECEIPT_X, y=y - 5, width=52, height=20)
    _draw(sheet, [("Currency", [code.currency])], type_=_RECEIPT, x=_RECEIPT_X, y=TOP + 70.5)
    _draw(sheet, [("Amount", [_amount(code.amount)])], type_=_RECEIPT, x=_RECEIPT_X + 13, y=TOP + 70.5)
    sheet.text(57, TOP + 84.2, "Acceptance point", size=6, bold=True, colour=BLACK, align="right")


def _payment_part(sheet: Sheet, code: SwissCode) -> None:
    sheet.text(_CODE_X, TOP + 9, "Payment part", size=11, bold=True, colour=BLACK)
    sheet.code(code.symbol, x=_CODE_X, y=TOP + 17, side=46)
    _swiss_cross(sheet, x=_CODE_X + 23, y=TOP + 40)
    _draw(sheet, [("Currency", [code.currency])], type_=_PAYMENT, x=_CODE_X, y=TOP + 71.2)
    _draw(sheet, [("Amount", [_amount(code.amount)])], type_=_PAYMENT, x=_CODE_X + 16, y=TOP + 71.2)
    information = [text for text in (code.message, code.billing) if text]
    type_, sections = _PAYMENT, _facts(code, type_=_PAYMENT, information=information)
    if _height(sections, type_=_PAYMENT) > (88 if code.debtor else 62):
        type_, sections = _PAYMENT_SMALL, _facts(code, type_=_PAYMENT_SMALL, information=information)
    y = _draw(sheet, sections, type_=type_, x=_FACTS_X, y=TOP + 8)
    if code.debtor is None:
        _corners(sheet, x=_FACTS_X, y=y - 6, width=65, height=25)


def _facts(code: SwissCode, *, type_: _Type, information: Sequence[str], with_streets: bool = True) -> _Sections:
    creditor = _address(code.creditor, with_street=with_streets)
    sections = [type_.section("Account / Payable to", [grouped_iban(code.iban), *creditor])]
    if code.reference:
        sections.append(type_.section("Reference", [_grouped_reference(code)]))
    if information:
        sections.append(type_.section("Additional information", information))
    if code.debtor:
        sections.append(type_.section("Payable by", _address(code.debtor, with_street=with_streets)))
    else:
        sections.append(("Payable by (name/address)", []))
    return sections


def _height(sections: _Sections, *, type_: _Type) -> float:
    return sum(len(lines) + 2 for _, lines in sections) * type_.leading * _POINT


def _draw(sheet: Sheet, sections: _Sections, *, type_: _Type, x: float, y: float) -> float:
    """Headings and their values; returns the baseline of the heading that would follow."""
    leading = type_.leading * _POINT
    for heading, lines in sections:
        sheet.text(x, y, heading, size=type_.heading, bold=True, colour=BLACK)
        y = leading + sheet.lines(x, y + leading, lines, leading=leading, size=type_.value, colour=BLACK)
    return y


def _address(party: Party, *, with_street: bool) -> list[str]:
    place = party.place or Place()
    country = "" if place.country == "CH" else f"{place.country}-"
    street = place.street if with_street else ""
    return [line for line in (party.name, street, f"{country}{place.zip} {place.city}") if line]


def _grouped_reference(code: SwissCode) -> str:
    """A QR reference in two digits and groups of five; a creditor reference in groups of four."""
    if code.reference_type == "QRR":
        head, tail = code.reference[:2], code.reference[2:]
        return " ".join([head, *(tail[start : start + 5] for start in range(0, len(tail), 5))])
    return grouped_iban(code.reference)


def _amount(amount: Decimal) -> str:
    """The style guide asks for a blank between thousands."""
    return f"{amount:,.2f}".replace(",", " ")


def _corners(sheet: Sheet, *, x: float, y: float, width: float, height: float) -> None:
    """The marks of an empty field, to be filled in by hand."""
    for left, right in ((x, x + 3), (x + width - 3, x + width)):
        for edge in (y, y + height):
            sheet.rule(left, edge, right, thickness=0.75, colour=BLACK)
    for edge in (x, x + width):
        for upper in (y, y + height - 3):
            sheet.canvas.line(edge * mm, (HEIGHT - upper) * mm, edge * mm, (HEIGHT - upper - 3) * mm)


def _swiss_cross(sheet: Sheet, *, x: float, y: float) -> None:
    """The recognition mark of 7 × 7 mm around the middle (x, y): white edge, black field, white cross."""
    sheet.box(x - 3.5, y - 3.5, 7, 7, colour="#ffffff")
    sheet.box(x - 3, y - 3, 6, 6, colour=BLACK)
    sheet.box(x - 1.95, y - 0.58, 3.9, 1.16, colour="#ffffff")
    sheet.box(x - 0.58, y - 1.95, 1.16, 3.9, colour="#ffffff")
