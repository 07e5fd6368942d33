"""Receipt and payment part of a Swiss QR-bill, after the style guide of SIX (sizes in its fixed millimetres)."""

from collections.abc import Sequence
from decimal import Decimal

from reportlab.lib.units import mm

from invoices.rendering.bill import Party, Place
from invoices.rendering.payment_codes import SwissCode
from invoices.rendering.sheet import HEIGHT, WIDTH, Sheet, wrapped

SLIP = 105.0  # the lowest of the page; nothing else may stand there
TOP = HEIGHT - SLIP
BLACK = "#000000"
_RECEIPT_X, _RECEIPT_WIDTH, _EDGE, _CODE_X, _FACTS_X, _FACTS_WIDTH = 5.0, 52.0, 62.0, 67.0, 118.0, 87.0
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


def _section(sheet: Sheet, *, x: float, y: float, heading: str, lines: Sequence[str], small: bool) -> float:
    """A heading and its values; `small` is the receipt's type size. Returns the baseline of the next heading."""
    heading_size, size, leading = (6.0, 8.0, 9 * _POINT) if small else (8.0, 10.0, 11 * _POINT)
    sheet.text(x, y, heading, size=heading_size, bold=True, colour=BLACK)
    y = sheet.lines(x, y + leading, lines, leading=leading, size=size, colour=BLACK)
    return y + leading


def _receipt(sheet: Sheet, code: SwissCode) -> None:
    def draw(y: float, heading: str, *lines: str) -> float:
        rows = [row for line in lines for row in wrapped(line, width=_RECEIPT_WIDTH, size=8)]
        return _section(sheet, x=_RECEIPT_X, y=y, heading=heading, lines=rows, small=True)

    sheet.text(_RECEIPT_X, TOP + 9, "Receipt", size=11, bold=True, colour=BLACK)
    y = draw(TOP + 14.2, "Account / Payable to", grouped_iban(code.iban), *_address(code.creditor))
    if code.reference:
        y = draw(y, "Reference", _grouped_reference(code))
    if code.debtor:
        draw(y, "Payable by", *_address(code.debtor))
    else:
        draw(y, "Payable by (name/address)")
        _corners(sheet, x=_RECEIPT_X, y=y + 1, width=52, height=20)
    _section(sheet, x=_RECEIPT_X, y=TOP + 70.5, heading="Currency", lines=(code.currency,), small=True)
    _section(sheet, x=_RECEIPT_X + 13, y=TOP + 70.5, heading="Amount", lines=(_amount(code.amount),), small=True)
    sheet.text(57, TOP + 84.2, "Acceptance point", size=6, bold=True, colour=BLACK, align="right")


def _payment_part(sheet: Sheet, code: SwissCode) -> None:
    def draw(y: float, heading: str, *lines: str) -> float:
        rows = [row for line in lines for row in wrapped(line, width=_FACTS_WIDTH, size=10)]
        return _section(sheet, x=_FACTS_X, y=y, heading=heading, lines=rows, small=False)

    sheet.text(_CODE_X, TOP + 9, "Payment part", size=11, bold=True, colour=BLACK)
    sheet.code(code.symbol, x=_CODE_X, y=TOP + 17, side=46)
    _swiss_cross(sheet, x=_CODE_X + 23, y=TOP + 40)
    _section(sheet, x=_CODE_X, y=TOP + 71.2, heading="Currency", lines=(code.currency,), small=False)
    _section(sheet, x=_CODE_X + 16, y=TOP + 71.2, heading="Amount", lines=(_amount(code.amount),), small=False)
    y = draw(TOP + 8, "Account / Payable to", grouped_iban(code.iban), *_address(code.creditor))
    if code.reference:
        y = draw(y, "Reference", _grouped_reference(code))
    if information := [text for text in (code.message, code.billing) if text]:
        y = draw(y, "Additional information", *information)
    if code.debtor:
        draw(y, "Payable by", *_address(code.debtor))
    else:
        draw(y, "Payable by (name/address)")
        _corners(sheet, x=_FACTS_X, y=y + 1, width=65, height=25)


def _address(party: Party) -> list[str]:
    place = party.place or Place()
    country = "" if place.country == "CH" else f"{place.country}-"
    return [line for line in (party.name, place.street, f"{country}{place.zip} {place.city}") if line]


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
