"""All effects around the pipeline: claim, load, call, and save everything in one transaction. Never enqueues."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
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
from customers.clock import shared_time
from customers.outages import is_away, outlasting
from customers.sentences import Sentence
from customers.telemetry.context import about
from customers.telemetry.spans import Carrier, span
from invoices.models import Upload
from invoices.uploads import StorageUnavailable, StoredDocumentMissing, read_upload
from ocr import evidence, learning
from ocr.claims import (
    Claim,
    ClaimLost,
    claim_job,
    claim_next,
    end_run,
    fail_job,
    holding,
    postpone_claim,
    release_claim,
)
from ocr.confirmed import confirmed_payees, with_confirmed
from ocr.extraction.fields import DocumentWarning, KnownPayer
from ocr.extraction.hints import Used
from ocr.extraction.thresholds import Strictness
from ocr.heartbeat import kept_alive
from ocr.job_events import record_end
from ocr.models import OcrJob, OcrReading, OcrRun, Stage
from ocr.new_payees import newcomer_warning
from ocr.pipeline import Settled, Stopwatch, Surroundings, extract, read, read_again, settle, with_hints
from ocr.readers import current_sandbox
from ocr.reading.document import DocumentText, UnreadableDocument, document_from_plain
from ocr.run_telemetry import tell_end, tell_result, watched_stage
from transfers.drafts import store_draft
from transfers.history import History
from transfers.sources import default_source

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Processed:
    """What one run produced; `document` is None when the stored reading was used, `hints` when none were looked for."""

    document: DocumentText | None
    engine: str
    settled: Settled
    seconds: dict[str, float]
    hints: tuple[Used, ...] | None = None


def process_job(job_id: UUID) -> None:
    """One attempt at the job, if there is anything to do for us: any number of calls for one job does no harm."""
    claim = claim_job(job_id=job_id, now=shared_time())
    if claim is not None:
        _attempt(claim, follows=None)


def process_next(*, hint: UUID) -> None:
    """One attempt at the job whose turn it is, if any waits; `hint` is the one that the message was sent for."""
    claim = claim_next(now=shared_time())
    if claim is not None:
        _attempt(claim, follows=None if claim.job_id == hint else claim.asked_within)


def _attempt(claim: Claim, *, follows: Carrier | None) -> None:
    # In the name of the request that asked for this job, not of the one whose message woke this worker.
    request_id = claim.asked_within.get("request_id")
    with (
        about(job_id=claim.job_id, attempt=claim.attempt, request_id=request_id),
        span("attempt", follows=follows),
    ):
        try:
            _work(claim)
        except ClaimLost:
            log.warning("job %s: the claim of attempt %s was lost; its work is dropped", claim.job_id, claim.attempt)
            tell_end(outcome="lost")


def _work(claim: Claim) -> None:
    """Raises `ClaimLost`; everything else ends in the job's row."""
    with ExitStack() as named:
        try:
            job = OcrJob.objects.select_related("customer", "upload").get(pk=claim.job_id)
            named.enter_context(about(customer_id=job.customer_id))
            with kept_alive(claim):
                processed = run(job=job, from_stage=claim.from_stage, around=watched_stage)
            outlasting(lambda: save(claim=claim, processed=processed, now=shared_time()))
            _tell(processed, is_first=job.transfer_id is None)
        except UnreadableDocument as error:
            _fail(claim, code=error.code, message=error.message)
        except StoredDocumentMissing as error:
            _fail(claim, code="document_missing", message=str(error))
        except StorageUnavailable:
            # However long it lasts, the document is not to blame, and waits.
            _postpone(claim, reason="storage_unavailable")
        except ClaimLost:
            raise
        except Exception as error:
            if is_away(error):
                _postpone(claim, reason="database_away")
                return
            # Whatever it was, the job must not stay claimed until its lease runs out, nor be tried for ever.
            log.exception("job %s failed in attempt %s", claim.job_id, claim.attempt)
            name = type(error).__name__
            outlasting(lambda: release_claim(claim=claim, error=name, now=shared_time()))
            tell_end(outcome="retried", reason=name)


def _fail(claim: Claim, *, code: str, message: str) -> None:
    outlasting(lambda: fail_job(claim=claim, code=code, message=message, now=shared_time()))
    tell_end(outcome="failed", reason=code)


def _postpone(claim: Claim, *, reason: str) -> None:
    outlasting(lambda: postpone_claim(claim=claim, now=shared_time()))
    tell_end(outcome="postponed", reason=reason)


def _tell(processed: Processed, *, is_first: bool) -> None:
    match = processed.settled.match
    tell_end(outcome="finished")
    tell_result(
        counterparty=match.counterparty,
        account=match.account,
        first_blockers=processed.settled.draft.blockers if is_first else None,
    )


def run(
    *, job: OcrJob, from_stage: str, around: Callable[[str], AbstractContextManager[None]] = lambda _: nullcontext()
) -> Processed:
    """The pipeline over the job, from this stage on; reads only, writes nothing.

    A stage whose input was never stored begins earlier. Raises `UnreadableDocument`, `StoredDocumentMissing` (both for
    good) or `StorageUnavailable`. `around` is entered for each stage.
    """
    now = timezone.now()
    surroundings = surroundings_of(job=job, now=now)
    stopwatch = Stopwatch(around=around)
    stored = None if from_stage == Stage.READ else OcrReading.objects.filter(job=job).first()
    if from_stage == Stage.MATCH and stored is not None and job.fields.exists():
        fields = evidence.load_fields(job)
        return Processed(
            document=None,
            engine=stored.engine,
            settled=settle(fields=fields, surroundings=surroundings, stopwatch=stopwatch),
            seconds=stopwatch.seconds,
        )
    if stored is None:
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
    fields, hints = with_hints(document=document, fields=fields, surroundings=surroundings, stopwatch=stopwatch)
    return Processed(
        document=document if stored is None else None,
        hints=hints,
        engine=engine,
        settled=settle(fields=fields, surroundings=surroundings, stopwatch=stopwatch),
        seconds=stopwatch.seconds,
    )


def save(*, claim: Claim, processed: Processed, now: datetime) -> None:
    """Everything the run produced and the job's final state, in one transaction. Raises `ClaimLost`."""
    settled = processed.settled
    with holding(claim) as job:
        if processed.document is not None:
            evidence.save_reading(job=job, document=processed.document, engine=processed.engine, now=now)
            Upload.objects.filter(pk=job.upload_id).update(
                page_count=max(1, len(processed.document.pages)), modified_by=f"job:{job.pk}", modified_at=now
            )
        evidence.save_fields(job=job, fields=settled.fields)
        evidence.save_match(job=job, match=settled.match)
        job.warnings = evidence.warning_rows(
            fields=settled.fields, match=settled.match, history=settled.warnings, intake=_intake_warnings(job)
        )
        job.transfer = store_draft(
            job_id=job.pk, customer=job.customer, upload=job.upload, draft=settled.draft, by=f"job:{job.pk}"
        )
        if processed.hints is not None:
            learning.record_uses(job=job, used=processed.hints, now=now)
        job.state = OcrJob.State.FINISHED
        job.lease_expires_at = None
        job.finished_at = now
        job.failure_code = job.message = ""
        job.message_parts = None
        job.save()
        record_end(job=job, now=now)
        end_run(
            claim=claim,
            outcome=OcrRun.Outcome.FINISHED,
            now=now,
            engine=processed.engine,
            seconds=processed.seconds,
            blockers=settled.draft.blockers,
        )


def surroundings_of(*, job: OcrJob, now: datetime) -> Surroundings:
    """The job's customer and ledger, as the pipeline wants them."""
    decisions = evidence.decisions_of(job)
    payer = known_payer_details(job.customer)
    decided = decisions.counterparty_id
    if decided is None and decisions.account_id:
        decided = holder_of(customer_id=job.customer_id, account_id=decisions.account_id)
    knows_hints = learning.has_hints(job.customer_id)

    def candidates(payee: PayeeEvidence) -> tuple[CounterpartyRow, ...]:
        confirmed = confirmed_payees(customer_id=job.customer_id, evidence=payee, job_id=job.pk)
        found = find_candidates(customer_id=job.customer_id, evidence=payee)
        found = with_confirmed(customer_id=job.customer_id, rows=found, confirmed=confirmed)
        if knows_hints:
            found = learning.with_hints(customer_id=job.customer_id, rows=found, name=payee.name)
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
        check_newcomer=partial(newcomer_warning, job=job),
        hints_of=learning.place_hints if knows_hints else None,
    )


def _intake_warnings(job: OcrJob) -> list[dict[str, Any]]:
    earlier = Upload.objects.filter(
        customer_id=job.customer_id, sha256=job.upload.sha256, created_at__lt=job.upload.created_at
    ).exclude(pk=job.upload_id)
    first = earlier.select_related("ocr_job").order_by("created_at").first()
    if first is None:
        return []
    job_before = getattr(first, "ocr_job", None)
    known_as = Sentence("upload {upload_id}", upload_id=first.pk)
    if job_before is not None:
        known_as = Sentence.joined([known_as, Sentence("job {job_id}", job_id=job_before.pk)], separator=", ")
    message = Sentence(
        "The same document was sent before, as {known_as}; make sure that it is not paid twice.", known_as=known_as
    )
    return [evidence.warning_row(DocumentWarning("duplicate_document", message), origin=evidence.INTAKE)]
