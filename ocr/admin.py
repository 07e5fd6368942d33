"""Jobs in the back office: what was read, matched and drafted, corrections, and processing again."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse

from ocr.approval import how_it_ended
from ocr.back_office.actions import JobActions
from ocr.back_office.briefly import amount_of, briefly
from ocr.back_office.filters import (
    BlockerFilter,
    ConfidenceFilter,
    CorrectedFilter,
    DecidedFilter,
    FirstReadFilter,
    PassedFilter,
    SourceFilter,
    SupplierFilter,
    WarningFilter,
)
from ocr.back_office.hints import CounterpartyWithHintsAdmin, SupplierHintAdmin
from ocr.back_office.queue import WaitingJobAdmin
from ocr.back_office.urls import review_urls
from ocr.changed_accounts import changes_of, has_changed_account
from ocr.models import (
    FieldName,
    OcrCorrection,
    OcrField,
    OcrJob,
    OcrJobOnlooker,
    OcrMatchCandidate,
    OcrReading,
    OcrReviewDecision,
    OcrRun,
)
from ocr.versions import VersionUnknown, version_from, version_of

__all__ = ["CounterpartyWithHintsAdmin", "OcrJobAdmin", "SupplierHintAdmin", "WaitingJobAdmin"]


def job_page(job: OcrJob) -> dict[str, Any]:
    """What the job's record shows above the corrections."""
    rows = {row.name: row for row in job.fields.all()}
    return {
        "job": job,
        "title": "OCR job",
        "subtitle": job.upload.file_name,
        "job_fields": [rows[name] for name in FieldName.values if name in rows],
        "job_candidates": job.match_candidates.select_related("counterparty"),
        "job_runs": job.runs.all(),
        "job_version": str(version_of(job)),
        "job_ended": how_it_ended(job=job, draft=job.transfer),
        "job_bank_changes": changes_of(job) if has_changed_account(job) else None,
        "job_amount": amount_of(job.result),
    }


class CorrectionInline(admin.TabularInline):  # type: ignore[type-arg]
    """The history of corrections. They are made on the review page, which knows what others did meanwhile."""

    model = OcrCorrection
    can_delete = False
    fields = readonly_fields = ("target", "before", "after", "reason", "corrected_by", "corrected_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class JobList(ChangeList):
    """Its rows open the page on which the job is reviewed."""

    def url_for_result(self, result: Model) -> str:
        return reverse("admin:ocr_ocrjob_review", args=[result.pk])


@admin.register(OcrJob)
class OcrJobAdmin(JobActions):
    list_display = [
        "created",
        "state",
        "invoice_number",
        "amount",
        "counterparty",
        "recipient_match",
        "warning_codes",
        "file_name",
    ]
    list_filter = [
        "state",
        BlockerFilter,
        WarningFilter,
        "counterparty_match",
        "recipient_match",
        "customer",
        SupplierFilter,
        ConfidenceFilter,
        SourceFilter,
        CorrectedFilter,
        DecidedFilter,
        PassedFilter,
        FirstReadFilter,
        "created_at",
    ]
    list_select_related = ["customer", "upload", "counterparty"]
    search_fields = ["id", "upload__file_name", "counterparty__legal_name", "invoice_number"]
    date_hierarchy = "created_at"
    inlines = [CorrectionInline]
    readonly_fields = (
        "id",
        "asked_by",
        "attempts",
        "due_at",
        "lease_expires_at",
        "announced_at",
        "finished_at",
        "created_by",
    )
    fieldsets = [("Work on it", {"classes": ["collapse"], "fields": readonly_fields})]
    change_form_template = "admin/ocr/ocrjob/change_form.html"

    class Media:
        css = {"all": ["ocr/job.css", "ocr/queue.css"]}

    def get_urls(self) -> list[URLPattern]:
        return [*review_urls(self.admin_site), *super().get_urls()]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return JobList

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: OcrJob | None = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The record is looked at; what is asked for on it, the changed account, takes the state that was seen."""
        job = self.get_object(request, object_id)
        if job and request.method == "POST":
            if not self.has_view_permission(request, job):
                raise PermissionDenied
            return self._written(request, job)
        shown = job_page(job) if job and self.has_view_permission(request, job) else {}
        saves_nothing = {"show_save": False, "show_save_and_continue": False}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **saves_nothing, **shown})

    def _written(self, request: HttpRequest, job: OcrJob) -> HttpResponse:
        if "_ask_for_account" not in request.POST:
            messages.info(request, "Nothing was saved: a job is corrected on this page, its review.")
            return HttpResponseRedirect(reverse("admin:ocr_ocrjob_review", args=[job.pk]))
        try:
            seen = version_from(request.POST.get("version", ""))
            self.ask_for_accounts(request, [job], seen=seen)
        except VersionUnknown as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(request.path)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The whole width for the list, as in the review queue."""
        return super().changelist_view(request, {"is_nav_sidebar_enabled": False, **(extra_context or {})})

    @admin.display(description="created at", ordering="created_at")
    def created(self, job: OcrJob) -> str:
        return f"{job.created_at:%Y-%m-%d %H:%M}"

    @admin.display(description="file")
    def file_name(self, job: OcrJob) -> str:
        return job.upload.file_name

    @admin.display(description="amount")
    def amount(self, job: OcrJob) -> str:
        return amount_of(job.result)

    @admin.display(description="warnings")
    def warning_codes(self, job: OcrJob) -> str:
        return ", ".join(briefly(warning["code"]) for warning in job.warnings) or "—"


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


@admin.register(OcrReviewDecision)
class OcrReviewDecisionAdmin(LookedAtOnly):
    list_display = ["decided_at", "decided_by", "decision", "reason", "job"]
    list_filter = ["decision", "decided_by", "job__customer", "decided_at"]
    search_fields = ["reason", "job__id"]


@admin.register(OcrJobOnlooker)
class OcrJobOnlookerAdmin(LookedAtOnly):
    list_display = ["seen_at", "name", "since", "job"]
    list_filter = ["name", "job__customer"]
    search_fields = ["name", "job__id"]
