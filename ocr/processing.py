"""All effects around the pipeline: claim, load, call, and save everything in one transaction. Never enqueues."""

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from counterparties.candidates import counterparty_rows, find_candidates, holder_of, known_payer_details
from counterparties.evidence import CounterpartyRow, PayeeEvidence
from counterparties.verification import check_payee, verifier_at
from invoices.models import Upload
from invoices.uploads import StoredDocumentMissing, read_upload
from ocr import evidence
from ocr.claims import Claim, ClaimLost, claim_job, end_run, fail_job, holding, release_claim
from ocr.confirmed import confirmed_payees, with_confirmed
from ocr.extraction.fields import KnownPayer
from ocr.extraction.thresholds import Strictness
from ocr.heartbeat import kept_alive
from ocr.job_events import record_end
from ocr.models import OcrJob, OcrReading, OcrRun, Stage
from ocr.pipeline import Settled, Stopwatch, Surroundings, extract, read, read_again, settle
from ocr.readers import current_sandbox
from ocr.reading.document import DocumentText, UnreadableDocument, document_from_plain
from transfers.drafts import store_draft
from transfers.history import History
from transfers.sources import default_source

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Processed:
    """What one run produced; `document` is None when the stored reading was used."""

    document: DocumentText | None
    engine: str
    settled: Settled
    seconds: dict[str, float]


def process_job(job_id: UUID) -> None:
    """One attempt at the job, if there is anything to do for us: any number of calls for one job does no harm."""
    claim = claim_job(job_id=job_id, now=timezone.now())
    if claim is None:
        return
    try:
        try:
            job = OcrJob.objects.select_related("customer", "upload").get(pk=claim.job_id)
            with kept_alive(claim):
                processed = run(job=job, from_stage=claim.from_stage)
            save(claim=claim, processed=processed, now=timezone.now())
        except UnreadableDocument as error:
            fail_job(claim=claim, code=error.code, message=error.message, now=timezone.now())
        except StoredDocumentMissing as error:
            fail_job(claim=claim, code="document_missing", message=str(error), now=timezone.now())
        except ClaimLost:
            raise
        except Exception as error:
            # Whatever it was, the job must not stay claimed until its lease runs out, nor be tried for ever.
            log.exception("job %s failed in attempt %s", claim.job_id, claim.attempt)
            release_claim(claim=claim, error=type(error).__name__, now=timezone.now())
    except ClaimLost:
        log.warning("job %s: the claim of attempt %s was lost; its work is dropped", claim.job_id, claim.attempt)


def run(*, job: OcrJob, from_stage: str) -> Processed:
    """The pipeline over the job, from this stage on; reads only, writes nothing.

    A stage whose input was never stored begins earlier. Raises `UnreadableDocument`, `StoredDocumentMissing` (both for
    good) or `StorageUnavailable`.
    """
    now = timezone.now()
    surroundings = surroundings_of(job=job, now=now)
    stopwatch = Stopwatch()
    stored = OcrReading.objects.filter(job=job).first()
    if from_stage == Stage.MATCH and stored is not None and job.fields.exists():
        fields = evidence.load_fields(job)
        return Processed(
            document=None,
            engine=stored.engine,
            settled=settle(fields=fields, surroundings=surroundings, stopwatch=stopwatch),
            seconds=stopwatch.seconds,
        )
    is_new = from_stage == Stage.READ or stored is None
    if stored is None or is_new:
        content, sandbox = read_upload(job.upload), current_sandbox()
        reading = read(content=content, read_document=sandbox.read, stopwatch=stopwatch)
        engine = reading.engine
        document = read_again(
            content=content,
            document=reading.document,
            payer=surroundings.payer,
            read_regions=sandbox.read_again,
            stopwatch=stopwatch,
        )
    else:
        document, engine = document_from_plain(stored.document), stored.engine
    fields = extract(
        document=document,
        payer=surroundings.payer,
        today=surroundings.today,
        strictness=surroundings.strictness,
        stopwatch=stopwatch,
    )
    return Processed(
        document=document if is_new else None,
        engine=engine,
        settled=settle(fields=fields, surroundings=surroundings, stopwatch=stopwatch),
        seconds=stopwatch.seconds,
    )


def save(*, claim: Claim, processed: Processed, now: datetime) -> None:
    """Everything the run produced and the job's final state, in one transaction. Raises `ClaimLost`."""
    settled = processed.settled
    with holding(claim) as job:
        if processed.document is not None:
            OcrReading.objects.update_or_create(
                job=job,
                defaults={"document": processed.document.to_plain(), "engine": processed.engine, "read_at": now},
            )
            job.upload.page_count = max(1, len(processed.document.pages))
            job.upload.modified_by = f"job:{job.pk}"
            job.upload.save(update_fields=["page_count", "modified_by", "modified_at"])
        evidence.save_fields(job=job, fields=settled.fields)
        evidence.save_match(job=job, match=settled.match)
        job.warnings = evidence.warning_rows(
            fields=settled.fields, match=settled.match, history=settled.warnings, intake=_intake_warnings(job)
        )
        job.transfer = store_draft(
            job_id=job.pk, customer=job.customer, upload=job.upload, draft=settled.draft, by=f"job:{job.pk}"
        )
        job.state = OcrJob.State.FINISHED
        job.lease_expires_at = None
        job.finished_at = now
        job.failure_code = job.message = ""
        job.save()
        record_end(job=job, now=now)
        end_run(
            claim=claim,
            outcome=OcrRun.Outcome.FINISHED,
            now=now,
            engine=processed.engine,
            seconds=processed.seconds,
        )


def surroundings_of(*, job: OcrJob, now: datetime) -> Surroundings:
    """The job's customer and ledger, as the pipeline wants them."""
    decisions = evidence.decisions_of(job)
    payer = known_payer_details(job.customer)
    decided = decisions.counterparty_id
    if decided is None and decisions.account_id:
        decided = holder_of(customer_id=job.customer_id, account_id=decisions.account_id)

    def candidates(payee: PayeeEvidence) -> tuple[CounterpartyRow, ...]:
        confirmed = confirmed_payees(customer_id=job.customer_id, evidence=payee, job_id=job.pk)
        found = find_candidates(customer_id=job.customer_id, evidence=payee)
        found = with_confirmed(customer_id=job.customer_id, rows=found, confirmed=confirmed)
        if decided and all(row.id != decided for row in found):
            found += counterparty_rows(customer_id=job.customer_id, counterparty_ids=(decided,))
        return found

    return Surroundings(
        payer=KnownPayer(names=payer.names, vat_id=payer.vat_id, ibans=payer.ibans, emails=payer.emails),
        find_candidates=candidates,
        default_source=lambda currency: default_source(customer_id=job.customer_id, currency=currency),
        decisions=decisions,
        today=timezone.localdate(now),
        strictness=cast(Strictness, settings.EXTRACTION_STRICTNESS),
        compare_with_history=History(
            customer_id=job.customer_id, job_id=job.pk, arrived_at=job.upload.created_at, sha256=job.upload.sha256
        ).warnings,
        check_payee=partial(
            check_payee, verifier=verifier_at(settings.PAYEE_VERIFIER), seconds=settings.PAYEE_VERIFIER_SECONDS
        ),
    )


def _intake_warnings(job: OcrJob) -> list[dict[str, Any]]:
    earlier = Upload.objects.filter(
        customer_id=job.customer_id, sha256=job.upload.sha256, created_at__lt=job.upload.created_at
    ).exclude(pk=job.upload_id)
    first = earlier.select_related("ocr_job").order_by("created_at").first()
    if first is None:
        return []
    job_before = getattr(first, "ocr_job", None)
    known_as = f"upload {first.pk}" + (f", job {job_before.pk}" if job_before else "")
    return [
        {
            "code": "duplicate_document",
            "message": f"The same document was sent before, as {known_as}; make sure that it is not paid twice.",
            "field": None,
            "origin": evidence.INTAKE,
        }
    ]
