"""The draft payment that a document becomes, where the books hold every true seller with its true account."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from benchmarks.accuracy.truth import KnownDocument
from counterparties.evidence import AccountRow, CounterpartyRow
from invoices.money import from_minor
from ocr.corrections import Decisions
from ocr.evaluation.comparison import is_same, normal_form
from ocr.extraction.fields import FieldName, InvoiceFields, KnownPayer
from ocr.extraction.thresholds import USUAL
from ocr.pipeline import Stopwatch, Surroundings, settle
from transfers.drafting import SourceAccount, TransferDraft

_NAMESPACE = UUID("6b1f4b0e-7c58-4f0e-9a52-0d0a54b1c0de")


@dataclass(frozen=True, slots=True)
class ScoredDraft:
    """`is_ready`: a person could finalise it as it stands. `has_wrong_money`: amount, currency or account are not the
    true ones. `has_wrong_words`: the reference or the due date are not."""

    is_ready: bool
    has_wrong_money: bool
    has_wrong_words: bool


def books(documents: Sequence[KnownDocument]) -> tuple[CounterpartyRow, ...]:
    """One counterparty for every true seller, with all names, numbers and accounts that the documents state."""
    known: dict[str, list[KnownDocument]] = defaultdict(list)
    for document in documents:
        if names := _values(document, "seller_name"):
            known[normal_form(name="seller_name", value=names[0])].append(document)
    return tuple(_row(key, mine) for key, mine in sorted(known.items()))


def scored_draft(
    *, known: KnownDocument, fields: InvoiceFields, candidates: tuple[CounterpartyRow, ...], today: date
) -> ScoredDraft:
    """The draft of these fields against the truth; what is not known of the document counts as right."""
    surroundings = Surroundings(
        payer=KnownPayer(names=known.payer),
        find_candidates=lambda _: candidates,
        default_source=lambda currency: SourceAccount(_id("payer"), _id(f"payer {currency}")),
        decisions=Decisions(),
        today=today,
        strictness=USUAL,
    )
    draft = settle(fields=fields, surroundings=surroundings, stopwatch=Stopwatch()).draft
    return ScoredDraft(
        is_ready=not draft.blockers,
        has_wrong_money=not _has_right_money(known, draft),
        has_wrong_words=not _has_right_words(known, fields, draft),
    )


def _has_right_money(known: KnownDocument, draft: TransferDraft) -> bool:
    currencies = _values(known, "currency_code") or (draft.currency,)
    if draft.amount_minor is None or draft.currency not in currencies:
        return False
    amount = from_minor(minor=draft.amount_minor, currency=draft.currency)
    return _is_one_of(known, "total", str(amount)) and _is_one_of(known, "iban", draft.iban)


def _has_right_words(known: KnownDocument, fields: InvoiceFields, draft: TransferDraft) -> bool:
    name: FieldName = "reference" if fields.value("reference") else "invoice_number"
    due = fields.value("due_date")
    return _is_one_of(known, name, draft.reference) and (due is None or _is_one_of(known, "due_date", due))


def _is_one_of(known: KnownDocument, name: FieldName, value: str) -> bool:
    truth = known.truth.get(name)
    return truth is None or any(is_same(name=name, value=value, truth=each) for each in truth.values)


def _row(key: str, documents: Sequence[KnownDocument]) -> CounterpartyRow:
    names = _all(documents, "seller_name")
    return CounterpartyRow(
        id=_id(key),
        legal_name=names[0],
        aliases=names[1:],
        vat_id=next(iter(_all(documents, "seller_vat_id")), ""),
        emails=_all(documents, "seller_email"),
        accounts=tuple(
            AccountRow(_id(f"{key} {iban}"), iban, "", "", is_primary=number == 0)
            for number, iban in enumerate(_all(documents, "iban"))
        ),
    )


def _all(documents: Sequence[KnownDocument], name: FieldName) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for document in documents for value in _values(document, name)))


def _values(document: KnownDocument, name: FieldName) -> tuple[str, ...]:
    truth = document.truth.get(name)
    return truth.values if truth else ()


def _id(text: str) -> UUID:
    return uuid5(_NAMESPACE, text)
