"""The foot of each page: the seller's particulars in columns or in lines, and the page's number."""

from benchmarks.generator.accounts import Account
from benchmarks.generator.draft import Draft
from benchmarks.generator.marks import EMPTY, Block, Rule, Said, beside, stacked
from benchmarks.generator.payments import account_pairs
from benchmarks.generator.typesetting import Pair

_STEP = -1.8


def footer(draft: Draft) -> Block:
    """The seller's address, contacts, register and bank; as wide as the text area, empty where there is none."""
    columns = draft.structure.footer_columns
    groups = _groups(draft)
    if columns == 0 or not groups:
        return _needed_line(draft)
    room = draft.room
    if columns == 1:
        lines = [
            draft.type.paragraph(
                _joined(group), width=room, step=_STEP, said=_said(group), colour=draft.type.muted, align="left"
            )
            for group in groups
        ]
        block = stacked(lines, gap=1)
    else:
        block = _in_columns(draft, groups, columns)
    rule = Rule(0, 0, room, 0, 0.5, draft.type.hairline)
    return Block(room, block.height + 5, (rule, *block.at(x=0, y=5)))


def page_number(draft: Draft, *, number: int, count: int) -> Block:
    text = draft.label("page", n=str(number), m=str(count))
    return draft.type.line(text, step=-1.5, colour=draft.type.muted)


def _said(group: list[Pair]) -> tuple[Said, ...]:
    return tuple(Said(field, value) for _, value, field in group if field)


def _joined(group: list[Pair]) -> str:
    return " · ".join(f"{label.rstrip(':')} {value}".strip() for label, value, _ in group)


def _groups(draft: Draft) -> list[list[Pair]]:
    seller, structure = draft.invoice.seller, draft.structure
    address: list[Pair] = [("", seller.name, "seller_name"), *(("", line, "") for line in seller.address)]
    contacts: list[Pair] = [
        (draft.label("phone"), seller.phones[0], ""),
        (draft.label("email"), seller.emails[0], "seller_email"),
        ("", f"www.{seller.domain}", ""),
    ]
    numbers: list[Pair] = []
    if seller.vat_printed:
        numbers.append((draft.wording.vat_label(), seller.vat_printed, "seller_vat_id"))
    tax_labels = seller.locale.habits("tax_number_labels")
    if seller.tax_number and tax_labels:
        numbers.append((draft.chance.choice(tax_labels), seller.tax_number, ""))
    if seller.register:
        numbers.append(("", seller.register, ""))
    if draft.chance.random() < 0.5:
        director = draft.chance.choice(seller.locale.words("labels", "director"))
        numbers.append(("", director.format(name=seller.person), ""))
    bank = [_bank_group(draft, account, index) for index, account in enumerate(draft.invoice.accounts)]
    groups = [address, contacts, numbers]
    if structure.bank == "footer" and structure.slip not in {"giro", "qr_bill"}:
        groups += bank if structure.footer_columns == 4 else [[pair for group in bank for pair in group]]
    else:
        kept = (numbers, address) if structure.letterhead == "none" and not structure.sender_line else (numbers,)
        groups = [group for group in groups if draft.chance.random() < 0.8 or any(group is each for each in kept)]
    if draft.chance.random() < 0.15:
        groups.reverse()
    return [group for group in groups if group]


def _bank_group(draft: Draft, account: Account, index: int) -> list[Pair]:
    return account_pairs(draft, account, is_first=index == 0)


def _needed_line(draft: Draft) -> Block:
    """Without a footer the seller's name must stand somewhere; without a letterhead, here."""
    seller = draft.invoice.seller
    if draft.structure.letterhead != "none" or draft.structure.sender_line:
        return EMPTY
    text = ", ".join((seller.name, *seller.address))
    return draft.type.line(text, step=_STEP, field="seller_name", value=seller.name, room=draft.room)


def _in_columns(draft: Draft, groups: list[list[Pair]], columns: int) -> Block:
    """The groups dealt out to the columns from left to right; surplus ones go under the last."""
    dealt: list[list[Pair]] = [[] for _ in range(min(columns, len(groups)))]
    for index, group in enumerate(groups):
        dealt[min(index, len(dealt) - 1)] += group
    width = draft.room / len(dealt)
    blocks = []
    for pairs in dealt:
        lines = []
        for label, value, field in pairs:
            text = f"{label.rstrip(':')}{':' if label and draft.type.colon else ''} {value}".strip()
            said = (Said(field, value),) if field else ()
            lines.append(draft.type.paragraph(text, width=width - 8, step=_STEP, said=said, colour=draft.type.muted))
        blocks.append(stacked(lines))
    return beside(blocks, at=[index * width for index in range(len(blocks))])
