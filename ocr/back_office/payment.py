"""The draft transfer as the review page shows it: what would be paid, what stands in the way, and what clears that."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from invoices.money import UnknownCurrency, from_minor
from ocr.back_office.field_rows import LABELS
from ocr.models import OcrJob
from ocr.review_queue import RISKS
from transfers.answers import SETTLED_BY_WORD
from transfers.blockers import BLOCKER_OF_WARNING, message_of
from transfers.checks import PAYMENT_FILE_OUT
from transfers.finalizing import open_blockers
from transfers.models import Transfer

# What a person does about a blocker: choose the payee or an account, look at a field, or refuse the document.
PAYEE, ACCOUNT, ASK, REJECT, OWN_ACCOUNT = "payee", "account", "ask", "reject", "own_account"
# To confirm what was read clears none of these: it was read rightly, and that is the trouble.
READ_RIGHTLY = frozenset(
    {
        "account_inactive",
        "bank_details_changed",
        "duplicate_invoice",
        "iban_belongs_to_other_counterparty",
        "iban_is_own_account",
        "lookalike_domain",
        "lookalike_name",
        "vat_id_differs",
    }
)
WAYS: dict[str, tuple[str, ...]] = {
    "counterparty_not_found": (PAYEE,),
    "counterparty_ambiguous": (PAYEE,),
    "counterparty_inactive": (PAYEE,),
    "account_unknown": (ACCOUNT,),
    "account_ambiguous": (ACCOUNT,),
    "account_assumed": (ACCOUNT,),
    "account_inactive": (ACCOUNT, ASK),
    "account_not_payable": (ACCOUNT, OWN_ACCOUNT),
    "bank_details_changed": (ACCOUNT, ASK),
    "several_ibans": (ACCOUNT, "iban"),
    "iban_belongs_to_other_counterparty": (PAYEE,),
    "iban_is_own_account": ("iban",),
    "iban_invalid": ("iban",),
    "lookalike_name": (PAYEE, REJECT),
    "lookalike_domain": (PAYEE, REJECT),
    "vat_id_differs": (PAYEE,),
    "payee_name_differs": (PAYEE,),
    "name_not_payable": (PAYEE,),
    "hidden_text": ("iban", "total"),
    "amount_missing": ("total",),
    "amount_not_positive": ("total", REJECT),
    "amount_not_representable": ("total",),
    "amount_not_payable": ("total",),
    "amounts_do_not_add_up": ("total", "subtotal", "sales_tax_amount"),
    "credit_note": (REJECT,),
    "direct_debit": (REJECT,),
    "paid_by_card": (REJECT,),
    "currency_missing": ("currency_code",),
    "currency_not_supported": ("currency_code",),
    "reference_too_long": ("reference",),
    "reference_not_payable": ("reference",),
    "source_account_missing": (OWN_ACCOUNT,),
    "duplicate_invoice": ("invoice_number", REJECT),
}


@dataclass(frozen=True, slots=True)
class Way:
    """`kind` is field, confirm, payee, account, ask, reject, settle, link; `target` a field, code or address."""

    kind: str
    text: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Blocker:
    """`clears` says what a person has to do, `found` what was found on this very document."""

    code: str
    clears: str
    found: tuple[str, ...]
    is_risk: bool
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Payment:
    """What the draft would pay; None for everything that is not known."""

    draft: Transfer | None
    amount: str
    is_open: bool
    blockers: tuple[Blocker, ...] = field(default=())

    @property
    def is_ready(self) -> bool:
        return self.is_open and not self.blockers


def payment_of(job: OcrJob) -> Payment:
    """The job's draft with its blockers as they are at this moment."""
    draft = job.transfer
    if draft is None:
        return Payment(draft=None, amount="", is_open=False)
    if draft.status != Transfer.Status.DRAFT:
        return Payment(draft=draft, amount=_amount(draft), is_open=False)
    values = {row.name: row.value for row in job.fields.all()}
    blockers = [_blocker(code=code, job=job, values=values) for code in open_blockers(draft)]
    return Payment(
        draft=draft,
        amount=_amount(draft),
        is_open=True,
        blockers=tuple(sorted(blockers, key=lambda each: not each.is_risk)),
    )


def informing(job: OcrJob) -> list[str]:
    """The sentences of the warnings that block nothing."""
    return [each["message"] for each in job.warnings if each["code"] not in BLOCKER_OF_WARNING]


def _blocker(*, code: str, job: OcrJob, values: dict[str, str | None]) -> Blocker:
    about = [each for each in job.warnings if BLOCKER_OF_WARNING.get(each["code"]) == code or each["code"] == code]
    fields = dict.fromkeys(each["field"] for each in about if each["field"])
    found = tuple(dict.fromkeys(each["message"] for each in about))
    if job.transfer and (job.transfer.edited_at is not None or code == PAYMENT_FILE_OUT):
        ways = [_by_hand(code, job.transfer)]
        return Blocker(code=code, clears=message_of(code), found=found, is_risk=code in RISKS, ways=tuple(ways))
    confirms = code not in READ_RIGHTLY
    ways = [_on_field(name, values, confirms=confirms) for name in fields if name in LABELS]
    asked = {way.target for way in ways}
    ways += [_way(kind, job=job, values=values, confirms=confirms) for kind in WAYS.get(code, ()) if kind not in asked]
    if not confirms:
        ways.reverse()
    return Blocker(
        code=code,
        clears=message_of(code),
        found=found,
        is_risk=code in RISKS,
        ways=tuple(ways),
    )


def _by_hand(code: str, draft: Transfer) -> Way:
    """Corrections of fields do not change a draft that was edited by hand; its own values do, or a person's word."""
    if code in SETTLED_BY_WORD:
        return Way("settle", "I have looked into it", code)
    return Way("link", "Open the transfer", reverse("admin:transfers_transfer_change", args=[draft.pk]))


def _way(kind: str, *, job: OcrJob, values: dict[str, str | None], confirms: bool) -> Way:
    if kind == PAYEE:
        return Way("payee", "Choose the payee")
    if kind == ACCOUNT:
        return Way("account", "See the accounts")
    if kind == ASK:
        return Way("ask", "Ask for this account")
    if kind == REJECT:
        return Way("reject", "Reject the document")
    if kind == OWN_ACCOUNT:
        return _own_account(job)
    return _on_field(kind, values, confirms=confirms)


def _on_field(name: str, values: dict[str, str | None], *, confirms: bool) -> Way:
    """A value is confirmed with one key once it was compared; an empty one has to be entered."""
    label = LABELS[name] if name not in {"seller_email", "customer_email", "customer_name"} else name.replace("_", " ")
    if values.get(name):
        return Way("confirm", f"Confirm {label}", name) if confirms else Way("field", f"Look at {label}", name)
    return Way("field", f"Enter {label}", name)


def _own_account(job: OcrJob) -> Way:
    own = job.transfer.source_counterparty_id if job.transfer else None
    if own is None:
        return Way("link", "Enter your own counterparty", reverse("admin:counterparties_counterparty_add"))
    return Way("link", "Your own accounts", reverse("admin:counterparties_counterparty_change", args=[own]))


def _amount(draft: Transfer) -> str:
    if draft.amount_minor is None:
        return ""
    try:
        amount: Any = from_minor(minor=draft.amount_minor, currency=draft.currency)
    except UnknownCurrency:
        return f"{draft.amount_minor} minor units of {draft.currency}"
    return f"{amount:,} {draft.currency}"
