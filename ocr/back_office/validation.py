"""What can be said of a value before it is saved: its own checks, and how it goes with the other values."""

from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse

from counterparties.models import CounterpartyAccount
from ocr.back_office.requests import answer, of_job, sent, text_of
from ocr.checked_values import CorrectionRejected, checked_correction
from ocr.extraction.checks import bic_fits_iban
from ocr.extraction.tax_lines import rate_fits
from ocr.models import OcrJob

_SUMS = ("total", "subtotal", "sales_tax_amount")


@dataclass(frozen=True, slots=True)
class Check:
    """`is_good` None informs and judges nothing."""

    text: str
    is_good: bool | None


@of_job(method="POST")
def check_value(request: HttpRequest, job: OcrJob) -> HttpResponse:
    """The value as it would be stored, and what its checks say; or in `refused` what to write instead, which while
    somebody types is no error."""
    body = sent(request)
    target = text_of(body, "target", most=40)
    try:
        value = checked_correction(job=job, target=target, after=text_of(body, "text"))
    except CorrectionRejected as rejected:
        return answer({"value": None, "refused": str(rejected), "checks": []})
    return answer(
        {
            "value": value,
            "refused": "",
            "checks": [asdict(each) for each in checks(job=job, target=target, value=value)],
        }
    )


def checks(*, job: OcrJob, target: str, value: str | None) -> list[Check]:
    """What can be checked of the value, with the job's other values as they are."""
    if value is None:
        return [Check("The field stays empty.", None)]
    values: dict[str, str | None] = {row.name: row.value for row in job.fields.all()}
    values[target] = value
    if target == "iban":
        return [Check("Check digits and length are right (mod 97)", True), *_on_file(job, value), *_bank(values)]
    if target == "bic":
        return _bank(values)
    if target in _SUMS:
        return sum_checks(values)
    if target == "sales_tax_percentage":
        return [each for each in sum_checks(values) if "%" in each.text]
    if target in {"due_date", "issue_date"}:
        return _dates(values)
    return []


def sum_checks(values: dict[str, str | None]) -> list[Check]:
    """Subtotal + tax = total, and rate × subtotal = tax, as far as the values are there."""
    total, net, tax = (_amount(values.get(name)) for name in _SUMS)
    rate = _amount(values.get("sales_tax_percentage"))
    found = []
    if total is not None and net is not None and tax is not None:
        missing = total - net - tax
        told = f"{net} + {tax} = {net + tax}"
        # Discounts and shipping may well stand between them: extraction proves those by the lines that say so.
        found.append(Check(f"Subtotal + tax: {told}" + (f", {missing:+} to the total" if missing else ""), not missing))
    if rate is not None and net is not None and tax is not None:
        fits = rate_fits(basis=net, rate=rate, amount=tax)
        found.append(Check(f"{rate} % of {net} " + ("is the tax" if fits else f"is not {tax}"), fits))
    return found


def _on_file(job: OcrJob, iban: str) -> list[Check]:
    accounts = CounterpartyAccount.objects.of([job.customer_id]).filter(iban=iban).select_related("counterparty")
    holders = [each for each in accounts if each.active and each.counterparty.active]
    own = [each for each in holders if each.counterparty.is_own]
    if own:
        return [Check("This is an account of your own", False)]
    if holders:
        return [Check(f"On file of {holders[0].counterparty.legal_name}", True)]
    return [Check("Not on file of any counterparty", None)]


def _bank(values: dict[str, str | None]) -> list[Check]:
    iban, bic = values.get("iban"), values.get("bic")
    if not iban or not bic:
        return []
    fits = bic_fits_iban(bic=bic, iban=iban)
    return [Check("BIC and IBAN are of one country" if fits else "BIC and IBAN are of different countries", fits)]


def _dates(values: dict[str, str | None]) -> list[Check]:
    due, issued = values.get("due_date"), values.get("issue_date")
    if not due or not issued:
        return []
    return [Check("Due after it was issued" if due >= issued else "Due before it was issued", due >= issued)]


def _amount(text: Any) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        return None
