"""What has happened to a job, as a story: received, read, corrected, matched again, approved."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from counterparties.bank_changes import same_person
from counterparties.bank_details_change import BankDetailsChange
from counterparties.models import Counterparty, CounterpartyAccount
from ocr.back_office.field_rows import LABELS
from ocr.models import OcrCorrection, OcrJob, OcrReviewDecision, OcrRun, Stage
from transfers.models import Transfer

_CHOSEN = frozenset({"counterparty_id", "cp_account_id"})


@dataclass(frozen=True, slots=True)
class Event:
    """`kind` is one of received, processed, corrected, account, decided, failed; `who` empty for the service."""

    at: datetime
    kind: str
    who: str
    text: str


def story_of(job: OcrJob) -> list[Event]:
    """All events, the first one first."""
    events = [Event(job.created_at, "received", job.created_by, f"sent {job.upload.file_name}")]
    events += [_run(run) for run in job.runs.all()]
    corrections = list(job.corrections.all())
    chosen = _chosen(job, corrections)
    events += [_correction(each, chosen) for each in corrections]
    events += [*_account_changes(job), *_ending(job)]
    return sorted(events, key=lambda each: each.at)


def _run(run: OcrRun) -> Event:
    at = run.ended_at or run.started_at
    seconds = sum(spent for name, spent in run.seconds.items() if not name.startswith("read_"))
    took = f" in {seconds:.1f} s" if seconds >= 0.05 else ""
    if run.outcome == OcrRun.Outcome.FINISHED:
        what = {
            Stage.READ: "read, extracted and matched",
            Stage.EXTRACT: "extracted and matched again",
            Stage.MATCH: "matched again",
        }
        asked = f", asked by {run.asked_by}" if run.from_stage != Stage.READ and run.asked_by else ""
        return Event(at, "processed", "", f"{what[Stage(run.from_stage)]}{took}{asked}")
    if run.outcome == OcrRun.Outcome.RUNNING:
        return Event(run.started_at, "processed", "", "is being processed")
    tried = f"attempt {run.attempt} came to nothing"
    return Event(at, "failed", "", f"{tried}: {run.error}" if run.error else tried)


def _correction(each: OcrCorrection, chosen: dict[str, str]) -> Event:
    label = LABELS.get(each.target, each.target)
    if each.target in _CHOSEN:
        named = f"the {label.lower()} {chosen.get(each.after or '', '')}".rstrip()
        text = f"chose {named}" if each.after else f"took back the chosen {label.lower()}"
    elif each.after is None:
        text = f"emptied {label} ({each.before or 'empty'})"
    elif each.before == each.after:
        text = f"confirmed {label} {each.after}"
    else:
        text = f"corrected {label} from {each.before or 'empty'} to {each.after}"
    where = f", taken from page {each.page}" if each.page else ""
    why = f" ({each.reason})" if each.reason else ""
    return Event(each.corrected_at, "corrected", each.corrected_by, f"{text}{where}{why}")


def _chosen(job: OcrJob, corrections: list[OcrCorrection]) -> dict[str, str]:
    """The names of the counterparties and the IBANs of the accounts that were chosen, by id, and whether whoever chose
    them had entered them since the document came."""
    by_id = {each.after: each for each in corrections if each.target in _CHOSEN and each.after}
    found: dict[str, str] = {}
    for row in Counterparty.objects.of([job.customer_id]).filter(pk__in=by_id):
        found[str(row.pk)] = row.legal_name + _anew(row, job, by_id[str(row.pk)])
    for account in CounterpartyAccount.objects.of([job.customer_id]).filter(pk__in=by_id):
        found[str(account.pk)] = account.iban + _anew(account, job, by_id[str(account.pk)])
    return found


def _anew(row: Counterparty | CounterpartyAccount, job: OcrJob, chosen: OcrCorrection) -> str:
    is_new = job.created_at <= row.created_at <= chosen.corrected_at
    return ", entered anew" if is_new and same_person(row.created_by, chosen.corrected_by) else ""


def _account_changes(job: OcrJob) -> Iterator[Event]:
    for change in BankDetailsChange.objects.of([job.customer_id]).filter(source="ocr", source_id=job.pk):
        yield Event(change.asked_at, "account", change.asked_by, f"asked for the account {change.iban}")
        if change.decided_at:
            yield Event(change.decided_at, "account", change.decided_by, f"{change.decision} the account {change.iban}")


def _ending(job: OcrJob) -> Iterator[Event]:
    decision = OcrReviewDecision.objects.filter(job=job).first()
    if decision is not None:
        why = f": {decision.reason}" if decision.reason else ""
        yield Event(decision.decided_at, "decided", decision.decided_by, f"{decision.decision} the payment{why}")
    draft = job.transfer
    if draft is None:
        return
    if draft.edited_at is not None:
        yield Event(draft.edited_at, "corrected", draft.edited_by, "edited the draft transfer")
    payment = Transfer.objects.filter(supersedes=draft).first()
    if payment is not None and decision is None:
        yield Event(payment.created_at, "decided", payment.created_by, "finalised the draft transfer")
    for row in (draft, payment):
        is_told = decision is not None and row is draft
        if row is not None and row.cancelled_at is not None and not is_told:
            what = "the draft transfer" if row is draft else "the payment"
            yield Event(row.cancelled_at, "decided", row.modified_by, f"cancelled {what}")
