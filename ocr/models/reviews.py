"""What people decided about a job."""

from django.db import models
from django.db.models import Q

from ocr.models.jobs import OcrJob
from ocr.models.readings import FieldName


class OcrCorrection(models.Model):
    """What a person decided; never changed, never undone by reprocessing. The newest row of a target counts.

    `target` is a field's name, or `counterparty_id` or `cp_account_id`; `after` None means "leave it empty". `page` and
    `box` (points, origin top left) say where the value was taken from, `raw` what stands there; empty for a typed one.
    """

    TARGETS = [*FieldName.choices, ("counterparty_id", "counterparty"), ("cp_account_id", "bank account")]

    job = models.ForeignKey(OcrJob, on_delete=models.CASCADE, related_name="corrections")
    target = models.CharField(max_length=24, choices=TARGETS)
    before = models.TextField(null=True, blank=True)
    after = models.TextField(null=True, blank=True)
    corrected_at = models.DateTimeField(auto_now_add=True)
    corrected_by = models.CharField(max_length=150)
    reason = models.TextField(blank=True, default="")
    page = models.PositiveIntegerField(null=True, blank=True)
    box = models.JSONField(null=True, blank=True)
    raw = models.TextField(blank=True, default="")

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


class OcrReviewDecision(models.Model):
    """How the review of a job ended: the draft was finalised, or the document is not to be paid. Made once."""

    class Decision(models.TextChoices):
        APPROVED = "approved", "approved"
        REJECTED = "rejected", "rejected"

    job = models.OneToOneField(OcrJob, on_delete=models.CASCADE, related_name="review_decision", primary_key=True)
    decision = models.CharField(max_length=8, choices=Decision)
    decided_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField()
    reason = models.TextField(blank=True, default="", help_text="Why it is rejected.")

    class Meta:
        verbose_name = "review decision"
        ordering = ["-decided_at"]
        constraints = [
            models.CheckConstraint(condition=Q(decision__in=["approved", "rejected"]), name="review_decision_is_known"),
            models.CheckConstraint(condition=Q(decided_by__regex=r"\S"), name="review_decision_names_person"),
            models.CheckConstraint(
                condition=~Q(decision="rejected") | Q(reason__regex=r"\S"), name="review_rejection_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision} by {self.decided_by}"


class OcrJobOnlooker(models.Model):
    """Who has the job's page open: since when, and when the page last said so."""

    job = models.ForeignKey(OcrJob, on_delete=models.CASCADE, related_name="onlookers")
    name = models.CharField(max_length=150)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = "onlooker"
        ordering = ["since", "id"]
        constraints = [models.UniqueConstraint(fields=["job", "name"], name="onlooker_once_per_job")]

    def __str__(self) -> str:
        return f"{self.name} since {self.since:%Y-%m-%d %H:%M}"
