"""Payment slips at the foot of the page: the Swiss QR-bill, a giro form, and EPC codes."""

from benchmarks.generator.draft import Draft, grouped_iban
from benchmarks.generator.marks import EMPTY, Block, Code, Mark, Rule, stacked
from benchmarks.generator.typesetting import Pair

SLIP_HEIGHT = 297.6  # 105 mm, SIX Implementation Guidelines QR-bill
_TITLES = {
    "de": (
        "Empfangsschein",
        "Zahlteil",
        "Konto / Zahlbar an",
        "Referenz",
        "Zahlbar durch",
        "Währung",
        "Betrag",
        "Annahmestelle",
    ),
    "fr": (
        "Récépissé",
        "Section paiement",
        "Compte / Payable à",
        "Référence",
        "Payable par",
        "Monnaie",
        "Montant",
        "Point de dépôt",
    ),
}


def epc_code(draft: Draft) -> Block:
    """EPC069-12 version 002, 25 mm; empty where the structure has none."""
    if draft.structure.slip != "epc":
        return EMPTY
    invoice, account = draft.invoice, draft.invoice.accounts[0]
    structured = invoice.reference.value if invoice.reference.kind == "rf" else ""
    text = "" if structured else (invoice.reference.value or invoice.number)
    lines = (
        "BCD",
        "002",
        "1",
        "SCT",
        account.bic,
        account.holder,
        account.iban,
        f"EUR{invoice.sums.payable:.2f}",
        "",
        structured,
        text,
    )
    side = 71.0
    return Block(side, side, (Code(0, 0, side, "\n".join(lines).rstrip("\n")),))


def swiss_payload(draft: Draft) -> str:
    """SIX Implementation Guidelines QR-bill 2.3 with structured addresses."""
    invoice, account = draft.invoice, draft.invoice.accounts[0]
    kinds = {"qrr": "QRR", "rf": "SCOR"}
    kind = kinds.get(invoice.reference.kind, "NON")
    lines = ["SPC", "0200", "1", account.iban, *_structured(draft, seller=True), *[""] * 7]
    lines += [f"{invoice.sums.payable:.2f}", invoice.currency, *_structured(draft, seller=False)]
    message = invoice.number if kind == "NON" else ""
    lines += [kind, invoice.reference.value if kind != "NON" else "", message, "EPD"]
    return "\n".join(lines)


def _structured(draft: Draft, *, seller: bool) -> list[str]:
    party = draft.invoice.seller if seller else draft.invoice.buyer
    street, _, number = party.address[0].rpartition(" ")
    postcode, _, city = party.address[-1].partition(" ")
    return ["S", party.name, street, number, postcode, city, party.locale.country]


def qr_bill(draft: Draft) -> Block:
    """Receipt and payment part across the whole page, 105 mm high, to be put at its lower edge."""
    width = draft.structure.page_size[0]
    receipt_width = 175.7
    titles = _TITLES[draft.invoice.locale.language]
    receipt = _part(draft, titles, title=titles[0], step=-1.0, width=receipt_width - 28, states=False)
    details = _part(draft, titles, title="", step=0.0, width=width - receipt_width - 180, states=True)
    side = 130.4
    heading = draft.type.line(titles[1], step=2, bold=True)
    amounts = _amounts(draft, titles, states=True)
    marks: list[Mark] = [
        Rule(0, 0, width, 0, 0.5, "#000000", dashed=True),
        Rule(receipt_width, 0, receipt_width, SLIP_HEIGHT, 0.5, "#000000", dashed=True),
        *receipt.at(x=14, y=14),
        *_amounts(draft, titles, states=False).at(x=14, y=205),
        *draft.type.line(titles[7], step=-2.5, bold=True).at(x=118, y=240),
        *heading.at(x=receipt_width + 14, y=14),
        Code(receipt_width + 14, 48, side, swiss_payload(draft), cross=True),
        *amounts.at(x=receipt_width + 14, y=205),
        *details.at(x=receipt_width + 164, y=14),
    ]
    return Block(width, SLIP_HEIGHT, tuple(marks))


def _part(draft: Draft, titles: tuple[str, ...], *, title: str, step: float, width: float, states: bool) -> Block:
    invoice, type_ = draft.invoice, draft.type
    account = invoice.accounts[0]
    head = [type_.line(title, step=2, bold=True)] if title else []
    payee = [
        type_.line(titles[2], step=step - 1.5, bold=True),
        type_.line(grouped_iban(account.iban), step=step, field="iban" if states else "", room=width),
        type_.line(account.holder, step=step, field="seller_name" if states else "", room=width),
        *(type_.line(line, step=step, room=width) for line in invoice.seller.address),
    ]
    reference = []
    if invoice.reference.kind in {"qrr", "rf"}:
        reference = [
            type_.line(titles[3], step=step - 1.5, bold=True),
            type_.line(invoice.reference.printed, step=step, field="reference" if states else "", room=width),
        ]
    payer = [
        type_.line(titles[4], step=step - 1.5, bold=True),
        type_.line(invoice.buyer.name, step=step, room=width),
        *(type_.line(line, step=step, room=width) for line in invoice.buyer.address),
    ]
    return stacked([stacked(head), stacked(payee), stacked(reference), stacked(payer)], gap=6)


def _amounts(draft: Draft, titles: tuple[str, ...], *, states: bool) -> Block:
    invoice, type_ = draft.invoice, draft.type
    value = f"{invoice.sums.payable:,.2f}".replace(",", " ")
    left = stacked(
        [
            type_.line(titles[5], step=-1.5, bold=True),
            type_.line(invoice.currency, field="currency_code" if states else ""),
        ]
    )
    right = stacked([type_.line(titles[6], step=-1.5, bold=True), type_.line(value)])
    return Block(50 + right.width, left.height, (*left.marks, *right.at(x=50, y=0)))


def giro(draft: Draft) -> Block:
    """A form with the payee, account, reference, due date and amount in ruled cells, as wide as the text area."""
    invoice, type_, room = draft.invoice, draft.type, draft.room
    account = invoice.accounts[0]
    by_iban = draft.structure.print_iban or not account.number
    left: list[Pair] = [
        (draft.label("holder"), account.holder, "seller_name"),
        (draft.label("iban"), grouped_iban(account.iban), "iban")
        if by_iban
        else (draft.label("account"), account.number, "account"),
    ]
    if by_iban:
        left.append((draft.label("bic"), account.bic, "bic"))
    right: list[Pair] = [(draft.label("payable"), draft.money(invoice.sums.payable), "amount_due")]
    if not invoice.case.instalments:
        right.insert(0, (draft.label("due_date"), draft.formats.date(invoice.terms.due_date), "due_date"))
    if invoice.reference.value:
        right.append((draft.reference_label, invoice.reference.printed, "reference"))
    columns = []
    for pairs in (left, right):
        columns.append(stacked([type_.over(pair, width=room / 2 - 16) for pair in pairs], gap=7))
    height = max(block.height for block in columns) + 16
    marks: list[Mark] = [Rule(-20, 0, room + 20, 0, 0.5, type_.muted, dashed=True)]
    marks += [*columns[0].at(x=6, y=10), *columns[1].at(x=room / 2 + 6, y=10)]
    marks.append(Rule(room / 2, 6, room / 2, height, 0.4, type_.hairline))
    return Block(room, height, tuple(marks))
