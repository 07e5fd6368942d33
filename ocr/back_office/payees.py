"""Whom the document may ask to pay, side by side: what speaks for each, what against, and their accounts."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from counterparties.bank_details_change import BankDetailsChange
from counterparties.models import Counterparty, CounterpartyAccount
from ocr.changed_accounts import changes_of
from ocr.models import OcrJob

MOST_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Account:
    id: UUID
    iban: str
    bic: str
    currency: str
    is_primary: bool
    is_on_document: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """`percent` of the best possible score; weights of `reasons` and `against` add up to it."""

    id: UUID
    name: str
    vat_id: str
    percent: int
    is_chosen: bool
    reasons: tuple[dict[str, Any], ...]
    against: tuple[dict[str, Any], ...]
    accounts: tuple[Account, ...]


def candidates_of(job: OcrJob) -> list[Candidate]:
    """The counterparties that were weighed, the chosen one first even where it was not among them."""
    weighed = list(job.match_candidates.select_related("counterparty")[:MOST_SHOWN])
    ids = [each.counterparty_id for each in weighed]
    chosen = job.counterparty
    if chosen is not None and chosen.pk not in ids:
        ids.append(chosen.pk)
    accounts = _accounts(job, ids)
    found = [
        _candidate(
            job=job,
            counterparty=each.counterparty,
            accounts=accounts[each.counterparty_id],
            score=each.score,
            reasons=each.reasons,
            against=each.against,
        )
        for each in weighed
    ]
    if chosen is not None and all(each.id != chosen.pk for each in found):
        found.append(_candidate(job=job, counterparty=chosen, accounts=accounts[chosen.pk]))
    return sorted(found, key=lambda each: not each.is_chosen)


def bank_changes_of(job: OcrJob) -> list[BankDetailsChange]:
    """The changes of bank details that were asked for the account on the document."""
    return changes_of(job) if job.counterparty_id and job.result.get("iban") else []


def missing_account(job: OcrJob) -> str:
    """How the account on the document could come on file: `ask` a second person, `add` the first one; else empty."""
    iban = job.result.get("iban")
    if job.counterparty is None or not iban or job.account_id:
        return ""
    if CounterpartyAccount.objects.filter(counterparty=job.counterparty, iban=iban, active=True).exists():
        return ""
    if not job.counterparty.has_established_bank_details():
        return "add"
    is_pending = any(each.decision == BankDetailsChange.Decision.PENDING for each in bank_changes_of(job))
    return "" if is_pending else "ask"


def _candidate(
    *,
    job: OcrJob,
    counterparty: Counterparty,
    accounts: list[Account],
    score: float = 0.0,
    reasons: list[dict[str, Any]] | None = None,
    against: list[dict[str, Any]] | None = None,
) -> Candidate:
    return Candidate(
        id=counterparty.pk,
        name=counterparty.legal_name,
        vat_id=counterparty.vat_id,
        percent=round(max(0.0, min(1.0, score)) * 100),
        is_chosen=job.counterparty_id == counterparty.pk,
        reasons=_readable(reasons or []),
        against=_readable(against or []),
        accounts=tuple(accounts),
    )


def _readable(reasons: list[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    return tuple({**each, "name": each["code"].replace("_", " ")} for each in reasons)


def _accounts(job: OcrJob, ids: list[UUID]) -> dict[UUID, list[Account]]:
    rows = CounterpartyAccount.objects.of([job.customer_id]).filter(counterparty_id__in=ids, active=True)
    found: dict[UUID, list[Account]] = defaultdict(list)
    for row in rows:
        account = Account(
            id=row.pk,
            iban=row.iban,
            bic=row.bic,
            currency=row.currency,
            is_primary=row.is_primary,
            is_on_document=row.iban == job.result.get("iban"),
            is_chosen=row.pk == job.account_id,
        )
        found[row.counterparty_id].append(account)
    return found
