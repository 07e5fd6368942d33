"""The payer's books from the review page: looking counterparties up, entering new ones, and the document's account."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from counterparties.accounts import add_account
from counterparties.bank_changes import ChangeRefused
from counterparties.bank_details_change import BankDetailsChange
from counterparties.candidates import counterparty_rows
from counterparties.looking_up import look_up
from counterparties.models import Belonging, Contact, Counterparty, CounterpartyAccount
from counterparties.newcomers import Stated, add_by_two, establish, stated_by
from counterparties.registry import add_counterparty
from ocr.approval import open_job
from ocr.back_office.panels import panels
from ocr.back_office.requests import BadRequest, answer, of_job, person, refusal, seen_version, sent, text_of
from ocr.changed_accounts import ask_for_read_account, origin_of
from ocr.models import OcrJob
from ocr.new_payees import doubt_about
from ocr.review import Correction, correct_and_match, match_again

MOST_FOUND = 12
_CHANGE = "ocr.change_ocrjob"


@of_job(method="GET")
def search(request: HttpRequest, job: OcrJob) -> HttpResponse:
    """Counterparties of the job's customer by name, IBAN or VAT number (`q`), the likeliest first."""
    asked = request.GET.get("q", "").strip()
    if len(asked) > 200 or "\x00" in asked:
        raise BadRequest("Look for a name, an IBAN or a VAT number.")
    ids = look_up(customer_id=job.customer_id, text=asked, most=MOST_FOUND)
    rows = counterparty_rows(customer_id=job.customer_id, counterparty_ids=ids)
    found = [
        {
            "id": str(row.id),
            "name": row.legal_name,
            "vat_id": row.vat_id,
            "accounts": [{"id": str(each.id), "iban": each.iban, "currency": each.currency} for each in row.accounts],
        }
        for row in rows
        if not row.is_own
    ]
    return answer({"found": found})


@of_job(method="POST", permission=_CHANGE)
def create(request: HttpRequest, job: OcrJob) -> HttpResponse:
    """Enters a counterparty with its first account, and has the job pay it. The account is only asked for where the
    counterparty could be taken for one on file, or the document warns about its payee."""
    body = sent(request)
    seen = seen_version(body)
    if not request.user.has_perm("counterparties.add_counterparty"):
        return refusal(403, "forbidden", "You may not enter counterparties; ask an administrator for that right.")
    fields, parts = _fields(body), _parts(body, currency=_currency(job))
    has_account = any(isinstance(part, CounterpartyAccount) for part, _ in parts)
    if has_account and not request.user.has_perm("counterparties.add_counterpartyaccount"):
        return refusal(403, "forbidden", "You may not enter bank accounts; leave the IBAN out, or ask for that right.")
    doubt = doubt_about(job=job, stated=_stated(fields, parts))
    if has_account and doubt and not request.user.has_perm("counterparties.add_bankdetailschange"):
        why = f"You may not ask for bank accounts, and this one takes two people: {doubt}"
        return refusal(403, "forbidden", f"{why}; leave the IBAN out, or ask for that right.")
    with transaction.atomic():
        open_job(job_id=job.pk, seen=seen)
    made: dict[str, Any] = {"customer": job.customer, "fields": fields, "parts": parts}
    who: dict[str, Any] = {"by": person(request), "now": timezone.now()}
    if doubt:
        payee, asked = add_by_two(**made, origin=origin_of(job), **who)
    else:
        payee, asked = add_counterparty(**made, **who), []
    chosen = [Correction("counterparty_id", str(payee.pk))]
    correct_and_match(job_id=job.pk, corrections=chosen, seen=seen, by=person(request))
    return answer({**panels(request, job), "said": " ".join(_waits(change, because=doubt) for change in asked)})


@of_job(method="POST", permission=_CHANGE)
def account(request: HttpRequest, job: OcrJob) -> HttpResponse:
    """Puts the document's account on file of its counterparty: asked for where two people decide, else at once."""
    seen = seen_version(sent(request))
    payee, iban = job.counterparty, job.result.get("iban")
    if payee is None or not iban:
        raise ChangeRefused("Choose the payee and correct the IBAN first; then its account can be entered.")
    is_established = payee.has_established_bank_details()
    takes_two = is_established or bool(doubt_about(job=job, stated=stated_by(payee), besides=payee))
    needed = "add_bankdetailschange" if takes_two else "add_counterpartyaccount"
    if not request.user.has_perm(f"counterparties.{needed}"):
        what = "ask for changed bank accounts" if takes_two else "enter bank accounts"
        return refusal(403, "forbidden", f"You may not {what}; ask an administrator for that right.")
    with transaction.atomic():
        open_job(job_id=job.pk, seen=seen)
        if takes_two:
            if not is_established:
                establish(counterparty=payee, now=timezone.now())
            said = _waits(ask_for_read_account(job=job, by=person(request), now=timezone.now()))
        else:
            entered = add_account(_first_account(job, payee), is_primary=True, by=person(request), now=timezone.now())
            said = f"{iban} is on file." if isinstance(entered, CounterpartyAccount) else _waits(entered)
    if not takes_two:
        match_again(job_id=job.pk, seen=seen, by=person(request))
    return answer({**panels(request, job), "said": said})


def _waits(change: BankDetailsChange, *, because: str = "") -> str:
    return f"{change.iban} waits for a second person to confirm it{': ' * bool(because)}{because}."


def _first_account(job: OcrJob, payee: Counterparty) -> CounterpartyAccount:
    return CounterpartyAccount(
        counterparty=payee,
        iban=job.result["iban"],
        bic=job.result.get("bic") or "",
        currency=_currency(job),
    )


def _currency(job: OcrJob) -> str:
    return job.result.get("currency_code") or job.customer.default_currency


def _stated(fields: Mapping[str, str], parts: Sequence[tuple[Belonging, bool | None]]) -> Stated:
    emails = tuple(part.value for part, _ in parts if isinstance(part, Contact))
    return Stated(names=(fields["legal_name"],), vat_id=fields["vat_id"], emails=emails)


def _fields(body: dict[str, Any]) -> dict[str, str]:
    fields = {name: text_of(body, name, most=300).strip() for name in ("legal_name", "vat_id")}
    kind = text_of(body, "type", most=20) or Counterparty.Type.BUSINESS
    return {**fields, "type": kind}


def _parts(body: dict[str, Any], *, currency: str) -> list[tuple[Belonging, bool | None]]:
    parts: list[tuple[Belonging, bool | None]] = []
    iban = text_of(body, "iban", most=60).strip()
    if iban:
        bic = text_of(body, "bic", most=30).strip()
        parts.append((CounterpartyAccount(iban=iban, bic=bic, currency=currency), True))
    email = text_of(body, "email", most=254).strip()
    if email:
        parts.append((Contact(type=Contact.Type.EMAIL, value=email, preferred=True), None))
    return parts
