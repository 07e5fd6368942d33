"""The structure of an invoice's page, drawn choice by choice: what stands where, and how it is set."""

import random
from dataclasses import dataclass
from typing import Literal

from benchmarks.generator.fonts import face, faces_for
from benchmarks.generator.invoices import Invoice
from benchmarks.generator.paper import Habit
from benchmarks.generator.typesetting import LabelSide, Typesetter

Frame = Literal["window_left", "window_right", "two_boxes", "stacked", "sheet"]
"""Address window left or right with the particulars beside it; seller and buyer in boxes side by side; everything one
under the other; or a form with the particulars in ruled cells."""

Place = Literal["left", "right", "centre", "none"]
TableStyle = Literal["grid", "ruled", "zebra", "plain", "band", "framed"]
TotalsStyle = Literal["right", "left", "boxed", "in_table", "strip", "wide"]
TaxStyle = Literal["rows", "table", "both", "plain"]
BankPlace = Literal["footer", "block", "table", "sentence", "head"]
Slip = Literal["none", "giro", "qr_bill", "epc"]
DueStyle = Literal["date", "date_and_sentence", "sentence", "days"]

_INKS = ("#000000", "#1d1d1f", "#222a35", "#2b2b2b")
_ACCENTS = ("#000000", "#0b4f6c", "#7a1f2b", "#1f6f43", "#444a54", "#2546a8", "#b35309", "#5b3a8c", "#00707a")
_COLUMN_ORDERS = (
    ("position", "description", "quantity", "price", "amount"),
    ("position", "article", "description", "quantity", "unit", "price", "amount"),
    ("quantity", "description", "price", "amount"),
    ("description", "quantity", "price", "amount"),
    ("article", "description", "quantity", "price", "tax_rate", "amount"),
    ("description", "amount"),
    ("quantity", "unit", "article", "description", "price", "amount"),
    ("description", "tax_rate", "quantity", "price", "amount"),
    ("position", "quantity", "description", "price", "tax_rate", "amount"),
    ("article", "description", "unit", "quantity", "price", "amount", "tax_rate"),
    ("position", "description", "price", "quantity", "amount", "gross_amount"),
)


@dataclass(frozen=True, slots=True)
class Structure:
    """One choice on each axis. `signature` names those that decide where a value is found."""

    frame: Frame
    letterhead: Place
    logo: Place
    sender_line: bool
    info_side: LabelSide
    info_cells: int
    title_place: Literal["top", "above_table", "with_number", "dated", "right"]
    columns: tuple[str, ...]
    table: TableStyle
    totals: TotalsStyle
    totals_notes_beside: bool
    taxes: TaxStyle
    bank: BankPlace
    bank_side: LabelSide
    footer_columns: int
    slip: Slip
    due: DueStyle
    habit: Habit
    page_size: tuple[float, float]
    margin: float
    face: str
    fold_marks: bool
    party_labels: bool
    print_iban: bool
    print_domestic: bool
    buyer_vat: bool
    buyer_email: bool
    analysis_before_totals: bool

    @property
    def group(self) -> str:
        """Where labels stand to their values, in the particulars and in the sums: some forty groups, each of which
        can be held out whole."""
        return f"{self.info_side}-{self.totals}"

    @property
    def signature(self) -> str:
        """All axes of the page but colours, sizes and fonts."""
        return "-".join(
            (
                self.group,
                self.frame,
                f"head:{self.letterhead}",
                f"logo:{self.logo}",
                f"title:{self.title_place}",
                f"table:{self.table}",
                "+".join(self.columns),
                f"taxes:{self.taxes}",
                f"bank:{self.bank}:{self.bank_side}",
                f"footer:{self.footer_columns}",
                f"slip:{self.slip}",
                f"due:{self.due}",
            )
        )


def draw_structure(*, invoice: Invoice, chance: random.Random) -> Structure:
    """The choices for this invoice, those that its country or its case forbids left out."""
    country = invoice.locale.country
    slip = _slip(invoice, chance)
    bank: BankPlace = chance.choice(("footer", "footer", "block", "block", "table", "sentence", "head"))
    account = invoice.accounts[0]
    letter = country == "US" and chance.random() < 0.8
    letterhead: Place = chance.choice(("left", "right", "centre", "left", "right", "none"))
    return Structure(
        frame=chance.choice(("window_left", "window_left", "window_right", "two_boxes", "stacked", "sheet")),
        letterhead=letterhead,
        logo=chance.choice(("left", "right", "none", "none", "centre")),
        sender_line=chance.random() < (0.6 if letterhead == "none" else 0.35),
        info_side=chance.choice(("colon", "tab", "tab", "tab_right", "above", "broken", "header")),
        info_cells=chance.choice((2, 3, 4)),
        title_place=chance.choice(("top", "above_table", "above_table", "with_number", "dated", "right")),
        columns=_columns(invoice, chance),
        table=chance.choice(("grid", "ruled", "ruled", "zebra", "plain", "band", "framed")),
        totals=chance.choice(("right", "right", "right", "left", "boxed", "in_table", "strip", "wide")),
        totals_notes_beside=chance.random() < 0.25,
        taxes=_tax_style(invoice, chance),
        bank=bank,
        bank_side=chance.choice(("colon", "tab", "above", "broken", "colon")),
        footer_columns=chance.choice((0, 1, 2, 3, 4, 3)) if bank != "footer" else chance.choice((1, 2, 3, 4)),
        slip=slip,
        due=chance.choice(("date", "date", "date_and_sentence", "sentence", "days")),
        habit=chance.choice(
            ("runs", "runs", "runs", "words", "letters", "labels_first", "by_height", "fonts_together")
        ),
        page_size=(612.0, 792.0) if letter else (595.276, 841.89),
        margin=chance.choice((40.0, 50.0, 57.0, 62.0)),
        face=chance.choice(faces_for(invoice.locale.language)),
        fold_marks=country in {"DE", "AT", "CH"} and chance.random() < 0.4,
        party_labels=chance.random() < 0.5,
        print_iban=bool(account.iban) and (country not in {"GB", "SE", "DK", "NO", "CZ"} or chance.random() < 0.55),
        print_domestic=bool(account.number) and (country not in {"DE", "PL"} or chance.random() < 0.1),
        buyer_vat=bool(invoice.buyer.vat_id) and (invoice.case.reverse_charge or chance.random() < 0.4),
        buyer_email=chance.random() < 0.15,
        analysis_before_totals=chance.random() < 0.5,
    )


def typesetter_for(*, structure: Structure, language: str, chance: random.Random) -> Typesetter:
    return Typesetter(
        face=face(structure.face),
        base=chance.choice((8.0, 8.5, 9.0, 9.0, 9.5)),
        ink=chance.choice(_INKS),
        accent=chance.choice(_ACCENTS),
        muted=chance.choice(("#5f6570", "#777777", "#3d3d3d", "#000000")),
        hairline=chance.choice(("#c9ccd1", "#999999", "#333333")),
        bold_labels=chance.random() < 0.3,
        colon=chance.choice((" :", ":") if language == "fr" else (":", ":", "")),
    )


def _slip(invoice: Invoice, chance: random.Random) -> Slip:
    account, case = invoice.accounts[0], invoice.case
    if case.credit_note or case.direct_debit or not account.iban:
        return "none"
    if invoice.locale.country == "CH" and invoice.currency in {"CHF", "EUR"}:
        return "qr_bill" if chance.random() < 0.6 else "none"
    if invoice.locale.country in {"SE", "NO", "DK"} and chance.random() < 0.4:
        return "giro"
    if invoice.currency == "EUR" and invoice.locale.country in {"DE", "AT", "BE", "NL"} and chance.random() < 0.2:
        return "epc"
    return "giro" if chance.random() < 0.05 else "none"


def _columns(invoice: Invoice, chance: random.Random) -> tuple[str, ...]:
    columns = list(chance.choice(_COLUMN_ORDERS))
    if invoice.case.line_discounts:
        columns.insert(columns.index("amount"), "discount_rate")
    if len(invoice.sums.taxes) > 1 and "tax_rate" not in columns:
        columns.insert(columns.index("amount") + chance.choice((0, 1)), "tax_rate")
    if invoice.case.untaxed or invoice.case.gross_prices:
        columns = [name for name in columns if name != "gross_amount"]
    return tuple(columns)


def _tax_style(invoice: Invoice, chance: random.Random) -> TaxStyle:
    if invoice.case.untaxed:
        return chance.choice(("rows", "plain"))
    if len(invoice.sums.taxes) > 1:
        return chance.choice(("rows", "rows", "table", "both"))
    return chance.choice(("rows", "rows", "rows", "plain", "table"))
