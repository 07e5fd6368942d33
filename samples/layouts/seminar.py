"""A French invoice in a serif face, centred letterhead, with the legal notices that French law asks for."""

from dataclasses import replace
from decimal import Decimal

from samples.bills import Bill
from samples.layouts.blocks import draw_address, draw_pairs, draw_totals
from samples.sheet import TIMES, Column, Sheet, TableLook, draw_items
from samples.wording import money, number, slashed

WINE, SAND = "#7b1e3a", "#f6f0ea"
THEME = replace(TIMES, accent=WINE, hairline="#d9cfc6", muted="#6d625c")
COLUMNS = (
    Column("Désignation", 23),
    Column("Qté", 112, "right"),
    Column("Unité", 116),
    Column("P.U. HT", 152, "right"),
    Column("TVA", 165, "right"),
    Column("Montant HT", 187, "right"),
)
LOOK = TableLook(left=20, right=190, band=SAND, head_ink=WINE, detail_column=0, row_height=7.2, detail_height=4)


def draw(bill: Bill) -> bytes:
    sheet = Sheet(theme=THEME, title=f"Facture {bill.number}", author=bill.seller.legal_name)
    _letterhead(sheet, bill=bill)
    y = draw_items(sheet, columns=COLUMNS, look=LOOK, y=113, rows=_rows(bill))
    _totals(sheet, bill=bill, y=y + 5)
    _payment(sheet, bill=bill, y=205)
    _notices(sheet, bill=bill)
    return sheet.finish()


def _letterhead(sheet: Sheet, *, bill: Bill) -> None:
    seller = bill.seller
    for index in range(5):  # the arches of the river bridge
        x = 88.5 + index * 7
        sheet.disc(x + 2.5, 20, 3.1, colour=WINE)
        sheet.disc(x + 2.5, 20.6, 2.3, colour="#ffffff")
    sheet.box(84, 20, 42, 4.4, colour="#ffffff")
    sheet.box(84, 16.2, 42, 1, colour=WINE)
    sheet.text(105, 28, "Les Salons de la Garonne", size=21, bold=True, colour=WINE, align="centre")
    line = f"{seller.street}, {seller.place} – Tél. {seller.phone} – {seller.email}"
    sheet.text(105, 33.5, line, size=8.6, colour=THEME.muted, align="centre")
    sheet.rule(20, 38, 190, thickness=0.8, colour=WINE)
    sheet.text(20, 54, "FACTURE", size=22, bold=True, colour=WINE)
    draw_pairs(
        sheet,
        x=20,
        y=63,
        value_x=52,
        bold=("Facture n°",),
        leading=5.3,
        pairs=(
            ("Facture n°", bill.number),
            ("Date", slashed(bill.issue_date)),
            ("Échéance", slashed(bill.due_date)),
            ("Code client", bill.customer_number),
            ("TVA client", bill.buyer.vat_id),
        ),
    )
    sheet.text(112, 54, "Facturé à", italic=True, colour=THEME.muted)
    y = draw_address(sheet, x=112, y=61, buyer=bill.buyer, language="fr")
    sheet.text(112, y + 1, bill.buyer.email, size=9)
    sheet.text(20, 104, "Objet : séminaire commercial des 4 et 5 novembre 2026", italic=True)


def _rows(bill: Bill) -> list[tuple[tuple[str, ...], str]]:
    return [
        (
            (
                line.title,
                number(line.quantity, language="fr"),
                line.unit,
                money(line.price, language="fr"),
                f"{line.rate} %",
                money(line.net, language="fr"),
            ),
            line.detail,
        )
        for line in bill.lines
    ]


def _totals(sheet: Sheet, *, bill: Bill, y: float) -> None:
    def euro(amount: Decimal) -> str:
        return f"{money(amount, language='fr')} €"

    row = bill.tax_rows[0]
    draw_totals(
        sheet,
        x=118,
        right=187,
        y=y,
        rows=(("Total HT", euro(bill.subtotal)), (f"TVA {row.rate} %", euro(row.amount))),
        grand=("Total TTC", euro(bill.total)),
    )


def _payment(sheet: Sheet, *, bill: Bill, y: float) -> None:
    account = bill.account
    sheet.box(20, y, 170, 36, colour=SAND)
    sheet.text(24, y + 6.5, "Règlement par virement à 30 jours", bold=True, colour=WINE)
    sheet.text(24, y + 12.5, "Date limite de paiement :")
    sheet.text(66, y + 12.5, slashed(bill.due_date), bold=True)
    draw_pairs(
        sheet,
        x=24,
        y=y + 18.5,
        value_x=66,
        leading=5,
        pairs=(
            ("Banque", account.bank),
            ("IBAN", account.printed_iban),
            ("BIC", account.bic),
        ),
    )
    sheet.text(24, y + 33.3, "Référence à rappeler :")
    sheet.text(66, y + 33.3, bill.reference, bold=True)


def _notices(sheet: Sheet, *, bill: Bill) -> None:
    seller = bill.seller
    sheet.paragraph(
        20,
        250,
        "En cas de retard de paiement, une pénalité égale à trois fois le taux d'intérêt légal sera exigible "
        "(article L. 441-10 du code de commerce), ainsi qu'une indemnité forfaitaire pour frais de recouvrement de "
        "40 €. Pas d'escompte pour paiement anticipé.",
        width=170,
        size=8,
        leading=3.7,
        colour=THEME.muted,
    )
    sheet.rule(20, 268, 190, thickness=0.5, colour=WINE)
    sheet.lines(
        105,
        273,
        (
            f"{seller.legal_name} au capital de 20 000 € – RCS Bordeaux 999 514 284 – SIRET 999 514 284 00028",
            f"APE 6820B – N° TVA intracommunautaire {seller.vat_id} – {seller.website}",
        ),
        leading=3.8,
        size=8,
        align="centre",
        colour=THEME.muted,
    )
