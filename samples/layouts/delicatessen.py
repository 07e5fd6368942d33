"""A small trader's typewritten invoice, which the buyer has stamped "EINGEGANGEN": the paper that gets scanned."""

from decimal import Decimal

from reportlab.lib.colors import Color
from reportlab.lib.units import mm

from samples.bills import Bill
from samples.layouts.blocks import draw_address
from samples.sheet import COURIER, HEIGHT, Column, Sheet, TableLook, draw_items
from samples.wording import dotted, money, number

THEME = COURIER
BLUE_INK = Color(0.16, 0.24, 0.62, alpha=0.75)
COLUMNS = (
    Column("Menge", 38, "right"),
    Column("Einh.", 42),
    Column("Artikel", 57),
    Column("Preis", 160, "right"),
    Column("EUR", 188, "right"),
)
LOOK = TableLook(left=24, right=190, row_rule=False, row_height=6.2, head_size=9.6)


def draw(bill: Bill) -> bytes:
    sheet = Sheet(theme=THEME, title=f"Rechnung {bill.number}", author=bill.seller.legal_name)
    _letterhead(sheet, bill=bill)
    sheet.text(24, 104, f"RECHNUNG {bill.number}", size=14, bold=True)
    y = draw_items(sheet, columns=COLUMNS, look=LOOK, y=113, rows=_rows(bill))
    _totals(sheet, bill=bill, y=y + 3)
    _payment(sheet, bill=bill, y=190)
    _stamp(sheet, x=150, y=222, day="06. NOV. 2026")
    _footer(sheet, bill=bill)
    return sheet.finish()


def _letterhead(sheet: Sheet, *, bill: Bill) -> None:
    seller = bill.seller
    # a stork in four strokes: body, neck, beak, legs
    sheet.shape([(28, 25), (40, 21), (43, 25), (34, 28)], colour="#222222")
    sheet.shape([(29, 25.5), (25.5, 16.5), (27, 16), (31, 24.6)], colour="#222222")
    sheet.shape([(27, 15.4), (19.5, 19.4), (26.4, 17.8)], colour="#555555")
    sheet.disc(26.6, 16.6, 1.5, colour="#222222")
    sheet.box(33.4, 27.5, 0.5, 8, colour="#555555")
    sheet.box(36.2, 27, 0.5, 8.5, colour="#555555")
    sheet.text(52, 23, seller.legal_name, size=17, bold=True)
    sheet.text(52, 29, f"{seller.street} - {seller.place}")
    sheet.text(52, 34, f"Tel. {seller.phone} - {seller.email}")
    sheet.rule(24, 39, 190, thickness=1.2, colour="#222222")
    draw_address(sheet, x=24, y=58, buyer=bill.buyer, language="de")
    for index, (label, value) in enumerate(
        (
            ("Rechnungs-Nr.:", bill.number),
            ("Datum:", dotted(bill.issue_date)),
            ("Kunden-Nr.:", bill.customer_number),
            ("Lieferschein:", "61877"),
        )
    ):
        sheet.text(124, 58 + index * 5, label)
        sheet.text(190, 58 + index * 5, value, align="right")
    sheet.text(24, 84, f"E-Mail: {bill.buyer.email}")


def _rows(bill: Bill) -> list[tuple[tuple[str, ...], str]]:
    return [
        (
            (
                number(line.quantity, language="de"),
                line.unit,
                line.title,
                money(line.price, language="de"),
                money(line.net, language="de"),
            ),
            line.detail,
        )
        for line in bill.lines
    ]


def _totals(sheet: Sheet, *, bill: Bill, y: float) -> None:
    def euro(amount: Decimal) -> str:
        return money(amount, language="de")

    row = bill.tax_rows[0]
    sheet.rule(120, y, 190, thickness=0.8, colour="#222222")
    for offset, label, amount in (
        (5, "Netto", bill.subtotal),
        (11, f"+ {row.rate} % MwSt.", row.amount),
    ):
        sheet.text(120, y + offset, label)
        sheet.text(188, y + offset, euro(amount), align="right")
    sheet.rule(120, y + 14, 190, thickness=0.8, colour="#222222")
    sheet.text(120, y + 20, "GESAMT EUR", bold=True, size=11.5)
    sheet.text(188, y + 20, euro(bill.total), bold=True, size=11.5, align="right")
    sheet.rule(120, y + 22.5, 190, thickness=0.8, colour="#222222")
    sheet.rule(120, y + 23.4, 190, thickness=0.8, colour="#222222")


def _payment(sheet: Sheet, *, bill: Bill, y: float) -> None:
    account = bill.account
    sheet.text(24, y, f"Zahlbar bis {dotted(bill.due_date)} ohne Abzug.", bold=True)
    for index, (label, value) in enumerate(
        (
            ("Bank", account.bank),
            ("IBAN", account.printed_iban),
            ("BIC", account.bic),
            ("Verwendungszweck", bill.reference),
        )
    ):
        sheet.text(24, y + 8 + index * 5.4, f"{label}:")
        sheet.text(62, y + 8 + index * 5.4, value)


def _stamp(sheet: Sheet, *, x: float, y: float, day: str) -> None:
    """The rubber stamp of the buyer's post room, a few degrees askew, its middle at (x, y)."""
    canvas = sheet.canvas
    canvas.saveState()
    canvas.translate(x * mm, (HEIGHT - y) * mm)
    canvas.rotate(7)
    canvas.setStrokeColor(BLUE_INK)
    canvas.setFillColor(BLUE_INK)
    canvas.setLineWidth(1.6)
    canvas.roundRect(-31 * mm, -11 * mm, 62 * mm, 22 * mm, 2 * mm)
    canvas.setLineWidth(0.6)
    canvas.roundRect(-29.8 * mm, -9.8 * mm, 59.6 * mm, 19.6 * mm, 1.4 * mm)
    canvas.setFont("Helvetica-Bold", 17)
    canvas.drawCentredString(0, 2.6 * mm, "EINGEGANGEN")
    canvas.setFont("Helvetica-Bold", 11)
    canvas.drawCentredString(0, -5.4 * mm, day)
    canvas.restoreState()


def _footer(sheet: Sheet, *, bill: Bill) -> None:
    seller = bill.seller
    sheet.rule(24, 268, 190, thickness=0.6, colour="#222222")
    sheet.lines(
        107,
        273,
        (
            f"{seller.registration_number} - Geschäftsführerin: Theresia Moosgruber",
            f"USt-IdNr. {seller.vat_id} - Öko-Kontrollstelle DE-ÖKO-999",
        ),
        leading=4.4,
        size=8.4,
        align="centre",
    )
