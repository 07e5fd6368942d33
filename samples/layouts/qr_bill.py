"""Receipt and payment part of a Swiss QR-bill, after the style guide of SIX (sizes in its fixed millimetres)."""

from samples.bills import Bill
from samples.parties import Party
from samples.payment_codes import draw_code, draw_swiss_cross, swiss_message, swiss_payload
from samples.sheet import HEIGHT, Sheet
from samples.wording import money

TOP = HEIGHT - 105  # the slip fills the lowest 105 mm
RECEIPT_X, RECEIPT_EDGE, CODE_X, FACTS_X = 5.0, 62.0, 67.0, 118.0
BLACK = "#000000"
POINT = 25.4 / 72


def draw_qr_bill(sheet: Sheet, *, bill: Bill) -> None:
    """Draws over the lower third of the page; nothing else may stand there."""
    _cut_lines(sheet)
    _receipt(sheet, bill=bill)
    _payment_part(sheet, bill=bill)


def _cut_lines(sheet: Sheet) -> None:
    canvas = sheet.canvas
    sheet.rule(0, TOP, 210, thickness=0.5, colour=BLACK)
    canvas.saveState()
    millimetre = 1 / POINT
    canvas.setLineWidth(0.5)
    canvas.line(RECEIPT_EDGE * millimetre, 0, RECEIPT_EDGE * millimetre, 105 * millimetre)
    canvas.setFillColor(BLACK)
    canvas.setFont("ZapfDingbats", 11)
    canvas.drawString(5 * millimetre, 105 * millimetre - 3.6, "✂")
    canvas.translate(RECEIPT_EDGE * millimetre, 95 * millimetre)
    canvas.rotate(-90)
    canvas.drawString(0, -3.6, "✂")
    canvas.restoreState()


def _address(party: Party) -> tuple[str, ...]:
    country = "" if party.country == "CH" else f"{party.country}-"
    return (party.legal_name, party.street, f"{country}{party.place}")


def _grouped_reference(reference: str) -> str:
    """A QR reference in two digits and groups of five, from the right."""
    head, tail = reference[:2], reference[2:]
    return " ".join([head, *(tail[start : start + 5] for start in range(0, len(tail), 5))])


def _section(sheet: Sheet, *, x: float, y: float, heading: str, lines: tuple[str, ...], small: bool) -> float:
    """A heading and its values; `small` is the receipt's type size. Returns the baseline of the next heading."""
    heading_size, value_size, leading = (6.0, 8.0, 9 * POINT) if small else (8.0, 10.0, 11 * POINT)
    sheet.text(x, y, heading, size=heading_size, bold=True, colour=BLACK)
    y = sheet.lines(x, y + leading, lines, leading=leading, size=value_size, colour=BLACK)
    return y + leading


def _receipt(sheet: Sheet, *, bill: Bill) -> None:
    sheet.text(RECEIPT_X, TOP + 9, "Empfangsschein", size=11, bold=True, colour=BLACK)
    y = TOP + 14.2
    for heading, lines in _facts(bill)[:2]:
        y = _section(sheet, x=RECEIPT_X, y=y, heading=heading, lines=lines, small=True)
    _section(sheet, x=RECEIPT_X, y=y, heading="Zahlbar durch", lines=_address(bill.buyer), small=True)
    amount = money(bill.total, language="ch").replace("’", " ")  # the style guide asks for a blank
    _section(sheet, x=RECEIPT_X, y=TOP + 70.5, heading="Währung", lines=(bill.currency,), small=True)
    _section(sheet, x=RECEIPT_X + 13, y=TOP + 70.5, heading="Betrag", lines=(amount,), small=True)
    sheet.text(57, TOP + 84.2, "Annahmestelle", size=6, bold=True, colour=BLACK, align="right")


def _payment_part(sheet: Sheet, *, bill: Bill) -> None:
    sheet.text(CODE_X, TOP + 9, "Zahlteil", size=11, bold=True, colour=BLACK)
    draw_code(sheet, payload=swiss_payload(bill), x=CODE_X, y=TOP + 17, side=46)
    draw_swiss_cross(sheet, x=CODE_X + 23, y=TOP + 40)
    amount = money(bill.total, language="ch").replace("’", " ")
    _section(sheet, x=CODE_X, y=TOP + 71.2, heading="Währung", lines=(bill.currency,), small=False)
    _section(sheet, x=CODE_X + 16, y=TOP + 71.2, heading="Betrag", lines=(amount,), small=False)
    y = TOP + 8
    for heading, lines in _facts(bill):
        y = _section(sheet, x=FACTS_X, y=y, heading=heading, lines=lines, small=False)


def _facts(bill: Bill) -> tuple[tuple[str, tuple[str, ...]], ...]:
    billing = swiss_payload(bill).rsplit("\n", 1)[1]
    half = billing.index("/30/")  # too long for the column: broken where a tag begins
    return (
        ("Konto / Zahlbar an", (bill.account.printed_iban, *_address(bill.seller))),
        ("Referenz", (_grouped_reference(bill.reference),)),
        ("Zusätzliche Informationen", (swiss_message(bill), billing[:half], billing[half:])),
        ("Zahlbar durch", _address(bill.buyer)),
    )
