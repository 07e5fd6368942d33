"""Jobs in the back office: what was read, matched and drafted, corrections, and processing again."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import ModelForm, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from counterparties.bank_changes import ChangeRefused
from ocr.changed_accounts import ask_for_read_account, changes_of, has_changed_account
from ocr.models import FieldName, OcrCorrection, OcrField, OcrJob, OcrMatchCandidate, OcrReading, OcrRun, Stage
from ocr.review import CorrectionRejected, JobStillRunning, ask_again, checked_correction, correct


def job_page(job: OcrJob) -> dict[str, Any]:
    """What the job's page shows above the corrections."""
    rows = {row.name: row for row in job.fields.all()}
    return {
        "job": job,
        "title": "OCR job",
        "subtitle": job.upload.file_name,
        "job_fields": [rows[name] for name in FieldName.values if name in rows],
        "job_candidates": job.match_candidates.select_related("counterparty"),
        "job_runs": job.runs.all(),
        "job_bank_changes": changes_of(job) if has_changed_account(job) else None,
        "job_amount": f"{job.result.get('total') or '—'} {job.result.get('currency_code') or ''}".strip(),
    }


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
        "invoice_number",
        "total",
        "counterparty",
        "recipient_match",
        "warning_codes",
        "file_name",
    ]
    list_filter = ["state", "counterparty_match", "recipient_match", "customer", "created_at"]
    list_select_related = ["customer", "upload", "counterparty"]
    search_fields = ["id", "upload__file_name", "counterparty__legal_name", "invoice_number"]
    date_hierarchy = "created_at"
    actions = ["extract_again", "match_again", "ask_for_account"]
    inlines = [CorrectionInline]
    readonly_fields = ("id", "asked_by", "attempts", "lease_expires_at", "announced_at", "finished_at", "created_by")
    fieldsets = [("Work on it", {"classes": ["collapse"], "fields": readonly_fields})]
    change_form_template = "admin/ocr/ocrjob/change_form.html"

    class Media:
        css = {"all": ["ocr/job.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: OcrJob | None = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        job = self.get_object(request, object_id)
        if job and request.method == "POST" and "_ask_for_account" in request.POST:
            if not (self.has_view_permission(request, job) and self.has_ask_permission(request)):
                raise PermissionDenied
            self._ask_for_accounts(request, [job])
            return HttpResponseRedirect(request.path)
        shown = job_page(job) if job and self.has_view_permission(request, job) else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **shown})

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

    @admin.action(description="Ask for the changed bank account", permissions=["ask"])
    def ask_for_account(self, request: HttpRequest, queryset: QuerySet[OcrJob]) -> None:
        self._ask_for_accounts(request, queryset)

    def has_ask_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("counterparties.add_bankdetailschange")

    def _ask_for_accounts(self, request: HttpRequest, jobs: Iterable[OcrJob]) -> None:
        for job in jobs:
            try:
                change = ask_for_read_account(job=job, by=request.user.get_username(), now=timezone.now())
            except ChangeRefused as refused:
                messages.error(request, str(refused))
                continue
            link = reverse("admin:counterparties_bankdetailschange_change", args=[change.pk])
            waits = format_html('<a href="{}">{}</a> waits for a second person to confirm it.', link, change.iban)
            messages.success(request, waits)

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

    @admin.display(description="total")
    def total(self, job: OcrJob) -> str:
        total = job.result.get("total")
        return f"{total} {job.result.get('currency_code') or ''}" if total else "—"

    @admin.display(description="warnings")
    def warning_codes(self, job: OcrJob) -> str:
        return ", ".join(warning["code"] for warning in job.warnings) or "—"


class LookedAtOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """What belongs to a job is written by the pipeline and by `review`; here it is found across jobs."""

    list_select_related = ["job", "job__upload"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(OcrField)
class OcrFieldAdmin(LookedAtOnly):
    list_display = ["name", "value", "source", "confidence", "page", "job"]
    list_filter = ["name", "source", "job__customer"]
    search_fields = ["value", "raw", "job__id"]


@admin.register(OcrCorrection)
class OcrCorrectionAdmin(LookedAtOnly):
    list_display = ["corrected_at", "corrected_by", "target", "before", "after", "job"]
    list_filter = ["target", "corrected_by", "job__customer", "corrected_at"]
    search_fields = ["before", "after", "reason", "job__id"]


@admin.register(OcrMatchCandidate)
class OcrMatchCandidateAdmin(LookedAtOnly):
    list_display = ["legal_name", "rank", "score", "counterparty", "job"]
    list_filter = ["rank", "job__customer"]
    list_select_related = ["job", "counterparty"]
    search_fields = ["legal_name", "job__id"]


@admin.register(OcrRun)
class OcrRunAdmin(LookedAtOnly):
    list_display = ["started_at", "outcome", "from_stage", "attempt", "asked_by", "engine", "error", "job"]
    list_filter = ["outcome", "from_stage", "job__customer", "started_at"]
    search_fields = ["error", "asked_by", "job__id"]


@admin.register(OcrReading)
class OcrReadingAdmin(LookedAtOnly):
    list_display = ["read_at", "engine", "job"]
    list_filter = ["engine", "job__customer", "read_at"]
    search_fields = ["job__id"]
    fields = ["job", "engine", "read_at"]
