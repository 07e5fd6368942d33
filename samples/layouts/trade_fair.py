"""A Swiss invoice in francs over its QR-bill."""

from decimal import Decimal

from samples.bills import Bill
from samples.layouts.blocks import draw_address, draw_pairs, draw_totals
from samples.layouts.qr_bill import draw_qr_bill
from samples.sheet import Column, Sheet, TableLook, Theme, draw_items
from samples.wording import long_date, money, number

RED, GRAPHITE = "#c8102e", "#2b2d31"
THEME = Theme(accent=RED, ink=GRAPHITE)
COLUMNS = (
    Column("Leistung", 20),
    Column("Menge", 118, "right"),
    Column("Einheit", 121),
    Column("Preis", 152, "right"),
    Column("MWST", 166, "right"),
    Column("Betrag CHF", 190, "right"),
)
LOOK = TableLook(left=20, right=190, detail_column=0, row_height=5.6, detail_height=3.5)


def draw(bill: Bill) -> bytes:
    sheet = Sheet(theme=THEME, title=f"Rechnung {bill.number}", author=bill.seller.legal_name)
    _letterhead(sheet, bill=bill)
    sheet.text(20, 86, f"Rechnung {bill.number}", size=14, bold=True)
    y = draw_items(sheet, columns=COLUMNS, look=LOOK, y=91, rows=_rows(bill))
    _totals(sheet, bill=bill, y=y + 2.5)
    sheet.text(20, 173, f"Zahlbar bis {long_date(bill.due_date, language='de')}, 30 Tage netto.", bold=True)
    sheet.text(20, 178, "Bitte verwenden Sie für die Zahlung den untenstehenden QR-Einzahlungsschein. Besten Dank!")
    draw_qr_bill(sheet, bill=bill)
    return sheet.finish()


def _letterhead(sheet: Sheet, *, bill: Bill) -> None:
    seller = bill.seller
    # a stand seen from the corner
    sheet.shape([(20, 18), (29, 14), (29, 26), (20, 30)], colour=RED)
    sheet.shape([(30, 14), (39, 18), (39, 30), (30, 26)], colour=GRAPHITE)
    sheet.shape([(21.5, 31), (29.5, 27.4), (37.5, 31), (29.5, 34.6)], colour="#b9bcc2")
    sheet.text(44, 24, "Limmat Messebau", size=18, bold=True)
    sheet.text(44, 29.6, "Stände. Bühnen. Räume.", size=9, colour=RED)
    sheet.lines(
        190,
        17,
        (
            seller.legal_name,
            seller.street,
            f"CH-{seller.place}",
            seller.phone,
            seller.email,
            f"{seller.registration_number} MWST",
        ),
        leading=3.8,
        size=8,
        align="right",
        colour=THEME.muted,
    )
    y = draw_address(sheet, x=20, y=50, buyer=bill.buyer, language="ch")
    sheet.text(20, y + 0.4, bill.buyer.email, size=8.4, colour=THEME.muted)
    draw_pairs(
        sheet,
        x=128,
        y=50,
        value_x=190,
        right=True,
        bold=("Rechnungsnummer",),
        pairs=(
            ("Rechnungsnummer", bill.number),
            ("Datum", f"Zürich, {long_date(bill.issue_date, language='de')}"),
            ("Kundennummer", bill.customer_number),
            ("Ansprechperson", "Reto Gubler"),
        ),
    )


def _rows(bill: Bill) -> list[tuple[tuple[str, ...], str]]:
    return [
        (
            (
                line.title,
                number(line.quantity, language="ch"),
                line.unit,
                money(line.price, language="ch"),
                f"{line.rate}%",
                money(line.net, language="ch"),
            ),
            line.detail,
        )
        for line in bill.lines
    ]


def _totals(sheet: Sheet, *, bill: Bill, y: float) -> None:
    def francs(amount: Decimal) -> str:
        return money(amount, language="ch")

    row = bill.tax_rows[0]
    draw_totals(
        sheet,
        x=122,
        right=190,
        y=y,
        leading=5,
        rows=(("Zwischentotal", francs(bill.subtotal)), (f"MWST {row.rate}%", francs(row.amount))),
        grand=("Total CHF", francs(bill.total)),
    )
