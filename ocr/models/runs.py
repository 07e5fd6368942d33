"""The runs of a job: who asked, how far it came, how long it took."""

from django.db import models
from django.db.models import Q

from ocr.models.jobs import OcrJob, Stage


class OcrRun(models.Model):
    """One claim of the job; `outcome` stays `running` when the process that held the claim was killed.

    `seconds` are wall times by stage. `blockers` are those that the run's draft came out with, None for a run that made
    none: what the machine would have paid by itself stays known when people have changed the draft.
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
    blockers = models.JSONField(null=True, blank=True)

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
