"""The OCR job, which is the truth about its document's way through the house, and what was read and decided.

The job row carries state, lease and fencing token; a Celery message is only a hint to look at it. Everything else
hangs on the job: what reading saw, one row per field, corrections people made, match candidates, and the runs.
"""

import uuid

from django.db import models
from django.db.models import Q

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


class FieldName(models.TextChoices):
    """The 13 result fields, then the seller's and the issue date (EN 16931 terms in `ocr.extraction`)."""

    TOTAL = "total"
    CUSTOMER_NAME = "customer_name"
    CUSTOMER_EMAIL = "customer_email"
    CURRENCY_CODE = "currency_code"
    CURRENCY_SYMBOL = "currency_symbol"
    DUE_DATE = "due_date"
    SUBTOTAL = "subtotal"
    SALES_TAX_PERCENTAGE = "sales_tax_percentage"
    SALES_TAX_AMOUNT = "sales_tax_amount"
    INVOICE_NUMBER = "invoice_number"
    REFERENCE = "reference"
    BIC = "bic"
    IBAN = "iban"
    SELLER_NAME = "seller_name"
    SELLER_VAT_ID = "seller_vat_id"
    SELLER_EMAIL = "seller_email"
    SELLER_ADDRESS = "seller_address"
    ISSUE_DATE = "issue_date"


class FieldSource(models.TextChoices):
    XML = "xml"
    QR = "qr"
    TEXT = "text"
    OCR = "ocr"
    DERIVED = "derived"
    OPERATOR = "operator"


class OcrJob(models.Model):
    """`attempts` counts claims since the job was last asked for; `claim_token` names the claim that may write back.

    `result` is a copy of the 13 result fields, so that a poll reads one row; `invoice_number` is searched for, and
    `seller_key`, the `name_key` of the seller's name, by later jobs. `name_check` is None while no account is paid to.
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
    attempts = models.PositiveSmallIntegerField(default=0)
    claim_token = models.UUIDField(null=True, blank=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    failure_code = models.CharField(max_length=40, blank=True, default="")
    message = models.TextField(blank=True, default="")
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

    objects = TenantQuerySet["OcrJob"].as_manager()

    class Meta:
        verbose_name = "OCR job"
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["customer", "-created_at"], name="job_newest"),
            models.Index(fields=["customer", "counterparty_match"], name="job_by_match"),
            models.Index(fields=["customer", "state"], name="job_by_state"),
            models.Index(fields=["customer", "invoice_number"], name="job_by_invoice_number"),
            models.Index(fields=["customer", "seller_key"], name="job_by_seller"),
            models.Index(fields=["announced_at"], condition=Q(state__in=["queued", "running"]), name="job_unfinished"),
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


class OcrReading(models.Model):
    """What reading saw, as `DocumentText.to_plain` gives it: later stages run again without the document."""

    job = models.OneToOneField(OcrJob, on_delete=models.CASCADE, related_name="reading", primary_key=True)
    document = models.JSONField()
    engine = models.CharField(max_length=200, blank=True, default="")
    read_at = models.DateTimeField()

    class Meta:
        verbose_name = "reading"

    def __str__(self) -> str:
        return f"reading of {self.job_id}"


class OcrField(models.Model):
    """One field as it stands, corrections included; `value` is None when nothing was found or trusted.

    `box` is `[x0, y0, x1, y1]` in points, origin top left; `confidence` 0..1, None for an empty field.
    """

    job = models.ForeignKey(OcrJob, on_delete=models.CASCADE, related_name="fields")
    name = models.CharField(max_length=24, choices=FieldName)
    value = models.TextField(null=True, blank=True)
    raw = models.TextField(blank=True, default="")
    source = models.CharField(max_length=8, choices=FieldSource, blank=True, default="")
    page = models.PositiveIntegerField(null=True, blank=True)
    box = models.JSONField(null=True, blank=True)
    confidence = models.FloatField(null=True, blank=True)
    checks_passed = models.JSONField(default=list, blank=True)
    checks_failed = models.JSONField(default=list, blank=True)
    runners_up = models.JSONField(default=list, blank=True)
    note = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = "field"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["job", "name"], name="field_once_per_job"),
            models.CheckConstraint(condition=Q(name__in=FieldName.values), name="field_name_is_known"),
            models.CheckConstraint(condition=Q(source__in=["", *FieldSource.values]), name="field_source_is_known"),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__gte=0, confidence__lte=1),
                name="field_confidence_is_probability",
            ),
            models.CheckConstraint(condition=Q(value__isnull=True) | ~Q(source=""), name="field_with_value_has_source"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.value or '—'}"


class OcrCorrection(models.Model):
    """What a person decided; never changed, never undone by reprocessing. The newest row of a target counts.

    `target` is a field's name, or `counterparty_id` or `cp_account_id`; `after` None means "leave it empty".
    """

    TARGETS = [*FieldName.choices, ("counterparty_id", "counterparty"), ("cp_account_id", "bank account")]

    job = models.ForeignKey(OcrJob, on_delete=models.CASCADE, related_name="corrections")
    target = models.CharField(max_length=24, choices=TARGETS)
    before = models.TextField(null=True, blank=True)
    after = models.TextField(null=True, blank=True)
    corrected_at = models.DateTimeField(auto_now_add=True)
    corrected_by = models.CharField(max_length=150)
    reason = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = "correction"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(target__in=[*FieldName.values, "counterparty_id", "cp_account_id"]),
                name="correction_target_is_known",
            ),
            models.CheckConstraint(condition=~Q(corrected_by=""), name="correction_names_person"),
        ]

    def __str__(self) -> str:
        return f"{self.target}: {self.before or '—'} → {self.after or '—'}"


class OcrMatchCandidate(models.Model):
    """A counterparty that was weighed, best first; `reasons` and `against` are lists of `{code, weight, detail}`."""

    job = models.ForeignKey(OcrJob, on_delete=models.CASCADE, related_name="match_candidates")
    rank = models.PositiveSmallIntegerField()
    counterparty = models.ForeignKey("counterparties.Counterparty", on_delete=models.CASCADE, related_name="+")
    legal_name = models.CharField(max_length=300)
    score = models.FloatField()
    reasons = models.JSONField(default=list, blank=True)
    against = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = "match candidate"
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["job", "rank"], name="candidate_rank_once_per_job"),
            models.UniqueConstraint(fields=["job", "counterparty"], name="candidate_once_per_job"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.legal_name}"


class OcrRun(models.Model):
    """One claim of the job; `outcome` stays `running` when the process that held the claim was killed.

    `seconds` are wall times by stage.
    """

    class Outcome(models.TextChoices):
        RUNNING = "running"
        FINISHED = "finished"
        FAILED = "failed"
        RETRIED = "retried"

    job = models.ForeignKey(OcrJob, on_delete=models.CASCADE, related_name="runs")
    token = models.UUIDField(unique=True, editable=False)
    attempt = models.PositiveSmallIntegerField()
    from_stage = models.CharField(max_length=7, choices=Stage)
    asked_by = models.CharField(max_length=150, blank=True, default="")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.RUNNING)
    error = models.TextField(blank=True, default="")
    engine = models.CharField(max_length=200, blank=True, default="")
    pipeline_version = models.CharField(max_length=20)
    seconds = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = "run"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(attempt__gt=0), name="run_attempt_is_positive"),
            models.CheckConstraint(
                condition=Q(outcome__in=["running", "finished", "failed", "retried"]), name="run_outcome_is_known"
            ),
            models.CheckConstraint(condition=Q(from_stage__in=Stage.values), name="run_stage_is_known"),
            models.CheckConstraint(
                condition=Q(outcome="running", ended_at__isnull=True)
                | (~Q(outcome="running") & Q(ended_at__isnull=False)),
                name="run_ended_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.attempt} of {self.job_id}"
