"""The jobs that wait for a person, those at risk first: the list that a reviewer's day begins with."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from ocr.back_office.actions import JobActions
from ocr.back_office.briefly import amount_of, briefly
from ocr.back_office.filters import (
    BlockerFilter,
    ConfidenceFilter,
    KindFilter,
    SourceFilter,
    SupplierFilter,
    WarningFilter,
)
from ocr.models import WaitingJob
from ocr.review_queue import READY, reasons, waiting_rows

SHOWN_REASONS = 3


class MineFilter(admin.SimpleListFilter):
    title = "whose"
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("mine", "mine"), ("free", "nobody's"), ("others", "others'")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        me = request.user.get_username()
        match self.value():
            case "mine":
                return queryset.filter(assigned_to=me)
            case "free":
                return queryset.filter(assigned_to="")
            case "others":
                return queryset.exclude(assigned_to__in=["", me])
        return queryset


class WaitingJobList(ChangeList):
    def url_for_result(self, result: Any) -> str:
        return reverse("admin:ocr_ocrjob_review", args=[result.pk])


@admin.register(WaitingJob)
class WaitingJobAdmin(JobActions):
    list_display = ["document", "why", "amount", "payee", "customer", "age", "whose"]
    list_display_links = ["document"]
    list_filter = [
        MineFilter,
        KindFilter,
        BlockerFilter,
        WarningFilter,
        SupplierFilter,
        ConfidenceFilter,
        SourceFilter,
        "customer",
    ]
    list_select_related = ["customer", "upload", "counterparty", "transfer"]
    search_fields = ["id", "upload__file_name", "counterparty__legal_name", "invoice_number"]
    list_per_page = 50

    class Media:
        css = {"all": ["ocr/queue.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return waiting_rows()

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return ["rank", "created_at", "id"]  # no attribute: the check of attributes knows no annotation

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return WaitingJobList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The whole width for the list: who works here goes from job to job, not from model to model."""
        shown = {"title": "Review queue", "subtitle": None, "is_nav_sidebar_enabled": False}
        return super().changelist_view(request, {**shown, **(extra_context or {})})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("ocr.view_ocrjob") or self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("ocr.change_ocrjob")

    @admin.display(description="document")
    def document(self, job: WaitingJob) -> str:
        return job.upload.file_name

    @admin.display(description="why it waits")
    def why(self, job: Any) -> SafeString:
        told = reasons(job)
        if not told and job.rank == READY:
            return format_html('<span class="queue-ready">{}</span>', "nothing blocks it: approve")
        shown = format_html_join(
            " ",
            '<span class="queue-reason {}" title="{}">{}</span>',
            (("queue-risk" if each.is_risk else "", each.message, briefly(each.code)) for each in told[:SHOWN_REASONS]),
        )
        more = len(told) - SHOWN_REASONS
        return format_html("{} +{}", shown, more) if more > 0 else shown

    @admin.display(description="amount")
    def amount(self, job: WaitingJob) -> str:
        return amount_of(job.result)

    @admin.display(description="payee")
    def payee(self, job: WaitingJob) -> str:
        return job.counterparty.legal_name if job.counterparty else f"({job.get_counterparty_match_display()})"

    @admin.display(description="assigned to", ordering="assigned_to")
    def whose(self, job: WaitingJob) -> str:
        return job.assigned_to or "nobody"

    @admin.display(description="waiting for")
    def age(self, job: WaitingJob) -> str:
        return timesince(job.created_at, timezone.now(), depth=1)
