"""What was learnt about suppliers' documents: a list of it, on the supplier's page too, and the way to take it back."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from counterparties.admin import CounterpartyAdmin
from counterparties.models import Counterparty
from ocr.learning import revoke_hint
from ocr.models import HintUse, OcrJob, SupplierHint

SHOWN = ("said", "what", "state", "record", "job", "learnt_by", "learnt_at")


class Shown:
    """How a hint and its way through the documents are put in words."""

    @admin.display(description="where, or what")
    def said(self, hint: SupplierHint) -> str:
        return str(hint.data.get("said", ""))

    @admin.display(description="what for")
    def what(self, hint: SupplierHint) -> str:
        return hint.field or hint.get_kind_display()

    @admin.display(description="right / wrong")
    def record(self, hint: SupplierHint) -> str:
        return f"{hint.right} / {hint.wrong}"

    @admin.display(description="learnt from")
    def job(self, hint: SupplierHint) -> str:
        if hint.learnt_from is None:
            return "a job that is gone"
        return _link(hint.learnt_from)


class LookedAt:
    """Hints are made by approving, changed by what people make of them, and seen by who may see jobs."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("ocr.view_ocrjob")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class HintUseInline(LookedAt, admin.TabularInline):  # type: ignore[type-arg]
    model = HintUse
    fields = ("document", "value", "was_right", "used_at", "decided_at")
    readonly_fields = fields
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[HintUse]:
        return super().get_queryset(request).select_related("job__upload")

    @admin.display(description="document")
    def document(self, use: HintUse) -> str:
        return _link(use.job)


@admin.register(SupplierHint)
class SupplierHintAdmin(LookedAt, Shown, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("counterparty", *SHOWN)
    list_display_links = ("said",)
    list_filter = ("state", "kind", "field", "customer")
    list_select_related = ("counterparty", "learnt_from__upload")
    search_fields = ("counterparty__legal_name", "key", "learnt_by")
    fields = ("counterparty", "customer", *SHOWN, "revoked_by", "revoked_at")
    actions = ("revoke",)
    inlines = (HintUseInline,)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("ocr.change_ocrjob")

    @admin.action(description="Revoke: do not try it any more", permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[SupplierHint]) -> None:
        by, now = request.user.get_username(), timezone.now()
        revoked = [hint.pk for hint in queryset if revoke_hint(hint_id=hint.pk, by=by, now=now)]
        told = SupplierHint.objects.filter(pk__in=revoked)
        LogEntry.objects.log_actions(int(request.user.pk or 0), told, CHANGE, change_message="Revoked.")
        messages.success(request, f"{len(revoked)} hints are not tried any more.")


admin.site.unregister(Counterparty)


@admin.register(Counterparty)
class CounterpartyWithHintsAdmin(CounterpartyAdmin):
    """The counterparty's page knows nothing of documents; here it is shown what they taught."""

    def get_readonly_fields(self, request: HttpRequest, obj: Counterparty | None = None) -> tuple[str, ...]:
        return (*super().get_readonly_fields(request, obj), *(("learnt",) if obj else ()))

    @admin.display(description="learnt from corrections")
    def learnt(self, counterparty: Counterparty) -> str:
        hints = SupplierHint.objects.filter(counterparty=counterparty).select_related("learnt_from__upload")
        shown = Shown()
        lines = format_html_join(
            "",
            '<li><a href="{}">{} {}</a> ({}, right {}, wrong {}), from {}</li>',
            (
                (
                    reverse("admin:ocr_supplierhint_change", args=[hint.pk]),
                    shown.what(hint),
                    shown.said(hint),
                    hint.get_state_display(),
                    hint.right,
                    hint.wrong,
                    shown.job(hint),
                )
                for hint in hints
            ),
        )
        return format_html("<ul>{}</ul>", lines) if lines else "nothing yet"


def _link(job: OcrJob) -> str:
    return format_html('<a href="{}">{}</a>', reverse("admin:ocr_ocrjob_review", args=[job.pk]), job.upload.file_name)
