"""A forwarder's invoice, set in an embedded font and with the logo on the right: the page of the Factur-X file."""

from dataclasses import replace
from decimal import Decimal

from samples.bills import Bill
from samples.layouts.blocks import draw_address, draw_pairs, draw_sender_line, draw_totals
from samples.sheet import VERA, Column, Sheet, TableLook, draw_items
from samples.wording import dotted, money, number

NAVY, ORANGE = "#12355b", "#e2711d"
THEME = replace(VERA, accent=NAVY, hairline="#cdd5de")
COLUMNS = (
    Column("Pos.", 23),
    Column("Leistung", 33),
    Column("Menge", 124, "right"),
    Column("Preis", 155, "right"),
    Column("Gesamt", 188, "right"),
)
LOOK = TableLook(left=20, right=190, band=NAVY, head_ink="#ffffff", zebra="#f2f5f8", row_rule=False, row_height=6.6)


def draw(bill: Bill) -> bytes:
    sheet = Sheet(theme=THEME, title=f"Rechnung {bill.number}", author=bill.seller.legal_name)
    _letterhead(sheet, bill=bill)
    sheet.text(20, 106, "RECHNUNG", size=16, bold=True, colour=NAVY)
    note = "Diese Rechnung enthält den Datensatz factur-x.xml (EN 16931)."
    sheet.text(190, 106, note, size=6.6, align="right", colour=THEME.muted)
    y = draw_items(sheet, columns=COLUMNS, look=LOOK, y=112, rows=_rows(bill))
    sheet.rule(20, y, 190, thickness=0.6, colour=NAVY)
    _totals(sheet, bill=bill, y=y + 4)
    _payment(sheet, bill=bill, y=206)
    _footer(sheet, bill=bill)
    return sheet.finish()


def _letterhead(sheet: Sheet, *, bill: Bill) -> None:
    seller = bill.seller
    sheet.box(0, 0, 210, 4, colour=NAVY)
    sheet.box(0, 4, 210, 1, colour=ORANGE)
    # a harbour crane: legs, boom, cable and a container on the hook
    sheet.shape([(152, 34), (156.5, 17), (158.5, 17), (154.2, 34)], colour=NAVY)
    sheet.shape([(163, 34), (158.4, 17), (160.4, 17), (165.2, 34)], colour=NAVY)
    sheet.shape([(146, 19.4), (190, 15.4), (190, 17), (146, 21)], colour=NAVY)
    sheet.box(182.6, 16.6, 0.7, 7, colour=NAVY)
    sheet.box(177, 23.4, 12, 5.2, colour=ORANGE)
    sheet.box(150, 34, 40, 0.9, colour=NAVY)
    sheet.text(20, 24, "ELBTOR", size=25, bold=True, colour=NAVY)
    sheet.text(20.4, 30.5, "SPEDITION · LAGER · ZOLL", size=8, colour=ORANGE, bold=True)
    sheet.fold_marks()
    draw_sender_line(sheet, x=20, y=52, seller=seller, width=85)
    draw_address(sheet, x=20, y=61, buyer=bill.buyer, language="de")
    sheet.text(20, 79, f"per E-Mail: {bill.buyer.email}", size=7.4, colour=THEME.muted)
    sheet.box(122, 46, 68, 43, colour="#f2f5f8", radius=1.2)
    draw_pairs(
        sheet,
        x=126,
        y=53,
        value_x=186,
        right=True,
        leading=5.4,
        bold=("Rechnungs-Nr.",),
        pairs=(
            ("Rechnungs-Nr.", bill.number),
            ("Datum", dotted(bill.issue_date)),
            ("Leistungsmonat", "11/2026"),
            ("Debitor", bill.customer_number),
            ("Ihr Auftrag", bill.order_number),
            ("Fällig am", dotted(bill.due_date)),
            ("Bearbeiterin", "M. Tiedemann"),
        ),
    )


def _rows(bill: Bill) -> list[tuple[tuple[str, ...], str]]:
    return [
        (
            (
                str(position),
                line.title,
                f"{number(line.quantity, language='de')} {line.unit}",
                money(line.price, language="de"),
                money(line.net, language="de"),
            ),
            line.detail,
        )
        for position, line in enumerate(bill.lines, start=1)
    ]


def _totals(sheet: Sheet, *, bill: Bill, y: float) -> None:
    def euro(amount: Decimal) -> str:
        return f"{money(amount, language='de')} €"

    row = bill.tax_rows[0]
    draw_totals(
        sheet,
        x=118,
        right=188,
        y=y,
        rows=(("Nettobetrag", euro(bill.subtotal)), (f"Umsatzsteuer {row.rate} %", euro(row.amount))),
        grand=("Gesamtbetrag", euro(bill.total)),
    )


def _payment(sheet: Sheet, *, bill: Bill, y: float) -> None:
    account = bill.account
    sheet.text(20, y, "Zahlung", size=9.5, bold=True, colour=NAVY)
    sheet.text(20, y + 6, f"Bitte überweisen Sie den Gesamtbetrag ohne Abzug bis zum {dotted(bill.due_date)} an:")
    draw_pairs(
        sheet,
        x=20,
        y=y + 13,
        value_x=52,
        bold=("IBAN",),
        pairs=(
            ("Empfänger", bill.seller.legal_name),
            ("IBAN", account.printed_iban),
            ("BIC", account.bic),
            ("Bank", account.bank),
            ("Verwendungszweck", bill.reference),
        ),
    )


def _footer(sheet: Sheet, *, bill: Bill) -> None:
    seller = bill.seller
    sheet.rule(20, 269, 190, thickness=0.6, colour=NAVY)
    sheet.lines(
        105,
        273.5,
        (
            f"{seller.legal_name} · {seller.street} · {seller.place} · Tel. {seller.phone} · {seller.email}",
            "Sitz Hamburg · HRA 990422 Amtsgericht Hamburg · Komplementärin: Elbtor Verwaltungs GmbH, HRB 990423",
            f"Geschäftsführer: Hauke Bremer, Swantje Ott · USt-IdNr. {seller.vat_id} · Es gelten die ADSp 2017.",
        ),
        leading=3.6,
        size=6.4,
        align="centre",
        colour=THEME.muted,
    )
