"""Payees that somebody enters while a document waits for them: which of them take a second person."""

from uuid import UUID

from counterparties.bank_changes import same_person
from counterparties.bank_details_change import BankDetailsChange
from counterparties.evidence import MatchWarning
from counterparties.models import Counterparty, CounterpartyAccount
from counterparties.newcomers import Stated, stated_by, taken_for
from customers.sentences import Sentence
from ocr.models import OcrJob, OcrRun
from transfers.models import Transfer

PAYEE_RISKS = frozenset(
    {
        "another_payee",
        "bank_details_changed",
        "iban_belongs_to_other_counterparty",
        "lookalike_domain",
        "lookalike_name",
        "payee_name_differs",
        "vat_id_differs",
    }
)
"""Warnings that stand for a document that asks for a known payee's money on somebody else's account."""


class EnteredByApprover(Exception):
    """Who would approve the payment has entered its payee, or the payee's account, which could be taken for another."""


def doubt_about(*, job: OcrJob, stated: Stated, besides: Counterparty | None = None) -> str:
    """Why an account of the payee that is about to be entered takes a second person, as half a sentence; else empty."""
    alike = taken_for(customer_id=job.customer_id, stated=stated, besides=besides.pk if besides else None)
    if alike is not None:
        return f"it could be taken for {alike.legal_name}"
    return "the document warns about its payee" if payee_risks(job) else ""


def payee_risks(job: OcrJob) -> frozenset[str]:
    """Those of the document at any time before a person chose its payee: corrections of what it says take none away,
    and what speaks against a wrong choice is none."""
    choice = job.corrections.filter(target="counterparty_id").order_by("id").first()
    runs = OcrRun.objects.filter(job=job, blockers__isnull=False)
    if choice is not None:
        runs = runs.filter(started_at__lt=choice.corrected_at)
    found = {code for blockers in runs.values_list("blockers", flat=True) for code in blockers or ()}
    if choice is None:
        found |= {warning["code"] for warning in job.warnings}
    return PAYEE_RISKS & found


def check_approver(*, job: OcrJob, draft: Transfer, by: str) -> None:
    """Raises EnteredByApprover where this person has entered, since the document came, a payee or an account about
    which there is doubt, and nobody else has confirmed the account."""
    payee, account = draft.destination_counterparty, draft.destination_account
    if payee is None or account is None or _is_confirmed(account):
        return
    entered = [row for row in (payee, account) if row.created_at >= job.created_at and same_person(row.created_by, by)]
    if not entered:
        return
    if doubt := doubt_about(job=job, stated=stated_by(payee), besides=payee):
        what = "this payee" if payee in entered else "this account"
        raise EnteredByApprover(
            f"You entered {what} yourself since the document came, and {doubt}; a second person has to approve this."
        )


def newcomer_warning(*, job: OcrJob, counterparty_id: UUID, account_id: UUID) -> MatchWarning | None:
    """Of a payee that was entered while the document waited, by a program or an import too, and that could be taken for
    one on file before: what an impostor's document would have entered. A second person's word on the account answers.
    """
    payee = Counterparty.objects.filter(pk=counterparty_id, created_at__gte=job.created_at).first()
    if payee is None or _is_confirmed(CounterpartyAccount.objects.get(pk=account_id)):
        return None
    known = taken_for(
        customer_id=job.customer_id, stated=stated_by(payee), besides=payee.pk, on_file_before=job.created_at
    )
    if known is None:
        return None
    message = Sentence(
        "{legal_name} was entered after this document came, and could be taken for {known_name}, which was on file. "
        "Find out who sent the document.",
        legal_name=repr(payee.legal_name),
        known_name=repr(known.legal_name),
    )
    return MatchWarning("lookalike_name", message, field="seller_name", counterparty_id=known.id)


def _is_confirmed(account: CounterpartyAccount) -> bool:
    """Whether somebody other than who asked for the account has confirmed it."""
    decided = BankDetailsChange.Decision.CONFIRMED
    return BankDetailsChange.objects.filter(account=account, iban=account.iban, decision=decided).exists()
