"""A document's way through the house: five pure steps from bytes to a draft payment.

    bytes ─ sniff, read ─▶ DocumentText ─ extract ─▶ InvoiceFields ─ match ─▶ Match ─ draft ─▶ TransferDraft

Whatever a step needs besides its input (clock, reader, ledger, decisions) is an argument; effects are in `processing`.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol
from uuid import UUID

from counterparties.account_comparison import settled_among
from counterparties.evidence import CounterpartyRow, Match, MatchWarning, PayeeEvidence
from counterparties.identifiers import compact, vat_key
from counterparties.lookalikes import plain_letters
from counterparties.matching import match_payee
from counterparties.payee_names import NameCheck, check_name
from counterparties.payee_safety import safeguarded
from customers.sentences import Sentence
from ocr.corrections import Decisions, corrected_fields, decided_match
from ocr.extraction.bank import SEVERAL_IBANS, several_ibans
from ocr.extraction.certainty import doubted
from ocr.extraction.checks import iban_of
from ocr.extraction.choice import MOST_RUNNERS_UP
from ocr.extraction.extractor import extract_fields
from ocr.extraction.fields import InvoiceFields, KnownPayer
from ocr.extraction.hint_places import Hint
from ocr.extraction.hints import Used, hinted
from ocr.extraction.second_look import regions_to_read_again
from ocr.extraction.thresholds import Strictness
from ocr.reading.document import DocumentText, Region
from ocr.reading.sandbox import ReadingResult
from transfers.blockers import PaymentWarning
from transfers.drafting import (
    PaymentDetails,
    SourceAccount,
    TransferDraft,
    draft_transfer,
    payee_of,
    with_warnings,
)
from transfers.duplicates import Bill

PIPELINE_VERSION = "1"
_ACCOUNT_SAID = frozenset({"iban", "cp_account_id"})
"""Decisions after which it is no question any more which of several accounts is meant."""


class PayeeCheck(Protocol):
    """Compares the document's payee with the holders of the account that is to be paid."""

    def __call__(self, *, payee: str | None, holders: Sequence[str], iban: str) -> NameCheck: ...


def _by_ledger(*, payee: str | None, holders: Sequence[str], **_: str) -> NameCheck:
    return check_name(payee=payee, holders=holders)


class NewcomerCheck(Protocol):
    """The warning about a payee that was entered while the document waited; None of any other."""

    def __call__(self, *, counterparty_id: UUID, account_id: UUID) -> MatchWarning | None: ...


def _no_newcomers(**_: UUID) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the steps need to know of the world: the payer, its ledger, what people decided, the day, and how sure a
    printed value must be."""

    payer: KnownPayer
    find_candidates: Callable[[PayeeEvidence], tuple[CounterpartyRow, ...]]
    default_source: Callable[[str | None], SourceAccount]
    decisions: Decisions
    today: date
    strictness: Strictness
    compare_with_history: Callable[[Bill], tuple[PaymentWarning, ...]] = lambda _: ()
    check_payee: PayeeCheck = _by_ledger
    check_newcomer: NewcomerCheck = _no_newcomers
    hints_of: Callable[[UUID], tuple[Hint, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What the ledger side of the pipeline decided. `warnings` are those that earlier bills give."""

    fields: InvoiceFields
    match: Match
    draft: TransferDraft
    warnings: tuple[PaymentWarning, ...] = ()


@dataclass(slots=True)
class Stopwatch:
    """Wall seconds by stage, filled as the steps run; `around` is entered for each stage that is run."""

    seconds: dict[str, float] = field(default_factory=dict)
    around: Callable[[str], AbstractContextManager[None]] = lambda _: nullcontext()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            with self.around(name):
                yield
        finally:
            self.seconds[name] = round(self.seconds.get(name, 0.0) + time.perf_counter() - started, 4)


def read(*, content: bytes, read_document: Callable[[bytes], ReadingResult], stopwatch: Stopwatch) -> ReadingResult:
    """Bytes → words and witnesses. Raises `UnreadableDocument`, also for a kind that is not accepted."""
    with stopwatch.stage("read"):
        result = read_document(content)
    # The reader's own stages are processor seconds of its child, a part of the wall seconds of `read`.
    stopwatch.seconds |= {f"read_{name}": spent for name, spent in result.seconds if name != "read"}
    return result


class RegionReader(Protocol):
    """Reads regions of a document again; comes back with the document that holds what was read, and with processor
    seconds by stage."""

    def __call__(
        self, *, content: bytes, document: DocumentText, regions: Sequence[Region]
    ) -> tuple[DocumentText, tuple[tuple[str, float], ...]]: ...


def read_again(
    *, content: bytes, document: DocumentText, payer: KnownPayer, read_regions: RegionReader, stopwatch: Stopwatch
) -> DocumentText:
    """Words and witnesses → the same, with what a second look at doubtful regions saw. Words of a text layer are never
    doubted, and a document without doubts is not opened again."""
    if not any(page.source == "ocr" for page in document.pages):
        return document
    with stopwatch.stage("read_again"):
        regions = regions_to_read_again(document=document, payer=payer)
        if not regions:
            return document
        document, seconds = read_regions(content=content, document=document, regions=regions)
    stopwatch.seconds |= {f"read_again_{name}": spent for name, spent in seconds}
    return document


def extract(
    *, document: DocumentText, payer: KnownPayer, today: date, strictness: Strictness, stopwatch: Stopwatch
) -> InvoiceFields:
    """Words and witnesses → fields, verified or empty."""
    with stopwatch.stage("extract"):
        return extract_fields(document=document, payer=payer, today=today, strictness=strictness)


def with_hints(
    *, document: DocumentText, fields: InvoiceFields, surroundings: Surroundings, stopwatch: Stopwatch
) -> tuple[InvoiceFields, tuple[Used, ...]]:
    """Fields → fields with what people taught about the documents of the supplier that these name, and the hints used.

    Where what the hints found names another supplier, they are of no use.
    """
    if surroundings.hints_of is None:
        return fields, ()
    with stopwatch.stage("hints"):
        supplier = _supplier(fields=fields, surroundings=surroundings)
        hints = surroundings.hints_of(supplier) if supplier else ()
        if not hints:
            return fields, ()
        improved, used = hinted(fields=fields, document=document, hints=hints, strictness=surroundings.strictness)
        if not used or _supplier(fields=improved, surroundings=surroundings) != supplier:
            return fields, ()
        return improved, used


def _supplier(*, fields: InvoiceFields, surroundings: Surroundings) -> UUID | None:
    decided = corrected_fields(fields=fields, decisions=surroundings.decisions)
    return matched(fields=decided, surroundings=surroundings)[0].counterparty_id


def settle(*, fields: InvoiceFields, surroundings: Surroundings, stopwatch: Stopwatch) -> Settled:
    """Fields → who is to be paid, to which account, and the draft with its blockers."""
    decisions = surroundings.decisions
    with stopwatch.stage("match"):
        fields = corrected_fields(fields=fields, decisions=decisions)
        fields = doubted(fields=fields, strictness=surroundings.strictness)
        match, candidates = matched(fields=fields, surroundings=surroundings)
        fields = _without_answered(fields=fields, match=match, decisions=decisions)
    with stopwatch.stage("draft"):
        payment = payment_details(fields)
        draft = draft_transfer(
            payment=payment,
            match=match,
            payee=payee_of(match=match, candidates=candidates),
            source=surroundings.default_source(payment.currency),
            warning_codes=tuple(warning.code for warning in fields.warnings),
            is_credit_note=fields.document_type == "credit_note",
            today=surroundings.today,
        )
    with stopwatch.stage("compare"):
        warnings = surroundings.compare_with_history(draft.bill)
        draft = with_warnings(draft=draft, warnings=warnings)
    return Settled(fields=fields, match=match, draft=draft, warnings=warnings)


def matched(*, fields: InvoiceFields, surroundings: Surroundings) -> tuple[Match, tuple[CounterpartyRow, ...]]:
    """Who is to be paid and where to, people's decisions laid over it, with all warnings; and the candidates."""
    decisions, evidence = surroundings.decisions, payee_evidence(fields)
    if not _ACCOUNT_SAID & decisions.targets:
        evidence = replace(evidence, other_ibans=_other_ibans(fields))
    candidates = surroundings.find_candidates(evidence)
    match = match_payee(evidence=evidence, candidates=candidates)
    match = decided_match(match=match, decisions=decisions, evidence=evidence, candidates=candidates)
    is_payee_decided = decisions.counterparty_id is not None or decisions.account_id is not None
    name = plain_letters(evidence.name or "")
    imitates_letters = name != (evidence.name or "")
    match = safeguarded(
        match=match,
        evidence=evidence,
        candidates=candidates,
        resembling=surroundings.find_candidates(replace(evidence, name=name)) if imitates_letters else (),
        is_payee_decided=is_payee_decided,
    )
    named = _several_named(fields=fields, decisions=decisions)
    # The readings keep four at most: of more, not all are known here.
    if 2 <= len(named) < MOST_RUNNERS_UP:
        match = settled_among(match=match, candidates=candidates, ibans=named, currency=evidence.currency)
    if match.counterparty_id and match.account_id and not is_payee_decided:
        warning = surroundings.check_newcomer(counterparty_id=match.counterparty_id, account_id=match.account_id)
        if warning and warning.code not in {each.code for each in match.warnings}:
            match = replace(match, warnings=(*match.warnings, warning))
    match = name_checked(match=match, evidence=evidence, candidates=candidates, surroundings=surroundings)
    return match, candidates


def _several_named(*, fields: InvoiceFields, decisions: Decisions) -> frozenset[str]:
    """The accounts that the document names without saying which one to pay to; none once a person has said it."""
    reading = fields.reading("iban")
    if reading.chosen or _ACCOUNT_SAID & decisions.targets:
        return frozenset()
    return frozenset(each.value for each in reading.runners_up if "one_of_several" in each.checks_failed)


def _without_answered(*, fields: InvoiceFields, match: Match, decisions: Decisions) -> InvoiceFields:
    """Without the extraction's word on an account abroad and on several accounts, where the books answer it: they may
    be on file. That several are named is said again where the books have changed since the last run."""
    kept = tuple(each for each in fields.warnings if each.code not in {"iban_country_mismatch", SEVERAL_IBANS})
    told = tuple(each for each in fields.warnings if each.code == SEVERAL_IBANS and not decisions.account_id)
    if named := _several_named(fields=fields, decisions=decisions):
        is_settled = match.account_id is not None and not match.account_is_assumed
        told = () if is_settled else told or (several_ibans(len(named)),)
    return replace(fields, warnings=(*kept, *told))


def payee_evidence(fields: InvoiceFields) -> PayeeEvidence:
    """What the document says of the seller, as matching wants it."""
    return PayeeEvidence(
        name=fields.value("seller_name"),
        vat_id=fields.value("seller_vat_id"),
        email=fields.value("seller_email"),
        iban=fields.value("iban"),
        bic=fields.value("bic"),
        currency=fields.value("currency_code"),
        address=fields.value("seller_address"),
        reference=fields.value("reference"),
        invoice_number=fields.value("invoice_number"),
        registration_numbers=fields.seller_contacts.registration_numbers,
        phones=fields.seller_contacts.phones,
        websites=fields.seller_contacts.websites,
    )


def _other_ibans(fields: InvoiceFields) -> tuple[str, ...]:
    """The valid ones (ISO 13616) that stand on the document and were not chosen."""
    return tuple(each.value for each in fields.reading("iban").runners_up if iban_of(each.value) == each.value)


def name_checked(
    *, match: Match, evidence: PayeeEvidence, candidates: Sequence[CounterpartyRow], surroundings: Surroundings
) -> Match:
    """The match with the answer whether the document's payee holds the account that would be paid; `no_match` warns.

    The names on file say nothing against a payee whom a person has decided on, nor against one whose VAT number and
    account both stand on the document: it may name the bank that collects. What a service answers still does.
    """
    row = next((row for row in candidates if row.id == match.counterparty_id), None)
    account = next((each for each in row.accounts if each.id == match.account_id), None) if row else None
    if row is None or account is None:
        return match
    holders = (row.legal_name, *row.aliases, *row.confirmed.names)
    check = surroundings.check_payee(payee=evidence.name, holders=holders, iban=account.iban)
    decisions = surroundings.decisions
    is_decided = decisions.counterparty_id == row.id or decisions.account_id == account.id
    vat = vat_key(evidence.vat_id or "")
    is_proven = bool(vat) and vat == vat_key(row.vat_id) and compact(evidence.iban or "") == account.iban
    if check.answer != "no_match" or (check.asked == "ledger" and (is_decided or is_proven)):
        return replace(match, name_check=check)
    message = Sentence(
        "The document asks to pay {payee}, but the account is that of {holder}.", payee=check.payee, holder=check.holder
    )
    warning = MatchWarning("payee_name_differs", message)
    return replace(match, name_check=check, warnings=(*match.warnings, warning))


def payment_details(fields: InvoiceFields) -> PaymentDetails:
    """What the document asks to be paid, as drafting wants it. Without a reference the invoice number is quoted."""
    due_date, issue_date = fields.value("due_date"), fields.value("issue_date")
    return PaymentDetails(
        amount=fields.amount("total"),
        currency=fields.value("currency_code"),
        iban=fields.value("iban"),
        bic=fields.value("bic"),
        payee_name=fields.value("seller_name"),
        reference=fields.value("reference") or fields.value("invoice_number"),
        due_date=date.fromisoformat(due_date) if due_date else None,
        invoice_number=fields.value("invoice_number"),
        issue_date=date.fromisoformat(issue_date) if issue_date else None,
    )
