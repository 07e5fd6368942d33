"""Whether a bill has been here before: the same seller with the same number, or with the same amount of the same day.

Pure: the earlier bills come from `transfers.history`. A bill that recurs (one payment reference or one amount, another
number or another day) is none that was here before. Other customers' bills are never among the earlier ones.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from counterparties.names import name_key
from customers.sentences import Sentence
from transfers.blockers import PaymentWarning

DUPLICATE_INVOICE = "duplicate_invoice"

_LIKE_DIGITS = str.maketrans("OIL", "011")
_SHORT = 3
"""A number of fewer characters is given twice by chance: it tells nothing without the amount."""

_RECURS_AFTER = 25
"""Days after which the same number and amount may be the next month's."""

_NUMBERED_ANEW = 300
"""Days after which a seller who numbers his bills anew each year may give a number again."""

_MOST_NAMED = 3

Likeness = Literal["document", "number", "recurring", "amount"]
STRONG: frozenset[Likeness] = frozenset({"document", "number"})
"""By which a bill is surely one that was paid."""


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill as its draft has it; empty and None are "not known". `amount_minor` is in the currency's minor unit.

    `number_key` is `number_key` of the invoice number (EN 16931 BT-1), `issue_date` BT-2.
    """

    counterparty_id: UUID | None
    payee_name: str
    number: str
    number_key: str
    amount_minor: int | None
    currency: str
    issue_date: date | None


@dataclass(frozen=True, slots=True)
class EarlierBill:
    """A bill that another document of the same customer brought. `is_paid`: its payment is finalised and stands.
    `is_same_document`: that document has the very same bytes."""

    bill: Bill
    transfer_id: UUID
    job_id: UUID | None
    upload_id: UUID | None
    is_paid: bool
    is_same_document: bool = False


def number_key(number: str) -> str:
    """An invoice number for comparison: letters and digits only, without leading zeros, what OCR takes for each other
    (O and 0, I, L and 1) made one. Empty when there is nothing to compare."""
    letters = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", number).upper())
    return letters.translate(_LIKE_DIGITS).lstrip("0")


def duplicate_warnings(*, bill: Bill, earlier: Iterable[EarlierBill]) -> tuple[PaymentWarning, ...]:
    """One warning that names the earlier bills which are the same, the paid ones first; none without such.

    It blocks where one of them is the same document, or has the same seller and number, and is paid: a second payment
    needs a person who cancels the first or corrects the number. Otherwise it informs, for two documents of one bill may
    both wait for approval.
    """
    alike = [(_how(bill, each), each) for each in earlier]
    # Only what was paid: documents alone, which anybody can send, must not make a number look like a contract's.
    recurs = len({each.bill.issue_date for how, each in alike if how == "recurring" and each.is_paid}) > 1
    same = [(how, each) for how, each in alike if how and not (how == "recurring" and recurs)]
    if not same:
        return ()
    same.sort(key=lambda pair: not pair[1].is_paid)
    blocks = any(each.is_paid and how in STRONG for how, each in same)
    named = [_named(each) for _, each in same[:_MOST_NAMED]]
    if len(same) > _MOST_NAMED:
        named.append(Sentence("and {number} more", number=len(same) - _MOST_NAMED))
    advice = Sentence("cancel one of the two payments") if blocks else Sentence("make sure that it is not paid twice")
    message = Sentence(
        "This bill seems to have come before: {named}; {advice}.",
        named=Sentence.joined(named, separator="; "),
        advice=advice,
    )
    field = "invoice_number" if bill.number_key else "total"
    return (PaymentWarning(DUPLICATE_INVOICE, message, field, blocker=DUPLICATE_INVOICE if blocks else None),)


def _how(bill: Bill, earlier: EarlierBill) -> Likeness | None:
    return "document" if earlier.is_same_document else likeness(one=bill, other=earlier.bill)


def likeness(*, one: Bill, other: Bill) -> Likeness | None:
    """By what two bills of one seller are the same bill; None where they are two, or of two sellers.

    `number`: the same number, and neither amount nor day speaks for two bills. `recurring`: the same number of a day a
    month or more apart, or of another day with another amount: a reminder, a bill that was changed, or a rent whose
    number is the contract's; most of a year later only with the same amount, for some number anew each year. `amount`:
    the same amount of the same day, where the numbers do not tell the bills apart.
    """
    if not _same_seller(one, other):
        return None
    same_amount = _same_amount(one, other)
    days_apart = abs((one.issue_date - other.issue_date).days) if one.issue_date and other.issue_date else None
    if one.number_key and one.number_key == other.number_key:
        if len(one.number_key) < _SHORT and not same_amount:
            return None
        if (days_apart or 0) >= _NUMBERED_ANEW and not same_amount:
            return None
        may_be_next = (days_apart or 0) >= _RECURS_AFTER or (bool(days_apart) and same_amount is False)
        return "recurring" if may_be_next else "number"
    if days_apart == 0 and same_amount and _numbers_may_be_one(one, other):
        return "amount"
    return None


def _numbers_may_be_one(one: Bill, other: Bill) -> bool:
    """Whether one was not read, or both have the same digits (`RE-4711` and `4711`)."""
    if not one.number_key or not other.number_key:
        return True
    digits = [re.sub(r"\D", "", each.number) for each in (one, other)]
    return len(digits[0]) >= _SHORT and digits[0] == digits[1]


def _same_amount(one: Bill, other: Bill) -> bool | None:
    """None where one of the two is not known."""
    if one.amount_minor is None or other.amount_minor is None:
        return None
    return (one.amount_minor, one.currency) == (other.amount_minor, other.currency)


def _same_seller(one: Bill, other: Bill) -> bool:
    if one.counterparty_id and other.counterparty_id:
        return one.counterparty_id == other.counterparty_id
    key = name_key(one.payee_name)
    return bool(key) and key == name_key(other.payee_name)


def _named(earlier: EarlierBill) -> Sentence:
    ids = [
        Sentence("job {job_id}", job_id=earlier.job_id) if earlier.job_id else None,
        Sentence("upload {upload_id}", upload_id=earlier.upload_id) if earlier.upload_id else None,
        Sentence("transfer {transfer_id}", transfer_id=earlier.transfer_id) if earlier.transfer_id else None,
    ]
    named = Sentence.joined([each for each in ids if each], separator=", ")
    if earlier.is_paid:
        return Sentence("{named} (its payment is finalised)", named=named)
    return Sentence("{named} (not paid yet)", named=named)
