"""The OCR job, which is the truth about its document's way through the house.

The row carries state, lease and fencing token; a Celery message is only a hint to look at it.
"""

import uuid

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from customers.records import TenantQuerySet


class Stage(models.TextChoices):
    """Where a run begins; the stages before it keep what they had."""

    READ = "read", "read the document"
    EXTRACT = "extract", "extract the fields"
    MATCH = "match", "match the counterparty"


class MatchOutcome(models.TextChoices):
    FOUND = "found", "found"
    NOT_FOUND = "not_found", "not found"
    AMBIGUOUS = "ambiguous", "ambiguous"


class OcrJob(models.Model):
    """`attempts` counts claims since the job was last asked for; `claim_token` names the claim that may write back.
    From `due_at` on a queued job may be claimed, the earliest of its customer first. `asked_within` names the request
    and the trace in which it was asked for.

    `result` is a copy of the 13 result fields, so that a poll reads one row; `invoice_number` is searched for, and
    `seller_key`, the `name_key` of the seller's name, by later jobs. `name_check` is None while no account is paid to.
    Since `purged_at` document and reading are gone (`ocr.retention`).
    """

    class State(models.TextChoices):
        QUEUED = "queued", "queued"
        RUNNING = "running", "running"
        FINISHED = "finished", "finished"
        FAILED = "failed", "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="ocr_jobs")
    upload = models.OneToOneField("invoices.Upload", on_delete=models.PROTECT, related_name="ocr_job")
    transfer = models.OneToOneField(
        "transfers.Transfer", on_delete=models.PROTECT, related_name="ocr_job", null=True, blank=True
    )
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    from_stage = models.CharField(max_length=7, choices=Stage, default=Stage.READ)
    asked_by = models.CharField(max_length=150, blank=True, default="")
    asked_within = models.JSONField(default=dict, blank=True, db_default=Value({}, models.JSONField()), editable=False)
    assigned_to = models.CharField(max_length=150, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    claim_token = models.UUIDField(null=True, blank=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(default=timezone.now, db_default=Now())
    announced_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    failure_code = models.CharField(max_length=40, blank=True, default="")
    message = models.TextField(blank=True, default="")
    message_parts = models.JSONField(null=True, blank=True, editable=False)
    recipient_match = models.CharField(max_length=9, choices=MatchOutcome, default=MatchOutcome.NOT_FOUND)
    counterparty_match = models.CharField(max_length=9, choices=MatchOutcome, default=MatchOutcome.NOT_FOUND)
    counterparty = models.ForeignKey(
        "counterparties.Counterparty", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    account = models.ForeignKey(
        "counterparties.CounterpartyAccount", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    result = models.JSONField(default=dict, blank=True)
    invoice_number = models.CharField(max_length=200, blank=True, default="")
    seller_key = models.CharField(max_length=300, blank=True, default="")
    seller_contacts = models.JSONField(default=dict, blank=True)
    name_check = models.JSONField(null=True, blank=True)
    tax_breakdown = models.JSONField(default=list, blank=True)
    document_type = models.CharField(max_length=20, blank=True, default="")
    warnings = models.JSONField(default=list, blank=True)
    notes = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=150, blank=True, default="")
    modified_at = models.DateTimeField(auto_now=True)
    purged_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TenantQuerySet["OcrJob"].as_manager()

    class Meta:
        verbose_name = "OCR job"
        permissions = [("approve_ocrjob", "Can approve the payment that a document asks for")]
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["customer", "-created_at"], name="job_newest"),
            models.Index(fields=["customer", "counterparty_match"], name="job_by_match"),
            models.Index(fields=["customer", "state"], name="job_by_state"),
            models.Index(fields=["customer", "invoice_number"], name="job_by_invoice_number"),
            models.Index(fields=["customer", "seller_key"], name="job_by_seller"),
            models.Index(fields=["announced_at"], condition=Q(state__in=["queued", "running"]), name="job_unfinished"),
            models.Index(
                F("customer"),
                Coalesce("lease_expires_at", "due_at"),
                condition=Q(state__in=["queued", "running"]),
                name="job_line",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "finished", "failed"]), name="job_state_is_known"
            ),
            models.CheckConstraint(condition=Q(from_stage__in=Stage.values), name="job_stage_is_known"),
            models.CheckConstraint(
                condition=Q(recipient_match__in=MatchOutcome.values), name="job_recipient_match_is_known"
            ),
            models.CheckConstraint(
                condition=Q(counterparty_match__in=MatchOutcome.values), name="job_counterparty_match_is_known"
            ),
            models.CheckConstraint(condition=Q(attempts__gte=0), name="job_attempts_not_negative"),
            models.CheckConstraint(
                condition=~Q(state="running")
                | Q(claim_token__isnull=False, lease_expires_at__isnull=False, attempts__gt=0),
                name="job_running_is_claimed",
            ),
            models.CheckConstraint(
                condition=~Q(state="finished") | Q(transfer__isnull=False, finished_at__isnull=False),
                name="job_finished_has_transfer",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | (Q(finished_at__isnull=False) & ~Q(message="") & ~Q(failure_code="")),
                name="job_failed_says_why",
            ),
            models.CheckConstraint(
                condition=Q(counterparty__isnull=True) | Q(counterparty_match="found"),
                name="job_counterparty_only_when_found",
            ),
            models.CheckConstraint(
                condition=Q(account__isnull=True) | Q(counterparty__isnull=False),
                name="job_account_needs_counterparty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.id}"


class WaitingJob(OcrJob):
    """A job in the review queue: the same row, under the name of the list it stands in."""

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = "job to review"
        verbose_name_plural = "jobs to review"
