"""How the invoice is to be paid: terms, bank details, reference, and what is said about the tax."""

from benchmarks.generator.accounts import Account
from benchmarks.generator.draft import Draft, grouped_iban
from benchmarks.generator.marks import EMPTY, Block, Said, beside, framed, stacked
from benchmarks.generator.typesetting import LabelSide, Pair


def terms_block(draft: Draft, *, width: float) -> Block:
    """When to pay: a date, days only, a cash discount, instalments or a direct debit. Empty on a credit note."""
    invoice, due = draft.invoice, draft.structure.due
    if invoice.case.credit_note:
        return EMPTY
    if invoice.case.direct_debit:
        return _sentence(draft, "debit", width=width)
    if invoice.case.instalments:
        return _sentence(draft, "instalments", width=width)
    names = []
    if invoice.case.cash_discount:
        names.append("discount")
    elif due in {"date_and_sentence", "sentence"}:
        names.append("due")
    elif due == "days" or draft.chance.random() < 0.3:
        names.append("net")
    blocks = [_sentence(draft, name, width=width) for name in names]
    if blocks and draft.chance.random() < 0.35:
        head = draft.type.line(draft.label("terms") + draft.type.colon, bold=True)
        return stacked([head, *blocks])
    return stacked(blocks)


def _sentence(draft: Draft, name: str, *, width: float) -> Block:
    text, said = draft.filled(name)
    return draft.type.paragraph(text, width=width, said=said)


def account_pairs(draft: Draft, account: Account, *, is_first: bool) -> list[Pair]:
    """Label and value of what this invoice gives of an account."""
    invoice, structure = draft.invoice, draft.structure
    pairs: list[Pair] = []
    if draft.chance.random() < 0.3:
        pairs.append((draft.label("holder"), account.holder, "seller_name"))
    if draft.chance.random() < 0.75:
        pairs.append((draft.label("bank"), account.bank, ""))
    domestic = structure.print_domestic or not structure.print_iban
    if domestic and account.number:
        if account.clearing and invoice.locale.country not in {"CZ", "NO"}:
            pairs.append((draft.label("clearing"), account.clearing, ""))
        label = "Routing No." if invoice.locale.country == "US" else draft.label("account")
        pairs.append((label, account.number, "account"))
    if account.iban and structure.print_iban:
        pairs.append(_iban_pair(draft, account, is_first=is_first))
        if draft.chance.random() < 0.85:
            pairs.append((draft.label("bic"), account.bic, "bic" if is_first else "bic_other"))
    return _routed(pairs, account) if invoice.locale.country == "US" else pairs


def _routed(pairs: list[Pair], account: Account) -> list[Pair]:
    """American accounts: routing number, then account number."""
    kept = [pair for pair in pairs if pair[1] not in {account.clearing, account.number}]
    return [*kept, ("ABA / Routing No.", account.clearing, ""), ("Account No.", account.number, "account")]


def _iban_pair(draft: Draft, account: Account, *, is_first: bool) -> Pair:
    field = "iban" if is_first else "iban_other"
    text = account.iban if draft.chance.random() < 0.2 else grouped_iban(account.iban)
    if draft.invoice.locale.country == "PL" and draft.chance.random() < 0.4:
        text, field = text[2:].strip(), "account"
    return draft.label("iban"), text, field


def reference_pair(draft: Draft) -> list[Pair]:
    reference = draft.invoice.reference
    if not reference.value or draft.invoice.case.credit_note or draft.invoice.case.direct_debit:
        return []
    return [(draft.reference_label, reference.printed, "reference")]


def bank_block(draft: Draft, *, width: float, side: LabelSide | None = None) -> Block:
    """The seller's accounts and the reference, in the style of the structure; empty where the footer has them."""
    structure = draft.structure
    if structure.bank not in {"block", "table", "sentence", "head"} or structure.slip in {"giro", "qr_bill"}:
        return _reference_only(draft, width=width)
    if structure.bank == "sentence":
        return _bank_sentence(draft, width=width)
    type_, accounts = draft.type, draft.invoice.accounts
    reference = [] if structure.bank == "head" else reference_pair(draft)
    head = type_.line(draft.label("payment_details") + type_.colon, bold=True)
    if structure.bank == "table":
        blocks = [
            type_.pairs(account_pairs(draft, account, is_first=index == 0), side="header", width=width)
            for index, account in enumerate(accounts)
        ]
        return framed(stacked([head, *blocks, type_.pairs(reference, side="colon", width=width)], gap=3), padding=4)
    blocks = [
        type_.pairs(account_pairs(draft, account, is_first=index == 0), side=side or structure.bank_side, width=width)
        for index, account in enumerate(accounts)
    ]
    blocks.append(type_.pairs(reference, side=side or structure.bank_side, width=width))
    return stacked([head, *blocks], gap=3)


def _reference_only(draft: Draft, *, width: float) -> Block:
    if draft.structure.slip in {"giro", "qr_bill"} or draft.structure.bank == "head":
        return EMPTY
    return draft.type.pairs(reference_pair(draft), side="colon", width=width)


def _bank_sentence(draft: Draft, *, width: float) -> Block:
    """All bank details in running text."""
    rows = []
    for index, account in enumerate(draft.invoice.accounts):
        pairs = account_pairs(draft, account, is_first=index == 0)
        if index == 0:
            pairs += reference_pair(draft)
        joint = draft.chance.choice((", ", " · ", " / ", "; ", " | "))
        text = joint.join(f"{label.rstrip(':')} {value}" for label, value, _ in pairs)
        said = tuple(Said(field, value) for _, value, field in pairs if field)
        rows.append(
            draft.type.paragraph(f"{draft.label('payment_details').rstrip(':')}: {text}", width=width, said=said)
        )
    return stacked(rows, gap=2)


def tax_note(draft: Draft, *, width: float) -> Block:
    """Why no tax is charged, or that the prices contain it; empty otherwise."""
    case = draft.invoice.case
    name = (
        "reverse_charge"
        if case.reverse_charge
        else "exempt"
        if case.exempt
        else "prices_gross"
        if case.gross_prices
        else ""
    )
    return draft.type.paragraph(draft.wording.sentence(name), width=width) if name else EMPTY


def closing(draft: Draft, *, width: float) -> Block:
    """Where no reference is given, perhaps the wish for the invoice's number; and a friendly word."""
    blocks = []
    if draft.invoice.reference.kind == "none" and draft.chance.random() < 0.4 and not draft.invoice.case.credit_note:
        blocks.append(_sentence(draft, "quote_number", width=width))
    if draft.chance.random() < 0.5:
        blocks.append(draft.type.paragraph(draft.wording.sentence("thanks"), width=width))
    return stacked(blocks, gap=4)


def pay_area(draft: Draft, *, width: float) -> Block:
    """Terms, bank details and notes in the order of this invoice."""
    blocks = [terms_block(draft, width=width), bank_block(draft, width=width), tax_note(draft, width=width)]
    if draft.chance.random() < 0.3:
        blocks.reverse()
    return stacked([*blocks, closing(draft, width=width)], gap=8)


def with_code(draft: Draft, block: Block, code: Block) -> Block:
    """The block with a payment code at the right end of the text area."""
    return beside([block, code], at=[0, draft.room - code.width])
