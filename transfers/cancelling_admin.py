"""Cancelling a payment on its page in the back office, with what that does and what it does not."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from transfers.finalizing import NotADraft, cancel_transfer
from transfers.models import ExportedTransfer, Transfer

# Who lets payments go may stop them; the permission is of the app that reviews documents.
APPROVES = "ocr.approve_ocrjob"


class CancellingAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The button, the page that asks once more, and what is said afterwards."""

    change_form_template = "admin/transfers/transfer/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        cancel = path(
            "<uuid:transfer_id>/cancel/", self.admin_site.admin_view(self.cancel), name="transfers_transfer_cancel"
        )
        return [cancel, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        transfer = self.get_object(request, object_id)
        may_cancel = transfer is not None and _is_pending(transfer) and request.user.has_perm(APPROVES)
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), "may_cancel_payment": may_cancel}
        )

    def cancel(self, request: HttpRequest, transfer_id: Any) -> HttpResponse:
        """Asks once more (GET), and cancels the pending payment (POST)."""
        transfer = self.get_object(request, str(transfer_id))
        if transfer is None:
            raise Http404
        if not self.has_view_permission(request, transfer) or not request.user.has_perm(APPROVES):
            raise PermissionDenied
        if not _is_pending(transfer):
            messages.error(request, f"This transfer is {transfer.status}; only a pending payment is cancelled here.")
        elif request.method == "POST":
            self._cancelled(request, transfer)
        else:
            return self._asked(request, transfer)
        return HttpResponseRedirect(reverse("admin:transfers_transfer_change", args=[transfer.pk]))

    def _asked(self, request: HttpRequest, transfer: Transfer) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": "Cancel this payment",
            "transfer": transfer,
            "files": _files(transfer),
        }
        return TemplateResponse(request, "admin/transfers/transfer/cancel.html", context)

    def _cancelled(self, request: HttpRequest, transfer: Transfer) -> None:
        try:
            cancelled = cancel_transfer(transfer_id=transfer.pk, by=request.user.get_username(), now=timezone.now())
        except NotADraft as refused:
            messages.error(request, str(refused))
            return
        self.log_change(request, cancelled, "Cancelled the payment.")
        messages.success(request, "The payment is cancelled. No bank was told of it.")
        # Asked anew: its file may have been taken out while the question stood on the screen.
        for taken in _files(cancelled):
            messages.warning(
                request,
                f"It is in the payment file {taken.export.message_id}, which {taken.export.exported_by} took out on "
                f"{taken.export.exported_at:%Y-%m-%d at %H:%M} UTC; have the bank stop it.",
            )


def _is_pending(transfer: Transfer) -> bool:
    return transfer.status == Transfer.Status.PENDING


def _files(transfer: Transfer) -> list[ExportedTransfer]:
    """In which payment files it was taken out, the first one first."""
    return list(transfer.exports.select_related("export").order_by("export__exported_at"))
