"""Jobs in the back office: what was read, matched and drafted, corrections, and processing again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import ModelForm, ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from ocr.models import OcrCorrection, OcrField, OcrJob, OcrMatchCandidate, OcrRun, Stage
from ocr.review import CorrectionRejected, JobStillRunning, ask_again, checked_correction, correct


def link_to(row: Model | None) -> str:
    """A link to a row's own admin page, a dash for None."""
    if row is None:
        return "—"
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', url, row)


class ReadOnlyInline(admin.TabularInline):  # type: ignore[type-arg]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class FieldInline(ReadOnlyInline):
    model = OcrField
    fields = ["name", "value", "source", "confidence", "page", "checks_passed", "checks_failed", "note"]


class MatchCandidateInline(ReadOnlyInline):
    model = OcrMatchCandidate
    fields = ["rank", "counterparty", "score", "why", "why_not"]
    readonly_fields = ["why", "why_not"]

    @admin.display(description="reasons")
    def why(self, candidate: OcrMatchCandidate) -> str:
        return _reasons(candidate.reasons)

    @admin.display(description="against")
    def why_not(self, candidate: OcrMatchCandidate) -> str:
        return _reasons(candidate.against)


class RunInline(ReadOnlyInline):
    model = OcrRun
    fields = ["started_at", "from_stage", "attempt", "outcome", "asked_by", "engine", "seconds", "error"]


class CorrectionForm(ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = OcrCorrection
        fields = ("target", "after", "reason")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            cleaned["after"] = checked_correction(
                job=self.instance.job, target=cleaned.get("target", ""), after=cleaned.get("after")
            )
        except CorrectionRejected as rejected:
            raise ValidationError({"after": str(rejected)}) from rejected
        return cleaned


class CorrectionInline(admin.TabularInline):  # type: ignore[type-arg]
    """Corrections are added, never changed: the history is the point of them."""

    model = OcrCorrection
    form = CorrectionForm
    extra = 1
    can_delete = False
    fields = ["target", "before", "after", "reason", "corrected_by", "corrected_at"]
    readonly_fields = ["before", "corrected_by", "corrected_at"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(OcrJob)
class OcrJobAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = [
        "created_at",
        "state",
        "customer",
        "file_name",
        "invoice_number",
        "total",
        "counterparty_match",
        "recipient_match",
        "counterparty",
        "warning_codes",
    ]
    list_filter = ["state", "counterparty_match", "recipient_match", "customer", "created_at"]
    list_select_related = ["customer", "upload", "counterparty"]
    search_fields = ["id", "upload__file_name", "counterparty__legal_name", "result"]
    date_hierarchy = "created_at"
    actions = ["extract_again", "match_again"]
    inlines = [FieldInline, MatchCandidateInline, CorrectionInline, RunInline]
    fieldsets = [
        (None, {"fields": ["state", "message", "customer", "warnings_shown"]}),
        ("Goes with it", {"fields": ["upload_link", "transfer_link", "counterparty_link", "account_link"]}),
        ("Match", {"fields": ["counterparty_match", "recipient_match"]}),
        (
            "Work on it",
            {
                "classes": ["collapse"],
                "fields": [
                    "id",
                    "from_stage",
                    "asked_by",
                    "attempts",
                    "lease_expires_at",
                    "announced_at",
                    "finished_at",
                ],
            },
        ),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: OcrJob | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: OcrJob | None = None) -> list[str]:
        return [name for _, options in self.fieldsets for name in options["fields"]]  # type: ignore[misc]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Each new correction goes through `review.correct`; then the job is matched again with them."""
        if formset.model is not OcrCorrection:
            super().save_formset(request, form, formset, change)
            return
        job: OcrJob = form.instance
        for correction in formset.save(commit=False):
            correct(
                job=job,
                target=correction.target,
                after=correction.after,
                by=request.user.get_username(),
                reason=correction.reason,
            )
        if formset.new_objects:
            self._ask(request, [job], Stage.MATCH)

    @admin.action(description="Extract the fields again", permissions=["change"])
    def extract_again(self, request: HttpRequest, queryset: QuerySet[OcrJob]) -> None:
        self._ask(request, queryset, Stage.EXTRACT)

    @admin.action(description="Match the counterparty again", permissions=["change"])
    def match_again(self, request: HttpRequest, queryset: QuerySet[OcrJob]) -> None:
        self._ask(request, queryset, Stage.MATCH)

    def _ask(self, request: HttpRequest, jobs: Any, from_stage: str) -> None:
        asked = refused = 0
        for job in jobs:
            try:
                ask_again(job=job, from_stage=from_stage, by=request.user.get_username())
                asked += 1
            except JobStillRunning:
                refused += 1
        if asked:
            messages.success(request, f"{asked} jobs are being processed again; reload this page in a moment.")
        if refused:
            messages.warning(request, f"{refused} jobs are still running and were left alone; try again later.")

    @admin.display(description="file")
    def file_name(self, job: OcrJob) -> str:
        return job.upload.file_name

    @admin.display(description="invoice number")
    def invoice_number(self, job: OcrJob) -> str:
        return job.result.get("invoice_number") or "—"

    @admin.display(description="total")
    def total(self, job: OcrJob) -> str:
        total = job.result.get("total")
        return f"{total} {job.result.get('currency_code') or ''}" if total else "—"

    @admin.display(description="warnings")
    def warning_codes(self, job: OcrJob) -> str:
        return ", ".join(warning["code"] for warning in job.warnings) or "—"

    @admin.display(description="warnings")
    def warnings_shown(self, job: OcrJob) -> str:
        rows = ((warning["code"], warning["message"]) for warning in job.warnings)
        return format_html_join("", "<p><b>{}</b>: {}</p>", rows) or "—"

    @admin.display(description="upload")
    def upload_link(self, job: OcrJob) -> str:
        return link_to(job.upload)

    @admin.display(description="draft transfer")
    def transfer_link(self, job: OcrJob) -> str:
        return link_to(job.transfer)

    @admin.display(description="counterparty")
    def counterparty_link(self, job: OcrJob) -> str:
        return link_to(job.counterparty)

    @admin.display(description="bank account")
    def account_link(self, job: OcrJob) -> str:
        return link_to(job.account)


def _reasons(reasons: list[dict[str, Any]]) -> str:
    return "; ".join(f"{one['code']} {one['weight']:+.2f} {one['detail']}".strip() for one in reasons) or "—"
